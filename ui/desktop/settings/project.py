"""The project looked at: its name, zone and window, and T-0 on which the countdown stands."""

from functools import partial
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.durations import parse_moment
from app.i18n import _
from app.queries.projects import ProjectRow, project
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Field
from ui.desktop.desk import Desk
from ui.desktop.moments import long_day, parse_wall, wall_moment
from ui.desktop.settings.zones import ZoneField

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
            "zone": ZoneField(theme),
            "window_start": Field(theme, _("The window opens"), hint=hint),
            "window_end": Field(theme, _("The window closes"), hint=hint),
            "t0": Field(theme, _("T-0, the go-live"), hint=hint),
            "no_return": Field(theme, _("Point of no return"), hint=hint),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for number, field in enumerate(self.fields.values()):
            grid.addWidget(field, number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
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
        for name, field in self.fields.items():
            field.edit.textEdited.connect(self._on_edited)
            field.edit.returnPressed.connect(self._keep)
            if name in _MOMENTS:
                field.edit.textChanged.connect(partial(self._echo, name))
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

    def _echo(self, name: str, text: str) -> None:
        """How a moment is understood, in words: a day of the week shows a wrong date."""
        found = wall_moment(self._read(name, text.strip())[0])
        field = self.fields[name]
        if found is None:
            field.set_note("")
            return
        told = _("{day} {year}, {time}")
        field.set_note(told.format(day=long_day(found), year=found.year, time=found.strftime("%H:%M")))

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
        if self._is_disordered(values):
            return
        self.keep.setEnabled(False)
        if values:
            command = "app.commands.projects:set_project"
            self._desk.bridge.run(
                command, self._row.id, values, language=self._desk.language, then=self._kept
            )

    def _is_disordered(self, values: dict[str, Any]) -> bool:
        """Whether the window closes before it opens, or the way back ends outside of it; said at the field."""
        moments = {name: values.get(name, getattr(self._row, name)) for name in _MOMENTS}
        start, end = moments["window_start"], moments["window_end"]
        if start and end and end <= start:
            self.fields["window_end"].set_wrong(_("The window closes before it opens."))
            return True
        turn = moments["no_return"]
        if turn and ((start and turn < start) or (end and turn > end)):
            self.fields["no_return"].set_wrong(_("The point of no return lies outside the window."))
            return True
        return False

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
