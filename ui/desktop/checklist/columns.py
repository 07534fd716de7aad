"""The columns of the checklist as data: what they show, how wide, and which field a typed text goes to."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.durations import format_minutes
from app.domain.words import Status
from app.i18n import N_, _
from app.queries.checklist import TaskRow
from ui.desktop.moments import instant, wall


@dataclass(frozen=True, slots=True)
class Shown:
    """How texts are written here."""

    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Column:
    """`width` at 100 % in English and in Chinese; 0 takes what is left. `kind` says who paints it."""

    id: str
    head: str
    width: tuple[int, int]
    show: Callable[[TaskRow, Shown], str]
    kind: str = "text"
    right: bool = False
    field: str = ""
    drop: int = 0  # on a narrow screen the highest goes first; 0 always stays


def _minutes(row: TaskRow, shown: Shown) -> str:
    return "" if row.minutes is None else format_minutes(row.minutes, shown.language)


def _checks(row: TaskRow, _shown: Shown) -> str:
    return f"{row.checks_passed}/{row.checks_total}" if row.checks_total else ""


def _finished(row: TaskRow, shown: Shown) -> str:
    """When it ended; while it runs, how long it still needs."""
    if row.status is Status.RUNNING and row.remaining is not None:
        return _("{length} left").format(length=format_minutes(row.remaining, shown.language))
    return instant(row.finished_ms, shown.zone)


def _why(row: TaskRow, shown: Shown) -> str:
    """What keeps it from starting or from counting; of a step under way, how late it is."""
    if row.why_not or row.late_minutes <= 0:
        return row.why_not[0] if row.why_not else ""
    return _("{length} late").format(length=format_minutes(row.late_minutes, shown.language))


NUMBER = Column("number", N_("#"), (52, 52), lambda row, _shown: row.number, "number", right=True)
STATE = Column("state", "", (32, 32), lambda _row, _shown: "", "state")
TITLE = Column("title", N_("Task"), (0, 0), lambda row, _shown: row.title, "title", field="title")
OWNER = Column("owner", N_("Owner"), (152, 140), lambda row, _shown: row.owner, "owner", field="owner")
DURATION = Column("minutes", N_("Duration"), (76, 92), _minutes, right=True, field="minutes")
START = Column("start", N_("Start"), (86, 92), lambda row, _shown: wall(row.start), field="start", drop=6)
DUE = Column("due", N_("Due"), (100, 106), lambda row, _shown: wall(row.due), "due", field="due", drop=5)
STARTED = Column(
    "started", N_("Started"), (86, 92), lambda row, shown: instant(row.started_ms, shown.zone), drop=3
)
FINISHED = Column("finished", N_("Finished"), (92, 104), _finished, drop=5)
AFTER = Column("after", N_("After"), (78, 78), lambda row, _shown: row.after, "quiet", field="after", drop=4)
STREAM = Column(
    "stream", N_("Stream"), (92, 92), lambda row, _shown: row.stream, "quiet", field="stream", drop=9
)
CHECKS = Column("checks", N_("Checks"), (62, 62), _checks, "checks", right=True, drop=2)
PROOF = Column("proof", N_("Proof"), (84, 84), lambda _row, _shown: "", "proof", drop=7)
WHY = Column(
    "why",
    N_("What it lacks"),
    (200, 180),
    _why,
    "why",
    drop=1,
)

PLAN_COLUMNS = (NUMBER, STATE, TITLE, OWNER, DURATION, START, DUE, AFTER, STREAM, CHECKS, PROOF)
RUN_COLUMNS = (NUMBER, STATE, TITLE, OWNER, STARTED, FINISHED, WHY, CHECKS, PROOF)
