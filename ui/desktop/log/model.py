"""The audit log as a table model: newest first, a line for each day, grown page by page."""

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from app.i18n import N_, _
from app.queries.audit import AuditLine
from ui.desktop.checklist.model import Index

HEADS = (N_("Entry"), N_("Time"), N_("Who"), N_("Did"), N_("What"), "")


class DayRow(NamedTuple):
    """A day between the lines."""

    text: str


class LogRow(NamedTuple):
    """One line: an action of a person; `entry` is its official number, its own until it has one."""

    line: AuditLine
    entry: int
    time: str
    day: str
    who: str

    @property
    def action(self) -> bytes:
        return self.line.act.action

    @property
    def rev(self) -> int:
        return self.line.act.rev

    @property
    def did(self) -> str:
        return self.line.did

    @property
    def what(self) -> str:
        return f"{self.line.what}  “{self.line.tail}”" if self.line.tail else self.line.what

    @property
    def final(self) -> bool:
        return self.line.seq is not None


Row = LogRow | DayRow


class LogModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

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
        return (f"{item.entry:,}", item.time, item.who, item.did, item.what, "")[column]

    def row_at(self, row: int) -> Row:
        return self._rows[row]

    def find(self, action: bytes) -> int:
        return next(
            (n for n, row in enumerate(self._rows) if isinstance(row, LogRow) and row.action == action), -1
        )

    def neighbour(self, row: int, step: int) -> int:
        """The next line that is an entry, -1 at the end."""
        row += step
        while 0 <= row < len(self._rows):
            if isinstance(self._rows[row], LogRow):
                return row
            row += step
        return -1

    def count(self) -> int:
        return sum(isinstance(row, LogRow) for row in self._rows)

    def last_day(self) -> str:
        return next((row.day for row in reversed(self._rows) if isinstance(row, LogRow)), "")

    def take(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def append(self, rows: list[Row]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()
