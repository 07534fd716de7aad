"""The board's part of the bar: the filter, what is shown, by what it is divided, how late it is, and its pages."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QWidget

from app.i18n import N_, _, counted
from ui.desktop.board.arranging import Board, Look
from ui.desktop.board.cards import MINUTE_MS
from ui.desktop.board.columns import GROUPINGS
from ui.desktop.components.buttons import DropButton
from ui.desktop.components.form import with_clear_button
from ui.desktop.components.labels import Sign, label
from ui.desktop.gantt.words import lateness
from ui.desktop.theme.theme import Theme

SHOWN = (("all", N_("All")), ("open", N_("Open")), ("problems", N_("Needs attention")))
_OPEN_NOW = ("running", "ready", "waiting", "blocked", "failed")
Fill = Callable[[QMenu], None]


class Tools(QWidget):
    def __init__(
        self, theme: Theme, fill_shown: Fill, fill_columns: Fill, fill_lanes: Fill, fill_export: Fill
    ) -> None:
        super().__init__()
        self._language = theme.language
        self.filter = QLineEdit()
        self.filter.setFont(theme.font("body"))
        self.filter.setPlaceholderText(_("Filter: task, owner, number"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setMinimumWidth(theme.px(110))
        self.filter.setMaximumWidth(theme.px(240))
        with_clear_button(theme, self.filter)
        self.shown = DropButton(theme, _("All"), fill_shown, icon="filter")
        self.columns = DropButton(theme, "", fill_columns)
        self.lanes = DropButton(theme, "", fill_lanes)
        self.late = QFrame()
        self.late.setProperty("box", "late")
        self.late.setFixedHeight(theme.px(24))
        inside = QHBoxLayout(self.late)
        inside.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        inside.setSpacing(theme.px(6))
        inside.addWidget(Sign(theme, "late", "late", 16))
        self.late_words = label(theme, "", "strong", "late")
        inside.addWidget(self.late_words)
        self.late.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.filter, 1)
        for one in (self.shown, self.columns, self.lanes):
            one.may_shrink(56)
            row.addWidget(one)
        row.addStretch(1)
        row.addWidget(self.late, 0, Qt.AlignmentFlag.AlignVCenter)
        self.exporting = DropButton(theme, _("Export"), fill_export, icon="download")
        self.exporting.may_shrink(56)
        row.addWidget(self.exporting)

    def show_look(self, look: Look) -> None:
        names = dict(GROUPINGS)
        self.columns.set_word(_("Columns: {name}").format(name=_(names[look.columns])))
        lanes = _(names[look.lanes]) if look.lanes else _("none")
        self.lanes.set_word(_("Lanes: {name}").format(name=lanes))

    def show_board(self, found: Board) -> None:
        count, shown = len(found.cards), dict(SHOWN)[found.look.show]
        if found.look.show == "all":
            text = counted("{n} task", "{n} tasks", count)
        else:
            text = _("{name}: {n} of {total}").format(name=_(shown), n=found.shown, total=count)
        self.shown.set_word(text)
        now = max((card.late for card in found.cards if card.state in _OPEN_NOW), default=0)
        end = round((found.times.end_ms - found.times.planned_end_ms) / MINUTE_MS)
        parts = [_("{late} now").format(late=lateness(now, self._language))] if now > 0 else []
        if end > 0:
            parts.append(_("{late} at the end").format(late=lateness(end, self._language)))
        self.late_words.setText(", ".join(parts))
        self.late.setVisible(bool(parts))
