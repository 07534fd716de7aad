"""When something happened, as its author says: any time before now, and nothing ends before it began."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import Invalid, Refused
from app.i18n import _
from app.storage.transaction import Transaction

MINUTE_MS = 60_000
# clocks of two devices in one room may differ by as much; what lies further ahead is a slip of the keys
AHEAD_MS = 5 * MINUTE_MS


def moment_of(tx: Transaction, log: bytes, at: int | None) -> int:
    """The moment said, now by default; raises Invalid for one that has not come yet."""
    if at is None:
        return tx.now
    if at > tx.now + AHEAD_MS:
        raise Invalid(
            _("{moment} has not come yet. Say when it happened, or leave the time out for now.").format(
                moment=shown(tx, log, at)
            )
        )
    return at


def end_of(tx: Transaction, log: bytes, begun: int | None, at: int | None) -> int:
    """The end of something begun: as said, else now, else the beginning where the clock that wrote it went ahead of ours.

    Raises Refused where an end that was said lies before the beginning: nobody is held up by what only clocks say.
    """
    ended = moment_of(tx, log, at)
    if at is None:
        return ended if begun is None else max(ended, begun)
    check_order(tx, log, begun, ended)
    return ended


def check_order(tx: Transaction, log: bytes, begun: int | None, ended: int) -> None:
    """Raises Refused for an end that lies before the beginning."""
    if begun is not None and ended < begun:
        raise Refused(
            _("It started {begun}; it cannot have ended {ended}. Correct one of the two times.").format(
                begun=shown(tx, log, begun), ended=shown(tx, log, ended)
            )
        )


def shown(tx: Transaction, log: bytes, ms: int) -> str:
    """A moment as the project's people write it."""
    zone = tx.value("SELECT zone FROM project WHERE id = ?", (log,)) or "UTC"
    try:
        return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, OSError):
        return f"{ms} ms"
