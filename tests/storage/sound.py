"""Whether a workspace is whole: SQLite finds no damage, chains have no gap, and the rows are what the log says."""

import contextlib
from collections.abc import Iterator
from typing import Any

from app.clock import clamp_hlc
from app.codec import trusted
from app.domain.registry import SPECS
from app.storage.engine import Database, Reader
from app.storage.log import GENESIS, commit_hash, decode_body
from app.storage.row_values import Context
from app.storage.rows import project
from app.workspace import Workspace
from tests.storage.disk import VFS_NAME, Disk

Contents = dict[str, tuple[tuple[Any, ...], ...]]

REGISTERS = ("creation", "head", "conflict", "certificate", "statement")
EMPTY = Disk()
"""A database with its tables and nothing in them, made once a process."""


def contents(reader: Reader, *names: str) -> Contents:
    """Every row of the named tables, or of all."""
    tables = names or tuple(
        name for (name,) in reader.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    )
    return {name: tuple(sorted(reader.rows(f'SELECT * FROM "{name}"'), key=repr)) for name in tables}


def damage(workspace: Workspace) -> list[str]:
    """What SQLite itself finds wrong."""
    return [
        row for (row,) in workspace.read(lambda reader: reader.rows("PRAGMA integrity_check")) if row != "ok"
    ]


def differences(workspace: Workspace) -> list[str]:
    """Where log, registers and rows do not say the same."""
    return (
        workspace.read(_broken_chains) + workspace.read(_torn_actions) + workspace.read(_differ_from_replay)
    )


def _broken_chains(reader: Reader) -> list[str]:
    found = []
    ends: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
    for rev, name, body in reader.rows("SELECT rev, hash, body FROM entry ORDER BY rev"):
        commit = decode_body(body)
        number, last = ends.get((commit.log, commit.device), (0, GENESIS))
        if (commit.dev_seq, commit.prev) != (number + 1, last):
            found.append(f"revision {rev} does not follow its predecessor")
        if commit_hash(body) != name:
            found.append(f"revision {rev} is not the commit it is named after")
        ends[commit.log, commit.device] = (commit.dev_seq, name)
    return found


def _torn_actions(reader: Reader) -> list[str]:
    """An action without commits, or commits and sequence numbers without the other."""
    return [
        f"{what}: {row!r}"
        for what, sql in {
            "action without a commit": "SELECT id FROM action WHERE rev NOT IN (SELECT rev FROM entry)",
            "commit without an action": "SELECT rev FROM entry WHERE action NOT IN (SELECT id FROM action)",
            "commit without its place": "SELECT rev FROM entry WHERE hash NOT IN (SELECT hash FROM leaf)",
            "place without its commit": "SELECT number FROM leaf WHERE hash NOT IN (SELECT hash FROM entry)",
        }.items()
        for row in reader.rows(sql)
    ]


def _differ_from_replay(reader: Reader) -> list[str]:
    tables = (*REGISTERS, *(spec.table for spec in SPECS.values()))
    with _empty_database() as database, database.transaction() as writer:
        plain = {name: trusted(value) for name, value in reader.rows("SELECT hash, value FROM detached")}
        for rev, received, body in reader.rows("SELECT rev, received, body FROM entry ORDER BY rev"):
            commit = decode_body(body)
            hlc = clamp_hlc(commit.hlc, received)
            place = Context(commit.log, rev, commit.device, commit.dev_seq, hlc, plain)
            project(writer, place, enumerate(commit.ops))
        replayed = contents(writer, *tables) | _digests(writer)
    stored = contents(reader, *tables) | _digests(reader)
    return [f"table {name} is not what its log says" for name in stored if stored[name] != replayed[name]]


def _digests(reader: Reader) -> Contents:
    return {"log": tuple(reader.rows("SELECT id, digest FROM log ORDER BY id"))}


@contextlib.contextmanager
def _empty_database() -> Iterator[Database]:
    if not EMPTY.files:
        database = Database(EMPTY.path("empty.db"), vfs=VFS_NAME, exclusive=True)
        database.open()
        database.close()
    disk = EMPTY.copy()
    database = Database(disk.path("empty.db"), vfs=VFS_NAME, exclusive=True)
    database.open()
    try:
        yield database
    finally:
        database.close()
        disk.remove()
