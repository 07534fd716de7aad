"""One box for places, actions and tasks: type, arrows choose, Enter does it; both languages are understood at once."""

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _, in_language, language
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.desk import Desk
from ui.desktop.theme.theme import Theme

_MOST = 40
_HALO = 6  # a flat edge instead of a shadow


class Hit(NamedTuple):
    """`other` is the same in the other language: found by it, and shown in grey."""

    icon: str
    tone: str
    text: str
    other: str
    keys: str
    act: Callable[[], object]


def hit(icon: str, message: str, keys: str, act: Callable[[], object]) -> Hit:
    """An action by its untranslated text."""
    other = in_language(message, "en" if language() == "zh" else "zh")
    text = _(message)
    return Hit(icon, "text2", text, other if other != text else "", keys, act)


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Any) -> QSize:
        return QSize(0, self._theme.px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        theme = self._theme
        found: Hit = index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("selected"))
        side = theme.px(16)
        spot = QRectF(box.left() + theme.px(12), box.center().y() - side / 2, side, side)
        theme.icons.paint(painter, found.icon, spot, theme.color(found.tone))
        left = box.left() + theme.px(38)
        right = box.right() - theme.px(12)
        if found.keys:
            size = keycap_size(theme, found.keys)
            cap = QRectF(
                right - size.width(), box.center().y() - size.height() / 2, size.width(), size.height()
            )
            paint_keycap(
                painter,
                theme,
                cap,
                found.keys,
                theme.color("text2"),
                theme.color("soft"),
                theme.color("canvas"),
            )
            right = cap.left() - theme.px(10)
        width = theme.metrics("body").horizontalAdvance(found.text)
        shown = theme.metrics("body").elidedText(found.text, Qt.TextElideMode.ElideRight, right - left)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text1"))
        painter.drawText(
            QRectF(left, box.top(), right - left, box.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
        )
        rest = right - left - width - theme.px(12)
        if found.other and rest > theme.px(40):
            painter.setFont(theme.font("meta"))
            painter.setPen(theme.color("text3"))
            other = theme.metrics("meta").elidedText(found.other, Qt.TextElideMode.ElideRight, rest)
            spot = QRectF(right - rest, box.top(), rest, box.height())
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), other)


class SearchBox(QFrame):
    """A floating list with a strong edge; Esc or a click elsewhere closes it."""

    left = Signal()  # closed by Esc: whoever had the focus takes it back

    def __init__(self, desk: Desk, parent: QWidget, hits: list[Hit]) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = desk.theme
        self._hits = hits
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setFont(desk.theme.font("body"))
        self.field.setPlaceholderText(_("A task, a place, or what to do"))
        self.field.setAccessibleName(_("Search or do anything"))
        self.list = QListWidget()
        self.list.setItemDelegate(_Painter(desk.theme, self.list))
        self.list.setAccessibleName(_("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(desk.theme.px(_HALO + 7),) * 4)
        column.setSpacing(desk.theme.px(6))
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._do())
        self._fill("")

    def open_below(self, anchor: QWidget) -> None:
        """Over the window, not a window of its own: it goes when one looks elsewhere."""
        window = self._window
        width = min(self._theme.px(580), window.width())
        height = min(self._theme.px(440), window.height())
        corner = anchor.mapTo(window, QPoint(anchor.width(), 0))
        halo = self._theme.px(_HALO)
        left = max(0, min(corner.x() + halo - width + self._theme.px(7), window.width() - width))
        self.setGeometry(left, max(0, corner.y() - halo - self._theme.px(6)), width, height)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def add_hits(self, hits: list[Hit]) -> None:
        """What took longer to read."""
        self._hits = [*self._hits, *hits]
        self._fill(self.field.text())

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        self.list.clear()
        for found in self._hits:
            both = f"{found.text} {found.other}".casefold()
            if all(word in both for word in words):
                item = QListWidgetItem(found.text)
                item.setData(Qt.ItemDataRole.UserRole, found)
                self.list.addItem(item)
                if self.list.count() >= _MOST:
                    break
        self.list.setCurrentRow(0)

    def _do(self) -> None:
        item = self.list.currentItem()
        self.close()
        if item is not None:
            item.data(Qt.ItemDataRole.UserRole).act()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.close()
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            self.left.emit()
            return True
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo, radius = self._theme.px(_HALO), self._theme.px(7)
        tint = QColor(self._theme.color("text1"))
        tint.setAlphaF(0.1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(self.rect(), radius + halo, radius + halo)
        painter.setPen(self._theme.color("strong"))
        painter.setBrush(self._theme.color("raised"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(halo + 0.5, halo + 0.5, -halo - 0.5, -halo - 0.5), radius, radius
        )
