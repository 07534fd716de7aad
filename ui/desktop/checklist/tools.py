"""The bar of the checklist: what to find, what to show, by what to group, which columns, and the main action."""

from collections import Counter
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from app.domain.words import Status
from app.i18n import _, counted
from ui.desktop.checklist.filtering import FACTS, SHOWS, Wanted
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.grouping import GROUPS
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.sorting import natural
from ui.desktop.checklist.words import status_word
from ui.desktop.components.buttons import DropButton, KeyButton, add_choice
from ui.desktop.components.form import with_clear_button
from ui.desktop.theme.theme import Theme

_NARROW = 760  # px at 100 %
_MOST_NAMES = 40  # a longer menu leaves the screen; the others are found by typing


class Tools(QWidget):
    wanted = Signal(object)  # what is to be shown
    grouped = Signal(str)

    def __init__(
        self, theme: Theme, model: ChecklistModel, grid: ChecklistGrid, entry: QWidget, *, plans: bool
    ) -> None:
        super().__init__()
        self._theme, self._model, self._grid = theme, model, grid
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        self.filter = QLineEdit()
        self.filter.setFont(theme.font("body"))
        self.filter.setPlaceholderText(_("Filter: task, owner, number"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setMaximumWidth(theme.px(220))
        self.filter.setMinimumWidth(theme.px(72))
        with_clear_button(theme, self.filter)
        self.shown = DropButton(theme, _("All"), self._fill_shown, icon="filter")
        self.group = DropButton(theme, "", self._fill_group)
        key = "X" if plans else "Alt X"
        self.conflicts = KeyButton(theme, "", kind="conflict", icon="conflict", key=key)
        self.conflicts.hide()
        self.columns = DropButton(theme, _("Columns"), self._fill_columns)
        self.paper = KeyButton(theme, _("Print…"), kind="quiet", icon="print")
        self.paper.setToolTip(_("Print…"))
        self.new = KeyButton(theme, _("New task"), kind="primary", icon="plus", key="Ins")
        row.addWidget(self.filter, 1)
        for button in (self.shown, self.group, self.conflicts, self.columns):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(entry)
        row.addWidget(self.paper)
        row.addWidget(self.new)
        self.new.setVisible(plans)  # once it has a place: alone it would be a window
        self.filter.textChanged.connect(self._on_text)
        self.show_group()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the printer is known by its sign."""
        super().resizeEvent(event)
        word = _("Print…") if event.size().width() > self._theme.px(_NARROW) else ""
        if self.paper.text() != word:
            self.paper.setText(word)
            self.paper.updateGeometry()

    # What it says.

    def show_wanted(self, wanted: Wanted, total: int) -> None:
        word = _(dict(SHOWS)[wanted.show])
        if wanted.show == "all":
            word = counted("All {n} tasks", "All {n} tasks", total) if total else _("All")
        self.shown.set_word(word)
        if self.filter.text() != wanted.text:
            self.filter.blockSignals(True)
            self.filter.setText(wanted.text)
            self.filter.blockSignals(False)

    def show_group(self) -> None:
        by = self._model.outline.group
        word = _(dict(GROUPS)[by]).lower()
        self.group.set_word(_("Not grouped") if by == "none" else _("Group: {by}").format(by=word))

    def show_conflicts(self, count: int) -> None:
        self.conflicts.setVisible(count > 0)
        self.conflicts.set_word(counted("{n} conflict", "{n} conflicts", count))

    # What it asks for.

    def _on_text(self, text: str) -> None:
        self.wanted.emit(self._model.outline.wanted.toggled("text", text))

    def _toggle(self, kind: str, value: Any) -> None:
        self.wanted.emit(self._model.outline.wanted.toggled(kind, value))

    def _fill_shown(self, menu: QMenu) -> None:
        outline = self._model.outline
        wanted = outline.wanted
        for show, text in SHOWS:
            add_choice(menu, _(text), partial(self._toggle, "show", show), checked=wanted.show == show)
        menu.addSeparator()
        for fact, text in FACTS:
            add_choice(menu, _(text), partial(self._toggle, "facts", fact), checked=fact in wanted.facts)
        menu.addSeparator()
        states = [(status.value, status_word(status)) for status in Status]
        self._add_values(menu, _("State"), "statuses", states)
        owners = Counter(task.owner for task in outline.tasks)
        self._add_values(menu, _("Owner"), "owners", _named(owners, _("Without an owner")))
        streams = Counter(task.stream for task in outline.tasks)
        self._add_values(menu, _("Stream"), "streams", _named(streams, _("Without a stream")))
        stages = [
            (one.id, f"{one.number}  {one.title or _('Without a stage')}"[:60]) for one in outline.stages
        ]
        self._add_values(menu, _("Stage"), "stages", stages)

    def _add_values(self, menu: QMenu, title: str, kind: str, values: list[tuple[Any, str]]) -> None:
        if len(values) < 2:
            return
        below = menu.addMenu(title)
        below.setFont(menu.font())
        chosen = getattr(self._model.outline.wanted, kind)
        for value, words in values:
            plain = words.replace("&", "&&")
            add_choice(below, plain, partial(self._toggle, kind, value), checked=value in chosen)

    def _fill_group(self, menu: QMenu) -> None:
        for group, text in GROUPS:
            add_choice(
                menu,
                _(text),
                partial(self.grouped.emit, group),
                checked=self._model.outline.group == group,
            )

    def _fill_columns(self, menu: QMenu) -> None:
        columns, shown = self._grid.columns, self._model.shown
        for column in self._model.columns:
            if column.id in ("number", "state", "title"):
                continue
            wanted = columns.is_wanted(column.id)
            add_choice(
                menu,
                column.name(shown),
                partial(columns.show, column.id, shown=not wanted),
                checked=wanted,
            )
        menu.addSeparator()
        index = self._grid.currentIndex()
        if index.isValid() and (here := self._model.columns[index.column()]).id not in ("number", "state"):
            name = here.name(shown)
            for text, act in (
                (_("{column} further left"), partial(columns.move, here.id, -1)),
                (_("{column} further right"), partial(columns.move, here.id, 1)),
                (_("{column} wider"), partial(columns.widen, here.id, 1)),
                (_("{column} narrower"), partial(columns.widen, here.id, -1)),
            ):
                if here.width[0] or act.func == columns.move:
                    add_choice(menu, text.format(column=name), act)
            menu.addSeparator()
        add_choice(menu, _("Columns as they were"), columns.reset)


def _named(counts: "Counter[str]", nothing: str) -> list[tuple[str, str]]:
    """The most frequent values in the order of their names, those without one last."""
    names = sorted(
        (name for name, _count in counts.most_common(_MOST_NAMES) if name),
        key=lambda name: natural(name) or (),
    )
    return [(name, name) for name in names] + ([("", nothing)] if "" in counts else [])
