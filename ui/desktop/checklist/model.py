"""The checklist as a flat table model: stage rows and task rows, kept by tuples, changed by what really changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, eq
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.words import Status
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.columns import Column, Shown
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.grouping import HEADS, GroupRow
from ui.desktop.checklist.outline import DraftRow, Order, Outline, Row
from ui.desktop.checklist.sheet import Arrangement, Sheet
from ui.desktop.checklist.words import status_word
from ui.desktop.moments import local, long_day, wall_moment

Index = QModelIndex | QPersistentModelIndex
_EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class ChecklistModel(QAbstractTableModel):
    edited = Signal(object, str, str)  # row, field, what was typed
    drafted = Signal(object, str)  # the draft row and its title

    def __init__(self, columns: tuple[Column, ...], shown: Shown, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.shown = shown
        self.rev = 0
        self.outline = Outline()
        self._rows: list[Row] = []
        self._shown_fields = {"claim", *(column.field for column in columns)}
        self._now = local(0, shown.zone).replace(tzinfo=None)
        self.in_view: Callable[[], range] = lambda: range(len(self._rows))  # told by the grid

    # What Qt asks.

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title(self.shown)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken_head(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.name(self.shown)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text_at(index.row(), index.column())
        if role == Qt.ItemDataRole.EditRole:
            return self.typed_at(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(self._rows[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(self._rows[index.row()], self.columns[index.column()]) or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row = self._rows[index.row()]
        column = self.columns[index.column()]
        if isinstance(row, TaskRow):
            return _EDITABLE if column.field else _PLAIN
        is_named = isinstance(row, DraftRow) or (isinstance(row, StageRow) and row.id is not None)
        return _EDITABLE if column.id == "title" and is_named else _PLAIN

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for the change; the row shows it when the workspace has it."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row = self._rows[index.row()]
        text = str(value or "").strip()
        if isinstance(row, DraftRow):
            self.drafted.emit(row, text)
            return True
        if text != self.typed_at(index.row(), index.column()):
            self.edited.emit(row, self.columns[index.column()].field, text)
        return True

    # What the view asks.

    def row_at(self, row: int) -> Row:
        return self._rows[row]

    def text_at(self, row: int, column: int) -> str:
        item = self._rows[row]
        if isinstance(item, TaskRow):
            return self.columns[column].show(item, self.shown)
        if isinstance(item, DraftRow):
            return ""
        if self.columns[column].id == "title":
            return item.title or _("Without a stage")
        if self.columns[column].id == "number":
            return item.number if isinstance(item, StageRow) else ""
        total = self.columns[column].total
        return total(item, self.shown) if total is not None else ""

    def typed_at(self, row: int, column: int) -> str:
        """What one begins to type over."""
        item, edit = self._rows[row], self.columns[column].edit
        if isinstance(item, TaskRow) and edit is not None:
            return edit(item, self.shown)
        return self.text_at(row, column)

    def find(self, row_id: bytes | None) -> int:
        return next((number for number, row in enumerate(self._rows) if row.id == row_id), -1)

    def number_of(self, task_id: bytes) -> str:
        return next((task.number for task in self.outline.tasks if task.id == task_id), "")

    def column_of(self, column_id: str) -> int:
        return next((number for number, column in enumerate(self.columns) if column.id == column_id), -1)

    def is_folded(self, stage_id: bytes | None) -> bool:
        return stage_id in self.outline.folded

    def is_late(self, row: TaskRow) -> bool:
        """Its due moment has passed in the project's zone, and it is not over."""
        due = wall_moment(row.due)
        return (
            due is not None
            and due < self._now
            and row.status not in (Status.DONE, Status.SKIPPED, Status.CLAIMED)
        )

    def is_torn(self, row: TaskRow, column: Column) -> bool:
        """The column shows a conflict of the row: on its field, or, in the number, on one that no column shows."""
        if column.id == "state":
            return "claim" in row.conflicts
        if column.id == "number":
            return not row.conflicts <= self._shown_fields
        return bool(column.field) and column.field in row.conflicts

    def set_visible(self, columns: Iterable[str]) -> None:
        """Told by the grid: a conflict of a hidden column is shown elsewhere."""
        visible = set(columns)
        self._shown_fields = {"claim"} | {one.field for one in self.columns if one.id in visible}

    def set_now(self, now_ms: int) -> None:
        """Told once a minute: what is late changes without anybody's doing."""
        before = self._seen()
        self._now = local(now_ms, self.shown.zone).replace(tzinfo=None)
        self._tell_changed(before)

    # What changes it.

    def take(self, found: Sheet) -> None:
        """What was read and arranged elsewhere; wishes that came meanwhile are met here."""
        old, new, before = self.outline, found.outline, self._seen()
        self.rev = found.listed.rev
        new.folded, new.draft = old.folded, old.draft
        if self.arrangement() != found.arrangement:
            new.group, new.order, new.wanted = old.group, old.order, old.wanted
            new.regroup()
        self.outline = new
        self.shown = replace(found.shown, spans=new.spans())
        self.refresh(before)

    def arrangement(self) -> Arrangement:
        return Arrangement(self.outline.group, self.outline.order, self.outline.wanted)

    def refresh(self, before: dict[int, object] | None = None) -> None:
        """Same rows in the same order: what differs from `before` is painted once more; otherwise everything anew."""
        old, new = self._rows, self.outline.rows()
        if _are_the_same(old, new):
            self._rows = new
            self._tell_changed(before or {})
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def _seen(self) -> dict[int, object]:
        """What the rows in view show; to compare them all would take longer than to paint these."""
        shown = self.shown
        alike = (shown.language, shown.zone, shown.rehearsal)
        found: dict[int, object] = {}
        for number in self.in_view():
            row = self._rows[number]
            found[number] = (alike, row, shown.spans.get(row.id))
            if isinstance(row, TaskRow):
                computed = (shown.bars.get(row.id), shown.rehearsed.get(row.id), self.is_late(row))
                found[number] = (alike, row, computed)
        return found

    def _tell_changed(self, before: Mapping[int, object]) -> None:
        """Rows out of view are painted when they come into it."""
        last = len(self.columns) - 1
        for number, facts in self._seen().items():
            if before.get(number) != facts:
                self.dataChanged.emit(self.index(number, 0), self.index(number, last))

    def fold(self, stage_id: bytes | None) -> None:
        self.outline.folded ^= {stage_id}
        self.refresh()

    def want(self, wanted: Wanted) -> None:
        if wanted != self.outline.wanted:
            self.outline.wanted = wanted
            self.outline.arrange()
            self.refresh()

    def sort_by(self, order: Order) -> None:
        if order == self.outline.order:
            return
        self.outline.order = order
        self.outline.arrange()
        self.refresh()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def sort_next(self, column: int) -> None:
        """Up, down, and back to the order of the plan."""
        order, wish = self.outline.order, self.columns[column].id
        if order.column != wish:
            self.sort_by(Order(wish))
        else:
            self.sort_by(Order() if order.descending else Order(wish, descending=True))

    def group_by(self, group: str) -> None:
        if group != self.outline.group:
            self.outline.group = group
            self.outline.regroup()
            self.shown = replace(self.shown, spans=self.outline.spans())
            self.refresh()

    def set_draft(self, draft: DraftRow | None) -> None:
        self.outline.draft = draft
        self.refresh()

    def _spoken(self, row: Row) -> str:
        if isinstance(row, TaskRow):
            return ", ".join((status_word(row.status), row.number, row.title, *row.why_not))
        if isinstance(row, StageRow):
            return _("Stage {number}, {title}, {done} of {total} done").format(
                number=row.number, title=row.title, done=row.done_count, total=row.task_count
            )
        if isinstance(row, GroupRow):
            return _("{title}, {done} of {total} done").format(
                title=row.title, done=row.done_count, total=row.task_count
            )
        return _("New task")

    def _spoken_head(self, column: Column) -> str:
        order = self.outline.order
        name = column.name(self.shown)
        if order.column != column.id:
            return name
        if order.descending:
            return _("{column}, sorted, highest first").format(column=name)
        return _("{column}, sorted, lowest first").format(column=name)

    def _tip(self, row: Row, column: Column) -> str:
        if not isinstance(row, TaskRow):
            return row.title if isinstance(row, HEADS) else ""
        if column.id == "state":
            return "\n".join((status_word(row.status), *row.why_not))
        if column.id == "why":
            return "\n".join(row.why_not)
        bar = self.shown.bars.get(row.id)
        if column.id in ("start", "finish") and bar is not None:
            ms = bar.start_ms if column.id == "start" else bar.finish_ms
            moment = local(ms, self.shown.zone)
            return f"{long_day(moment)} {moment:%H:%M}"
        if column.id == "slack" and bar is not None:
            return _("On the critical path") if bar.is_critical else column.show(row, self.shown)
        return column.show(row, self.shown)


def _are_the_same(old: Sequence[Row], new: Sequence[Row]) -> bool:
    """The same things in the same order, whatever is said of them."""
    key = attrgetter("id")
    return (
        len(old) == len(new)
        and all(map(eq, map(key, old), map(key, new)))
        and all(map(eq, map(type, old), map(type, new)))
    )
