"""The project looked at: its name, zone and window, and T-0 on which the countdown stands."""

from typing import Any
from zoneinfo import available_timezones

from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.durations import parse_moment
from app.i18n import _
from app.queries.projects import ProjectRow, project
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.desk import Desk
from ui.desktop.moments import parse_wall

_MOMENTS = ("window_start", "window_end", "t0", "no_return")


class ProjectPanel(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: ProjectRow | None = None
        theme = desk.theme
        self.setMaximumWidth(theme.px(640))
        hint = _("2026-03-06 22:00")
        self.fields = {
            "name": Field(theme, _("Name of the project")),
            "zone": Field(theme, _("Time zone"), hint="Europe/Berlin"),
            "window_start": Field(theme, _("The window opens"), hint=hint),
            "window_end": Field(theme, _("The window closes"), hint=hint),
            "t0": Field(theme, _("T-0, the go-live"), hint=hint),
            "no_return": Field(theme, _("Point of no return"), hint=hint),
        }
        zones = QCompleter(sorted(available_timezones()), self)
        zones.setFilterMode(zones.filterMode().MatchContains)
        self.fields["zone"].edit.setCompleter(zones)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for number, field in enumerate(self.fields.values()):
            grid.addWidget(field, number // 2, number % 2)
        self.keep = KeyButton(theme, _("Keep"), kind="primary")
        self.keep.clicked.connect(self._keep)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addLayout(grid)
        column.addLayout(row)
        for field in self.fields.values():
            field.edit.textEdited.connect(self._on_edited)
            field.edit.returnPressed.connect(self._keep)
        self.keep.setEnabled(False)

    def reload(self) -> None:
        if self._desk.project_id is not None:
            self._desk.bridge.fetch(project, self._desk.project_id, self._desk.language, then=self._take)

    def _take(self, row: ProjectRow | None) -> None:
        if row is None or self.keep.isEnabled():
            return  # half-typed changes stay
        self._row = row
        for name, field in self.fields.items():
            field.edit.setText(
                (getattr(row, name) or "").replace("T", " ") if name in _MOMENTS else getattr(row, name)
            )

    def _on_edited(self, _text: str) -> None:
        self.keep.setEnabled(True)

    def _keep(self) -> None:
        if self._row is None or not self.keep.isEnabled():
            return
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            value, wrong = self._read(name, field.text().strip())
            field.set_wrong(wrong)
            if wrong:
                return
            if value != getattr(self._row, name):
                values[name] = value
        self.keep.setEnabled(False)
        if values:
            command = "app.commands.projects:set_project"
            self._desk.bridge.run(
                command, self._row.id, values, language=self._desk.language, then=self._kept
            )

    def _read(self, name: str, text: str) -> tuple[str | None, str]:
        if name == "zone":
            good = text in available_timezones()
            return text, "" if good else _("There is no time zone “{text}”. Try Europe/Berlin.").format(
                text=text
            )
        if name == "name":
            return text, "" if text else _("A project needs a name.")
        if not text:
            return None, ""
        zone = self.fields["zone"].text()
        found = parse_moment(text, zone=zone) or parse_wall(
            text, self.fields["window_start"].text().replace(" ", "T")
        )
        wrong = _("“{text}” is no moment. Try Fri 22:00 or 2026-03-06 22:00.").format(text=text)
        return found, "" if found else wrong

    def _kept(self, _done: Any) -> None:
        self._desk.say(_("The project is changed."))
