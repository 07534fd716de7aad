"""Ada and those she invited, on laptops that share a workspace through a real server: what the tests of it stand on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.commands import people, projects, tasks
from app.commands.stating import Signer
from app.domain.words import Access
from app.storage.delivery import Delivery
from app.storage.epochs import without_leaf
from app.storage.keys import CHEAP
from app.workspace import Workspace
from sync.client import sharing
from sync.client.connection import Connection
from sync.client.place import Invitation, Place, load_place
from sync.client.runner import Runner
from sync.core import wire
from sync.core.exchange import Phase, Status
from tests.factories import a_workspace
from tests.sync.serving import Proxy, Server

PIN = "4711"


@dataclass
class Team:
    """Ada's workspace, shared through a server, and the laptops of those she invited."""

    folder: Path
    server: Server
    ada: Workspace
    signer: Signer
    project: bytes
    laptops: list[Workspace] = field(default_factory=list)

    def invite(self, name: str = "ben", access: Access = Access.EDITOR) -> Invitation:
        invitation = sharing.invite(self.ada, self.signer, name.title(), name, access)
        assert sync(self.ada).phase is Phase.SYNCED
        return invitation

    def join(self, invitation: Invitation, name: str = "ben") -> Workspace:
        joined = sharing.join(
            self.folder / name, invitation, lambda *_: (PIN, "pin"), cost=CHEAP, passphrase=lambda: "x" * 12
        )
        self.laptops.append(joined)
        return joined


def owned_by_ada(ada: Workspace, *titles: str) -> tuple[Signer, bytes]:
    """Ada becomes its owner and plans a project with these tasks; her key, and the project."""
    person = ada.clock.new_id()
    signer = ada.new_key(person, PIN)
    ada.run(people.add_person, "Ada", "ada", own=signer, id=person)
    ada.act_as(person)
    project = bytes(ada.run(projects.create_project, "Cutover").result)
    for title in titles:
        ada.run(tasks.add_task, project, title)
    return signer, project


@contextmanager
def shared(folder: Path, server: Server) -> Iterator[Team]:
    ada = a_workspace(folder / "ada")
    signer, project = owned_by_ada(ada, "Load the balances")
    sharing.share(ada, signer, server.address)
    made = Team(folder, server, ada, signer, project)
    try:
        yield made
    finally:
        for workspace in (ada, *made.laptops):
            workspace.close()


def sync(workspace: Workspace) -> Status:
    connection = sharing.connect(workspace)
    try:
        return Runner(workspace, connection).once()
    finally:
        connection.close()


@contextmanager
def watched(*runners: Runner) -> Iterator[None]:
    """Each goes on exchanging in a thread of its own; their connections are closed at the end."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.watch, args=(stop,)) for one in runners]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for runner in runners:
            runner.tell(None)
        for thread in threads:
            thread.join(10)
        for runner in runners:
            runner.connection.close()


def edit(workspace: Workspace, minutes: int) -> None:
    (task,) = workspace.read(lambda reader: reader.rows("SELECT min(id) FROM task"))[0]
    workspace.run(tasks.set_task, task, {"minutes": minutes})


def minutes(workspace: Workspace) -> int:
    return int(workspace.read(lambda reader: reader.value("SELECT max(minutes) FROM task") or 0))


def lacking(workspace: Workspace) -> int:
    """Commits here that no sequencer has given a place."""
    logs = [log for (log,) in workspace.read(lambda reader: reader.rows("SELECT id FROM log"))]
    return sum(len(workspace.read(without_leaf, log)) for log in logs)


def place_of(workspace: Workspace) -> Place:
    place = load_place(workspace.folder)
    assert place is not None
    return place


def leaves(workspace: Workspace) -> set[object]:
    """Every place a sequencer gave, as this replica knows it."""
    return set(
        workspace.read(lambda reader: reader.rows("SELECT log, epoch, number, hash, received FROM leaf"))
    )


def through(workspace: Workspace, proxy: Proxy) -> Connection:
    place = place_of(workspace)
    return Connection(replace(place, url=f"http://127.0.0.1:{proxy.port}"), workspace.id, workspace.device)


def count_calls(connection: Connection) -> Callable[[], int]:
    calls, honest = [], connection.exchange

    def counted(head: wire.Head, delivery: Delivery) -> tuple[wire.Head, Delivery]:
        calls.append(1)
        return honest(head, delivery)

    connection.exchange = counted  # type: ignore[method-assign]  # only counts
    return lambda: len(calls)


def wait_for(holds: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
