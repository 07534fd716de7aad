"""Rows and registers made anew from the log: after an upgrade, and to prove that log and rows say the same."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from app.clock import clamp_hlc
from app.codec import trusted
from app.domain.registry import SPECS
from app.storage.engine import Database, Reader, Writer
from app.storage.log import Commit, decode_body
from app.storage.row_values import Context
from app.storage.rows import project

_PROJECTED = ("creation", "head", "conflict", "statement", "certificate", "epoch", "redacted", "newer")

# Of a commit's hash and the commit: whether it counts; None leaves it as it was judged.
Judge = Callable[[bytes, Commit], bool | None]


def rebuild(writer: Writer, judged: Judge = lambda _name, _commit: None) -> None:
    """Empties the projection and replays every accepted commit in the order this device took them in.

    `judged` may judge a commit otherwise than before, by what was replayed up to there.
    """
    for table in (*_PROJECTED, *(spec.table for spec in SPECS.values())):
        writer.execute(f'DELETE FROM "{table}"')
    writer.execute("UPDATE log SET digest = zeroblob(32), epoch = 0")
    plain = {name: trusted(value) for name, value in writer.rows("SELECT hash, value FROM detached")}
    for (rev,) in writer.rows("SELECT rev FROM entry ORDER BY rev"):
        name, hlc, received, accepted, body = (
            writer.row("SELECT hash, hlc, received, accepted, body FROM entry WHERE rev = ?", (rev,)) or ()
        )
        commit = decode_body(body)
        now = judged(name, commit)
        if now is not None and now != bool(accepted):
            accepted = now
            writer.execute("UPDATE entry SET accepted = ? WHERE rev = ?", (accepted, rev))
        if not accepted:
            continue
        context = Context(
            *(commit.log, rev, commit.device, commit.dev_seq, clamp_hlc(hlc, received)),
            plain=plain,
        )
        project(writer, context, enumerate(commit.ops))


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
