"""Opens a room on this laptop: a server process with a mirror of the workspace that passes on and gives no order."""

import json
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import Refused
from app.i18n import _
from app.workspace import Workspace
from sync.client.connection import Connection
from sync.client.place import Place, parse_address
from sync.room.nearby import addresses, find
from sync.room.words import name, read_words

PORT = 8441
FOLDER = "room"  # in the workspace's: the same room, with the same words, each time
_END_S = 10


@dataclass
class Room:
    """An open room. `place` is where this laptop reaches it, `code` what lets it bring the workspace there."""

    place: Place
    code: str
    process: "subprocess.Popen[str]"

    @property
    def urls(self) -> list[str]:
        """Where others reach it."""
        port = urlsplit(self.place.url).port
        return [f"https://{one}:{port}" for one in addresses()]

    @property
    def addresses(self) -> list[str]:
        """What others may type, scan or follow; it holds no secret."""
        return [f"{one}/#.{self.place.fingerprint}" for one in self.urls]

    def connect(self, workspace: Workspace) -> Connection:
        """This laptop's own connection, by which the room gets the workspace."""
        connection = Connection(self.place, workspace.id, workspace.device, workspace.clock)
        connection.grant = lambda _hello: (self.code.encode(),)
        return connection

    def close(self) -> None:
        """Nobody finds it any more; what came stays, in its folder and with everybody who was there."""
        _end(self.process)


def open_room(workspace: Workspace, *, port: int | None = None) -> Room:
    """Starts the room's process, at the usual port or else at a free one.

    Raises Refused for the sample and where the process does not start.
    """
    if workspace.is_sample:
        raise Refused(_("The sample stays on this device. Make a workspace of your own to share."))
    for one in (PORT, 0) if port is None else (port,):
        room = _opened(workspace, one)
        if room is not None:
            return room
    raise Refused(
        _("The room could not be opened: port {port} is taken or forbidden here.").format(port=port or PORT)
    )


def _opened(workspace: Workspace, port: int) -> Room | None:
    command = [sys.executable, "-m", "sync.server", "--folder", str(workspace.folder / FOLDER), "--room"]
    command += ["--host", "0.0.0.0", "--port", str(port)]  # noqa: S104 - for those beside us; encrypted, keys asked for
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        _end(process)
        return None
    named, code = parse_address(json.loads(line)["address"])
    local = f"https://127.0.0.1:{urlsplit(named.url).port}"
    return Room(Place(local, named.fingerprint), code, process)


def _end(process: "subprocess.Popen[str]") -> None:
    """It ends with its input."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def place_of(text: str) -> Place:
    """Where the room is that somebody named by its six words or its address. Raises Invalid, or Refused when it is not found."""
    if "://" in text:
        return parse_address(text)[0]
    numbers = read_words(text)
    place = find(lambda fingerprint: name(fingerprint, numbers))
    if place is None:
        raise Refused(
            _(
                "No room with these words was found on this network. Are both laptops in the same one? The room's address, "
                "or its code to scan, leads there too."
            )
        )
    return place
