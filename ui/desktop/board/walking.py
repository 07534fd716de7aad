"""How arrows go over a board: up and down within a column and on into the next lane, aside to what stands nearest."""

from collections.abc import Iterator

from PySide6.QtCore import Qt

from ui.desktop.board.arranging import CARD, LINE, MORE, Board, Place, SectionKey
from ui.desktop.board.layout import Layout

_ORDER = ("running", "ready", "failed", "blocked", "waiting", "soon")  # where the eye belongs first


class Walker:
    CARDS = (CARD, LINE)
    KEYS = (
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
        *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End),
    )

    def __init__(self, board: Board) -> None:
        self._board = board

    def first(self) -> Place | None:
        """What runs, else what may start, else the first card there is."""
        for state in _ORDER:
            for card in self._board.cards:
                if card.state == state and card.task.id in self._board.places:
                    return self._board.places[card.task.id]
        return next(iter(self._board.places.values()), None)

    def more(self, section: SectionKey | None) -> Place | None:
        for band, lane in enumerate(self._board.lanes):
            for column, cell in enumerate(lane.cells):
                if cell and cell[-1].kind == MORE and cell[-1].section == section:
                    return Place(band, column, len(cell) - 1)
        return None

    def after(self, key: Qt.Key, place: Place, layout: Layout, page: int) -> Place | None:
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._aside(1 if key == Qt.Key.Key_Right else -1, place, layout)
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            ends = list(self._down(Place(-1, place.column, 0), 1))
            return (ends[0] if key == Qt.Key.Key_Home else ends[-1]) if ends else None
        way = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -1
        steps = self._down(place, way)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return next(steps, None)
        wanted = layout.top_of(place) + way * (page - layout.sizes.line)
        found = None
        for found in steps:
            if (layout.top_of(found) - wanted) * way >= 0:
                break
        return found

    def _down(self, place: Place, way: int) -> Iterator[Place]:
        """What can be stood on, from there on in the same column."""
        lanes = self._board.lanes
        number, band = place.item + way, place.lane
        if band < 0:
            number, band = 0, 0
        while 0 <= band < len(lanes):
            cell = lanes[band].cells[place.column]
            while 0 <= number < len(cell):
                if cell[number].kind in (CARD, LINE, MORE):
                    yield Place(band, place.column, number)
                number += way
            band += way
            if 0 <= band < len(lanes):
                number = 0 if way > 0 else len(lanes[band].cells[place.column]) - 1

    def _aside(self, way: int, place: Place, layout: Layout) -> Place | None:
        """The nearest column with something in this lane; there what stands at the same height."""
        lane = self._board.lanes[place.lane]
        height = layout.top_of(place) - layout.lane_tops[place.lane]
        column = place.column + way
        while 0 <= column < len(lane.cells):
            stands = [
                Place(place.lane, column, number)
                for number, item in enumerate(lane.cells[column])
                if item.kind in (CARD, LINE, MORE)
            ]
            if stands:
                base = layout.lane_tops[place.lane]
                return min(stands, key=lambda one: abs(layout.top_of(one) - base - height))
            column += way
        return None
