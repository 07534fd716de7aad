"""One box for everything that can be found or done: type, arrows choose, Enter does it; both languages at once."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _, ngettext
from ui.desktop.components.keycap import KeyHints
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.search.hits import Found, Hit, find, spelled
from ui.desktop.search.painting import HEADED, HIT, HitPainter

_HALO = 6  # a flat edge instead of a shadow
_PAGE = 8


class SearchBox(QFrame):
    """A floating list with a strong edge; Esc or a click elsewhere closes it."""

    left = Signal()  # closed by Esc: whoever had the focus takes it back
    done = Signal(object)  # the Hit that was chosen

    def __init__(
        self, desk: Desk, parent: QWidget, hits: Sequence[Hit], first: Sequence[Hit] = (), asks: str = ""
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme = desk.theme
        self._hits = [spelled(one) for one in hits]
        self._first = list(first)  # while nothing is typed
        self._before: tuple[str, Sequence[Hit]] = ("", self._hits)
        self.open: Callable[[Hit], object] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("Search or do anything"))
        self.field = QLineEdit()
        self.field.setFont(theme.font("lead"))
        self.field.setFrame(False)
        self.field.setProperty("bare", "true")
        asks = asks or _("A task, a person, a place, or what to do")
        self.field.setPlaceholderText(asks)
        self.field.setAccessibleName(_("Search or do anything"))
        self.list = QListWidget()
        self._painter = HitPainter(theme, self.list)
        self.list.setItemDelegate(self._painter)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(_("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._nothing = label(theme, "", "body", "text2", wrap=True)
        self._nothing.setContentsMargins(*(theme.px(16),) * 4)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._count = label(theme, "", "meta", "text3")
        self._lay_out()
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._do())
        self._fill("")

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(_HALO) + 1,) * 4)
        column.setSpacing(0)
        top = QFrame()
        top.setProperty("edge", "bottom")
        row = QHBoxLayout(top)
        row.setContentsMargins(theme.px(16), theme.px(7), theme.px(16), theme.px(7))
        row.setSpacing(theme.px(10))
        row.addWidget(Sign(theme, "search", "text2", 16))
        row.addWidget(self.field, 1)
        foot = QFrame()
        foot.setProperty("edge", "top")
        line = QHBoxLayout(foot)
        line.setContentsMargins(theme.px(16), theme.px(6), theme.px(16), theme.px(6))
        hints = KeyHints(theme)
        hints.set_hints((("↑ ↓", _("choose")), ("↵", _("do")), ("Esc", _("back"))))
        line.addWidget(hints, 1)
        self._count.setMinimumWidth(theme.px(140))
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._count)
        column.addWidget(top)
        column.addWidget(self._nothing, 1)  # as high as the list: the field stays where it is
        column.addWidget(self.list, 1)
        column.addWidget(foot)

    def open_below(self, anchor: QWidget) -> None:
        """Over the window, not a window of its own: it goes when one looks elsewhere."""
        window, theme = self._window, self._theme
        width = min(theme.px(780), window.width())
        height = min(theme.px(520), window.height())
        top = anchor.mapTo(window, QPoint(0, anchor.height())).y()
        left = max(0, (window.width() - width) // 2)
        self.setGeometry(left, max(0, min(top, window.height() - height)), width, height)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def set_hits(self, hits: Sequence[Hit]) -> None:
        """All there is, spelled: it took longer to read."""
        self._hits = list(hits)
        self._before = ("", self._hits)
        self._fill(self.field.text())

    def _fill(self, text: str) -> None:
        begun = time.perf_counter()
        found = self._find(text)
        self._painter.words = text.casefold().split()
        self.list.clear()
        before = "line"
        for one in found.hits:
            item = QListWidgetItem(", ".join(part for part in (one.text, one.other, one.fact) if part))
            item.setData(HIT, one)
            item.setData(HEADED, one.kind != before)
            before = one.kind
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(found.hits))
        self._nothing.setVisible(not found.hits)
        nothing = _("Nothing is called “{text}”. Try a number, a few letters of a title, pinyin, or a name.")
        self._nothing.setText(nothing.format(text=text))
        count = len(found.matched)
        ms = (time.perf_counter() - begun) * 1000
        told = ngettext("{shown} of {n}, {ms} ms", "{shown} of {n}, {ms} ms", count)
        self._count.setText(told.format(shown=len(found.hits), n=f"{count:,}", ms=f"{ms:.0f}"))
        self._say_chosen()

    def _find(self, text: str) -> Found:
        """One letter more leaves less of what there was: only that is looked through."""
        if not text.strip():
            self._before = ("", self._hits)
            return find("", [*self._first, *self._hits])
        before, among = self._before
        found = find(text, among if before and text.startswith(before) else self._hits)
        self._before = (text, found.matched)
        return found

    def _say_chosen(self) -> None:
        """The field has the focus: what is chosen in the list is told there."""
        index = self.list.currentIndex()
        told = str(index.data()) if index.isValid() else self._nothing.text()
        self.field.setAccessibleDescription(told)

    def _do(self) -> None:
        chosen: Hit | None = self.list.currentIndex().data(HIT)
        self.close()
        if chosen is None:
            return
        self.done.emit(chosen)
        act = chosen.act if chosen.act is not None else partial(self.open, chosen) if self.open else None
        if act is not None:
            # After the key or the click: what it opens may be a dialog, in whose loop this box would go for good.
            QTimer.singleShot(0, act)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.close()
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _PAGE, Qt.Key.Key_PageUp: -_PAGE}
        if key in steps:
            row = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
            self._say_chosen()
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
