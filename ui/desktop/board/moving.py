"""What a card may be moved to: each drop is one command, or a sentence that says why not; asked before anything is dropped."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.domain.words import RunKind, Status
from app.i18n import _
from ui.desktop.board.arranging import Board
from ui.desktop.board.cards import Card
from ui.desktop.board.columns import Key

_OPEN = (Status.RUNNING, Status.WAITING, Status.BLOCKED, Status.FAILED, Status.SKIPPED)
_ENDED = (Status.DONE, Status.CLAIMED)
_FIELDS = {"owner": "owner", "stream": "stream", "priority": "priority"}


class Target(NamedTuple):
    """Where a card would stand: the keys of its column and lane."""

    column: Key
    lane: Key = None


@dataclass(frozen=True, slots=True)
class Move:
    """`step` is the id of a step's action, `values` are fields of the task, `stage` is where it goes; or why none of them."""

    step: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    stage: tuple[Key] | None = None
    refused: str = ""

    @property
    def is_nothing(self) -> bool:
        return not (self.step or self.values or self.stage or self.refused)


def move(board: Board, card: Card, target: Target, source: Target) -> Move:
    """From one cell to another; in both directions at once only where one command does both."""
    look = board.look
    across = Move() if target.column == source.column else _one(board, card, look.columns, target.column)
    down = (
        Move() if not look.lanes or target.lane == source.lane else _one(board, card, look.lanes, target.lane)
    )
    if across.is_nothing or down.is_nothing:
        return down if across.is_nothing else across
    for one in (across, down):
        if one.refused:
            return one
    if across.values and down.values:
        return Move(values=across.values | down.values)
    return Move(refused=_("One thing at a time: first to the other column, then to the other lane."))


def _one(board: Board, card: Card, grouping: str, key: Key) -> Move:
    if grouping == "state":
        return _to_state(board, card, str(key))
    if grouping == "stage":
        return Move(stage=(key,))
    return Move(values={_FIELDS[grouping]: key})


def _to_state(board: Board, card: Card, state: str) -> Move:
    if card.state == state:
        return Move()
    if board.listed.run.kind != RunKind.MAIN and board.listed.run.finished_at is not None:
        return Move(refused=_("This run is finished. Nothing more can happen in it."))
    if state in ("later", "soon", "ready"):
        return Move(refused=_why_not_back(card))
    status = card.task.status
    if status in _ENDED:
        if state == "running":
            return Move(
                refused=_("{number} is finished. Press S to run it again.").format(number=card.task.number)
            )
        told = _("{number} is finished. Undo takes that back (Ctrl Z).")
        return Move(refused=told.format(number=card.task.number))
    if status is Status.TODO and state in ("running", "done"):
        return Move(refused=_why_not_yet(card, state))
    steps = {"running": "start", "waiting": "wait", "blocked": "block", "failed": "fail", "done": "finish"}
    return Move(step=steps[state])


def _why_not_yet(card: Card, state: str) -> str:
    """What it waits for, in the sentences the record would give, and the way that is open all the same."""
    told = _("Press S to start it anyway, with a reason.") if state == "running" else _("Start it first.")
    return " ".join((*card.task.why_not[:3], told))


def _why_not_back(card: Card) -> str:
    status, number = card.task.status, card.task.number
    if status in _OPEN or status in _ENDED:
        return _("{number} has begun: it cannot be to do again. Undo takes that back (Ctrl Z).").format(
            number=number
        )
    if status is Status.READY:
        return _("{number} may start already: nothing holds it back.").format(number=number)
    told = _("When {number} begins follows from what it waits for.").format(number=number)
    return " ".join((told, *card.task.why_not[:2]))
