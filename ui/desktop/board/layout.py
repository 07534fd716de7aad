"""Where everything of a board stands: widths of columns, heights of cards, and what is in view; plain numbers, no Qt."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.words import Status
from ui.desktop.board.arranging import CARD, HEAD, LINE, MORE, Board, Item, Place
from ui.desktop.board.cards import Card
from ui.desktop.board.ruler import Ruler

SMALL = 400  # cards up to which the window's own thread may lay all out anew
EXACT = 1_500  # cards up to which each line is broken as it will be painted
TITLE_LINES, FOLLOWS_LINES = 3, 2
_BELOW_LINE = 4
_FACT_LINES = {Status.TODO: 2, Status.CLAIMED: 3}  # of others up to four


@dataclass(frozen=True, slots=True)
class Sizes:
    """All in px at the scale shown."""

    head: int
    lane: int
    gap: int
    between: int
    pad: int
    row: int
    leading: int
    line: int
    heading: int
    more: int
    meter: int
    button: int
    sign: int
    avatar: int
    wide: int
    least: int
    least_mixed: int
    margin: int

    @classmethod
    def at(cls, scale: float) -> "Sizes":
        def px(size: float) -> int:
            return round(size * scale)

        return cls(
            *(px(40), px(30), px(12), px(6), px(9), px(20), px(18), px(30), px(26), px(26)),
            *(px(30), px(34), px(14), px(20), px(280), px(146), px(204), px(12)),
        )


class Box(NamedTuple):
    """An item in view; `y` from the top of the board's cells, scrolled."""

    place: Place
    item: Item
    x: int
    y: int
    width: int
    height: int


class Refusal(NamedTuple):
    """Said on the card; `width` is the text's."""

    task: bytes
    text: str
    width: float


