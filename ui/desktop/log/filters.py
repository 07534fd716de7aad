"""What one looks for in the log: words, who, which act, which run, and what is rarer behind "More"."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu

from app.i18n import _
from app.queries.acts import KINDS
from app.queries.audit import Facets, Filter
from app.queries.projects import RunRow
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import with_clear_button
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.moments import local, long_day, zone_of
from ui.desktop.runs.kinds import run_name

_DAYS = 20  # of the days on which something was done, the newest so many


class FilterBar(QFrame):
    changed = Signal()
    left = Signal()  # back to the list

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._theme = theme = desk.theme
        self.filter = Filter()
        self._facets = Facets((), (), (), (), 0)
        self._runs: list[RunRow] = []
        self._task = ""
        self.words = QLineEdit()
        self.words.setFont(theme.font("body"))
        self.words.setPlaceholderText(_("Filter: person, task, word"))
        self.words.setAccessibleName(self.words.placeholderText())
        self.words.setMaximumWidth(theme.px(250))
        self.words.setMinimumWidth(theme.px(120))
        with_clear_button(theme, self.words)
        self.who = DropButton(theme, "", self._fill_people, kind="")
        self.act = DropButton(theme, "", self._fill_kinds, kind="")
        self.run = DropButton(theme, "", self._fill_runs, kind="")
        self.more = DropButton(theme, "", self._fill_more, kind="")
        self.clear = KeyButton(theme, _("Show all"), kind="quiet", icon="cross")
        self.count = label(theme, "", "meta", "text3")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(150)
        self._soon.timeout.connect(self._on_words)
        self.words.textChanged.connect(lambda _text: self._soon.start())
        self.clear.clicked.connect(self.show_all)
        self._lay_out()
        self._say()

    def _lay_out(self) -> None:
        theme = self._theme
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.row("viewbar"))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        line.setSpacing(theme.px(8))
        line.addWidget(self.words, 1)
        for button in (self.who, self.act, self.run, self.more):
            button.may_shrink(80)
            line.addWidget(button)
        line.addWidget(self.clear)
        line.addStretch(1)
        line.addWidget(self.count)

    # What it holds.

    def take(self, facets: Facets) -> None:
        self._facets = facets

    def take_runs(self, found: list[RunRow]) -> None:
        self._runs = found
        if self.filter.run is not None and self.filter.run not in [run.id for run in found]:
            self._set(run=None)

    def set_task(self, task: bytes | None, title: str) -> None:
        self._task = title
        self._set(task=task)

    def set_person(self, person: bytes | None) -> None:
        self._set(person=person)

    def set_kind(self, kind: str) -> None:
        self._set(kind=kind)

    def set_run(self, run: bytes | None) -> None:
        self._set(run=run)

    def set_device(self, device: bytes | None) -> None:
        self._set(device=device)

    def set_day(self, day: tuple[int, int] | None) -> None:
        self._set(day=day)

    def set_unusual(self, wanted: bool) -> None:  # noqa: FBT001 - a choice of a menu
        self._set(unusual=wanted)

    def show_all(self) -> None:
        self.words.clear()
        self._soon.stop()
        self.filter = Filter()
        self._say()
        self.changed.emit()

    def is_on(self) -> bool:
        return self.filter != Filter()

    def _set(self, **values: Any) -> None:
        wanted = self.filter._replace(**values)
        if wanted != self.filter:
            self.filter = wanted
            self._say()
            self.changed.emit()

    def _on_words(self) -> None:
        self._set(text=self.words.text().strip())

    def _say(self) -> None:
        """Each button names what is chosen with it."""
        names = {one: name for one, name, _count in self._facets.people}
        run = next((one for one in self._runs if one.id == self.filter.run), None)
        kind = KINDS.get(self.filter.kind)
        self.who.set_word(names.get(self.filter.person or b"", _("Everyone")))
        self.act.set_word(_(kind[0]) if kind is not None else _("Every act"))
        self.run.set_word(run_name(run) if run is not None else _("Every run"))
        self.more.set_word(self._more_word())
        self.clear.setVisible(self.is_on())

    def _more_word(self) -> str:
        devices = {one: name for one, name, _count in self._facets.devices}
        parts = []
        if self.filter.unusual:
            parts.append(_("Unusual only"))
        if self.filter.task is not None:
            parts.append(self._task or _("One task"))
        if self.filter.day is not None:
            parts.append(long_day(local(self.filter.day[0], self._desk.zone)))
        if self.filter.device is not None:
            parts.append(devices.get(self.filter.device, _("Device")))
        return ", ".join(parts) or _("More")

    # Menus.

    def _fill_people(self, menu: QMenu) -> None:
        add_choice(menu, _("Everyone"), partial(self.set_person, None), checked=self.filter.person is None)
        for person, name, count in self._facets.people:
            add_choice(
                menu,
                f"{name}\t{count:,}",
                partial(self.set_person, person),
                checked=person == self.filter.person,
            )

    def _fill_kinds(self, menu: QMenu) -> None:
        add_choice(menu, _("Every act"), partial(self.set_kind, ""), checked=not self.filter.kind)
        for kind, count in self._facets.kinds:
            add_choice(
                menu,
                f"{_(KINDS[kind][0])}\t{count:,}",
                partial(self.set_kind, kind),
                checked=kind == self.filter.kind,
            )

    def _fill_runs(self, menu: QMenu) -> None:
        add_choice(menu, _("Every run"), partial(self.set_run, None), checked=self.filter.run is None)
        for run in self._runs:
            add_choice(menu, run_name(run), partial(self.set_run, run.id), checked=run.id == self.filter.run)

    def _fill_more(self, menu: QMenu) -> None:
        unusual = _("Unusual only: late, by script, for others, taken back")
        wanted = self.filter.unusual
        add_choice(
            menu,
            f"{unusual}\t{self._facets.unusual:,}",
            partial(self.set_unusual, not wanted),
            checked=wanted,
        )
        chosen = self._desk.task_id
        if chosen is not None or self.filter.task is not None:
            here = self.filter.task is not None
            add_choice(
                menu,
                _("The selected task only"),
                partial(self.asked_task, None if here else chosen),
                checked=here,
            )
        self._fill_sub(menu, _("Day"), self._days(), self.filter.day, self.set_day)
        devices = [(device, name) for device, name, _count in self._facets.devices]
        self._fill_sub(menu, _("Device"), devices, self.filter.device, self.set_device)

    def _fill_sub(
        self,
        menu: QMenu,
        title: str,
        found: list[tuple[Any, str]],
        current: Any,
        choose: Callable[[Any], object],
    ) -> None:
        menu.addSeparator()
        head = menu.addAction(title)
        head.setEnabled(False)
        add_choice(menu, _("All"), partial(choose, None), checked=current is None)
        for value, name in found:
            add_choice(menu, name, partial(choose, value), checked=value == current)

    def asked_task(self, task: bytes | None) -> None:
        """The task all faces stand on; its title is asked for, to name it here."""
        if task is None:
            self.set_task(None, "")
        else:
            from app.queries.log import named

            title = self._desk.bridge.read(named, task, self._desk.language)
            self.set_task(task, title)

    def _days(self) -> list[tuple[tuple[int, int], str]]:
        found: dict[tuple[int, int], str] = {}
        for moment in self._facets.moments:
            when = local(moment, self._desk.zone)
            begin = datetime(when.year, when.month, when.day, tzinfo=zone_of(self._desk.zone))
            end = begin + timedelta(days=1)
            found[round(begin.timestamp() * 1000), round(end.timestamp() * 1000)] = long_day(when)
            if len(found) >= _DAYS:
                break
        return list(found.items())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.show_all()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)
