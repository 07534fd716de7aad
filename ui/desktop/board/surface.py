"""The board as one painted widget: it scrolls, has one current card, lets cards be dragged, and says what somebody wants."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from app.domain.words import RunKind, Status
from app.i18n import _
from ui.desktop.board.arranging import MORE, Board, Item, Place
from ui.desktop.board.brush import Cache, sign_widths
from ui.desktop.board.cards import Card
from ui.desktop.board.dragging import Dragged, Dragging
from ui.desktop.board.frame import paint_board
from ui.desktop.board.layout import SMALL, Box, Layout, Refusal, Sizes
from ui.desktop.board.moving import Target
from ui.desktop.board.painting import start_button
from ui.desktop.board.reading import Measure
from ui.desktop.board.ruler import Ruler
from ui.desktop.board.walking import Walker
from ui.desktop.board.words import spoken, tooltip
from ui.desktop.theme.theme import Theme

_LETTERS = range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)


class Surface(QAbstractScrollArea):
    unfit = Signal()  # the window has another width than the board was laid out for
    moved = Signal()  # the current card is another one
    opening = Signal(object)  # a cut section to show in full
    wished = Signal(str)  # "details", "open"
    pressed = Signal(str)  # a letter that may act on the step
    starting = Signal(object)  # a Card whose Start was pressed
    pushed = Signal(int)  # the current card to the column left or right
    dropped = Signal(object, object)  # a Card and the Move it makes

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.ruler = Ruler(*sign_widths(theme, "body"))
        self.sizes = Sizes.at(theme.scale)
        self.board: Board | None = None
        self.layout_: Layout | None = None
        self.cache = Cache()
        self.refusal: Refusal | None = None
        self._current: Item | None = None
        self._place: Place | None = None
        self.dragging = Dragging(self)
        self.is_unfinished = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self.viewport().update)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("layer", "chrome")
        corner = QWidget()
        corner.setProperty("layer", "chrome")
        corner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCornerWidget(corner)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Board"))
        self.verticalScrollBar().setSingleStep(self.sizes.line)
        self.horizontalScrollBar().setSingleStep(theme.px(60))

    # What it shows.

    def head(self) -> int:
        return self.sizes.head

    def measure(self) -> Measure:
        """The room beside a scroll bar, whether there is one or not."""
        return Measure(self.ruler, self.sizes, self.width() - self.verticalScrollBar().sizeHint().width())

    def take(self, layout: Layout) -> None:
        self.board, self.layout_ = layout.board, layout
        if self.refusal is not None:
            layout.say(self.refusal)
        self._fit()
        self._stand()

    def fits(self, layout: Layout) -> bool:
        """Laid out for this window, or quickly made so."""
        return layout.width == self.measure().width or layout.count <= SMALL

    def _fit(self) -> None:
        """For another width all is laid out anew; where that takes longer than a blink, elsewhere."""
        layout = self.layout_
        if layout is None or layout.width == self.measure().width:
            return
        if layout.count > SMALL:
            self.unfit.emit()
            return
        self.layout_ = self.measure().lay(layout.board)
        self.layout_.say(self.refusal)

    def _stand(self) -> None:
        self._place = self._find_current()
        self._set_ranges()
        self.viewport().update()

    def forget(self) -> None:
        """Another project or run: nothing of where one stood holds any longer."""
        self._current = self._place = self.refusal = None
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def refuse(self, task: bytes, text: str) -> None:
        """Says on the card why it stays where it is, and brings it to the eye."""
        self._say(Refusal(task, text, self.ruler.width(text)))
        if self.go_to(task):
            self.setAccessibleDescription(text)
            self._tell(QAccessible.Event.DescriptionChanged)

    def forgive(self) -> bool:
        """What was said on a card goes."""
        was = self.refusal is not None
        if was:
            self.setAccessibleDescription("")
            self._say(None)
        return was

    def _say(self, refusal: Refusal | None) -> None:
        self.refusal = refusal
        if self.layout_ is not None:
            self.layout_.say(refusal)
            self._stand()

    def has_buttons(self) -> bool:
        """Whether steps may start in this run at all."""
        if self.board is None:
            return False
        run = self.board.listed.run
        return run.kind == RunKind.MAIN or run.finished_at is None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("chrome"))
        if self.layout_ is not None:
            paint_board(painter, self._theme, self)
        painter.end()

    def paint_rest(self, *, is_unfinished: bool) -> None:
        """Not all could be drawn in one frame; keys and the mouse come before the next."""
        self.is_unfinished = is_unfinished
        if is_unfinished:
            self._rest.start()

    # Where one stands.

    def current(self) -> Card | None:
        return self._current.card if self._current is not None and self._place is not None else None

    def place(self) -> Place | None:
        return self._place

    def _find_current(self) -> Place | None:
        if self.board is None or self._current is None:
            return None
        if self._current.card is not None:
            place = self.board.places.get(self._current.card.task.id)
            if place is not None:
                self._current = self._item(place)
            return place
        return Walker(self.board).more(self._current.section)

    def _item(self, place: Place) -> Item:
        assert self.board is not None
        return self.board.lanes[place.lane].cells[place.column][place.item]

    def go_to(self, task: bytes) -> bool:
        place = self.board.places.get(task) if self.board is not None else None
        if place is not None:
            self.go_to_place(place)
        return place is not None

    def go_to_place(self, place: Place) -> None:
        item = self._item(place)
        if self.refusal is not None and (item.card is None or item.card.task.id != self.refusal.task):
            self.forgive()
        self._current, self._place = item, place
        self._show(place)
        self._speak(item)
        self.viewport().update()
        self.moved.emit()

    def go_first(self) -> None:
        first = Walker(self.board).first() if self.board is not None else None
        if first is not None:
            self.go_to_place(first)

    def show_current(self) -> None:
        if self._place is not None:
            self._show(self._place)

    def _show(self, place: Place) -> None:
        layout = self.layout_
        if layout is None:
            return
        box = layout.box(place, self.verticalScrollBar().value(), self._page())
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        room, band = self._page(), self.sizes.lane if layout.has_lanes else 0
        top = layout.top_of(place)
        if box.y < band:
            down.setValue(top - band - (self.sizes.heading if place.item else 0))
        elif box.y + box.height > room:
            down.setValue(top + box.height + self.sizes.margin - room)
        left, right = box.x - self.sizes.margin, box.x + box.width + self.sizes.margin
        if left < across.value():
            across.setValue(left)
        elif right > across.value() + self.viewport().width():
            across.setValue(right - self.viewport().width())

    def _speak(self, item: Item) -> None:
        assert self.board is not None
        self.setAccessibleName(spoken(item.card, self.board) if item.card is not None else item.text)
        self._tell(QAccessible.Event.NameChanged)

    def _tell(self, event: QAccessible.Event) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self, event))

    # Scrolling.

    def _page(self) -> int:
        return max(1, self.viewport().height() - self.sizes.head)

    def _set_ranges(self) -> None:
        layout = self.layout_
        if layout is None:
            return
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setPageStep(self._page())
        down.setRange(0, max(0, layout.longest() - self._page()))
        across.setPageStep(self.viewport().width())
        across.setRange(0, max(0, layout.span - self.viewport().width()))

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - a name of Qt
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._set_ranges()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))
            event.accept()
        else:
            super().wheelEvent(event)

    # Keys.

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._place is None:
            self.go_first()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._press(event):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        if self.board is None or held & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return False
        if key == Qt.Key.Key_Escape:
            return self.dragging.cancel() or self.forgive()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and held & Qt.KeyboardModifier.ShiftModifier:
            self.pushed.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(wish="details" if key == Qt.Key.Key_Space else "open")
        elif key in _LETTERS and self.current() is not None:
            self.pressed.emit(chr(key))
        else:
            return self._walk(Qt.Key(key))
        return True

    def _walk(self, key: Qt.Key) -> bool:
        layout, board = self.layout_, self.board
        if layout is None or board is None:
            return False
        if key not in Walker.KEYS:
            return False
        if self._place is None:
            self.go_first()
            return True
        place = Walker(board).after(key, self._place, layout, self._page())
        if place is not None:
            self.go_to_place(place)
        return True

    def _open(self, wish: str) -> None:
        if self._current is not None and self._current.kind == MORE:
            self.opening.emit(self._current.section)
        elif self._current is not None:
            self.wished.emit(wish)

    # Mouse.

    def box_at(self, at: QPointF) -> Box | None:
        if self.layout_ is None or at.y() < self.sizes.head:
            return None
        x, y = at.x() + self.horizontalScrollBar().value(), at.y() - self.sizes.head
        return self.layout_.at(x, y, self.verticalScrollBar().value(), self._page())

    def target_at(self, at: QPointF) -> Target | None:
        """The cell below the mouse."""
        layout, board = self.layout_, self.board
        if layout is None or board is None:
            return None
        column = layout.column_at(at.x() + self.horizontalScrollBar().value())
        lane = layout.lane_at(at.y() - self.sizes.head, self.verticalScrollBar().value())
        if column is None or lane is None:
            return None
        return self.target(lane, column)

    def target(self, lane: int, column: int) -> Target:
        assert self.board is not None
        slot = self.board.lanes[lane].slot
        return Target(self.board.columns[column].slot.key, slot.key if slot is not None else None)

    def lane_below(self, dragged: Dragged) -> int:
        """The lane under a card on its way; outside of all the one it comes from."""
        layout = self.layout_
        assert layout is not None
        lane = layout.lane_at(dragged.at.y() - self.sizes.head, self.verticalScrollBar().value())
        place = layout.board.places.get(dragged.card.task.id)
        return lane if lane is not None else place.lane if place is not None else 0

    def corner(self, box: Box) -> QPointF:
        """Of an item in the viewport."""
        return QPointF(box.x - self.horizontalScrollBar().value(), box.y + self.sizes.head)

    def is_on_start(self, box: Box, at: QPointF) -> bool:
        card, layout = box.item.card, self.layout_
        if card is None or layout is None or card.task.status is not Status.READY or not self.has_buttons():
            return False
        return start_button(layout, card, box.width).contains(at - self.corner(box))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.dragging.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragging.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.dragging.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        box = self.box_at(event.position())
        if box is not None and box.item.card is not None and not self.is_on_start(box, event.position()):
            self.dragging.cancel()
            self.wished.emit("open")
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            box = self.box_at(QPointF(event.pos()))
            if box is not None and box.item.card is not None and self.board is not None:
                around = QRectF(self.corner(box), self.corner(box)).toRect()
                around.setSize(QRectF(0, 0, box.width, box.height).toRect().size())
                QToolTip.showText(event.globalPos(), tooltip(box.item.card, self.board), self, around)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)
