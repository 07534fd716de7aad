"""The one door: every change and every read of a workspace goes through here."""

import contextlib
import importlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from app import platform
from app.clock import Clock
from app.errors import NotAllowed, Refused, StorageError
from app.i18n import _
from app.storage.changes import ChangeSet
from app.storage.engine import ANEW, Database, Reader, Writer
from app.storage.files import FileStore
from app.storage.forgetting import Forgetting
from app.storage.keys import Cost, Device, KeyStore

if TYPE_CHECKING:
    from app.commands.stating import Signer
    from app.storage.delivery import Delivery, Held
    from app.storage.replica import Taken

P = ParamSpec("P")
R = TypeVar("R")

_NOT_UNDOABLE = 9
_LEAST_OFFSET_MS = 1_000
DATABASE, FILES, KEYS, BACKUPS = "launchbook.db", "files", "keys.json", "backups"
OFFSET = "clock-offset"  # what this device's clock lacks, in milliseconds, as last measured
SERVER = "server.json"  # where the workspace is shared, as this device knows it


@dataclass(frozen=True, slots=True)
class Done:
    """What a run gave: the command's result, what changed (None when nothing did), what undo left alone."""

    result: Any
    changes: ChangeSet | None
    kept: Sequence[Any] = ()


class Workspace:
    """People, plans and runs shared by a team, in one folder: database, key file and files by hash."""

    def __init__(
        self, folder: Path, database: Database, keys: KeyStore, clock: Clock, device: Device
    ) -> None:
        self.folder = folder
        self.database = database
        self.keys = keys
        self.offset_ms = _offset_in(folder)
        self.clock = clock.corrected(lambda: self.offset_ms)
        self.device = device
        self.person: bytes | None = None
        self.presence = "pin"
        self.files = FileStore(folder / FILES)
        self.forgetting = Forgetting(self.files)
        self._listeners: list[Callable[[ChangeSet], None]] = []

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock | None = None,
        passphrase: Callable[[], str | None] = lambda: None,
        cost: Cost | None = None,
        sample: bool = False,
        database: Database | None = None,
        device_name: str = "",
    ) -> "Workspace":
        """Opens the workspace in a folder, or founds one there. Raises StorageError or NewerVersion."""
        database = database or Database(folder / DATABASE)
        workspace = cls._prepared(folder, database, clock, passphrase, cost, device_name, sample=sample)
        try:
            if workspace._reader_value("SELECT value FROM meta WHERE key = 'workspace'") is None:
                workspace._found(sample=sample)
            elif workspace._reader_value("SELECT 1 FROM device WHERE id = ?", (workspace.device.id,)) is None:
                workspace._introduce()
        except BaseException:
            database.close()
            raise
        return workspace

    @classmethod
    def join(
        cls,
        folder: Path,
        delivery: "Delivery",
        *,
        clock: Clock | None = None,
        passphrase: Callable[[], str | None] = lambda: None,
        cost: Cost | None = None,
        database: Database | None = None,
        device_name: str = "",
    ) -> "Workspace":
        """Makes a further replica of a workspace from what another one sends, and introduces this device to it.

        Raises VerifyError when the delivery does not hold the workspace's founding commit.
        """
        from app.storage.delivery import genesis_among

        genesis = genesis_among(delivery.packets)
        sample = genesis.args == (1,)
        database = database or Database(folder / DATABASE)
        workspace = cls._prepared(folder, database, clock, passphrase, cost, device_name, sample=sample)
        try:
            workspace._begin(genesis.log, sample=sample)
            workspace.take(delivery)
            workspace._introduce()
        except BaseException:
            database.close()
            raise
        return workspace

    @classmethod
    def mirror(
        cls,
        folder: Path,
        workspace: bytes,
        device: Device,
        *,
        clock: Clock | None = None,
        database: Database | None = None,
    ) -> "Workspace":
        """Opens a replica for a server: `device` gives the order where it was asked to, acts for nobody, founds nothing."""
        opened = cls._prepared(folder, database or Database(folder / DATABASE), clock, device=device)
        if opened._reader_value("SELECT 1 FROM meta WHERE key = 'workspace'") is None:
            opened._begin(workspace)
        return opened

    @classmethod
    def _prepared(
        cls,
        folder: Path,
        database: Database,
        clock: Clock | None,
        passphrase: Callable[[], str | None] = lambda: None,
        cost: Cost | None = None,
        device_name: str = "",
        *,
        sample: bool = False,
        device: Device | None = None,
    ) -> "Workspace":
        clock = clock or Clock()
        platform.private_folder(folder)
        platform.private_folder(folder / FILES)
        keys = KeyStore(folder / KEYS, clock, passphrase, cost or Cost(), open_secret=sample)
        try:
            own = device or keys.device(device_name)
            if (folder / (DATABASE + ANEW)).exists():
                from app.storage.anew import go_on_anew

                go_on_anew(folder / DATABASE, own.id, clock.now_ms())
            database.open()
            workspace = cls(folder, database, keys, clock, own)
            workspace.read(workspace.forgetting.at_opening)
        except BaseException:
            database.close()
            raise
        return workspace

    def _begin(self, id: bytes, *, sample: bool = False) -> None:
        """An empty replica: of which workspace it is, before anything of it is here."""
        with self.database.transaction() as writer:
            writer.execute("INSERT INTO meta (key, value) VALUES ('workspace', ?)", (id,))
            if sample:
                writer.execute("INSERT INTO meta (key, value) VALUES ('sample', x'01')")

    def _found(self, *, sample: bool) -> None:
        from app.commands.founding import found_workspace

        self._write(found_workspace, (), {"sample": sample}, id=self.clock.new_id())

    def _introduce(self) -> None:
        """A device new to the workspace (restored, copied or joined) begins a chain of its own."""
        from app.commands.founding import join_workspace

        self.run(join_workspace)

    def close(self) -> None:
        self.database.close()

    # -- reading -------------------------------------------------------------------------------------------------

    def read(self, query: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a query in one snapshot, on the calling thread's own connection."""
        with self.database.snapshot() as reader:
            return query(reader, *args, **kwargs)

    def _reader_value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        with self.database.snapshot() as reader:
            return reader.value(sql, parameters)

    @property
    def id(self) -> bytes:
        return bytes(self._reader_value("SELECT value FROM meta WHERE key = 'workspace'"))

    @property
    def is_sample(self) -> bool:
        return self._reader_value("SELECT value FROM meta WHERE key = 'sample'") is not None

    @property
    def is_unverified(self) -> bool:
        """Whether it came as a snapshot whose history was not verified here yet, or does not hold: nothing is signed then."""
        from app.storage.snapshots import unverified_origin

        return self.read(unverified_origin) is not None

    def settle(self, problems: Sequence[str]) -> None:
        """Its history was verified (`app/verifying.py`): with what does not hold, in sentences."""
        from app.storage.snapshots import settle_snapshot

        with self.database.transaction() as writer:
            settle_snapshot(writer, problems)

    @property
    def rev(self) -> int:
        return self.read(lambda reader: reader.rev)

    # -- changing ------------------------------------------------------------------------------------------------

    def run(
        self,
        command: Callable[..., Any],
        *args: Any,
        seen: int | None = None,
        reason: str = "",
        on_behalf_of: bytes | None = None,
        **kwargs: Any,
    ) -> Done:
        """Runs a command as one action: one transaction, one undo step, one line of the log.

        `seen` is the revision the view had painted: a value that came later is not overwritten but stands beside.
        Raises Refused with nothing changed, or StorageError.
        """
        return self._write(command, args, kwargs, seen=seen, reason=reason, on_behalf_of=on_behalf_of)

    def undo(self) -> Done:
        """Takes back this person's last action on this device; what others changed since is left and listed."""
        return self._travel("next_undo", "undo")

    def redo(self) -> Done:
        """Takes back the last undo."""
        return self._travel("next_redo", "redo")

    def _travel(self, which: str, name: str) -> Done:
        from app.storage import stacks

        action = self.read(getattr(stacks, which), self.person, self.device.id)
        if action is None:
            raise Refused(
                _("There is nothing to undo.") if name == "undo" else _("There is nothing to redo.")
            )
        return self.run(getattr(importlib.import_module("app.commands.history"), name), action)

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Calls the listener after each change, on the thread that made it; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _write(
        self,
        command: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        seen: int | None = None,
        reason: str = "",
        on_behalf_of: bytes | None = None,
        id: bytes | None = None,
    ) -> Done:
        from app.commands.registry import verb_of
        from app.storage.authority import Reach
        from app.storage.transaction import Author, Transaction

        verb = verb_of(command)
        author = Author(self.person, self.device, self.presence)
        tx: Transaction | None = None
        try:
            with self.database.transaction() as writer:
                tx = Transaction(writer, author, self.clock, id or self._workspace_id(writer), seen=seen)
                tx.verb, tx.reason, tx.on_behalf_of = verb.number, reason, on_behalf_of
                reach = Reach.of(writer, self.person)
                if reach.most < verb.access:
                    raise NotAllowed(self._not_allowed(verb.access.name.lower()))
                result = command(tx, *args, **kwargs)
                if any(reach.to(log) < verb.access for log in tx.logs):
                    raise NotAllowed(self._beyond(verb.access.name.lower()))
                kind = getattr(command, "history_kind", 0)
                tx.seal(kind if verb.undoable else _NOT_UNDOABLE, args[0] if kind else None)
                rev = writer.rev
        except StorageError:
            if tx is None or not self._is_stored(tx.action):
                raise
            # the commit reported an error after it was stored: the checkpoint behind it failed
            rev = self.rev
        if tx.empty:
            return Done(result, None)
        origin = {1: "undo", 2: "redo"}.get(getattr(command, "history_kind", 0), "local")
        logs = frozenset(log for log, _hash in tx._done)
        changes = ChangeSet(tx.action, origin, rev, logs, tuple(tx.changes))
        self._forget(changes)
        self._tell(changes)
        return Done(result, changes, result if origin != "local" else ())

    def _workspace_id(self, reader: Reader) -> bytes:
        return bytes(reader.value("SELECT value FROM meta WHERE key = 'workspace'"))

    def _not_allowed(self, least: str) -> str:
        if self.person is None:
            return _("Say who you are first (--as PERSON): this workspace knows its people.")
        return _("This needs the access {access}. Ask an owner of the workspace.").format(access=least)

    def _beyond(self, least: str) -> str:
        told = _(
            "Your access {access} is for single projects; this changes more than those. Nothing was changed."
        )
        return told.format(access=least)

    def _is_stored(self, action: bytes) -> bool:
        with contextlib.suppress(StorageError):
            return self._reader_value("SELECT 1 FROM action WHERE id = ?", (action,)) is not None
        return False

    # -- exchanging ----------------------------------------------------------------------------------------------

    def held(self) -> "Held":
        """What this replica holds, for the other side to know what it lacks."""
        from app.storage.delivery import held_by

        return self.read(held_by)

    def give(
        self, theirs: "Held", logs: Collection[bytes] | None = None, most_commits: int | None = None
    ) -> "Delivery":
        """What the other side lacks, of these logs or of all, in one bounded message or all at once."""
        from app.storage.delivery import delivery_for

        return self.read(delivery_for, theirs, logs, most_commits)

    def take(
        self,
        delivery: "Delivery",
        *,
        gives_order: bool = True,
        within: Callable[[Writer], None] | None = None,
    ) -> "Taken":
        """Takes in what another replica sent; listeners hear of it as one change of origin "remote".

        Without `gives_order` no commit gets a place from this device. `within` runs last in the transaction: what it
        raises leaves everything as it was.
        """
        from app.storage.replica import take_delivery

        with self.database.transaction() as writer:
            device = self.device if gives_order else None
            taken = take_delivery(writer, delivery, device, self.clock.now_ms())
            if within is not None:
                within(writer)
            rev = writer.rev
            logs = frozenset(log for (log,) in writer.rows("SELECT id FROM log"))
        if not (taken.changes or taken.leaves):
            self.forgetting.again()
        else:
            changes = ChangeSet(self.clock.new_id(), "remote", rev, logs, tuple(taken.changes))
            self._forget(changes)
            self._tell(changes)
        return taken

    def _forget(self, changes: ChangeSet) -> None:
        """What was erased leaves the files of this device too; the log has forgotten it already."""
        from app.storage.erased import ERASED

        erased = changes.touched(ERASED)
        self.forgetting.again(erased)
        if erased:
            with contextlib.suppress(StorageError):  # whatever writes the file anew next does it
                self.database.scrub()

    def measured(self, offset_ms: int) -> None:
        """A server or room said what time it is: "now" follows it, and each commit tells both.

        Less than a second is the network's. It is kept for a night without network. Safe on any thread.
        """
        offset_ms = offset_ms if abs(offset_ms) >= _LEAST_OFFSET_MS else 0
        if abs(offset_ms - self.offset_ms) >= _LEAST_OFFSET_MS or offset_ms == 0 != self.offset_ms:
            self.offset_ms = offset_ms
            platform.write_private(self.folder / OFFSET, str(offset_ms).encode())

    def _tell(self, changes: ChangeSet) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    # -- who acts ------------------------------------------------------------------------------------------------

    def act_as(self, person: bytes | None, presence: str = "pin") -> None:
        """Everything from now on is done by this person; `presence` says how the secret was given."""
        self.person, self.presence = person, presence

    def signer(self, person: bytes, pin: str, presence: str = "pin") -> "Signer":
        """The person's key, unlocked by PIN; their first PIN on this device makes the key.

        Raises SecretError; a wrong PIN leaves a line in the log.
        """
        from app.commands.people import add_key, note_wrong_pin
        from app.commands.stating import Signer
        from app.storage.keys import WrongPin

        if not self.keys.has_key(person):
            signer = Signer(person, self.keys.create(person, pin), presence)
            self.run(add_key, person, signer)
            return signer
        try:
            return Signer(person, self.keys.unlock(person, pin), presence)
        except WrongPin:
            self.run(note_wrong_pin, person)
            raise

    def new_key(self, person: bytes, pin: str, presence: str = "pin") -> "Signer":
        """A key for somebody who is about to be added."""
        from app.commands.stating import Signer

        return Signer(person, self.keys.create(person, pin), presence)

    def files_here(self, run: bytes, subject: bytes) -> tuple[int, int]:
        """How many of a subject's files are on this device, and how many it has: part of what a signer states."""
        from app.queries.content import files_of

        hashes = self.read(files_of, run, subject)
        return sum(1 for one in hashes if self.files.has(one)), len(hashes)

    def default_person(self) -> bytes | None:
        """Who acts when nobody says otherwise: the one whose key was made first on this device."""
        keys = set(self.keys.persons())
        if not keys:
            return None
        return self.read(_first_with_key, keys)


def _offset_in(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int((folder / OFFSET).read_text(encoding="ascii"))
    return 0


def _first_with_key(reader: Reader, keys: set[bytes]) -> bytes | None:
    rows = reader.rows("SELECT person FROM certificate ORDER BY rev, op")
    return next((bytes(person) for (person,) in rows if person in keys), None)
