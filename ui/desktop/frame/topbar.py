"""The head of the window: project, run, search and commands, undo and redo, countdown, who I am."""

from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.buttons import DropButton, KeyButton
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.components.labels import Sign, label
from ui.desktop.frame.others import OthersHere
from ui.desktop.moments import countdown, day_clock
from ui.desktop.theme.theme import Theme


class Filling(Protocol):
    """What the menus of the head hold; each is filled when it opens."""

    def fill_projects(self, menu: QMenu) -> None: ...

    def fill_runs(self, menu: QMenu) -> None: ...

    def fill_people(self, menu: QMenu) -> None: ...

    def fill_history(self, menu: QMenu) -> None: ...


_ROOM_FOR_SINCE = 1150  # px at 100 %
_RUN_LEAST = 180  # px: the longest mark with its sign fits


class SearchButton(QAbstractButton):
    """Looks like the field it opens."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setText(_("Search or do anything"))
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFixedHeight(theme.px(30))
        self.setMinimumWidth(theme.px(96))
        self.setMaximumWidth(theme.px(300))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(280), self._theme.px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(theme.color("canvas"))
        painter.setPen(theme.color("focus" if self.hasFocus() else "strong"))
        painter.drawRoundedRect(frame, theme.px(5), theme.px(5))
        side = theme.px(14)
        theme.icons.paint(
            painter,
            "search",
            QRectF(theme.px(9), (self.height() - side) / 2, side, side),
            theme.color("text2"),
        )
        painter.setPen(theme.color("text3"))
        painter.setFont(theme.font("body"))
        room = self.width() - theme.px(90)
        if room > theme.px(60):
            text = theme.metrics("body").elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            painter.drawText(
                QRectF(theme.px(31), 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text
            )
        cap = keycap_size(theme, "Ctrl K")
        box = QRectF(
            self.width() - cap.width() - theme.px(7),
            (self.height() - cap.height()) / 2,
            cap.width(),
            cap.height(),
        )
        paint_keycap(
            painter, theme, box, "Ctrl K", theme.color("text2"), theme.color("soft"), theme.color("canvas")
        )


class MeButton(QAbstractButton):
    """Who acts here; the menu changes it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self.setFixedSize(theme.px(30), theme.px(30))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_name(self, name: str) -> None:
        self._name = name
        spoken = (
            _("You are {name}").format(name=name) if name else _("Nobody yet: asked at the first signature")
        )
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        side = theme.px(26)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_avatar(painter, theme, box, self._name, strong=True)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.color("focus"))
            painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class Countdown(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._left = label(theme, "", "section")
        self._until = label(theme, "", "meta", "text3")
        for part in (self._left, self._until):
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            part.setFixedHeight(theme.px(18) if part is self._left else theme.px(15))
            column.addWidget(part)
        self.hide()

    def show_until(self, t0: datetime | None, now: datetime, zone: str) -> None:
        self.setVisible(t0 is not None)
        if t0 is not None:
            self._left.setText(countdown(t0, now))
            city = zone.rsplit("/", 1)[-1].replace("_", " ")
            self._until.setText(_("T-0 {when} {zone}").format(when=day_clock(t0), zone=city))
            self.setAccessibleName(_("{left} to go-live").format(left=self._left.text()))


class TopBar(QFrame):
    searched = Signal()
    undone = Signal()
    redone = Signal()

    def __init__(self, theme: Theme, filling: Filling) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", "chrome")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.row("topbar"))
        self.project = DropButton(theme, _("No project yet"), filling.fill_projects, strong=True)
        self.run = DropButton(theme, "", filling.fill_runs, icon="run")
        self.since = label(theme, "", "meta", "text3")
        self.search = SearchButton(theme)
        self.undo = KeyButton(theme, "", kind="quiet", icon="undo")
        self.redo = KeyButton(theme, "", kind="quiet", icon="redo")
        # Of the run only a long name is cut, never its first word: rehearsal and live must stay apart.
        self.project.may_shrink(120)
        self.hold = Sign(theme, "lock", "late", 16)
        self.hold.hide()
        self.sample = label(theme, _("SAMPLE"), "micro", "late")
        self.sample.hide()
        self.countdown = Countdown(theme)
        self.others = OthersHere(theme)
        self.me = MeButton(theme)
        self.me.set_name("")
        self._filling = filling
        self.me.clicked.connect(self._open_people)
        self.search.clicked.connect(self.searched)
        self.undo.clicked.connect(self.undone)
        self.undo.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.undo.customContextMenuRequested.connect(lambda _spot: self._open_history())
        self.redo.clicked.connect(self.redone)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(10), 0, theme.px(14), 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.project)
        row.addWidget(self.hold)
        row.addWidget(self.run)
        row.addWidget(self.since)
        row.addWidget(self.sample)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addSpacing(theme.px(6))
        row.addWidget(self.countdown)
        row.addSpacing(theme.px(6))
        row.addWidget(self.others)
        row.addWidget(self.me)
        self.set_history("", "")
        self.set_place("", "", "")

    def _open_people(self) -> None:
        menu = QMenu(self)
        self._filling.fill_people(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.me.mapToGlobal(self.me.rect().bottomLeft()))

    def _open_history(self) -> None:
        menu = QMenu(self)
        menu.setFont(self.font())
        self._filling.fill_history(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.undo.mapToGlobal(self.undo.rect().bottomLeft()))

    def set_history(self, undo: str, redo: str) -> None:
        """The names of what can be taken back and brought back."""
        for button, word, name, keys in (
            (self.undo, _("Undo"), undo, "Ctrl Z"),
            (self.redo, _("Redo"), redo, "Ctrl Y"),
        ):
            button.setEnabled(bool(name))
            spoken = _("{word}: {name}").format(word=word, name=name) if name else word
            button.setToolTip(_("{what} ({keys})").format(what=spoken, keys=keys))
            button.setAccessibleName(spoken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.run.setMaximumWidth(max(self._theme.px(_RUN_LEAST), self.width() * 3 // 10))
        self._show_since()

    def _show_since(self) -> None:
        """Only where there is room: it says less than everything beside it."""
        self.since.setVisible(bool(self.since.text()) and self.width() > self._theme.px(_ROOM_FOR_SINCE))

    def set_hold(self, reason: str) -> None:
        """A legal hold on the project, with its reason for whoever points at it."""
        self.hold.setVisible(bool(reason))
        if reason:
            spoken = _("Legal hold: {reason}. Nothing of this project can be erased.").format(reason=reason)
            self.hold.set_sign("lock", "late", spoken)

    def set_place(self, project: str, run: str, kind: str, since: str = "") -> None:
        """`kind` "live" and "rehearsal" look different: one must never be taken for the other."""
        self.project.set_word(project or _("No project yet"))
        self.run.set_word(run)
        self.run.setVisible(bool(run))
        self.run.setAccessibleDescription(since)
        self.run.setToolTip(since)
        self.since.setText(since)
        self._show_since()
        self.run.set_kind(kind if kind in ("live", "rehearsal") else "quiet")
