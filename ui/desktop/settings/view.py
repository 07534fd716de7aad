"""Settings: language, look and size, switched at once; my PIN, the project, people, the workspace, and all keys."""

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.desktop.actions import Offer
from ui.desktop.components.buttons import DropButton, KeyButton, Segments, add_choice
from ui.desktop.components.labels import label, line
from ui.desktop.components.panel import Panel
from ui.desktop.desk import Desk
from ui.desktop.preferences import SCALES
from ui.desktop.settings.keeping import KeepingPanel
from ui.desktop.settings.keys import KeysPanel
from ui.desktop.settings.people import PeoplePanel
from ui.desktop.settings.project import ProjectPanel
from ui.desktop.settings.secret import PinPanel
from ui.desktop.settings.workspace import WorkspacePanel
from ui.desktop.views import View

_WIDEST = 720


class SettingsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (("Ctrl + −", _("larger, smaller")), ("Ctrl 0", _("normal size")))
        theme = desk.theme
        chosen = desk.preferences
        self.language = Segments(
            theme, (("en", "English"), ("zh", "中文")), chosen.language or "en", _("Language")
        )
        faces = (("light", _("Light")), ("dark", _("Dark")), ("contrast", _("High contrast")))
        self.theme = Segments(theme, faces, theme.name, _("Theme"))
        self.scale = DropButton(theme, f"{theme.scale:.0%}", self._fill_scales, kind="")
        self.people = PeoplePanel(desk)
        self.project = ProjectPanel(desk)
        self.keeping = KeepingPanel(desk)
        self.language.chosen.connect(lambda value: self._change(language=value))
        self.theme.chosen.connect(lambda value: self._change(theme=value))
        self.pin = PinPanel(desk)
        self.workspace = WorkspacePanel(desk)
        self.sections: dict[str, QWidget] = {}
        self.panel = Panel(theme, layer="canvas")
        self._fill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._contents())
        row.addWidget(self.panel, 1)

    def _fill(self) -> None:
        theme, body = self.desk.theme, self.panel.body
        body.column.setContentsMargins(theme.px(32), theme.px(20), theme.px(32), theme.px(24))
        body.column.setSpacing(theme.px(8))
        self._section("screen", _("This screen"))
        for name, control, why in (
            (_("Language"), self.language, _("Plans keep the language they were written in.")),
            (_("Theme"), self.theme, _("State is always a shape first; colour only helps.")),
            (_("Size"), self.scale, _("Also with Ctrl + and Ctrl −.")),
        ):
            body.add_layout(self._line(name, control, why))
        self._section("me", _("Me and my PIN"))
        body.add(self.pin)
        if self.desk.project_id is not None:
            self._section("project", _("This project"))
            body.add(self.project)
            self._section("keeping", _("How long it is kept"))
            body.add(self.keeping)
        self._section("people", _("People"))
        body.add(self.people)
        self._section("workspace", _("Workspace"))
        body.add(self.workspace)
        self._section("keys", _("Keys"))
        body.add(KeysPanel(theme))
        body.end()
        for widget in (self.pin, self.project, self.keeping, self.people, self.workspace):
            widget.setMaximumWidth(theme.px(_WIDEST))

    def _section(self, name: str, text: str) -> None:
        theme, body = self.desk.theme, self.panel.body
        if self.sections:
            body.column.addSpacing(theme.px(14))
            body.add(line())
            body.column.addSpacing(theme.px(6))
        self.sections[name] = body.add(label(theme, text, "section"))

    def _contents(self) -> QFrame:
        """The sections by name, to go to."""
        theme = self.desk.theme
        frame = QFrame()
        frame.setProperty("layer", "panel")
        frame.setProperty("edge", "right")
        frame.setFixedWidth(theme.px(200))
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.px(12), theme.px(18), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(2))
        title = label(theme, _("Settings"), "title")
        title.setContentsMargins(theme.px(10), 0, 0, theme.px(10))
        column.addWidget(title)
        for name, heading in self.sections.items():
            assert isinstance(heading, QLabel)
            button = KeyButton(theme, heading.text(), kind="quiet")
            button.clicked.connect(partial(self.show_section, name))
            holder = QHBoxLayout()
            holder.addWidget(button)
            holder.addStretch(1)
            column.addLayout(holder)
        column.addStretch(1)
        return frame

    def show_section(self, name: str, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        """Its heading at the top, the keyboard in it."""
        top = self.sections[name].mapTo(self.panel.body, QPoint(0, 0)).y()
        self.panel.verticalScrollBar().setValue(top - self.desk.theme.px(20))

    def _line(self, name: str, control: QWidget, why: str) -> QHBoxLayout:
        theme = self.desk.theme
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        caption = label(theme, name)
        caption.setFixedWidth(theme.px(120))
        row.addWidget(caption)
        row.addWidget(control)
        row.addWidget(label(theme, why, "meta", "text3"), 1)
        return row

    def _fill_scales(self, menu: Any) -> None:
        for scale in SCALES:
            add_choice(
                menu,
                f"{scale:.0%}",
                partial(self._change, scale=scale),
                checked=abs(scale - self.desk.theme.scale) < 0.01,
            )

    def _change(self, **values: object) -> None:
        self.desk.preferences = self.desk.preferences.changed(**values)
        self.desk.rebuild.emit()

    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(N_("Change my PIN"), partial(self.show_section, "me"), icon="key"),
            Offer(N_("Add a person"), self.people.add.click, icon="plus"),
        )

    def panes(self) -> tuple[QWidget, ...]:
        return (self.panel,)

    def show_place(self) -> None:
        for part in (self.people, self.project, self.keeping, self.pin, self.workspace):
            part.reload()

    def on_changes(self, _changes: Any) -> None:
        self.show_place()

    def take_focus(self) -> None:
        self.language.setFocus()
