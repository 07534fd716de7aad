"""`python -m sync.server`: the server as a process of its own, started by a service manager, `launchbook serve` or the desktop."""

import argparse
import json
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import uvicorn

from app.errors import LaunchbookError
from app.settings import home_folder
from sync.room.nearby import announced
from sync.server import upkeep
from sync.server.certificate import own_certificate
from sync.server.house import House
from sync.server.ledger import Ledger
from sync.server.upkeep import DATABASE
from sync.server.web import application

PORT = 8440
_STOP_S = 5  # requests that are under way may end; sockets are told to go
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sync.server.logs.Lines"}},
    "handlers": {
        "err": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    },
    "loggers": {
        "uvicorn": {"handlers": ["err"], "level": "WARNING", "propagate": False},
        "uvicorn.error": {"level": "WARNING"},
        "launchbook": {"handlers": ["err"], "level": "INFO", "propagate": False},
    },
}


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in upkeep.COMMANDS:
        return upkeep.main(arguments)
    parser = argparse.ArgumentParser(prog="python -m sync.server", description=__doc__)
    parser.add_argument("--folder", type=Path, default=None, help="where its data is")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=PORT, help="0: any free one")
    parser.add_argument(
        "--db", default="", help=f"postgresql://..., for several processes; {DATABASE} says the same"
    )
    parser.add_argument(
        "--room", action="store_true", help="be found by those nearby, and end when the input does"
    )
    options = parser.parse_args(arguments)
    try:
        house = _house(options.folder or home_folder() / "server", options.db or os.environ.get(DATABASE, ""))
    except LaunchbookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    try:
        listening = _listen(options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"{options.host}:{options.port}: {error}\n")
        return 1
    port = listening.getsockname()[1]
    tls, mark, scheme = {}, "", "http"
    if options.host not in _LOOPBACK:
        file, mark = own_certificate(house.folder, _name_of(options.host), house.clock.now_ms())
        tls, scheme = {"ssl_certfile": str(file)}, "https"
    config = uvicorn.Config(
        application(house),
        log_config=_LOGGING,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=1 << 16,
        timeout_graceful_shutdown=1 if options.room else _STOP_S,
        **tls,  # type: ignore[arg-type]  # one setting, a path
    )
    secret = house.code + (f".{mark}" if mark else "")
    address = f"{scheme}://{_name_of(options.host)}:{port}/#{secret}"
    sys.stdout.write(json.dumps({"address": address}) + "\n")
    sys.stdout.flush()
    server = uvicorn.Server(config)
    if options.room:
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    with announced(port, mark) if options.room and mark else nullcontext():
        server.run(sockets=[listening])
    return 0


def _end_with_input(server: uvicorn.Server) -> None:
    """A room does not outlive the program that opened it, however that one ends."""
    while sys.stdin.read(1 << 10):
        pass
    server.should_exit = True


def _house(folder: Path, database: str) -> House:
    return House(folder, ledger=Ledger(database) if database else None)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with its protocol named: otherwise asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for an ACK
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen()  # whoever comes before the first answer waits a moment
    return listening


def _name_of(host: str) -> str:
    """How others call this machine when it listens on all its addresses."""
    return socket.gethostname() if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
