"""A sheet of a run: what is asked for in place, beside what it is about; Ctrl Enter does it, Esc leaves it."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.checklist.steps import stamped
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.runs.entry import Stamp
from ui.desktop.runs.line import EntryLine


class Sheet(QFrame):
    """Belongs to the run it was opened in, and names it; whatever is switched to meanwhile, it goes there."""

    closed = Signal()

    def __init__(self, desk: Desk, run: bytes | None, title: str, do: str, icon: str = "") -> None:
        super().__init__()
        self.desk, self.run, self.theme = desk, run, desk.theme
        self._busy = False
        theme = desk.theme
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(2),) * 4)
        column.setSpacing(0)
        self.panel = Panel(theme, layer="canvas")
        column.addWidget(self.panel, 1)
        self.do = KeyButton(theme, do, kind="primary", icon=icon, key="Ctrl ↵", large=True)
        self.do.may_shrink(160)  # it may name a run
        self.do.clicked.connect(self._on_do)
        self.cancel = KeyButton(theme, _("Not now"), key="Esc", large=True)
        self.cancel.clicked.connect(self.closed)
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(*(theme.px(n) for n in (16, 6, 16, 14)))
        self.buttons.setSpacing(theme.px(8))
        self.buttons.addWidget(self.do)
        self.buttons.addWidget(self.cancel)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        self.body: Body = self.panel.body
        mark = desk.run_marks.get(run, "") if run is not None else ""
        if mark:
            self.body.text(
                mark,
                "micro" if theme.language == "en" else "meta",
                "late" if self._is_rehearsal(mark) else "running",
            )
        self.head = label(theme, title, "title", wrap=True)
        self.body.add(self.head)

    def _is_rehearsal(self, mark: str) -> bool:
        return mark.startswith(_("REHEARSAL"))

    # Parts.

    def field(self, name: str, *, hint: str = "", text: str = "") -> QLineEdit:
        """A line with its name above it."""
        edit = QLineEdit(text)
        edit.setFont(self.theme.font("body"))
        edit.setPlaceholderText(hint)
        self._named(name, edit)
        edit.setMaximumWidth(self.theme.px(620))
        return edit

    def text_field(self, name: str, *, hint: str = "", lines: int = 3, named: bool = True) -> QPlainTextEdit:
        edit = QPlainTextEdit()
        edit.setFont(self.theme.font("body"))
        edit.setPlaceholderText(hint)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(self.theme.px(20 * lines + 12))
        edit.setMaximumWidth(self.theme.px(620))
        if named:
            self._named(name, edit)
        else:
            edit.setAccessibleName(name)
            self.body.add(edit)
        return edit

    def _named(self, name: str, widget: QWidget) -> None:
        widget.setAccessibleName(name)
        self.body.column.addSpacing(self.theme.px(4))
        self.body.add(label(self.theme, name, "meta", "text3"))
        self.body.add(widget)

    def row(self, name: str, *widgets: QWidget) -> None:
        """Buttons side by side under one name."""
        self.body.column.addSpacing(self.theme.px(4))
        self.body.add(label(self.theme, name, "meta", "text3"))
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(8))
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        self.body.add_layout(row)

    def close_body(self) -> None:
        """For whom and when, then the end."""
        self.entry = EntryLine(self.desk)
        row = QHBoxLayout()
        row.addWidget(self.entry)
        row.addStretch(1)
        self.body.column.addSpacing(self.theme.px(8))
        self.body.add_layout(row)
        self.end_body()

    def end_body(self) -> None:
        """What is wrong, and the rest of the room."""
        self.wrong = label(self.theme, "", "strong", "blocked", wrap=True)
        self.wrong.hide()
        self.body.add(self.wrong)
        self.body.end()

    def say_wrong(self, sentence: str, field: QWidget | None = None) -> None:
        """What is missing, said in the sheet; nothing typed is lost."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.wrong.setAccessibleName(sentence)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    # Doing.

    def is_typed(self) -> bool:
        """Whether something would be lost with it."""
        lines = any(edit.text().strip() for edit in self.findChildren(QLineEdit) if edit.isModified())
        return lines or any(edit.toPlainText().strip() for edit in self.findChildren(QPlainTextEdit))

    def hints(self) -> tuple[tuple[str, str], ...]:
        """The keys that matter while it is open."""
        return (("Ctrl ↵", self.do.text()), ("Tab", _("next field")), ("Esc", self.cancel.text()))

    def take_focus(self) -> None:
        self.do.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        """What the main button does; it calls `enter`."""
        raise NotImplementedError

    def _on_do(self) -> None:
        if not self._busy:
            self.say_wrong("")
            self.act()

    def enter(self, command: str, said: str, *args: Any, **more: Any) -> None:
        """One command, for whom and when the line says; refused, the sheet stays with everything in it."""
        self._busy = True
        self.do.setEnabled(False)
        stamp = self.desk.entry.use()
        self.desk.bridge.run(
            command,
            *args,
            then=partial(self._entered, stamp, said),
            failed=partial(self._refused, stamp),
            **stamp.words(),
            **more,
        )

    def _entered(self, stamp: Stamp, said: str, done: Any) -> None:
        self._busy = False
        self.desk.say(stamped(said, stamp, self.desk.zone))
        self.entered(done)

    def entered(self, _done: Any) -> None:
        self.closed.emit()

    def _refused(self, stamp: Stamp, error: Exception) -> None:
        self._busy = False
        self.do.setEnabled(True)
        self.desk.entry.give_back(stamp)
        self.say_wrong(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self._on_do()
        else:
            event.accept()  # letters of a sheet are no keys of the screen behind it

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("focus"), 2))
        painter.setBrush(self.theme.color("canvas"))
        radius = self.theme.px(7)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)
