"""What went wrong with a step: the words with their keys, as a menu; raising an incident is one of them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import _
from app.queries.checklist import TaskRow
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.checklist.steps import Steps
from ui.desktop.components.buttons import add_choice
from ui.desktop.theme.theme import Theme

_PROBLEMS = ("fail", "block", "wait")


def open_problems(
    theme: Theme, steps: Steps, task: TaskRow, raise_incident: Callable[[], object], at: QWidget
) -> None:
    menu = QMenu(at)
    menu.setFont(theme.font("body"))
    for action_id in _PROBLEMS:
        action = STEP_BY_ID[action_id]
        choice = add_choice(menu, f"{_(action.text)}\t{action.key}", partial(steps.act, action, task))
        choice.setShortcut(action.key)
    raised = _("Raise an incident…")
    add_choice(menu, f"{raised}\tI", raise_incident).setShortcut("I")
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at.mapToGlobal(at.rect().center()))
