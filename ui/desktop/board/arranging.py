"""What stands where on a board: columns, lanes, and in each cell what is near, what is far and what is over."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.domain.words import Status
from app.i18n import _
from app.queries.checklist import Checklist
from app.queries.timeline import Timeline
from ui.desktop.board.cards import OVER, Card
from ui.desktop.board.columns import Key, Slot, hint, key_of, slots

HEAD, CARD, LINE, MORE = range(4)
CUT_DONE, CUT_LATER = 10, 20  # lines of a section before it says how many more there are
_CUT_IN_LANES = 3
_PROBLEMS = frozenset({Status.FAILED, Status.BLOCKED, Status.CLAIMED})
_NEAR = ("failed", "blocked", "running", "ready", "waiting", "done", "soon")
SectionKey = tuple[Key, Key, Key]


class Look(NamedTuple):
    """What somebody chose to see; `opened` are the cut sections shown in full."""

    columns: str = "state"
    lanes: str = ""
    wanted: str = ""
    show: str = "all"
    opened: frozenset[SectionKey] = frozenset()
    everything: bool = False


class Item(NamedTuple):
    """One thing in a column: a heading, a card, a line, or how many more there are."""

    kind: int
    card: Card | None = None
    text: str = ""
    section: SectionKey | None = None


class Lane(NamedTuple):
    """`cells` are as many as there are columns, `number` says how many cards."""

    slot: Slot | None
    cells: tuple[tuple[Item, ...], ...]
    number: int


class Column(NamedTuple):
    slot: Slot
    number: int
    hint: str
    is_cards: bool


class Place(NamedTuple):
    lane: int
    column: int
    item: int


class Board(NamedTuple):
    """`hidden` names the cut section in which a task stands."""

    listed: Checklist
    times: Timeline
    people: tuple[tuple[bytes, str], ...]
    cards: tuple[Card, ...]
    look: Look
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    places: dict[bytes, Place]
    hidden: dict[bytes, SectionKey]
    shown: int


def arranged(
    listed: Checklist,
    times: Timeline,
    people: tuple[tuple[bytes, str], ...],
    found: tuple[Card, ...],
    look: Look,
) -> Board:
    shown = [card for card in found if _is_wanted(card, look)]
    columns = slots(look.columns, found, listed, people)
    lanes = slots(look.lanes, found, listed, people) if look.lanes else [None]
    own, band = key_of(look.columns), key_of(look.lanes) if look.lanes else None
    by_cell: dict[tuple[Key, Key], list[Card]] = defaultdict(list)
    by_column: dict[Key, list[Card]] = defaultdict(list)
    for card in shown:
        key = own(card)
        by_cell[band(card) if band is not None else None, key].append(card)
        by_column[key].append(card)
    titles = {one.id: f"{one.number}  {one.title or _('Without a stage')}" for one in listed.stages}
    filler = _Filler(look, titles)
    made = []
    for lane in lanes:
        key = lane.key if lane is not None else None
        cells = tuple(filler.cell(key, one.key, by_cell.get((key, one.key), [])) for one in columns)
        count = sum(len(by_cell.get((key, one.key), ())) for one in columns)
        if lane is None or count:
            made.append(Lane(lane, cells, count))
    heads = tuple(_head(one, by_column[one.key], look.columns) for one in columns)
    return Board(
        *(listed, times, people, found, look, heads, tuple(made), _places(made), filler.hidden),
        shown=len(shown),
    )


def _head(slot: Slot, found: list[Card], grouping: str) -> Column:
    return Column(
        slot, len(found), hint(slot, found, grouping), any(not card.is_line for card in found) or not found
    )


def _places(lanes: Sequence[Lane]) -> dict[bytes, Place]:
    return {
        item.card.task.id: Place(band, column, number)
        for band, lane in enumerate(lanes)
        for column, cell in enumerate(lane.cells)
        for number, item in enumerate(cell)
        if item.card is not None
    }


def _is_wanted(card: Card, look: Look) -> bool:
    task = card.task
    if look.show == "open" and task.status in OVER:
        return False
    if look.show == "problems" and task.status not in _PROBLEMS and not task.conflicts and card.late <= 0:
        return False
    word = look.wanted.casefold().strip()
    return not word or word in f"{task.number} {task.title} {task.owner} {task.stream}".casefold()


class _Filler:
    """Puts the cards of a cell in order: what is near as cards, what is far as lines, what is over as lines with a cut."""

    def __init__(self, look: Look, stages: dict[bytes | None, str]) -> None:
        self._look, self._stages = look, stages
        self.hidden: dict[bytes, SectionKey] = {}

    def cell(self, lane: Key, column: Key, found: list[Card]) -> tuple[Item, ...]:
        if not found:
            return ()
        near = [card for card in found if not card.is_line]
        near.sort(key=_by_nearness)
        items = [Item(CARD, card) for card in near]
        later = [card for card in found if card.state == "later"]
        by_state = self._look.columns == "state"
        items += self._by_stage(lane, column, later) if by_state else self._later(lane, column, later)
        for status, text in ((Status.DONE, _("Count as done, {n}")), (Status.SKIPPED, _("Skipped, {n}"))):
            over = [card for card in found if card.task.status is status]
            over.sort(key=lambda card: -card.bar.finish_ms)
            items += self._section(
                (lane, column, status.value), text.format(n=f"{len(over):,}"), over, CUT_DONE
            )
        return tuple(items)

    def _by_stage(self, lane: Key, column: Key, later: list[Card]) -> Iterator[Item]:
        stages: dict[bytes | None, list[Card]] = defaultdict(list)
        for card in later:
            stages[card.task.stage_id].append(card)
        for stage, own in stages.items():
            is_said = self._look.lanes == "stage"  # by the lane's own head
            title = "" if is_said else self._stages.get(stage, _("Without a stage"))
            yield from self._section((lane, column, stage), title, own, CUT_LATER)

    def _later(self, lane: Key, column: Key, later: list[Card]) -> Iterator[Item]:
        later.sort(key=lambda card: card.bar.start_ms)
        title = _("Later, {n}").format(n=f"{len(later):,}")
        yield from self._section((lane, column, "later"), title, later, CUT_LATER)

    def _section(self, key: SectionKey, title: str, found: list[Card], cut: int) -> Iterator[Item]:
        if not found:
            return
        if title:
            yield Item(HEAD, text=title, section=key)
        cut = _CUT_IN_LANES if self._look.lanes else cut
        whole = self._look.everything or key in self._look.opened or len(found) <= cut + 1
        for card in found if whole else found[:cut]:
            yield Item(LINE, card)
        if not whole:
            left = found[cut:]
            self.hidden |= dict.fromkeys((card.task.id for card in left), key)
            yield Item(MORE, text=_("and {n} more").format(n=f"{len(left):,}"), section=key)


def _by_nearness(card: Card) -> tuple[int, int, int]:
    """By what is most urgent, then by time."""
    return _NEAR.index(card.state), card.when_ms, card.bar.start_ms
