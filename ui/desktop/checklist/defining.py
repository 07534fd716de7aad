"""What a task is, changed in the inspector while planning: instruction, checks, and the proof it requires."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import Requirement
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.words import requirement_icon, requirement_word
from ui.desktop.components.buttons import KeyButton, SignButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.textbox import TextBox
from ui.desktop.desk import Desk


class Defining(QObject):
    """Makes the widgets and runs their commands."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk

    def instruction(self, row: TaskRow, text: str) -> TextBox:
        keep = partial(self._set, row, "instruction")
        return TextBox(self._desk.theme, text, _("Write an instruction"), keep)

    def _set(self, row: TaskRow, field: str, value: str) -> None:
        command = "app.commands.tasks:set_task"
        self._desk.bridge.run(command, row.id, {field: value}, language=self._desk.language)

    def requirements(self, row: TaskRow) -> QWidget:
        """All four, each with a sign that takes it in or out."""
        theme = self._desk.theme
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for requirement in Requirement:
            wanted = requirement.value in row.requires
            word = requirement_word(requirement)
            state = _("required") if wanted else _("not required")
            spoken = _("{proof}: {state}; press to change").format(proof=word, state=state)
            toggle = SignButton(
                theme, "done" if wanted else "todo", "accent" if wanted else "waiting", spoken
            )
            toggle.clicked.connect(partial(self._toggle, row, requirement))
            line = QHBoxLayout()
            line.setSpacing(theme.px(6))
            line.addWidget(toggle)
            line.addWidget(Sign(theme, requirement_icon(requirement), "text2" if wanted else "text3", 16))
            line.addWidget(label(theme, word, "body", "" if wanted else "text3"), 1)
            column.addLayout(line)
        return made

    def _toggle(self, row: TaskRow, requirement: Requirement, *_checked: bool) -> None:
        wanted = set(row.requires) ^ {requirement.value}
        self._set(row, "requires", ",".join(sorted(wanted)))

    def add_check_button(self, row: TaskRow) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        button = KeyButton(self._desk.theme, _("Add a check"), kind="quiet", icon="plus")
        button.clicked.connect(partial(self._ask_check, row))
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _ask_check(self, row: TaskRow, *_checked: bool) -> None:
        question = _("What is to be checked in {number}?").format(number=row.number)
        self._desk.ask(question, _("Add the check"), partial(self._add_check, row))

    def _add_check(self, row: TaskRow, text: str) -> None:
        command = "app.commands.tasks:add_check"
        self._desk.bridge.run(command, row.id, text, language=self._desk.language)

    # A stage and the gate that closes it.

    def ask_gate(self, stage: StageRow) -> None:
        question = _("What is the gate called that closes “{stage}”?").format(stage=stage.title)
        self._desk.ask(question, _("Go on"), partial(self._ask_roles, stage))

    def _ask_roles(self, stage: StageRow, name: str) -> None:
        question = _("Which roles sign it? Several with commas.")
        self._desk.ask(
            question,
            _("Add the gate"),
            partial(self._add_gate, stage, name),
            hint=_("QA lead, Cutover manager"),
        )

    def _add_gate(self, stage: StageRow, name: str, roles: str) -> None:
        listed = [
            role.strip() for role in roles.replace("，", ",").replace("、", ",").split(",") if role.strip()
        ]
        command = "app.commands.gates:add_gate"
        self._desk.bridge.run(
            command, self._desk.project_id, name, stage=stage.id, roles=listed, language=self._desk.language
        )
