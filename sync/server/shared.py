"""A workspace's replica in front of a ledger: several processes on one database that answer as one server."""

import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from app.errors import StorageError
from app.i18n import _
from app.storage.changes import ChangeSet
from app.storage.delivery import Delivery, Held
from app.storage.engine import Reader, Writer
from app.storage.log import decode_body
from app.storage.replica import Taken
from app.workspace import Workspace
from sync.server.ledger import Ledger, Moved
from sync.server.position import Head, Position, held_at, news_since, positions_at, positions_of

P = ParamSpec("P")
R = TypeVar("R")

MOST_TRIES = 5  # to store a delivery; from the second on no other process may come between


class SharedReplica:
    """A replica that never keeps what its ledger did not store. Safe to use from several threads.

    Its folder is a cache for this process alone, and can always be made anew.
    """

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self.workspace = workspace
        self.ledger = ledger
        self.id = workspace.id
        self._positions: dict[bytes, Position] | None = None  # None: the replica has to be asked
        self._erased: set[bytes] = set()  # what the ledger has forgotten for sure
        self._lock = threading.RLock()

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Calls the listener after each change, in whichever process it came; returns what ends it."""
        return self.workspace.subscribe(listener)

    def close(self) -> None:
        """The ledger stays open: other workspaces are in it as well."""
        self.workspace.close()

    def read(self, query: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a query over what the server holds, in whichever process it came."""
        self.catch_up()
        return self.workspace.read(query, *args, **kwargs)

    def held(self) -> Held:
        """What the server holds, in whichever process it came."""
        self.catch_up()
        return self.workspace.held()

    def give(
        self, theirs: Held, logs: Collection[bytes] | None = None, most_commits: int | None = None
    ) -> Delivery:
        """What the other side lacks of what the server holds."""
        self.catch_up()
        return self.workspace.give(theirs, logs, most_commits)

    def take(self, delivery: Delivery) -> Taken:
        """Takes a delivery in and stores it in the ledger: in both when this returns, in neither when it raises."""
        with self._lock:
            for number in range(MOST_TRIES):
                with ExitStack() as stack:
                    turn = stack.enter_context(self.ledger.turn(self.id)) if number else None
                    self.catch_up()
                    try:
                        return self._take(delivery, turn)
                    except Moved:
                        continue
        raise StorageError(
            _(
                "Other server processes stored something first, {count} times in a row. Nothing of this was stored. "
                "Send it again in a moment."
            ).format(count=MOST_TRIES)
        )

    def _take(self, delivery: Delivery, turn: Connection | None) -> Taken:
        positions, rev = self._positions or {}, self.workspace.rev
        after = positions

        def store(writer: Writer) -> None:
            nonlocal after
            news = news_since(writer, rev, positions)
            if news.packets or news.receipts:
                erased = {name for (name,) in writer.rows("SELECT hash FROM erased")} - self._erased
                after = {**positions, **self.ledger.append(self.id, positions, news, turn, erased)}
                self._erased |= erased

        self._positions = None  # unless all goes well it is not known what the replica's disk kept
        taken = self.workspace.take(delivery, within=store)
        self._positions = after
        return taken

    # -- catching up -------------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Takes in what other processes stored, with the places it was given; gives none itself.

        Raises StorageError when the ledger lacks something the replica holds.
        """
        with self._lock:
            while not self._catch_up_once():
                pass

    def _catch_up_once(self) -> bool:
        """One step; True once the replica stands where the ledger does."""
        if self._positions is None:
            self._positions = self.workspace.read(positions_of)
        heads = self.ledger.heads(self.id)
        here = {log: one.head for log, one in self._positions.items()}
        if here == heads:
            return True
        if any(log not in heads or one.length > heads[log].length for log, one in here.items()):
            raise _astray()
        delivery = self.ledger.since(self.id, held_at(self._positions))
        known, self._positions = self._positions, None
        taken = self.workspace.take(delivery, gives_order=False)
        self._positions = {**known, **self.workspace.read(_touched, known, delivery)}
        if taken.forged or (not taken.news and self._is_stuck(heads)):
            raise _astray()
        return False

    def _is_stuck(self, heads: dict[bytes, Head]) -> bool:
        """Whether the ledger has nothing more to give, though it stands elsewhere."""
        return self.ledger.heads(self.id) == heads


def _touched(reader: Reader, known: dict[bytes, Position], delivery: Delivery) -> dict[bytes, Position]:
    commits = (decode_body(packet.body) for packet in delivery.packets)
    chains = {(one.log, one.device) for one in commits}
    return positions_at(reader, known, chains, {(one.log, one.epoch) for one in delivery.receipts})


def _astray() -> StorageError:
    return StorageError(
        _(
            "The database does not hold what this server's cache holds: it was restored to an earlier state, or the "
            "cache is that of another one. Nothing was changed. Stop every process of the server, remove their cache "
            "folders and start them again; then an owner hands the order over once more."
        )
    )
