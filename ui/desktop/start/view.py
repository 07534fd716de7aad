"""The first start: three ways in, keys 1 to 3, and beside them what one will get."""

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout

from app.i18n import _
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.start.picture import Promise
from ui.desktop.theme.theme import Theme
from ui.desktop.views import View

_ROOM_FOR_PROMISE = 1060


class WayIn(QAbstractButton):
    """A card that is one big button: sign, name, one sentence, key."""

    def __init__(self, theme: Theme, icon: str, title: str, text: str, key: str) -> None:
        super().__init__()
        self._theme, self._icon_name, self._title, self._sentence, self._key = theme, icon, title, text, key
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.px(84))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(560), self._theme.px(84))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.hasFocus()
        pen = painter.pen()
        pen.setColor(theme.color("focus" if chosen else "soft"))
        pen.setWidthF(2 if chosen else 1)
        painter.setPen(pen)
        painter.setBrush(theme.color("accent_soft" if chosen else "hover" if self.underMouse() else "canvas"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(7), theme.px(7))
        side = theme.px(20)
        theme.icons.paint(
            painter, self._icon_name, QRectF(theme.px(16), theme.px(14), side, side), theme.color("accent")
        )
        left = theme.px(50)
        width = self.width() - left - theme.px(60)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.color("text1"))
        painter.drawText(
            QRectF(left, theme.px(11), width, theme.px(24)), int(Qt.AlignmentFlag.AlignVCenter), self._title
        )
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text2"))
        flags = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(left, theme.px(37), width, theme.px(38)), flags, self._sentence)
        size = keycap_size(theme, self._key)
        cap = QRectF(self.width() - size.width() - theme.px(16), theme.px(14), size.width(), size.height())
        paint_keycap(
            painter, theme, cap, self._key, theme.color("text2"), theme.color("soft"), theme.color("canvas")
        )


class StartView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (("1 2 3", _("choose")), ("Enter", _("open it")))
        theme = desk.theme
        self.ways = (
            WayIn(
                theme,
                "run",
                _("Walk through a live example"),
                _("A cutover weekend that is running now. Break it, it is yours."),
                "1",
            ),
            WayIn(
                theme,
                "file",
                _("Open the plan you have"),
                _(
                    "Markdown, Excel, CSV, JSON. Drop the file anywhere in this window; nothing is written to it."
                ),
                "2",
            ),
            WayIn(
                theme,
                "plus",
                _("Start with an empty plan"),
                _("Name it, then type tasks as fast as into a spreadsheet."),
                "3",
            ),
        )
        for way, act in zip(self.ways, (self._sample, self._choose_file, self._ask_name), strict=True):
            way.clicked.connect(act)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.promise = self._right()
        row.addLayout(self._left(), 11)
        row.addWidget(self.promise, 9)

    def _left(self) -> QVBoxLayout:
        theme = self.desk.theme
        column = QVBoxLayout()
        column.setContentsMargins(theme.px(72), theme.px(24), theme.px(56), theme.px(24))
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        column.addWidget(label(theme, _("Plan your go-live"), "figure"))
        promise = _(
            "Say when the window opens and closes. Launchbook keeps the plan, runs it minute by minute, and keeps the proof."
        )
        column.addWidget(label(theme, promise, "lead", "text2", wrap=True))
        column.addSpacing(theme.px(16))
        for way in self.ways:
            column.addWidget(way)
        column.addSpacing(theme.px(12))
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(Sign(theme, "lock", "text3", 14))
        foot.addWidget(
            label(
                theme,
                _("Everything stays on this computer. There is no save button; nothing typed is lost."),
                "meta",
                "text3",
            ),
            1,
        )
        column.addLayout(foot)
        column.addStretch(3)
        return column

    def _right(self) -> QFrame:
        theme = self.desk.theme
        frame = QFrame()
        frame.setProperty("layer", "panel")
        frame.setProperty("edge", "left")
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.px(40), theme.px(64), theme.px(40), theme.px(48))
        column.addWidget(label(theme, _("What you get"), "meta", "text3"))
        column.addSpacing(theme.px(8))
        column.addWidget(Promise(theme), 1)
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.promise.setVisible(event.size().width() > self.desk.theme.px(_ROOM_FOR_PROMISE))

    def take_focus(self) -> None:
        self.ways[0].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - int(Qt.Key.Key_1)
        if 0 <= number < len(self.ways):
            self.ways[number].click()
            return
        super().keyPressEvent(event)

    # The three ways.

    def _sample(self) -> None:
        self.desk.open_sample.emit()

    def _choose_file(self) -> None:
        self.desk.choose_file.emit()

    def _ask_name(self) -> None:
        self.desk.ask(
            _("What goes live?"), _("Create the project"), self._create, hint=_("ERP go-live, north plant")
        )

    def _create(self, name: str) -> None:
        command = "app.commands.projects:create_project"
        self.desk.bridge.run(command, name, language=self.desk.language, then=self._created)

    def _created(self, done: Any) -> None:
        self.desk.look_at(done.result)
