"""Below the words of the chosen line: the button that shows the moment, and what one will see."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTableView, QWidget

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import ElidedLabel
from ui.desktop.log.cells import WHO
from ui.desktop.theme.theme import Theme


class MomentOffer(QWidget):
    """Lies on the table, in the lower half of the chosen row, and goes with it."""

    asked = Signal()

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(table.viewport())
        self._theme, self._table = theme, table
        self._row = -1
        self.button = KeyButton(theme, _("Show me this moment"), kind="primary", icon="eye", key="Space")
        self.button.clicked.connect(self.asked)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space on the line does the same
        self.text = ElidedLabel(theme, "", "meta", "text3")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, theme.px(6), theme.px(5))
        line.setSpacing(theme.px(8))
        line.addWidget(self.button)
        line.addWidget(self.text, 1)
        self.hide()
        table.verticalScrollBar().valueChanged.connect(self.place)
        table.horizontalHeader().sectionResized.connect(self.place)
        table.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def open(self, row: int, sentence: str) -> None:
        """Makes the row higher and lies down there; -1 goes away."""
        header = self._table.verticalHeader()
        low = self._theme.row("normal")
        if self._row != row and 0 <= self._row < header.count():
            self._table.setRowHeight(self._row, low)
        self._row = row
        if row >= 0:
            self._table.setRowHeight(row, low + self._theme.px(34))
            self.text.setText(sentence)
        self.place()

    def forget(self) -> None:
        """The rows are others now: none of them is higher."""
        self._row = -1
        self.hide()

    def place(self) -> None:
        table, theme = self._table, self._theme
        if self._row < 0 or self._row >= table.verticalHeader().count():
            self.hide()
            return
        top = table.rowViewportPosition(self._row) + theme.row("normal") - theme.px(2)
        left = table.columnViewportPosition(WHO) + theme.px(8)
        self.setGeometry(left, top, max(1, table.viewport().width() - left), theme.px(34))
        self.show()
