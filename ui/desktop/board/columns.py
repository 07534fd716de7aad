"""By what the board is divided: its columns and its lanes, each with the words of its head and of its emptiness."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from app.domain.words import Status
from app.i18n import N_, _, counted
from app.queries.checklist import Checklist
from ui.desktop.board.cards import OVER, Card

Key = str | int | bytes | None
GROUPINGS = (
    ("state", N_("State")),
    ("stage", N_("Stage")),
    ("owner", N_("Owner")),
    ("stream", N_("Stream")),
    ("priority", N_("Priority")),
)
PRIORITIES = (1, 2, 3, 4, 5)
_ROOM_FOR_ALL = 8  # people without a task get a column of their own while there are no more of all than this


class Slot(NamedTuple):
    """A column or a lane; `sign` is a state's, `person` a name for the disc, `empty` what a column says without cards."""

    key: Key
    title: str
    sign: str = ""
    tone: str = "text2"
    person: str = ""
    empty: str = ""


class State(NamedTuple):
    sign: str
    tone: str
    title: str
    empty: str
    always: bool = True


STATES = {
    "later": State("todo", "waiting", N_("Later"), N_("Nothing is left for later.")),
    "soon": State("todo", "waiting", N_("Soon"), N_("Nothing begins within 2 hours.")),
    "ready": State("ready", "ready", N_("May start"), N_("Nothing may start now.")),
    "running": State("running", "running", N_("Running"), N_("Nothing is running.")),
    "waiting": State("waiting", "waiting", N_("Waiting"), N_("Nothing waits for others."), always=False),
    "blocked": State("blocked", "blocked", N_("Blocked"), N_("Nothing is blocked.")),
    "failed": State("failed", "blocked", N_("Failed"), N_("Nothing failed."), always=False),
    "done": State("done", "done", N_("Done"), N_("Nothing is done yet.")),
}


def key_of(grouping: str) -> Callable[[Card], Key]:
    return _KEYS[grouping]


_KEYS: dict[str, Callable[[Card], Key]] = {
    "state": lambda card: card.state,
    "stage": lambda card: card.task.stage_id,
    "owner": lambda card: card.task.owner_id,
    "stream": lambda card: card.task.stream,
    "priority": lambda card: card.task.priority,
}


def slots(
    grouping: str, found: Sequence[Card], listed: Checklist, people: Sequence[tuple[bytes, str]]
) -> list[Slot]:
    """The columns or lanes of all cards, whether the filter leaves anything in them or not."""
    return {"state": _states, "stage": _stages, "owner": _owners, "stream": _streams}.get(
        grouping, _priorities
    )(found, listed, people)


def _states(found: Sequence[Card], _listed: Checklist, _people: object) -> list[Slot]:
    used = {card.state for card in found}
    return [
        Slot(key, _(one.title), one.sign, one.tone, empty=_(one.empty))
        for key, one in STATES.items()
        if one.always or key in used
    ]


def _stages(found: Sequence[Card], listed: Checklist, _people: object) -> list[Slot]:
    empty = _("No task of this stage.")
    known = [
        Slot(one.id, f"{one.number}  {one.title or _('Without a stage')}", empty=empty)
        for one in listed.stages
    ]
    return _with_rest(known, found, key_of("stage"), lambda _key: _("Without a stage"))


def _owners(found: Sequence[Card], _listed: Checklist, people: Sequence[tuple[bytes, str]]) -> list[Slot]:
    """Who has something to do, by name; who has not as well, as long as that fits; what nobody has stands first."""
    names = {card.task.owner_id: card.task.owner for card in found if card.task.owner_id is not None}
    if len(names.keys() | {one for one, _name in people}) <= _ROOM_FOR_ALL:
        names |= dict(people)
    known = [
        Slot(key, name, person=name, empty=_("{name} has no task here.").format(name=name))
        for key, name in sorted(names.items(), key=lambda one: one[1].casefold())
    ]
    nobody = Slot(None, _("Nobody yet"), empty=_("Every task has an owner."))
    return [nobody, *known] if any(card.task.owner_id is None for card in found) or not known else known


def _streams(found: Sequence[Card], _listed: Checklist, _people: object) -> list[Slot]:
    names = sorted({card.task.stream for card in found if card.task.stream}, key=str.casefold)
    empty = _("No task of this stream.")
    known = [Slot(name, name, empty=empty) for name in names]
    return [*known, Slot("", _("Without a stream"), empty=_("Every task has a stream."))]


def _priorities(_found: Sequence[Card], _listed: Checklist, _people: object) -> list[Slot]:
    empty = _("No task of this priority.")
    known = [Slot(one, _("Priority {n}").format(n=one), empty=empty) for one in PRIORITIES]
    return [*known, Slot(None, _("Without a priority"), empty=_("Every task has a priority."))]


def _with_rest(
    known: list[Slot], found: Iterable[Card], key: Callable[[Card], Key], name: Callable[[Key], str]
) -> list[Slot]:
    """What is said to be elsewhere than in any column never vanishes."""
    have = {one.key for one in known}
    rest = dict.fromkeys(one for one in map(key, found) if one not in have)
    return [*known, *(Slot(one, name(one), empty="") for one in rest)]


def hint(slot: Slot, found: Sequence[Card], grouping: str) -> str:
    """What stands right in a column's head."""
    if grouping != "state":
        over = sum(card.task.status in OVER for card in found)
        return _("{done} of {total} done").format(done=f"{over:,}", total=f"{len(found):,}") if found else ""
    if slot.key == "later":
        return _("waiting for others")
    if slot.key == "soon":
        return _("within 2 h")
    if slot.key == "running":
        late = sum(card.late > 0 for card in found)
        return counted("{n} late", "{n} late", late) if late else ""
    if slot.key == "done":
        counts = sum(card.task.status is Status.DONE for card in found)
        return counted("{n} counts", "{n} count", counts) if counts else ""
    return ""
