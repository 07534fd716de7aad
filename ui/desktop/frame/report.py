"""The report of a fault as a plain sheet: to read, to copy, to find, to throw away; it never leaves this machine by itself."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.views import View


class ReportSheet(View):
    closed = Signal()

    def __init__(self, desk: Desk, reports: list[Path]) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.reports = reports
        self.title = label(theme, "", "title")
        told = _(
            "It names places in the program and versions, nothing you typed. Nobody gets it unless you send it."
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.font("fixed"))
        self.text.setAccessibleName(_("Report of a fault"))
        self.copy = KeyButton(theme, _("Copy"), kind="primary")
        self.folder = KeyButton(theme, _("Open the folder"), icon="library")
        self.delete = KeyButton(theme, _("Delete"), kind="danger")
        self.next = KeyButton(theme, _("An older one"))
        self.back = KeyButton(theme, _("Back"), key="Esc")
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self.copy, self.folder, self.delete, self.next):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(32), theme.px(24)) * 2)
        column.setSpacing(theme.px(10))
        column.addWidget(self.title)
        column.addWidget(label(theme, told, "body", "text2", wrap=True))
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(self._open_folder)
        self.delete.clicked.connect(self._delete)
        self.next.clicked.connect(self._older)
        self.back.clicked.connect(self.closed)
        self._show()

    def _show(self) -> None:
        first = next(iter(self.reports), None)
        self.title.setText(
            _("Report {name}").format(name=first.stem) if first is not None else _("There is no report")
        )
        text = _("Nothing went wrong, or its reports are deleted.")
        if first is not None:
            try:
                text = first.read_text(encoding="utf-8", errors="replace")
            except OSError:
                text = _("The report {name} is gone.").format(name=first.name)
        self.text.setPlainText(text)
        for button in (self.copy, self.folder, self.delete):
            button.setEnabled(first is not None)
        self.next.setVisible(len(self.reports) > 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.desk.say(_("Copied."))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.reports[0].parent)))

    def _delete(self) -> None:
        self.reports.pop(0).unlink(missing_ok=True)
        self._show()

    def _older(self) -> None:
        self.reports = [*self.reports[1:], self.reports[0]]
        self._show()

    def take_focus(self) -> None:
        (self.copy if self.reports else self.back).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
