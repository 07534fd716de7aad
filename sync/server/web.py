"""The server's routes: what stands in `sync/README.md`, over HTTP and one WebSocket."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from math import ceil

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.errors import LaunchbookError, VerifyError
from app.storage.engine import Reader
from sync.core import frames, wire
from sync.core.answer import Sight, answer
from sync.core.sessions import TOKEN_MS, Hello, Knock, Token, read_knock
from sync.server import admitting
from sync.server.attendance import Attendance, Guest, persons_of
from sync.server.file_doors import FileDoors
from sync.server.house import Hosted, House
from sync.server.limits import Limit
from sync.server.metrics import Metrics
from sync.server.proving import NoSuchProof, checkpoint_text, proof_text
from sync.server.requests import body_of, hash_of, packed

MOST_REQUEST = 32 << 20  # bytes of a request, packed
MOST_KNOCK = 4096
BEAT_S = 20.0
# Generous: a client asks a few times a minute, and a whole office may come back at once behind one address.
REQUESTS = Limit(at_once=2_000, a_second=200)
KNOCKS = Limit(at_once=5_000, a_second=50)
_QUEUE = 32  # news one socket may be behind; after that it is told to ask


def application(house: House, doors: "Doors | None" = None) -> Starlette:
    """The server over a house; it closes the house when it stops."""
    doors = doors or Doors(house)
    files = FileDoors(doors.admitted, doors.counts)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(house.close)

    routes = [
        Route("/v1/hello", doors.hello),
        Route("/v1/session", doors.session, methods=["POST"]),
        Route("/v1/exchange", doors.exchange, methods=["POST"]),
        Route("/v1/checkpoint", doors.checkpoint),
        Route("/v1/proof", doors.proof),
        Route("/v1/snapshot", doors.snapshot),
        Route("/v1/snapshot/{sha256}", doors.snapshot_file),
        WebSocketRoute("/v1/live", doors.live),
        Route("/v1/files", files.files, methods=["POST"]),
        Route("/v1/files/{sha256}", files.file, methods=["GET"]),
        Route("/v1/files/{sha256}", files.part, methods=["PATCH"]),
        Route("/health", doors.health),
        Route("/metrics", doors.metrics),
    ]
    handlers = {HTTPException: _said, LaunchbookError: _failed}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)  # type: ignore[arg-type]


async def _said(_request: Request, error: HTTPException) -> Response:
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _failed(_request: Request, _error: LaunchbookError) -> Response:
    """The disk is full or gone: nothing of the request was kept, and it may be sent again."""
    return JSONResponse({"error": "busy"}, 503, {"Retry-After": "30"})


class Doors:
    """One method a route. requests: how often a device may ask; knocks: how often an address may without a token."""

    def __init__(self, house: House, requests: Limit = REQUESTS, knocks: Limit = KNOCKS) -> None:
        self.house = house
        self.requests, self.knocks = replace(requests), replace(knocks)
        self.counts = Metrics()
        self._attendances: dict[bytes, Attendance] = {}
        self.started_ms = house.clock.now_ms()
        self._readers = asyncio.Semaphore(4)  # each thread that reads keeps a connection of its own

    async def hello(self, request: Request) -> Response:
        self._pace(self.knocks, _address(request))
        now = self.house.clock.now_ms()
        challenge = self.house.doorkeeper.challenge(now, self.house.clock.random_bytes(16))
        return packed(Hello(self.house.device.public, now, challenge).encode())

    async def session(self, request: Request) -> Response:
        self._pace(self.knocks, _address(request))
        self.counts.add("sessions")
        try:
            knock = read_knock(await body_of(request, MOST_KNOCK))
        except VerifyError as error:
            raise HTTPException(400, "bad_message") from error
        server, now = self.house.device.public, self.house.clock.now_ms()
        if not self.house.doorkeeper.is_fresh(knock.challenge, now):
            raise HTTPException(401, "old_challenge")
        if not admitting.holds_its_key(knock, server):
            raise HTTPException(403, "no_access")
        grant = await asyncio.to_thread(self._granted, knock, server, now)
        token = Token(knock.workspace, knock.device, knock.public, grant, now + TOKEN_MS)
        return packed(self.house.doorkeeper.token(token))

    def _granted(self, knock: Knock, server: bytes, now: int) -> bytes:
        """Empty for a device the log knows, else what lets it in; anybody else is sent away."""
        hosted = self.house.find(knock.workspace)
        if hosted is None:
            if len(knock.grant) != 1:
                raise HTTPException(404, "unknown_workspace")
            if not self.house.takes(knock.grant[0]):
                raise HTTPException(403, "wrong_code")
            hosted = self.house.begin(knock.workspace)
            return admitting.BY_CODE
        read = hosted.replica.read
        if read(admitting.sight_of_device, knock.device, knock.public) is not None:
            return b""
        empty = not read(lambda reader: reader.rev)
        if empty and len(knock.grant) == 1 and self.house.takes(knock.grant[0]):
            return admitting.BY_CODE
        person = read(admitting.invited, knock, server, now)
        if person is None:
            raise HTTPException(403, "no_access")
        return person

    async def exchange(self, request: Request) -> Response:
        """What was sent is on the disk when the answer goes."""
        hosted, token = await self.admitted(request)
        body = await body_of(request, MOST_REQUEST)
        begun = time.monotonic()
        try:
            head, delivery = await asyncio.to_thread(lambda: wire.read(frames.from_bytes(body)))
        except VerifyError as error:
            self.counts.add("refused")
            raise HTTPException(400, "bad_message") from error
        if head.workspace != hosted.replica.id:
            raise HTTPException(400, "bad_message")
        if delivery.packets or delivery.receipts:
            taken = await asyncio.wrap_future(hosted.take(delivery))
            self.counts.add("commits", len(delivery.packets))
            self.counts.add("forged", len(taken.forged))
        async with self._readers:
            answered = await asyncio.to_thread(self._answer, hosted, head, token)
        self.counts.add("exchanges")
        self.counts.spend(time.monotonic() - begun)
        return packed(answered)

    def _answer(self, hosted: Hosted, asked: wire.Head, token: Token) -> bytes:
        """What was just taken in may have changed what the device reads."""
        sight = hosted.sight(token) or Sight(token.device, frozenset())
        return hosted.message(*answer(hosted.replica, asked.held, sight=sight))

    async def checkpoint(self, request: Request) -> Response:
        return await self._proved(request, checkpoint_text)

    async def proof(self, request: Request) -> Response:
        return await self._proved(request, proof_text)

    async def _proved(self, request: Request, text: Callable[[Reader, Mapping[str, str]], str]) -> Response:
        hosted, token = await self.admitted(request)

        def find() -> str:
            sight = hosted.sight(token)
            if sight is None or not sight.reads(bytes.fromhex(request.query_params.get("log", ""))):
                raise NoSuchProof
            return hosted.replica.read(text, request.query_params)

        try:
            async with self._readers:
                found = await asyncio.to_thread(find)
        except NoSuchProof as error:
            raise HTTPException(404, "no_such_proof") from error
        except (ValueError, OverflowError) as error:
            raise HTTPException(400, "bad_message") from error
        return PlainTextResponse(found)

    async def snapshot(self, request: Request) -> Response:
        """The offer of one, for a device that reads everything."""
        hosted = await self._reading_all(request)
        async with self._readers:
            answer = await asyncio.to_thread(hosted.offering.answer, hosted.here)
        if answer is None:
            raise HTTPException(404, "no_snapshot")
        return packed(answer)

    async def snapshot_file(self, request: Request) -> Response:
        hosted = await self._reading_all(request)
        path = hosted.offering.path_of(hash_of(request))
        if path is None:
            raise HTTPException(404, "no_snapshot")
        return FileResponse(path, media_type="application/octet-stream")

    async def _reading_all(self, request: Request) -> Hosted:
        hosted, token = await self.admitted(request)
        sight = await asyncio.to_thread(hosted.sight, token)
        if sight is None or sight.logs is not None:
            raise HTTPException(404, "no_snapshot")
        return hosted

    async def live(self, socket: WebSocket) -> None:
        """News as they happen: what is new where it is small, else only a head; a head as heartbeat."""
        try:
            hosted, token = await self.admitted(socket)
        except HTTPException:
            await socket.close(4403)
            return
        await socket.accept()
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[bytes | None](_QUEUE)

        def put(news: bytes | None) -> None:
            with suppress(asyncio.QueueFull):  # it is behind already, and will ask
                queue.put_nowait(news)

        def hear(news: bytes | None) -> None:
            loop.call_soon_threadsafe(put, news)

        stop = hosted.listen(hear, token)
        self.counts.move("listening", 1)
        guest = await self._enter(hosted, token, put)
        reading = asyncio.create_task(self._until_gone(socket, guest))
        reading.add_done_callback(lambda _task: put(None))
        try:
            await self._tell(socket, hosted, token, queue)
        finally:
            stop()
            guest.leave()
            reading.cancel()
            self.counts.move("listening", -1)

    async def _enter(self, hosted: Hosted, token: Token, put: Callable[[bytes], None]) -> Guest:
        """Among those of its workspace who listen here."""
        persons = await asyncio.to_thread(
            hosted.replica.read, lambda reader: persons_of(reader, token.device)
        )

        def reads(project: bytes) -> bool:
            sight = hosted.sight(token)
            return sight is not None and sight.reads(project)

        attendance = self._attendances.setdefault(token.workspace, Attendance())
        return attendance.enter(token.device, persons, reads, put)

    async def _until_gone(self, socket: WebSocket, guest: Guest) -> None:
        """Reads what the client says of where it looks, and notices that it goes."""
        with suppress(WebSocketDisconnect):
            while True:
                guest.say(await socket.receive_bytes(), self.house.clock.now_ms())

    async def _tell(
        self, socket: WebSocket, hosted: Hosted, token: Token, queue: "asyncio.Queue[bytes | None]"
    ) -> None:
        """Until the client goes, the server stops, or the device is let in no more: then None is in the queue."""
        while True:
            try:
                news = await asyncio.wait_for(queue.get(), BEAT_S)
            except TimeoutError:
                news = await asyncio.to_thread(hosted.beat, token)
            if news is None:
                return
            with suppress(WebSocketDisconnect, RuntimeError):  # it went while we spoke
                await socket.send_bytes(news)

    async def health(self, _request: Request) -> Response:
        """Whether what is held can be read, and how much room there is for more."""
        await asyncio.to_thread(self.house.check)
        told = {"status": "ok", "workspaces": len(self.house.hosted)}
        return JSONResponse(told | {"disk_free": self.house.disk_free})

    async def metrics(self, _request: Request) -> Response:
        state = await asyncio.to_thread(self.house.state)
        text = self.counts.text({**state, "started seconds": self.started_ms / 1000})
        return Response(text, media_type="text/plain; version=0.0.4")

    async def admitted(self, request: HTTPConnection) -> tuple[Hosted, Token]:
        """The workspace that the request's token is for, asked of its log each time: a revocation counts at once."""
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise HTTPException(401, "no_token") from error
        token = self.house.doorkeeper.read_token(data, self.house.clock.now_ms())
        if kind.lower() != "bearer" or token is None:
            raise HTTPException(401, "no_token")
        self._pace(self.requests, token.device)
        hosted = await asyncio.to_thread(self.house.find, token.workspace)
        if hosted is None or await asyncio.to_thread(hosted.sight, token) is None:
            self.counts.add("turned away")
            raise HTTPException(403, "no_access")
        return hosted, token

    def _pace(self, limit: Limit, asker: str | bytes) -> None:
        wait = limit.wait_s(asker)
        if wait:
            self.counts.add("slowed down")
            raise HTTPException(429, "slow_down", {"Retry-After": str(ceil(wait))})


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
