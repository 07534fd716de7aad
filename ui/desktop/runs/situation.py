"""The situation report: in the clipboard with one key, to be read and switched in language before it is sent, or as PDF."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from app.i18n import _
from app.storage.engine import Reader
from ui.desktop.components.buttons import KeyButton, Segments
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.printing import Printing
from ui.desktop.runs.sheet import Sheet

_LANGUAGES = (("en", "English"), ("zh", "中文"))


def report_text(reader: Reader, project: bytes, run: bytes, language: str, now: int) -> str:
    from app.reports.briefing import situation_text

    return situation_text(reader, project, run, language, now)


class SituationSheet(Sheet):
    def __init__(self, desk: Desk, project: bytes, run: bytes, printing: Printing) -> None:
        super().__init__(desk, run, _("Situation report"), _("Copy it again"), "note")
        self._project = project
        theme = self.theme
        self.language = Segments(theme, _LANGUAGES, desk.language, _("Language of the report"))
        self.language.chosen.connect(self._read)
        self.row(_("Language of the report"), self.language)
        self.state = label(theme, "", "strong", "done", wrap=True)
        self.body.add(self.state)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.font("body"))
        self.text.setAccessibleName(_("Situation report"))
        self.text.setTabChangesFocus(True)
        self.body.column.addWidget(self.text, 1)
        self.wrong = label(theme, "", "strong", "blocked", wrap=True)
        self.wrong.hide()
        self.body.add(self.wrong)
        paper = KeyButton(theme, _("As PDF…"), icon="print", large=True)
        paper.clicked.connect(lambda: printing.print_situation(run, self.language.current()))
        self.buttons.insertWidget(1, paper)
        self.cancel.set_word(_("Close"))
        self._read()

    def is_typed(self) -> bool:
        return False

    def take_focus(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, *_chosen: str) -> None:
        place = (self._project, self.run, self.language.current(), now_ms())
        self.desk.bridge.fetch(report_text, *place, then=partial(self._take, self.language.current()))

    def _take(self, language: str, text: str) -> None:
        if language == self.language.current():
            self.text.setPlainText(text)
            self.act()

    def act(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.state.setText(_("It is in the clipboard: paste it into a chat or a mail."))
