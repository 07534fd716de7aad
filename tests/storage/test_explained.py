"""Nothing changes behind the log's back: an op of the action explains every row and column that a command changed.

SQLite's session extension records what really changed in the file. A row written around the ops would be missing on every
other device, unknown to undo, and outside every signature.
"""

import functools
import importlib
import pkgutil
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apsw
import pytest

from app import commands
from app.commands import registry, tasks
from app.domain.registry import BY_TABLE, SPECS
from app.errors import Refused
from app.storage.engine import Reader
from app.storage.log import decode_body
from app.storage.ops import LIFE, Certify, Create, Delete, Op, Put, State, op_id
from app.storage.transaction import Transaction
from app.workspace import Done, Workspace
from tests.storage import acts
from tests.storage.disk import Disk
from tests.storage.night import begin
from tests.storage.test_power_loss import open_workspace

WITHOUT_ACT = {
    "found_workspace": "every fault test begins with it, and power also fails in it",
    "join_workspace": "takes a second device; lived in the simulation",
    "open_epoch": "takes a restored device",
    "send_again": "takes a sequencer that refuses; lived in tests/app/commands/test_resending.py",
    "hand_over_order": "takes a server; lived in the simulation",
    "invite": "a certificate, as a key that an owner vouches for",
    "follow_invitation": "takes a second device; lived with a real server",
    "take_out_device": "takes a second device; lived in the table of tests/sync/authority",
    "accept_late": "takes a sequencer's time; lived in the table of tests/sync/authority",
    "redact": "erases what lies beside the log; lived in tests/storage/test_redaction.py",
    "redact_person": "the same",
    "redact_object": "the same",
    "redact_due": "the same; lived in tests/app/commands/test_retention.py",
    "set_hold": "the same field of a project as its others",
    "set_retention": "the same",
    "admit": "the same ops as adding a person",
    "lay_out_sample": "one project of the sample, made of the same ops as an import",
}
NIGHTS = 4
ACTS_IN_A_NIGHT = 160
BOOKKEEPING_KEYS = ("hlc", "workspace", "sample", "authority seen")


@dataclass(frozen=True)
class Changed:
    """One row as the session saw it: new values by column, keys always, the rest where it changed."""

    table: str
    is_new: bool
    row: dict[str, Any]


@dataclass
class Explained:
    """What the ops of one action account for."""

    action: bytes = b""
    bodies: bytes = b""
    logs: set[bytes] = field(default_factory=set)
    commits: set[bytes] = field(default_factory=set)
    ops: set[bytes] = field(default_factory=set)
    created: set[tuple[str, bytes]] = field(default_factory=set)
    columns: set[tuple[str, bytes, str]] = field(default_factory=set)
    registers: set[tuple[bytes, int, str]] = field(default_factory=set)
    touched: set[bytes] = field(default_factory=set)
    states: bool = False

    def add(self, name: bytes, op: Op) -> None:
        self.ops.add(name)
        self.states |= isinstance(op, State | Certify)
        if not isinstance(op, Create | Put | Delete):
            return
        spec = SPECS[op.entity]
        self.touched.add(op.object)
        match op:
            case Create():
                self.created.add((spec.table, op.object))
                self.registers |= {(op.object, number, language or "") for number, language, _ in op.values}
            case Delete():
                self.registers.add((op.object, LIFE, ""))
            case Put():
                self.registers.add((op.object, op.field, op.language or ""))
                if op.field != LIFE:
                    column = spec.by_number[op.field].name
                    self.columns |= {
                        (spec.table, op.object, column),
                        (spec.table, op.object, f"{column}_hash"),
                    }


def explanation(workspace: Workspace, action: bytes) -> Explained:
    explained = Explained(action)
    rows = workspace.read(
        lambda reader: reader.rows("SELECT hash, body FROM entry WHERE action = ?", (action,))
    )
    for name, body in rows:
        commit = decode_body(body)
        explained.commits.add(name)
        explained.bodies += body
        explained.logs.add(commit.log)
        for index, op in enumerate(commit.ops):
            assert op is not None
            explained.add(op_id(commit.device, commit.dev_seq, index), op)
    return explained


def changed_rows(recorder: apsw.Session, connection: apsw.Connection) -> Iterator[Changed]:
    for change in apsw.Changeset.iter(recorder.changeset()):
        names = [row[1] for row in connection.execute(f'PRAGMA table_info("{change.name}")')]
        old = change.old or (apsw.no_change,) * len(names)
        new = change.new or (apsw.no_change,) * len(names)
        row = {
            name: before if after is apsw.no_change else after
            for name, before, after, is_key in zip(names, old, new, _keys(change, len(names)), strict=True)
            if is_key or after is not apsw.no_change
        }
        if change.op == "DELETE":
            row["(deleted)"] = True
        yield Changed(change.name, change.op == "INSERT", row)


def _keys(change: apsw.TableChange, width: int) -> list[bool]:
    return [index in change.pk_columns for index in range(width)]


