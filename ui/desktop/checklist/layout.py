"""Which columns show, in which order and how wide: a person's choice, kept; a narrow screen may show fewer."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QTableView

from ui.desktop.checklist.columns import Column
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.theme.theme import Theme

_LEAST_TITLE = 200  # px at 100 %, as all widths here
_LEAST, _MOST, _STEP = 28, 600, 16
_KEEP_MS = 300


class Layout(QObject):
    changed = Signal()  # something worth keeping

    def __init__(self, theme: Theme, model: ChecklistModel, grid: QTableView) -> None:
        super().__init__(grid)
        self._theme, self._model, self._grid = theme, model, grid
        self._chinese = model.shown.language == "zh"
        self._unwanted: set[str] = set()
        self._widths: dict[str, int] = {}  # only those somebody chose
        self._own = False  # widths change by our doing
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_KEEP_MS)
        self._later.timeout.connect(self.changed)
        self.reset(quietly=True)
        head = grid.horizontalHeader()
        head.sectionResized.connect(self._on_resized)
        head.sectionMoved.connect(lambda *_places: self._keep())

    # What is kept.

    def kept(self) -> dict[str, Any]:
        return {"order": self.order(), "hidden": sorted(self._unwanted), "widths": dict(self._widths)}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """What cannot be read or is no column any more is passed over."""
        known = {column.id for column in self._columns()}
        if isinstance(kept.get("hidden"), list):
            self._unwanted = {one for one in kept["hidden"] if one in known}
        if isinstance(kept.get("widths"), dict):
            widths = kept["widths"].items()
            self._widths = {
                one: min(max(width, _LEAST), _MOST)
                for one, width in widths
                if one in known and isinstance(width, int)
            }
        if isinstance(kept.get("order"), list):
            self._place([one for one in kept["order"] if one in known])
        self._set_widths()
        self.fit()

    def reset(self, *, quietly: bool = False) -> None:
        columns = self._columns()
        self._unwanted = {column.id for column in columns if column.offered}
        self._widths = {}
        self._place([column.id for column in columns])
        self._set_widths()
        self.fit()
        if not quietly:
            self._keep()

    def _keep(self) -> None:
        if not self._own:
            self._later.start()

    # Changing it.

    def is_wanted(self, column: str) -> bool:
        return column not in self._unwanted

    def show(self, column: str, *, shown: bool) -> None:
        """A person's choice; a narrow screen may hide more."""
        (self._unwanted.discard if shown else self._unwanted.add)(column)
        self.fit()
        self._keep()

    def move(self, column: str, by: int) -> None:
        """One place on among the columns shown; number and state stay in front."""
        head = self._grid.horizontalHeader()
        logical = self._model.column_of(column)
        place = head.visualIndex(logical) + by
        while 0 < place < head.count() and self._grid.isColumnHidden(head.logicalIndex(place)):
            place += by
        if logical and 0 < place < head.count():
            head.moveSection(head.visualIndex(logical), place)

    def widen(self, column: str, by: int) -> None:
        number = self._model.column_of(column)
        if self._columns()[number].width[0]:
            self._widths[column] = min(max(self.width(number) + by * _STEP, _LEAST), _MOST)
            self._set_widths()
            self.fit()
            self._keep()

    def order(self) -> list[str]:
        """Ids of all columns as they stand from left to right."""
        head, columns = self._grid.horizontalHeader(), self._columns()
        return [columns[head.logicalIndex(place)].id for place in range(head.count())]

    def visible(self) -> list[int]:
        """Numbers of the columns shown, from left to right."""
        head = self._grid.horizontalHeader()
        numbers = (head.logicalIndex(place) for place in range(head.count()))
        return [number for number in numbers if not self._grid.isColumnHidden(number)]

    def width(self, number: int) -> int:
        column = self._columns()[number]
        return self._widths.get(column.id, column.width[1 if self._chinese else 0])

    def fit(self) -> None:
        """The title keeps its room: on a narrow screen other columns go, the least needed first."""
        columns = self._columns()
        shown = {n for n, column in enumerate(columns) if column.id not in self._unwanted}
        if not self._model.shown.rehearsal:
            shown.discard(self._model.column_of("rehearsal"))
        room = self._grid.viewport().width() - self._theme.px(_LEAST_TITLE)
        for number in sorted(shown, key=lambda n: -columns[n].drop):
            if columns[number].drop and sum(self._theme.px(self.width(n)) for n in shown) > room:
                shown.discard(number)
        for number in range(len(columns)):
            if self._grid.isColumnHidden(number) == (number in shown):
                self._grid.setColumnHidden(number, number not in shown)
        self._model.set_visible(columns[number].id for number in shown)

    def _columns(self) -> tuple[Column, ...]:
        return self._model.columns

    def _place(self, order: list[str]) -> None:
        """Columns that are not named keep their place behind the one they stood behind."""
        head = self._grid.horizontalHeader()
        self._own = True
        for place, column in enumerate(order):
            head.moveSection(head.visualIndex(self._model.column_of(column)), place)
        self._own = False

    def _set_widths(self) -> None:
        head = self._grid.horizontalHeader()
        self._own = True
        for number, column in enumerate(self._columns()):
            if column.width[0]:
                self._grid.setColumnWidth(number, self._theme.px(self.width(number)))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self._own = False

    def _on_resized(self, number: int, _before: int, now: int) -> None:
        """A hidden column comes as one of no width, the title as one that takes the rest: neither is a choice."""
        column = self._columns()[number]
        if self._own or not now or not column.width[0] or now == self._theme.px(self.width(number)):
            return
        self._widths[column.id] = min(max(round(now / self._theme.scale), _LEAST), _MOST)
        self._keep()
