"""Actions as data: id, text, key, and the command by name, so that its module is loaded when it runs and not before."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Action:
    """`command` is "module:function". `question` asks for a reason first; `key` is a letter in the state column."""

    id: str
    text: str
    key: str = ""
    command: str = ""
    icon: str = ""
    question: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a screen or the frame offers: found in the search box, listed in a menu, its key learned from both.

    `text` is untranslated: it is found in both languages. `menu` names the menu it stands in, if any.
    """

    text: str
    act: Callable[[], object]
    key: str = ""
    icon: str = "right"
    menu: str = ""
    is_on: bool | None = None  # of a choice: whether it is the present one


def load(command: str) -> Callable[..., Any]:
    """The function behind "module:function": the data layer is imported with the first write, not with the window."""
    module, _colon, name = command.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


# What one can do with a step, in the order of the night.
STEP_ACTIONS = (
    Action("start", N_("Start"), "S", "app.commands.runs:start_step", "run"),
    Action("finish", N_("Finish"), "F", "app.commands.runs:finish_step", "tick"),
    Action("fail", N_("Fail"), "X", "app.commands.runs:fail_step", "cross", N_("What failed in {number}?")),
    Action(
        "wait", N_("Wait"), "W", "app.commands.runs:wait_step", "clock", N_("What does {number} wait for?")
    ),
    Action("block", N_("Block"), "B", "app.commands.runs:block_step", "blocked", N_("What blocks {number}?")),
    Action("skip", N_("Skip"), "K", "app.commands.runs:skip_step", "skipped", N_("Why is {number} skipped?")),
    Action("remaining", N_("Remaining"), "M", "app.commands.runs:set_remaining", "clock"),
    Action("note", N_("Note"), "N", "app.commands.runs:add_note", "note", N_("Note on {number}")),
    Action("evidence", N_("Evidence"), "E", "app.commands.runs:attach_file", "file"),
)
STEP_BY_KEY = {action.key: action for action in STEP_ACTIONS}
STEP_BY_ID = {action.id: action for action in STEP_ACTIONS}
