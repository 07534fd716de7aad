"""The left of the import sheet: what the file is, how it is read, and where it goes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from ui.desktop.components.buttons import DropButton, add_choice
from ui.desktop.components.form import Choice, Field
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.importing.reading import Place, Shown
from ui.desktop.importing.words import DELIMITERS, ENCODINGS
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from app.integrations.looking import TableLook

_HEADER_ROWS = 30


class SetupPanel(Panel):
    """`read_as` asks for the file to be read again with one setting changed; `placed` says where it goes."""

    read_as = Signal(str, str)
    placed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 272)
        self.places = {
            place: Choice(theme, title, "", str(number))
            for number, (place, title) in enumerate(
                (
                    (Place.NEW, _("A new project")),
                    (Place.MERGE, _("Into this project, merged")),
                    (Place.ADD, _("Into this project, as new")),
                ),
                1,
            )
        }
        for place, choice in self.places.items():
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.clicked.connect(partial(self.placed.emit, place))
        self.name = Field(theme, _("Name of the project"))
        self.t0 = Field(theme, _("T-0, the go-live"), hint="2026-03-06 22:00")
        self.zone = Field(theme, _("Time zone"), hint="Asia/Shanghai")
        self._filled_from = ""
        self.buttons: dict[str, DropButton] = {}

    def show_file(self, shown: Shown) -> None:
        self._prefill(shown)
        for widget in (*self.places.values(), self.name, self.t0, self.zone):
            widget.setParent(self)  # the old body takes its children with it
            widget.hide()
        body = self.begin()
        body.text(_("The file"), "meta", "text3")
        body.text(shown.source.name, "section")
        look = shown.look
        body.text(_(look.title) if look.title else _("No format that is known here"), "body", "text2")
        self._show_reading(body, shown)
        body.column.addSpacing(self._theme.px(4))
        body.heading(_("Where it goes"))
        self._show_places(body, shown)
        body.end()

    # How it is read.

    def _show_reading(self, body: Body, shown: Shown) -> None:
        self.buttons = {}
        table, look = shown.look.table, shown.look
        if table is not None and len(table.sheets) > 1:
            self._pair(body, "sheet", _("Sheet"), table.sheet, partial(self._fill_sheets, table))
        if table is not None:
            words = _("row {n}").format(n=table.header_row)
            self._pair(body, "header", _("Header"), words, partial(self._fill_headers, table))
        if table is not None and table.delimiter:
            words = _(DELIMITERS.get(table.delimiter, table.delimiter))
            self._pair(body, "delimiter", _("Separator"), words, partial(self._fill_delimiters, table))
        if look.encoding and (look.problem or not look.encoding.startswith("utf-8") or table is not None):
            words = ENCODINGS.get(look.encoding, look.encoding.upper())
            self._pair(body, "encoding", _("Encoding"), words, partial(self._fill_encodings, look.encoding))

    def _pair(self, body: Body, setting: str, name: str, value: str, fill: Callable[[QMenu], None]) -> None:
        button = DropButton(self._theme, value, fill, kind="")
        button.may_shrink(60)
        button.setAccessibleName(f"{name}: {value}")
        self.buttons[setting] = button
        row = QHBoxLayout()
        row.setSpacing(self._theme.px(8))
        caption = label(self._theme, name, "meta", "text3")
        caption.setFixedWidth(self._theme.px(76))
        row.addWidget(caption)
        row.addWidget(button, 1)
        body.add_layout(row)

    def _fill_sheets(self, table: "TableLook", menu: QMenu) -> None:
        for name in table.sheets:
            add_choice(menu, name, partial(self.read_as.emit, "sheet", name), checked=name == table.sheet)

    def _fill_headers(self, table: "TableLook", menu: QMenu) -> None:
        for row in range(1, min(_HEADER_ROWS, max(table.header_row + 5, 12)) + 1):
            words = _("row {n}").format(n=row)
            add_choice(
                menu, words, partial(self.read_as.emit, "header", str(row)), checked=row == table.header_row
            )

    def _fill_delimiters(self, table: "TableLook", menu: QMenu) -> None:
        for sign, word in DELIMITERS.items():
            add_choice(
                menu, _(word), partial(self.read_as.emit, "delimiter", sign), checked=sign == table.delimiter
            )

    def _fill_encodings(self, present: str, menu: QMenu) -> None:
        for name, word in ENCODINGS.items():
            add_choice(menu, word, partial(self.read_as.emit, "encoding", name), checked=name == present)

    # Where it goes.

    def _show_places(self, body: Body, shown: Shown) -> None:
        here, compared = shown.project, shown.compared
        if here:
            body.text(_("This project: {name}").format(name=here), "body", "text2")
        sentences = {Place.NEW: _("With a run and a log of its own")}
        if here and compared is not None:
            count = len(compared.rows)
            words = ngettext("{n} difference since last time", "{n} differences since last time", count)
            sentences[Place.MERGE] = words.format(n=f"{count:,}")
        if here:
            sentences[Place.ADD] = _("Nothing is compared")
        column = QVBoxLayout()
        column.setSpacing(0)
        for place, choice in self.places.items():
            if place in sentences:
                choice.set_sentence(sentences[place])
                choice.setChecked(place is shown.place)
                column.addWidget(choice)
                choice.show()
        body.add_layout(column)
        if shown.place is Place.NEW:
            self._show_fields(body, shown)

    def _show_fields(self, body: Body, shown: Shown) -> None:
        draft = shown.look.draft
        if draft is not None and len(draft.projects) > 1:
            names = ", ".join(part.name for part in draft.projects)
            body.text(_("The file holds {n} projects: {names}.").format(n=len(draft.projects), names=names))
            return
        body.column.addSpacing(self._theme.px(4))
        for field in (self.name, self.t0, self.zone):
            body.add(field).show()

    def _prefill(self, shown: Shown) -> None:
        """From the file, once; what somebody typed stays."""
        draft = shown.look.draft
        if draft is None or len(draft.projects) != 1 or self._filled_from == shown.source.name:
            return
        part = draft.projects[0]
        self._filled_from = shown.source.name
        self.name.edit.setText(part.name)
        self.t0.edit.setText((part.t0 or "").replace("T", " "))
        self.zone.edit.setText(part.zone if part.zone != "UTC" else own_zone())

    def fields(self) -> tuple[QWidget, ...]:
        return (self.name, self.t0, self.zone)

    def has_good_fields(self) -> bool:
        """Says in the field what is wrong with it."""
        from zoneinfo import available_timezones

        from app.domain.durations import parse_moment

        zone, moment = self.zone.text().strip(), self.t0.text().strip()
        if not self.name.text().strip():
            self.name.set_wrong(_("A project needs a name."))
        if zone and zone not in available_timezones():
            told = _("{text} is no time zone. Try Europe/Berlin or Asia/Shanghai.")
            self.zone.set_wrong(told.format(text=zone))
        elif moment and parse_moment(moment, zone=zone or "UTC") is None:
            told = _("{text} is no date and time. Try 2026-03-06 22:00.")
            self.t0.set_wrong(told.format(text=moment))
        wrong = next((one for one in (self.name, self.t0, self.zone) if one.note_text()), None)
        if wrong is not None:
            wrong.edit.setFocus()
        return wrong is None


def own_zone() -> str:
    """The zone of this computer, where it has a name everybody knows."""
    from zoneinfo import available_timezones

    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name if name in available_timezones() and "/" in name and not name.startswith("Etc/") else "UTC"
