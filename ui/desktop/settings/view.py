"""Settings: language, theme and scale, switched at once; and the people of this workspace."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import DropButton, Segments, add_choice
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Panel
from ui.desktop.desk import Desk
from ui.desktop.preferences import SCALES
from ui.desktop.settings.people import PeoplePanel
from ui.desktop.settings.project import ProjectPanel
from ui.desktop.views import View


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
        self.language.chosen.connect(lambda value: self._change(language=value))
        self.theme.chosen.connect(lambda value: self._change(theme=value))
        panel = Panel(theme, layer="canvas")
        body = panel.body
        body.column.setContentsMargins(theme.px(32), theme.px(24), theme.px(32), theme.px(24))
        body.text(_("Settings"), "title")
        body.column.addSpacing(theme.px(8))
        for name, control, why in (
            (_("Language"), self.language, _("Plans keep the language they were written in.")),
            (_("Theme"), self.theme, _("State is always a shape first; colour only helps.")),
            (_("Size"), self.scale, _("Also with Ctrl + and Ctrl −.")),
        ):
            body.add_layout(self._line(name, control, why))
        if desk.project_id is not None:
            body.heading(_("This project"))
            body.add(self.project)
        body.heading(_("People"))
        body.add(self.people)
        body.end()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)

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

    def show_place(self) -> None:
        self.people.reload()
        self.project.reload()

    def on_changes(self, _changes: Any) -> None:
        self.people.reload()
        self.project.reload()

    def take_focus(self) -> None:
        self.language.setFocus()