@dataclass(slots=True)
class Layout:
    """One board in a window of a width; columns that do not fit scroll, short ones stay while long ones scroll."""

    board: Board
    sizes: Sizes
    ruler: Ruler
    width: int
    refusal: Refusal | None = None
    count: int = field(init=False)  # of cards
    exact: bool = field(init=False)
    xs: list[int] = field(init=False)
    widths: list[int] = field(init=False)
    total: int = field(init=False)
    lane_tops: list[int] = field(init=False)
    tops: list[list[list[int]]] = field(init=False)  # lane, column, item; the last one is the end

    def __post_init__(self) -> None:
        self._set_columns()
        self.count = sum(not card.is_line for card in self.board.cards)
        self.exact = self.count <= EXACT
        self.tops = [
            [self._cell(cell, self.widths[at]) for at, cell in enumerate(lane.cells)]
            for lane in self.board.lanes
        ]
        self._set_lanes()

    def _set_lanes(self) -> None:
        self.lane_tops = []
        top = 0
        for lane, tops in zip(self.board.lanes, self.tops, strict=True):
            self.lane_tops.append(top)
            band = self.sizes.lane if lane.slot is not None else 0
            top += band + max((cell[-1] for cell in tops), default=0) + (self.sizes.gap if band else 0)
        self.total = top

    def say(self, refusal: Refusal | None) -> None:
        """Something is said on one card, and no longer on another: what stands below moves, nothing is measured anew."""
        places = self.board.places
        told = [one.task for one in (self.refusal, refusal) if one is not None and one.task in places]
        self.refusal = refusal
        for task in dict.fromkeys(told):
            band, column, number = places[task]
            tops, item = self.tops[band][column], self.board.lanes[band].cells[column][number]
            grown = self._height(item, self.widths[column]) - (tops[number + 1] - tops[number])
            tops[number + 1 :] = [top + grown for top in tops[number + 1 :]]
        self._set_lanes()

    @property
    def has_lanes(self) -> bool:
        return bool(self.board.look.lanes)

    def _set_columns(self) -> None:
        """As wide as there is room for; lists of lines get more than cards, what is empty gets less."""
        sizes, columns = self.sizes, self.board.columns
        count = max(1, len(columns))
        room = self.width - 2 * sizes.margin - sizes.gap * (count - 1)
        by_state = self.board.look.columns == "state"
        weights = [self._weight(number) if by_state else 1.0 for number in range(len(columns))]
        unit = max(room / max(1.0, sum(weights)), self.least(sizes, by_state=by_state))
        most = sizes.wide * (1.3 if by_state else 1.6)
        self.widths = [int(min(unit, most) * weight) for weight in weights]
        self.xs = []
        x = sizes.margin
        for wide in self.widths:
            self.xs.append(x)
            x += wide + sizes.gap

    @staticmethod
    def least(sizes: Sizes, *, by_state: bool) -> int:
        """Cards and lines below each other need more room than cards alone."""
        return sizes.least if by_state else sizes.least_mixed

    def _weight(self, number: int) -> float:
        column = self.board.columns[number]
        if not column.number:
            return 0.8
        return {"later": 1.45, "done": 1.1}.get(str(column.slot.key), 1.0)

    @property
    def span(self) -> int:
        """How wide all columns are together."""
        return self.xs[-1] + self.widths[-1] + self.sizes.margin if self.xs else 0

    # Heights.

    def _cell(self, cell: tuple[Item, ...], width: int) -> list[int]:
        tops = [0]
        y = 0
        for item in cell:
            y += self._height(item, width)
            tops.append(y)
        return tops

    def _height(self, item: Item, width: int) -> int:
        """With the room to what follows."""
        sizes = self.sizes
        if item.card is not None and self.is_card(item):
            return self.card_height(item.card, width) + sizes.between
        return {LINE: sizes.line + _BELOW_LINE, HEAD: sizes.heading, MORE: sizes.more}[item.kind]

    def title_room(self, card: Card, width: int) -> int:
        sizes = self.sizes
        return width - 2 * sizes.pad - (sizes.avatar + 4 if self.shows_owner(card) else 0)

    def shows_owner(self, card: Card) -> bool:
        """Where columns are people, the head says whose all of it is."""
        return bool(card.task.owner) and self.board.look.columns != "owner"

    def title_lines(self, card: Card, width: int) -> int:
        wide = card.title_width or self.ruler.width(card.task.title)
        return self.ruler.lines(
            card.task.title, wide, self.title_room(card, width), TITLE_LINES, exact=self.exact
        )

    def fact_lines(self, card: Card, width: int) -> int:
        if not card.fact:
            return 0
        room = width - 2 * self.sizes.pad - self.fact_indent(card)
        most = _FACT_LINES.get(card.task.status, 4)
        return self.ruler.lines(card.fact, card.fact_width, room, most, exact=self.exact)

    def follows_lines(self, card: Card, width: int) -> int:
        if not card.follows:
            return 0
        room = width - 2 * self.sizes.pad
        return self.ruler.lines(card.follows, card.follows_width, room, FOLLOWS_LINES, exact=self.exact)

    def fact_indent(self, card: Card) -> int:
        return self.sizes.sign + 6 if card.task.status is Status.CLAIMED else 0

    def refusal_lines(self, width: int) -> int:
        if self.refusal is None:
            return 0
        room = width - 4 * self.sizes.pad - self.sizes.sign
        return self.ruler.lines(self.refusal.text, self.refusal.width, room, 8, exact=True)

    def card_height(self, card: Card, width: int) -> int:
        sizes = self.sizes
        high = 2 * sizes.pad - 3 + sizes.row
        high += sizes.leading * self.title_lines(card, width)
        if card.task.status is Status.RUNNING:
            high += sizes.meter
        elif card.task.status is Status.READY:
            high += sizes.button
        elif card.fact or card.follows:
            lines = self.fact_lines(card, width) + self.follows_lines(card, width)
            high += 3 + sizes.leading * lines
        if self.refusal is not None and self.refusal.task == card.task.id:
            high += sizes.between + 2 * sizes.between + sizes.leading * self.refusal_lines(width)
        return high

    # What is in view.

    def page(self, height: int) -> int:
        return max(1, height - self.sizes.head)

    def offset(self, column: int, scroll: int, page: int) -> int:
        """A column shorter than others stays where its end is in view."""
        if self.has_lanes:
            return scroll
        end = self.tops[0][column][-1] if self.tops else 0
        return min(scroll, max(0, end + self.sizes.margin - page))

    def longest(self) -> int:
        return self.total + self.sizes.margin

    def visible(self, scroll: int, page: int) -> Iterator[Box]:
        """What stands between the top and the bottom of the window."""
        for band, cells in enumerate(self.tops):
            start = self.lane_tops[band] + (self.sizes.lane if self.has_lanes else 0)
            if start - scroll > page:
                break
            for column, tops in enumerate(cells):
                yield from self._visible_in(
                    band, column, tops, start - self.offset(column, scroll, page), page
                )

    def _visible_in(self, band: int, column: int, tops: list[int], start: int, page: int) -> Iterator[Box]:
        items = self.board.lanes[band].cells[column]
        number = max(0, bisect_right(tops, -start) - 1)
        while number < len(items) and start + tops[number] < page:
            yield self._box(Place(band, column, number), start)
            number += 1

    def _box(self, place: Place, start: int) -> Box:
        band, column, number = place
        tops, item = self.tops[band][column], self.board.lanes[band].cells[column][number]
        high = tops[number + 1] - tops[number]
        is_card = self.is_card(item)
        if item.card is not None:
            high -= self.sizes.between if is_card else _BELOW_LINE
        return Box(place, item, self.xs[column], start + tops[number], self.widths[column], high)

    def is_card(self, item: Item) -> bool:
        """A line that was refused something becomes a card, to say why."""
        if item.kind == CARD or self.refusal is None:
            return item.kind == CARD
        return item.card is not None and item.card.task.id == self.refusal.task

    def box(self, place: Place, scroll: int, page: int) -> Box:
        start = self.lane_tops[place.lane] + (self.sizes.lane if self.has_lanes else 0)
        return self._box(place, start - self.offset(place.column, scroll, page))

    def top_of(self, place: Place) -> int:
        """From the top of all lanes."""
        start = self.lane_tops[place.lane] + (self.sizes.lane if self.has_lanes else 0)
        return start + self.tops[place.lane][place.column][place.item]

    def column_at(self, x: float) -> int | None:
        for column, (left, wide) in enumerate(zip(self.xs, self.widths, strict=True)):
            if left - self.sizes.gap / 2 <= x < left + wide + self.sizes.gap / 2:
                return column
        return None

    def lane_at(self, y: float, scroll: int) -> int | None:
        """`y` from below the heads."""
        if not self.lane_tops or y < 0:
            return None
        return max(0, bisect_right(self.lane_tops, y + scroll) - 1) if self.has_lanes else 0

    def at(self, x: float, y: float, scroll: int, page: int) -> Box | None:
        column, band = self.column_at(x), self.lane_at(y, scroll)
        if column is None or band is None:
            return None
        start = self.lane_tops[band] + (self.sizes.lane if self.has_lanes else 0)
        start -= self.offset(column, scroll, page)
        tops = self.tops[band][column]
        number = bisect_right(tops, y - start) - 1
        if not 0 <= number < len(tops) - 1:
            return None
        box = self._box(Place(band, column, number), start)
        return box if y < box.y + box.height and box.x <= x < box.x + box.width else None
