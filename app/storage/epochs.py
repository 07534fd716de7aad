"""Who gives a log its order: one key an epoch, the founder's first, then whom an owner hands it to (SYNC 2.14).

Leaves of an epoch beyond the size at which the next one took over decide nothing: their commits get a place there again.
"""

from app.codec import pack, trusted
from app.storage.engine import Reader, Writer
from app.storage.log import Seq
from app.storage.proofs import Leaf, tree_of


def begin_epoch(
    writer: Writer, log: bytes, epoch: int, sequencer: bytes, size: int = 0, root: bytes = b""
) -> None:
    """Notes who gives the order from now on; `size` and `root` are where the epoch before ended.

    Of two who open one epoch apart the first to be known here stays; a further epoch ends the difference.
    """
    writer.execute(
        "INSERT OR IGNORE INTO epoch (log, epoch, sequencer, size, root) VALUES (?, ?, ?, ?, ?)",
        (log, epoch, sequencer, size, root),
    )
    writer.execute(
        "UPDATE log SET (sequencer, epoch) = (SELECT sequencer, epoch FROM epoch WHERE log = ?1 ORDER BY epoch DESC "
        "LIMIT 1) WHERE id = ?1",
        (log,),
    )


def sequencer_of(reader: Reader, log: bytes, epoch: int) -> bytes | None:
    """The public key that gives a log its order in an epoch; None when nobody is known to."""
    return reader.value(  # type: ignore[no-any-return]  # a column of keys
        "SELECT sequencer FROM epoch WHERE log = ? AND epoch = ?", (log, epoch)
    )


def epoch_of(reader: Reader, log: bytes, key: bytes) -> int | None:
    """The epoch in which this key gives the log its order now; None when another does, or the one before is not all here."""
    row = reader.row(
        "SELECT e.epoch, e.sequencer, e.size FROM log l JOIN epoch e ON e.log = l.id AND e.epoch = l.epoch "
        "WHERE l.id = ?",
        (log,),
    )
    if row is None or row[1] != key or tree_of(reader, log, row[0] - 1)[0] < row[2]:
        return None
    return int(row[0])


def authority_seen(writer: Writer, workspace: bytes) -> Seq:
    """Up to where of the workspace log's order everything is here, commits and decisions; it never goes back.

    (0, 0) before the first. A decision may be here before its commit: nobody has seen what it is about then.
    """
    stored = writer.value("SELECT value FROM meta WHERE key = 'authority seen'")
    epoch, number = known = tuple(trusted(stored)) if stored is not None else (1, 0)
    while True:
        hole = writer.value(
            "SELECT min(number) FROM leaf l WHERE log = ? AND epoch = ? AND number >= ? "
            "AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.hash = l.hash)",
            (workspace, epoch, number),
        )
        number = tree_of(writer, workspace, epoch)[0] if hole is None else hole
        after = writer.value("SELECT size FROM epoch WHERE log = ? AND epoch = ?", (workspace, epoch + 1))
        if after is None or number < after or not tree_of(writer, workspace, epoch + 1)[0]:
            break
        epoch, number = epoch + 1, 0
    if (epoch, number) != known:
        value = pack([epoch, number])
        writer.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('authority seen', ?)", (value,))
    return (epoch, number) if (epoch, number) > (1, 0) else (0, 0)


def leaf_of(reader: Reader, name: bytes) -> Leaf | None:
    """The decision that stands about a commit."""
    row = reader.row("SELECT received, accepted, reason FROM standing_leaf WHERE hash = ?", (name,))
    return Leaf(name, row[0], bool(row[1]), row[2]) if row is not None else None


def without_leaf(reader: Reader, log: bytes) -> list[bytes]:
    """The hashes of the commits of a log that no sequencer has given a place that stands, oldest first."""
    return [
        name
        for (name,) in reader.rows(
            "SELECT hash FROM entry e WHERE log = ? AND NOT EXISTS (SELECT 1 FROM standing_leaf l WHERE "
            "l.hash = e.hash) ORDER BY rev",
            (log,),
        )
    ]


def server_of(reader: Reader, workspace: bytes) -> bytes | None:
    """The public key of the server that gives the workspace its order: a device that never introduced itself."""
    return reader.value(  # type: ignore[no-any-return]  # a column of keys
        "SELECT d.key FROM log l JOIN device d ON d.key = l.sequencer WHERE l.id = ? AND NOT EXISTS "
        "(SELECT 1 FROM creation c WHERE c.object = d.id AND substr(c.op, 1, 16) = d.id)",
        (workspace,),
    )
