"""The differences of a second import as a list to decide: groups, before and after, and what happens with each."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.i18n import N_, _, ngettext
from app.process.merging import Change
from app.queries.differences import CHANGE_WORDS, KIND_WORDS, DifferenceRow
from ui.desktop.checklist.model import Index
from ui.desktop.importing.words import CHANGE_SIGN, choice_word
from ui.desktop.theme.theme import Theme

HEADS = ("", N_("What"), N_("Field"), N_("Here"), N_("In the file"), N_("What happens"))
_WIDTHS = (34, 0, 100, 136, 136, 128)
CHOICE = 5


class GroupRow(NamedTuple):
    """Heads the differences of one kind."""

    change: Change
    size: int


Row = GroupRow | DifferenceRow


class DifferencesModel(QAbstractTableModel):
    decided = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._taken: Counter[Change] = Counter()
        self.choices: dict[str, bool] = {}

    def take(self, found: Iterable[DifferenceRow]) -> None:
        """What was chosen before stays chosen, when the same difference is still there."""
        rows = list(found)
        self.beginResetModel()
        self.choices = {row.token: self.choices.get(row.token, row.taken) for row in rows}
        self._rows = []
        for change in (Change.BOTH, Change.THEIRS, Change.NEW, Change.GONE, Change.REMOVED):
            some = [row for row in rows if row.change is change]
            if some:
                self._rows += [GroupRow(change, len(some)), *some]
        self._count()
        self.endResetModel()

    def _count(self) -> None:
        self._taken = Counter(
            row.change for row in self._rows if isinstance(row, DifferenceRow) and self.choices[row.token]
        )

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

    def row_at(self, row: int) -> Row:
        return self._rows[row]

    def is_taken(self, row: DifferenceRow) -> bool:
        return self.choices[row.token]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text_at(row, index.column()) or None
        return None

    def text_at(self, row: Row, column: int) -> str:
        if isinstance(row, GroupRow):
            return self._group_words(row) if column == 0 else ""
        field = row.field or _(KIND_WORDS[row.kind])
        here = row.ours if row.field else ""
        return ("", row.title, field, here, row.theirs, choice_word(row.change, taken=self.is_taken(row)))[
            column
        ]

    def _group_words(self, row: GroupRow) -> str:
        taken = self._taken[row.change]
        counted = ngettext("{taken} of {n} taken", "{taken} of {n} taken", row.size)
        return f"{_(CHANGE_WORDS[row.change])} · {counted.format(taken=taken, n=row.size)}"

    def _spoken(self, row: Row) -> str:
        if isinstance(row, GroupRow):
            return self._group_words(row)
        choice = choice_word(row.change, taken=self.is_taken(row))
        parts = (_(CHANGE_WORDS[row.change]), row.where, row.title, row.field, row.ours, row.theirs, choice)
        return ", ".join(filter(None, parts))

    # Deciding.

    def decide(self, numbers: Iterable[int], *, taken: bool) -> None:
        """A group's head decides for all under it."""
        for number in numbers:
            row = self._rows[number]
            some = [row] if isinstance(row, DifferenceRow) else self._under(row)
            self.choices.update((one.token, taken) for one in some)
        self._tell()

    def _under(self, head: GroupRow) -> list[DifferenceRow]:
        return [one for one in self._rows if isinstance(one, DifferenceRow) and one.change is head.change]

    def decide_all(self, taken: bool | None) -> None:  # noqa: FBT001 - None gives back what was proposed
        for row in self._rows:
            if isinstance(row, DifferenceRow):
                self.choices[row.token] = row.taken if taken is None else taken
        self._tell()

    def turn(self, number: int) -> None:
        row = self._rows[number]
        now = all(map(self.is_taken, self._under(row))) if isinstance(row, GroupRow) else self.is_taken(row)
        self.decide([number], taken=not now)

    def _tell(self) -> None:
        self._count()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(HEADS) - 1))
        self.decided.emit()

    def taken_count(self) -> int:
        return self._taken.total()

    def first(self) -> int:
        """The first difference, behind its group's head."""
        return next((n for n, row in enumerate(self._rows) if isinstance(row, DifferenceRow)), -1)


