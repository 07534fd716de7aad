"""The way from an empty screen to the plan, where its first task, gate or requirement is made."""

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.desk import Desk

NEW_TASK_KEY = "Ins"


def new_task_hints() -> tuple[tuple[str, str], ...]:
    return ((NEW_TASK_KEY, _("new task")),)


def new_task_button(desk: Desk) -> KeyButton:
    """Its view takes the key that stands on it."""
    return _leading(desk, KeyButton(desk.theme, _("New task"), kind="primary", icon="plus", key=NEW_TASK_KEY))


def to_plan_button(desk: Desk) -> KeyButton:
    return _leading(desk, KeyButton(desk.theme, _("Go to the plan"), kind="primary", icon="plan"))


def _leading(desk: Desk, button: KeyButton) -> KeyButton:
    button.clicked.connect(lambda: desk.go_to.emit("plan/checklist"))
    return button
