"""The server's routes for files of evidence: how much of each is here, a part more of one, one as a whole."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import FileResponse, Response

from app.errors import VerifyError
from sync.core import parts
from sync.core.sessions import Token
from sync.server.house import Hosted
from sync.server.metrics import Metrics
from sync.server.requests import body_of, hash_of, number_of, packed
from sync.server.shelf import NoRoom

_MOST_QUESTION = 1 << 16
_MOMENT_S = 1.0

Admit = Callable[[HTTPConnection], Awaitable[tuple[Hosted, Token]]]


class FileDoors:
    """`admit` says for which workspace a request's token is, or turns it away."""

    def __init__(self, admit: Admit, counts: Metrics) -> None:
        self._admit = admit
        self._counts = counts
        self._arriving: dict[tuple[str, bytes], asyncio.Event] = {}  # parts of files, until they are kept

    async def files(self, request: Request) -> Response:
        """Of the files that were asked about and that a log names, how much is here."""
        hosted, token = await self._admit(request)
        try:
            hashes = parts.read_asked(await body_of(request, _MOST_QUESTION))
        except VerifyError as error:
            raise HTTPException(400, "bad_message") from error

        for sha256 in hashes:
            await self._has_arrived(request, sha256)

        def stand() -> dict[bytes, int]:
            named = hosted.sizes(hashes, token)
            return {one: hosted.shelf.standing(one, token.device) for one in hashes if one in named}

        return packed(parts.standing(await asyncio.to_thread(stand)))

    async def part(self, request: Request) -> Response:
        """A part of a file that a log names. Every whole piece of it is kept, also of one that breaks off."""
        sha256 = hash_of(request)
        await self._has_arrived(request, sha256)
        arriving = self._arriving[_asker(request), sha256] = asyncio.Event()
        try:
            return packed(parts.standing({sha256: await self._kept(request, sha256)}))
        finally:
            arriving.set()
            self._arriving.pop((_asker(request), sha256), None)

    async def _kept(self, request: Request, sha256: bytes) -> int:
        hosted, token = await self._admit(request)
        length, at = number_of(request, "upload-length"), number_of(request, "upload-offset")
        named = await asyncio.to_thread(hosted.sizes, [sha256], token)
        if sha256 not in named:
            raise HTTPException(404, "unknown_file")
        if named[sha256] and length != named[sha256]:
            raise HTTPException(400, "bad_message")
        try:
            body, is_whole = await _pieces(request)
            stands = await asyncio.to_thread(hosted.shelf.take, sha256, token.device, at, length, body)
        except NoRoom as error:
            raise HTTPException(507, "no_room") from error
        except VerifyError as error:
            raise HTTPException(400, "bad_message") from error
        self._counts.add("file bytes", len(body))
        if not is_whole:
            raise HTTPException(400, "bad_message")
        return stands

    async def _has_arrived(self, request: Request, sha256: bytes) -> None:
        """What a line that broke has brought is kept in a moment; who asks how much that is waits for it."""
        arriving = self._arriving.get((_asker(request), sha256))
        if arriving is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(arriving.wait(), _MOMENT_S)

    async def file(self, request: Request) -> Response:
        """A file, or a range of it, for whoever may read a log that names it."""
        hosted, token = await self._admit(request)
        sha256 = hash_of(request)
        named = await asyncio.to_thread(hosted.sizes, [sha256], token)
        if sha256 not in named or not hosted.shelf.store.has(sha256):
            raise HTTPException(404, "unknown_file")
        return FileResponse(hosted.shelf.store.path_of(sha256), media_type="application/octet-stream")


async def _pieces(request: Request) -> tuple[bytes, bool]:
    """What is whole of a part, checked, and whether that is all of it: a line that broke ends it early.

    Nothing is waited for in between: what the network has brought and nobody has read is gone with the line.
    """
    reading, whole, size = parts.Pieces(), bytearray(), 0
    with suppress(ClientDisconnect):
        async for data in request.stream():
            size += len(data)
            if size > parts.MOST_BODY:
                raise HTTPException(413, "too_large")
            whole += reading.feed(data)
    return bytes(whole), reading.is_whole


def _asker(request: Request) -> str:
    """Whoever shows this token; whether it is one is asked elsewhere."""
    return request.headers.get("authorization", "")
