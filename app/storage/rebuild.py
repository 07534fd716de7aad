"""Rows and registers made anew from the log: after an upgrade, and to prove that log and rows say the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from app.clock import clamp_hlc
from app.codec import trusted
from app.domain.registry import SPECS
from app.storage.engine import Database, Reader, Writer
from app.storage.log import decode_body
from app.storage.rows import Context, project

_PROJECTED = ("creation", "head", "conflict", "statement", "certificate", "epoch", "redacted")


def rebuild(writer: Writer) -> None:
    """Empties the projection and replays every accepted commit in the order this device took them in."""
    for table in (*_PROJECTED, *(spec.table for spec in SPECS.values())):
        writer.execute(f'DELETE FROM "{table}"')
    writer.execute("UPDATE log SET digest = zeroblob(32), epoch = 0")
    plain = {name: trusted(value) for name, value in writer.rows("SELECT hash, value FROM detached")}
    for rev, hlc, body in writer.rows("SELECT rev, hlc, body FROM entry WHERE accepted = 1 ORDER BY rev"):
        commit = decode_body(body)
        received = writer.value("SELECT received FROM entry WHERE rev = ?", (rev,))
        context = Context(
            *(commit.log, rev, commit.device, commit.dev_seq, clamp_hlc(hlc, received)),
            plain=plain,
        )
        project(writer, context, [(index, op) for index, op in enumerate(commit.ops) if op is not None])


def replica_digests(reader: Reader) -> dict[bytes, bytes]:
    """Log -> replica digest: equal on every replica that holds the same ops."""
    return dict(reader.rows("SELECT id, digest FROM log ORDER BY id"))


def values_of(reader: Reader) -> dict[str, list[tuple[object, ...]]]:
    """The visible values of all live objects, by table: what undo must give back."""
    return {
        spec.table: reader.rows(f'SELECT * FROM "{spec.table}" WHERE alive ORDER BY id')
        for spec in SPECS.values()
    }


def replays_equal(database: Database) -> bool:
    """Whether the log, replayed into a copy of the file, gives the same rows, conflicts and digests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "replay.db"
        copy = apsw.Connection(str(path))
        with copy.backup("main", database.reader().raw, "main") as job:
            job.step(-1)
        copy.close()
        replay = Database(path)
        try:
            before = replay.reader()
            expected = (values_of(before), replica_digests(before), before.rows(_CONFLICTS))
            with replay.transaction() as writer:
                rebuild(writer)
            after = replay.reader()
            return expected == (values_of(after), replica_digests(after), after.rows(_CONFLICTS))
        finally:
            replay.close()


_CONFLICTS = "SELECT object, field, language FROM conflict ORDER BY object, field, language"
