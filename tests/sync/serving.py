"""A real server process and a TCP proxy before it that delays, cuts and half-opens: what the tests of the network stand on."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """`python -m sync.server` on a folder; `address` with its code, as it is given to people."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    address: str = ""
    db: str = ""  # a PostgreSQL's address; its processes share the folder
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "sync.server", "--folder", str(self.folder)]
        command += ["--host", self.host, "--port", str(self.port)]
        with (self.folder.parent / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "LAUNCHBOOK_DB": self.db},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (self.folder.parent / "server.log").read_text()
        self.address = json.loads(line)["address"]
        self.port = int(self.address.split(":")[2].split("/")[0])

    def kill(self) -> None:
        """As if the power went."""
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """As a service manager does it; the exit code."""
        self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(15)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


@contextmanager
def a_server(folder: Path, host: str = "127.0.0.1") -> Iterator[Server]:
    server = Server(folder / "server", host)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Proxy:
    """Passes connections on to a port. What happens to them is set while it runs.

    cut_after: bytes from the server that a connection may carry before it breaks. silent: accepts and says nothing more,
    as a half-open connection does. closed: refuses everybody.
    """

    target: int
    cut_after: int | None = None
    cut_up_after: int | None = None
    silent: bool = False
    closed: bool = False
    passed: int = 0
    accepted: int = 0
    port: int = field(init=False)
    _socket: socket.socket = field(init=False)
    _open: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _peer = self._socket.accept()
            except OSError:
                return
            self._open.append(client)
            self.accepted += 1
            if self.closed:
                client.close()
            elif not self.silent:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        self._open.append(server)
        up = threading.Thread(target=self._carry, args=(client, server, self.cut_up_after), daemon=True)
        up.start()
        self._carry(server, client, self.cut_after)
        up.join()

    def _carry(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        left = most
        with suppress(OSError):
            while data := source.recv(65536):
                if left is not None:
                    data = data[:left]
                    left -= len(data)
                sink.sendall(data)
                self.passed += len(data)
                if left == 0:
                    break
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        self._socket.close()
        for one in self._open:
            with suppress(OSError):
                one.close()
