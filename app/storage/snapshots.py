"""A workspace's tables as one file, for a device that joins: usable at once, and verified against the log afterwards.

The file is hostile until that was done. It is read by a connection that trusts nothing in it, and copied row by row into
tables of our own; until its history was verified (`app/verifying.py`) nothing is signed on the ground of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from app import platform
from app.codec import pack, trusted
from app.errors import StorageError, VerifyError
from app.i18n import _
from app.storage.engine import Database, Reader, Writer
from app.storage.epochs import sequencer_of
from app.storage.log import decode_body
from app.storage.ops import Found
from app.storage.proofs import read_checkpoint, root_of, tree_of

UNVERIFIED = (
    "unverified"  # the key under which a workspace remembers what it came by, until that was verified
)
# A device's own: what it is, what it met with, how far it has read. It makes these anew.
_OWN = ("meta", "seen")
_TABLES = "SELECT name, sql FROM {schema}.sqlite_schema WHERE type = 'table' ORDER BY name"
_KINDS = {
    "BLOB": "blob",
    "INTEGER": "integer",
    "BOOLEAN": "integer",
    "TEXT": "text",
    "VARCHAR": "text",
    "JSON": "text",
}


# -- writing -------------------------------------------------------------------------------------------------------


def write_snapshot(source: Path, target: Path) -> int:
    """Copies a workspace's tables, as they stand at one moment, into a file without indexes; returns the newest revision.

    The source may be written to meanwhile. Raises StorageError.
    """
    target.unlink(missing_ok=True)
    try:
        raw = apsw.Connection(str(target))
        try:
            raw.execute("PRAGMA journal_mode=off").fetchall()
            raw.execute("PRAGMA synchronous=off")
            raw.execute("ATTACH ? AS source", (str(source),))
            raw.execute("BEGIN")
            for name, sql in raw.execute(_TABLES.format(schema="source")).fetchall():
                if name not in _OWN:
                    raw.execute(str(sql))
                    raw.execute(f'INSERT INTO main."{name}" SELECT * FROM source."{name}"')
            raw.execute("COMMIT")
            return Reader(raw).rev
        finally:
            raw.close()
    except apsw.Error as error:
        raise StorageError(_("The snapshot could not be written ({detail}).").format(detail=error)) from error


# -- taking --------------------------------------------------------------------------------------------------------


def install_snapshot(snapshot: Path, target: Path, workspace: bytes, origin: bytes) -> None:
    """Makes a workspace's database of a snapshot from elsewhere; `origin` is what its sender signed about it.

    Raises VerifyError, with nothing at `target`, for a file of another shape, workspace or version, or one whose order
    its sequencers did not sign.
    """
    coming = target.with_name(target.name + ".coming")
    _remove(coming)
    try:
        database = Database(coming)
        database.open()
        database.close()
        _fill(coming, snapshot, workspace, origin)
        platform.sync_file(coming)
        platform.replace_file(coming, target)
    except apsw.Error as error:
        raise VerifyError(
            _("The snapshot is no readable workspace ({detail}). Nothing of it was taken.").format(
                detail=error
            )
        ) from error
    finally:
        _remove(coming)


def _remove(path: Path) -> None:
    for one in path.parent.glob(path.name + "*"):
        one.unlink(missing_ok=True)


def _fill(target: Path, snapshot: Path, workspace: bytes, origin: bytes) -> None:
    with _distrusting(target) as raw:
        raw.execute("ATTACH ? AS snapshot", (f"file:{snapshot.as_posix()}?mode=ro&immutable=1",))
        tables = _same_tables(raw)
        if (found := Reader(raw).value("PRAGMA snapshot.quick_check")) != "ok":
            raise VerifyError(
                _("The snapshot is damaged ({detail}). Nothing of it was taken.").format(detail=found)
            )
        raw.execute("BEGIN")
        indexes = Reader(raw).rows(
            "SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        )
        for name, _sql in indexes:
            raw.execute(f'DROP INDEX main."{name}"')
        for name in tables:
            _check_kinds(raw, name)
            raw.execute(f'INSERT INTO main."{name}" SELECT * FROM snapshot."{name}"')
        for _name, sql in indexes:
            raw.execute(sql)
        writer = Writer(raw)
        _check_ground(writer, workspace)
        writer.many(
            "INSERT INTO meta (key, value) VALUES (?, ?)",
            [("workspace", workspace), (UNVERIFIED, pack([origin]))],
        )
        raw.execute("COMMIT")


@contextmanager
def _distrusting(target: Path) -> Iterator[apsw.Connection]:
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
    raw = apsw.Connection(str(target), flags=flags)
    try:
        raw.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        for pragma in (
            "trusted_schema=off",
            "cell_size_check=on",
            "journal_mode=off",
            "synchronous=off",
            "cache_size=-65536",
        ):
            raw.execute(f"PRAGMA {pragma}").fetchall()
        yield raw
    finally:
        raw.close()


def _same_tables(raw: apsw.Connection) -> list[str]:
    """The tables to copy: the snapshot must hold exactly these, written exactly so, and nothing else."""
    own = {name: sql for name, sql in raw.execute(_TABLES.format(schema="main")) if name not in _OWN}
    theirs = raw.execute(
        "SELECT type, name, sql FROM snapshot.sqlite_schema WHERE sql IS NOT NULL"
    ).fetchall()
    if sorted(theirs) != sorted(("table", name, sql) for name, sql in own.items()):
        raise VerifyError(_("The snapshot was made by another version. Nothing of it was taken."))
    return list(own)


def _check_kinds(raw: apsw.Connection, table: str) -> None:
    """SQLite lets any value stand in any column; what reads them here does not expect that."""
    wrong = []
    for _number, name, kind, not_null, _default, _key in raw.execute(f'PRAGMA main.table_info("{table}")'):
        allowed = f"'{_KINDS[kind]}'" if not_null else f"'{_KINDS[kind]}', 'null'"
        wrong.append(f'typeof("{name}") NOT IN ({allowed})')
    if Reader(raw).value(f'SELECT 1 FROM snapshot."{table}" WHERE {" OR ".join(wrong)} LIMIT 1'):
        raise VerifyError(_("The snapshot holds values of another kind. Nothing of it was taken."))


def _check_ground(reader: Reader, workspace: bytes) -> None:
    """That it is this workspace, and that each order is the one its sequencer signed: what is made here names it as seen."""
    first = reader.row("SELECT log, body FROM entry ORDER BY rev LIMIT 1")
    commit = decode_body(first[1]) if first is not None else None
    found = commit.ops[0] if commit is not None and commit.ops else None
    if (
        first is None
        or commit is None
        or {first[0], commit.log} != {workspace}
        or not isinstance(found, Found)
    ):
        raise VerifyError(_("The snapshot is of another workspace. Nothing of it was taken."))
    for log, epoch, note in reader.rows("SELECT log, epoch, checkpoint FROM tree"):
        size, frontier = tree_of(reader, log, epoch)
        held = reader.value("SELECT count(*) FROM leaf WHERE log = ? AND epoch = ?", (log, epoch))
        signed = read_checkpoint(note, sequencer_of(reader, log, epoch) or b"", log, epoch)
        if held != size or signed != (size, root_of(frontier)):
            raise VerifyError(
                _("The order in the snapshot is not the one that was signed. Nothing of it was taken.")
            )


# -- until it is verified ------------------------------------------------------------------------------------------


def unverified_origin(reader: Reader) -> bytes | None:
    """What the sender of the snapshot signed about it; None for a workspace whose history was verified here."""
    stored = reader.value("SELECT value FROM meta WHERE key = ?", (UNVERIFIED,))
    return None if stored is None else bytes(trusted(stored)[0])


def doubts_of_snapshot(reader: Reader) -> list[str]:
    """What did not follow from the history, in sentences; empty before it was verified."""
    stored = reader.value("SELECT value FROM meta WHERE key = ?", (UNVERIFIED,))
    return [] if stored is None else [str(one) for one in trusted(stored)[1:]]


def settle_snapshot(writer: Writer, problems: Sequence[str]) -> None:
    """The history was verified: the snapshot is forgotten where it follows from it, and doubted for good where not."""
    origin = unverified_origin(writer)
    if origin is None:
        return
    if problems:
        writer.execute("UPDATE meta SET value = ? WHERE key = ?", (pack([origin, *problems]), UNVERIFIED))
    else:
        writer.execute("DELETE FROM meta WHERE key = ?", (UNVERIFIED,))