def unexplained(change: Changed, why: Explained, parents: set[bytes]) -> list[str]:
    """The columns of a change that no op accounts for."""
    row = change.row
    if change.table not in BY_TABLE:
        return [] if BOOKKEEPING[change.table](change, why) else [f"{change.table} {row!r}"]
    if change.is_new:
        return [] if (change.table, row["id"]) in why.created else [f"new {change.table} {row!r}"]
    return [
        f"{change.table}.{column} of {row['id'].hex()}"
        for column in row.keys() - {"id"}
        if (change.table, row["id"], column) not in why.columns
        and not (column == "alive" and row["id"] in why.touched | parents)
    ]


Rule = Callable[[Changed, Explained], bool]
BOOKKEEPING: dict[str, Rule] = {
    "entry": lambda change, why: change.is_new and change.row["hash"] in why.commits,
    "action": lambda change, why: change.is_new and change.row["id"] == why.action,
    "log": lambda change, why: (
        change.row["id"] in why.logs and (change.is_new or change.row.keys() == {"id", "digest"})
    ),
    "leaf": lambda change, why: change.is_new and change.row["hash"] in why.commits,
    "epoch": lambda change, why: change.is_new and change.row["log"] in why.logs,
    "tree": lambda change, why: change.row["log"] in why.logs,
    "meta": lambda change, _: change.row["key"] in BOOKKEEPING_KEYS,
    "creation": lambda change, why: change.is_new and change.row["op"] in why.ops,
    "head": lambda change, why: (
        _register(change) in why.registers
        and (change.is_new or change.row.keys() == {"object", "field", "language", "op", "gone"})
    ),
    "conflict": lambda change, why: _register(change) in why.registers,
    "detached": lambda change, why: change.is_new and change.row["hash"] in why.bodies,
    "statement": lambda change, why: change.is_new and change.row["op"] in why.ops,
    "certificate": lambda change, why: (
        change.row["op"] in why.ops
        if change.is_new
        else change.row.keys()
        == {"key", "issuer", "device", "level"}  # by another certificate, or a new owner
    ),
}


def _is_stated_or_judged_anew(change: Changed, why: Explained, keys: set[str]) -> bool:
    """A new row comes from an op; whether an older one counts, and at which level, follows from what is stated now."""
    if change.is_new:
        return change.row["op"] in why.ops
    return why.states and change.row.keys() - keys <= {"counts", "level"}


def _register(change: Changed) -> tuple[bytes, int, str]:
    return change.row["object"], change.row["field"], change.row["language"]


def parents_of(workspace: Workspace, things: set[bytes]) -> set[bytes]:
    """Everything the objects live in: it may come back to life with them."""
    found: set[bytes] = set()
    todo = set(things)
    while todo:
        above = workspace.read(_directly_above, todo)
        todo = above - found
        found |= above
    return found


def _directly_above(reader: Reader, things: set[bytes]) -> set[bytes]:
    return {
        row[0]
        for spec in SPECS.values()
        if spec.parent is not None
        for thing in things
        for row in reader.rows(f'SELECT "{spec.parent}" FROM "{spec.table}" WHERE id = ?', (thing,))
        if row[0] is not None
    }


def watched(workspace: Workspace, act: Callable[[], Done]) -> list[str]:
    """Runs an act under the recorder; what it changed without an op that says so."""
    with workspace.database.snapshot() as reader:
        connection = reader.raw
    recorder = apsw.Session(connection, "main")
    recorder.attach()
    done = act()
    changes = list(changed_rows(recorder, connection))
    recorder.close()
    if done.changes is None:
        return [f"{change.table}, without an action" for change in changes]
    why = explanation(workspace, done.changes.action)
    parents = parents_of(workspace, why.touched)
    return [line for change in changes for line in unexplained(change, why, parents)]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    disk = Disk()
    workspace = open_workspace(disk, 3)
    begin(workspace)
    yield workspace
    workspace.close()
    disk.remove()


@pytest.mark.parametrize("seed", range(NIGHTS))
def test_an_op_explains_every_column_that_a_command_changes(workspace: Workspace, seed: int) -> None:
    chance = random.Random(seed)
    done: set[str] = set()
    found: list[str] = []
    for _ in range(ACTS_IN_A_NIGHT):
        act = chance.choice(acts.ACTS)
        try:
            found += watched(workspace, functools.partial(act, workspace, chance))
        except Refused:
            continue
        done.add(act.__name__)

    assert found == []
    assert len(done) > len(set(acts.ACTS)) * 0.7


def test_a_row_written_around_the_ops_is_found(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = tasks.set_task

    @functools.wraps(honest)
    def sly(tx: Transaction, *args: Any, **kwargs: Any) -> None:
        honest(tx, *args, **kwargs)
        tx.writer.execute("UPDATE task SET priority = 1")

    monkeypatch.setattr(tasks, "set_task", sly)
    found = watched(workspace, lambda: acts.change_task(workspace, random.Random(0)))

    assert len(found) == 1
    assert found[0].startswith("task.priority of ")


def test_the_acts_of_a_night_are_all_the_commands_there_are() -> None:
    """A new command joins the acts, and with them every fault test."""
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"app.commands.{module.name}")
    registered = {name.rpartition(".")[2] for name in registry._VERBS if name.startswith("app.commands.")}
    run = {name for act in acts.ACTS for name in act.__code__.co_names} | {act.__name__ for act in acts.ACTS}

    assert registered - run - WITHOUT_ACT.keys() == set()
    assert WITHOUT_ACT.keys() - registered == set()
