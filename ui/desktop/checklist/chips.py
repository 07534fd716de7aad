"""What narrows or reorders the list, said in one line and taken away by one press; hidden while the list is all as planned."""

from collections.abc import Collection
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.i18n import _, ngettext
from app.queries.checklist import StageRow
from ui.desktop.checklist.filtering import Wanted, chips
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme

_MOST = 6


class ChipLine(QFrame):
    dropped = Signal(str, object)  # kind and value of a chip
    cleared = Signal()
    unsorted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", "panel")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.px(40))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(8))
        self.count = label(theme, "", "body", "text2")
        row.addWidget(self.count)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(theme.px(6))
        row.addLayout(self._chips)
        row.addStretch(1)
        self.order = KeyButton(theme, "", kind="quiet", tail="cross")
        self.order.clicked.connect(lambda _on=False: self.unsorted.emit())
        row.addWidget(self.order)
        self.clear = KeyButton(theme, _("Show all"))
        self.clear.clicked.connect(lambda _on=False: self.cleared.emit())
        row.addWidget(self.clear)
        self._said: tuple[Any, ...] = ()
        self.hide()

    def show_state(
        self, wanted: Wanted, stages: Collection[StageRow], *, hidden: int, total: int, order: str
    ) -> None:
        """`order` names the column the rows are sorted by, empty in the order of the plan."""
        narrowed = not wanted.is_everything()
        self.setVisible(narrowed or bool(order))
        self.clear.setVisible(narrowed)
        self.count.setVisible(narrowed)
        self.count.setText(
            ngettext(
                "{shown} of {total} shown, {n} hidden", "{shown} of {total} shown, {n} hidden", hidden
            ).format(shown=f"{total - hidden:,}", total=f"{total:,}", n=f"{hidden:,}")
        )
        self.order.setVisible(bool(order))
        if order:
            self.order.set_word(_("Sorted by {column}").format(column=order))
            self.order.setAccessibleName(
                _("Sorted by {column}; press for the plan's order").format(column=order)
            )
        self._show_chips(wanted, stages)

    def _show_chips(self, wanted: Wanted, stages: Collection[StageRow]) -> None:
        said = tuple(chips(wanted, stages))
        if said == self._said:
            return
        self._said = said
        while (item := self._chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for kind, value, words in said[:_MOST]:
            chip = KeyButton(self._theme, words, tail="cross")
            chip.may_shrink(64)
            chip.setAccessibleName(_("Filter {words}; press to take it away").format(words=words))
            chip.clicked.connect(partial(self._drop, kind, value))
            self._chips.addWidget(chip)
        if len(said) > _MOST:
            self._chips.addWidget(label(self._theme, f"+{len(said) - _MOST}", "meta", "text3"))

    def _drop(self, kind: str, value: Any, *_pressed: bool) -> None:
        self.dropped.emit(kind, value)

    def buttons(self) -> list[QWidget]:
        return [
            widget
            for n in range(self._chips.count())
            if (item := self._chips.itemAt(n)) is not None and (widget := item.widget()) is not None
        ]