class _DifferencesDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: DifferencesModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, box = self._theme, QRectF(option.rect)
        row = self._model.row_at(index.row())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        group = isinstance(row, GroupRow)
        if selected:
            active = bool(option.state & QStyle.StateFlag.State_Active)
            painter.fillRect(box, theme.color("selected" if active else "selected_idle"))
        elif group:
            painter.fillRect(box, theme.color("panel"))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("soft" if group else "hair")
        )
        if isinstance(row, GroupRow):
            if index.column() == 0:
                self._group(painter, box, row)
            return
        self._cell(painter, box, row, index.column())

    def _group(self, painter: QPainter, box: QRectF, row: GroupRow) -> None:
        sign, tone = CHANGE_SIGN[row.change]
        self._sign(painter, box.left() + self._theme.px(12), box, sign, tone)
        inner = box.adjusted(self._theme.px(36), 0, -self._theme.px(8), -1)
        self._text(painter, inner, self._model.text_at(row, 0), "strong", "text1")

    def _cell(self, painter: QPainter, box: QRectF, row: DifferenceRow, column: int) -> None:
        theme, inner = self._theme, box.adjusted(self._theme.px(8), 0, -self._theme.px(8), -1)
        text, taken = self._model.text_at(row, column), self._model.is_taken(row)
        if column == 0:
            sign, tone = CHANGE_SIGN[row.change]
            self._sign(painter, box.left() + theme.px(12), box, sign, tone)
        elif column == 1:
            used = self._text(painter, inner, text, "body", "text1")
            rest = inner.adjusted(used + theme.px(10), 0, 0, 0)
            if row.where and rest.width() > theme.px(40):
                self._text(painter, rest, row.where, "meta", "text3")
        elif column == CHOICE:
            sign, tone = ("tick", "accent") if taken else ("lock", "text3")
            self._sign(painter, inner.left(), box, sign, tone)
            self._text(
                painter, inner.adjusted(theme.px(22), 0, 0, 0), text, "strong" if taken else "body", "text1"
            )
        elif column in (3, 4) and row.field:
            counts = taken == (column == 4)
            self._text(painter, inner, text or _("empty"), "body", "text1" if counts and text else "text3")
        else:
            self._text(painter, inner, text, "body", "text2")

    def _sign(self, painter: QPainter, left: float, box: QRectF, sign: str, tone: str) -> None:
        side = self._theme.px(14)
        spot = QRectF(round(left), round(box.center().y() - side / 2), side, side)
        self._theme.icons.paint(painter, sign, spot, self._theme.color(tone))

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, tone: str) -> float:
        """Paints what fits, and says how wide it is."""
        words, text = self._theme.words, " ".join(text.split())
        words.paint(painter, box, text, role, self._theme.color(tone))
        return words.cut(text, role, max(0, int(box.width())))[1]


class DifferencesTable(QTableView):
    """↑ ↓ move, T takes theirs, O keeps ours, Enter or Space turns; a group's head decides for all under it."""

    looked_at = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = DifferencesModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_DifferencesDelegate(theme, self.rows, self))
        self.setAccessibleName(_("Differences"))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(theme.row("normal"))
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        for number, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(number, theme.px(width))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(lambda *_rows: self.looked_at.emit())

    def take(self, found: Iterable[DifferenceRow]) -> None:
        kept = self.currentIndex().row()
        self.rows.take(found)
        self.clearSpans()
        for number in range(self.rows.rowCount()):
            if isinstance(self.rows.row_at(number), GroupRow):
                self.setSpan(number, 0, 1, len(HEADS))
        if self.rows.rowCount():
            self.selectRow(kept if 0 <= kept < self.rows.rowCount() else self.rows.first())

    def row(self) -> Row | None:
        number = self.currentIndex().row()
        return self.rows.row_at(number) if 0 <= number < self.rows.rowCount() else None

    def _chosen(self) -> list[int]:
        return [index.row() for index in self.selectionModel().selectedRows()] or [self.currentIndex().row()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain or self.row() is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_T, Qt.Key.Key_O):
            self.rows.decide(self._chosen(), taken=key == Qt.Key.Key_T)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.rows.turn(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on what happens turns it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() == CHOICE:
            self.rows.turn(index.row())
