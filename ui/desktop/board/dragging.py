"""What the mouse does on a board: presses, and a card on its way; which columns would take it is shown before it is dropped, and near an edge the board scrolls."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPointF, Qt, QTimer

from ui.desktop.board.arranging import HEAD, MORE
from ui.desktop.board.cards import Card
from ui.desktop.board.moving import Move, Target, move

if TYPE_CHECKING:
    from ui.desktop.board.surface import Surface

_SLIPS = 4  # px before a press is a drag
_EDGE = 36  # px from the edge in which the board scrolls
_STEP = 24


class Dragged(NamedTuple):
    """`grip` is where in the card the mouse took it."""

    card: Card
    source: Target
    grip: QPointF
    at: QPointF


class Dragging(QObject):
    def __init__(self, surface: "Surface") -> None:
        super().__init__(surface)
        self._surface = surface
        self._pressed: Dragged | None = None
        self.dragged: Dragged | None = None
        self._start: bytes | None = None  # the task whose Start is pressed
        self._verdicts: dict[Target, Move] = {}
        self._scroll = QTimer(self)
        self._scroll.setInterval(30)
        self._scroll.timeout.connect(self._scroll_on)

    def press(self, at: QPointF) -> None:
        surface = self._surface
        box = surface.box_at(at)
        if box is None or box.item.kind == HEAD:
            surface.forgive()
            return
        on_start, grip = surface.is_on_start(box, at), at - surface.corner(box)
        surface.go_to_place(box.place)
        card = box.item.card
        if card is None:
            surface.opening.emit(box.item.section)
        elif on_start:
            self._start = card.task.id
        else:
            source = surface.target(box.place.lane, box.place.column)
            self._pressed = Dragged(card, source, grip, at)

    def move(self, at: QPointF) -> None:
        if self._pressed is None:
            self._show_cursor(at)
            return
        if self.dragged is None and (at - self._pressed.at).manhattanLength() <= _SLIPS:
            return
        if self.dragged is None:
            self._verdicts = {}
            self._surface.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.dragged = self._pressed._replace(at=at)
        self._watch_edges(at)
        self._surface.viewport().update()

    def release(self, at: QPointF) -> None:
        """What was dropped where, if anything was; Start counts only where it was pressed."""
        surface, dragged, start = self._surface, self.dragged, self._start
        target = surface.target_at(at)
        found = self.verdict(target) if dragged is not None and target is not None else None
        self.cancel()
        if dragged is not None and found is not None:
            surface.dropped.emit(dragged.card, found)
        box = surface.box_at(at) if start is not None else None
        card = box.item.card if box is not None else None
        if box is not None and card is not None and card.task.id == start and surface.is_on_start(box, at):
            surface.starting.emit(card)

    def _show_cursor(self, at: QPointF) -> None:
        box, port = self._surface.box_at(at), self._surface.viewport()
        if box is not None and (box.item.kind == MORE or self._surface.is_on_start(box, at)):
            port.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            port.unsetCursor()

    def cancel(self) -> bool:
        was_on = self.dragged is not None
        self._pressed = self.dragged = self._start = None
        self._scroll.stop()
        self._surface.viewport().unsetCursor()
        self._surface.viewport().update()
        return was_on

    def verdict(self, target: Target) -> Move:
        """What dropping it there would do."""
        board, dragged = self._surface.board, self.dragged
        if board is None or dragged is None:
            return Move()
        if target not in self._verdicts:
            self._verdicts[target] = move(board, dragged.card, target, dragged.source)
        return self._verdicts[target]

    def _watch_edges(self, at: QPointF) -> None:
        if self._pull(at) == (0, 0):
            self._scroll.stop()
        elif not self._scroll.isActive():
            self._scroll.start()

    def _pull(self, at: QPointF) -> tuple[int, int]:
        port = self._surface.viewport()

        def towards(value: float, first: int, last: int) -> int:
            return -1 if value < first + _EDGE else 1 if value > last - _EDGE else 0

        return towards(at.x(), 0, port.width()), towards(at.y(), self._surface.head(), port.height())

    def _scroll_on(self) -> None:
        if self.dragged is None:
            self._scroll.stop()
            return
        across, down = self._pull(self.dragged.at)
        for bar, way in (
            (self._surface.horizontalScrollBar(), across),
            (self._surface.verticalScrollBar(), down),
        ):
            bar.setValue(bar.value() + way * _STEP)
