"""The first start: five ways in, keys 1 to 5, and beside them what one will get; language and look at the top."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout

from app.i18n import N_, _
from ui.desktop.components.buttons import DropButton, EnterButton, KeyButton, add_choice
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.start.picture import Promise
from ui.desktop.theme.theme import Theme
from ui.desktop.views import View

_ROOM_FOR_PROMISE = 1060
_MOST_RECENT = 3
_TALL, _LOW, _LEFT = 84, 66, 50  # px at 100 %
_FOLDER = Path(__file__).parents[3] / "resources" / "templates"
TEMPLATES = (
    ("erp-cutover", N_("ERP cutover")),
    ("crm-go-live", N_("CRM go-live")),
    ("web-release", N_("Web release")),
)
LOOKS = (("light", N_("Light")), ("dark", N_("Dark")), ("contrast", N_("High contrast")))


def _imported(workspace: Any, path: Path) -> Any:
    """Runs in the writer thread: reading brings the formats with it."""
    from app.commands.imports import import_draft
    from app.integrations import read_file

    return workspace.run(import_draft, read_file(path)).result


class WayIn(EnterButton):
    """A card that is one big button: sign, name, one sentence, key."""

    def __init__(self, theme: Theme, icon: str, title: str, text: str, key: str) -> None:
        super().__init__()
        self._theme, self._icon_name, self._title, self._sentence, self._key = theme, icon, title, text, key
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.px(_TALL))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(560), self._theme.px(_TALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line needs less room than two."""
        super().resizeEvent(event)
        theme = self._theme
        room = event.size().width() - theme.px(_LEFT + 60)
        fits = theme.metrics("body").horizontalAdvance(self._sentence) <= room
        self.setFixedHeight(theme.px(_LOW if fits else _TALL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
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
        left = theme.px(_LEFT)
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
        self.hints = (("1 … 5", _("choose")), ("Enter", _("open it")), ("Ctrl K", _("search or do anything")))
        theme = desk.theme
        self.ways = (
            WayIn(
                theme,
                "template",
                _("Start from a template"),
                _(
                    "ERP cutover, CRM go-live, web release: stages, tasks, links and checks. You change the rest."
                ),
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
            WayIn(
                theme,
                "run",
                _("Walk through a live example"),
                _("A cutover weekend that is running now. Break it, it is yours."),
                "4",
            ),
            WayIn(
                theme,
                "people",
                _("Join your team"),
                _("Somebody sent you an invitation: paste it, and their workspace comes to this laptop."),
                "5",
            ),
        )
        acts = (self._templates, self._choose_file, self._ask_name, self._sample, self._join)
        for way, act in zip(self.ways, acts, strict=True):
            way.clicked.connect(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        row = QHBoxLayout()
        row.setSpacing(0)
        column.addLayout(row, 1)
        self.promise = self._right()
        row.addLayout(self._left(), 11)
        row.addWidget(self.promise, 9)

    def _bar(self) -> QFrame:
        """Language and look, before anything else is decided."""
        theme, desk = self.desk.theme, self.desk
        bar = QFrame()
        bar.setProperty("layer", "canvas")
        bar.setProperty("edge", "bottom")
        bar.setFixedHeight(theme.row("viewbar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(4))
        row.addWidget(label(theme, desk.workspace_name or _("Plan"), "strong"))
        row.addStretch(1)
        languages, looks = (("en", "English"), ("zh", "中文")), LOOKS
        self.language = DropButton(
            theme, dict(languages)[desk.language], partial(self._fill, "language", languages, desk.language)
        )
        self.language.setAccessibleDescription(_("Language"))
        shown = tuple((name, _(word)) for name, word in looks)
        self.look = DropButton(
            theme, dict(shown)[theme.name], partial(self._fill, "theme", shown, theme.name)
        )
        self.look.setAccessibleDescription(_("Theme"))
        row.addWidget(self.language)
        row.addWidget(self.look)
        return bar

    def _fill(self, name: str, choices: tuple[tuple[str, str], ...], now: str, menu: QMenu) -> None:
        for value, word in choices:
            add_choice(menu, word, partial(self._change, name, value), checked=value == now)

    def _change(self, name: str, value: str) -> None:
        self.desk.preferences = self.desk.preferences.changed(**{name: value})
        self.desk.rebuild.emit()

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
        self._add_recent(column)
        column.addStretch(3)
        return column

    def _add_recent(self, column: QVBoxLayout) -> None:
        """The other workspaces of this machine, and how to get to one that is not in the list."""
        theme, ways = self.desk.theme, self.desk.workspaces
        if ways is None:
            return
        column.addSpacing(theme.px(8))
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        row.addWidget(label(theme, _("Workspaces"), "meta", "text3"))
        others = [one for one in ways.choices() if not one.is_here][:_MOST_RECENT]
        for one in others:
            button = KeyButton(theme, one.name, kind="quiet", icon="library")
            button.setToolTip(str(one.folder))
            button.clicked.connect(lambda _on=False, folder=one.folder: ways.open(folder))
            row.addWidget(button)
        another = KeyButton(theme, _("Open another workspace…"), kind="quiet")
        another.clicked.connect(self.desk.choose_workspace)
        row.addWidget(another)
        row.addStretch(1)
        column.addLayout(row)

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

    # The five ways.

    def _templates(self) -> None:
        """Which one: each is a file that comes in like any other plan."""
        menu = QMenu(self)
        menu.setFont(self.desk.theme.font("body"))
        for name, words in TEMPLATES:
            add_choice(menu, _(words), partial(self._use_template, name))
        menu.aboutToHide.connect(menu.deleteLater)
        card = self.ways[0]
        menu.popup(card.mapToGlobal(card.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _use_template(self, name: str) -> None:
        (path,) = _FOLDER.glob(f"{name}.{self.desk.language}.*")
        workspace = self.desk.bridge.workspace
        self.desk.bridge.write(partial(_imported, workspace, path), then=self._on_template)

    def _on_template(self, report: Any) -> None:
        self.desk.look_at(report.projects[-1])
        text = _("The plan is yours. Say when its window opens and closes, then the times follow.")
        self.desk.say(text, "done", _("Window and T-0"), partial(self.desk.go_to.emit, "settings"))

    def _sample(self) -> None:
        self.desk.open_sample.emit()

    def _join(self) -> None:
        self.desk.wished.emit("join")

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
