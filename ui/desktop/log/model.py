"""The audit log as a table model: newest first, a line for each day, read in pages."""

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.i18n import N_, _
from ui.desktop.checklist.model import Index

HEADS = (N_("Entry"), N_("Time"), N_("Who"), N_("Did"), N_("Why"), "")


class DayRow(NamedTuple):
    """A day between the lines."""

    text: str


class LogRow(NamedTuple):
    """One line: an action of a person, in the sentence of its verb."""

    entry: int
    action: bytes
    when_ms: int
    time: str
    who: str
    did: str
    why: str
    undoable: bool
    final: bool
    device: str = ""
    code: str = ""
    ops: int = 0
    commits: int = 0
    rev: int = 0


class LogModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[LogRow | DayRow] = []
        self._rows: list[LogRow | DayRow] = []
        self._text = ""

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(HEADS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section]) if HEADS[section] else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self.text_at(index.row(), index.column()) or None

    def text_at(self, row: int, column: int) -> str:
        item = self._rows[row]
        if isinstance(item, DayRow):
            return item.text if column == 0 else ""
        return (f"{item.entry:,}", item.time, item.who, item.did, item.why, "")[column]

    def row_at(self, row: int) -> LogRow | DayRow:
        return self._rows[row]

    def find(self, action: bytes) -> int:
        return next(
            (n for n, row in enumerate(self._rows) if isinstance(row, LogRow) and row.action == action), -1
        )

    def count(self) -> int:
        return sum(isinstance(row, LogRow) for row in self._rows)

    def take(self, rows: list[LogRow | DayRow]) -> None:
        self._all = rows
        self._refresh()

    def set_filter(self, text: str) -> None:
        self._text = text.strip().casefold()
        self._refresh()

    def _refresh(self) -> None:
        self.beginResetModel()
        if self._text:
            kept = [row for row in self._all if isinstance(row, LogRow) and self._matches(row)]
            self._rows = list(kept)
        else:
            self._rows = self._all
        self.endResetModel()

    def _matches(self, row: LogRow) -> bool:
        return any(self._text in part.casefold() for part in (row.who, row.did, row.why, str(row.entry)))
