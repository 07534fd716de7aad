"""What the server reads of a request, and answers with, within bounds."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

_HASH = re.compile("[0-9a-f]{64}")


async def body_of(request: Request, most: int) -> bytes:
    """A request's body, never more of it in memory than may be."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise HTTPException(413, "too_large")
            parts.append(part)
    except ClientDisconnect as error:
        raise HTTPException(400, "bad_message") from error
    return b"".join(parts)


def hash_of(request: Request) -> bytes:
    name = request.path_params["sha256"]
    if not _HASH.fullmatch(name):
        raise HTTPException(400, "bad_message")
    return bytes.fromhex(name)


def number_of(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise HTTPException(400, "bad_message")
    return int(text)


def packed(data: bytes) -> Response:
    return Response(data, media_type="application/octet-stream")
