"""A workspace that goes on with the history that holds, where what it came by did not follow from it.

The replica that the verification made takes the place of the doubted one, once everything this device did since is taken
in there. The doubted file is kept beside, for whoever asks who lied.
"""

from pathlib import Path

import apsw

from app import platform
from app.storage.delivery import Packet, held, packet_of
from app.storage.engine import ANEW, Database, Reader
from app.storage.replica import take


def go_on_anew(database: Path, device: bytes, now_ms: int) -> Path | None:
    """Puts the verified replica in the database's place, where there is one; returns where the doubted one is now.

    None where nothing is to be done yet: another program has the workspace open, or what this device did rests on
    something the verified one lacks. Its chain would be forked if it went on without that.
    """
    anew = database.with_name(database.name + ANEW)
    if not anew.exists() or not database.exists():
        return None
    raw = apsw.Connection(str(database))
    try:
        raw.execute("PRAGMA locking_mode=exclusive").fetchall()
        raw.execute("BEGIN EXCLUSIVE")
        is_whole = _carry_over(Reader(raw), anew, device, now_ms)
        raw.execute("ROLLBACK")
    except apsw.BusyError:
        return None
    finally:
        raw.close()
    if not is_whole:
        return None
    doubted = database.with_name(f"{database.name}.doubted-{now_ms}")
    database.rename(doubted)
    platform.replace_file(anew, database)
    return doubted


def _carry_over(doubted: Reader, anew: Path, device: bytes, now_ms: int) -> bool:
    """Whether everything that this device did is in the verified replica now."""
    target = Database(anew, exclusive=True)
    target.open()
    try:
        with target.transaction() as writer:
            take(writer, _of_device(doubted, held(writer), device), None, now_ms)
            return not _of_device(doubted, held(writer), device)
    finally:
        target.close()


def _of_device(doubted: Reader, known: dict[tuple[bytes, bytes], int], device: bytes) -> list[Packet]:
    """What the device did and the other side lacks, in the order it was done."""
    rows = doubted.rows("SELECT rev, log, dev_seq FROM entry WHERE device = ? ORDER BY rev", (device,))
    return [packet_of(doubted, rev) for rev, log, dev_seq in rows if dev_seq > known.get((log, device), 0)]
