"""What moves and keys on the board change: each is one command and one undo; what is refused is said on the card."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.i18n import _
from ui.desktop.actions import STEP_BY_ID, STEP_BY_KEY, Action
from ui.desktop.board.arranging import Board
from ui.desktop.board.cards import Card
from ui.desktop.board.moving import Move
from ui.desktop.checklist.steps import Steps
from ui.desktop.desk import Desk

_CLAIMS = ("start", "finish", "fail", "wait", "block", "skip")


class Changing(QObject):
    refused = Signal(object, str)  # the task, and why

    def __init__(self, desk: Desk, steps: Steps, board: Callable[[], Board | None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._steps, self._board = desk, steps, board

    def press(self, letter: str, card: Card) -> bool:
        """A letter acts on the step as in the checklist; False where it means nothing."""
        action = STEP_BY_KEY.get(letter)
        if action is None:
            return False
        if action.id not in _CLAIMS:
            self._steps.act(action, card.task)
        elif action.id == "start" and card.task.why_not and card.state in ("later", "soon"):
            question = _("{number} is not ready. Why start it now?").format(number=card.task.number)
            self._ask(action, card, question, hint=card.task.why_not[0])
        else:
            self._claim(action, card)
        return True

    def move(self, card: Card, wanted: Move) -> None:
        board = self._board()
        if board is None or wanted.is_nothing:
            return
        if wanted.refused:
            self.refused.emit(card.task.id, wanted.refused)
        elif wanted.step:
            self._claim(STEP_BY_ID[wanted.step], card)
        elif wanted.stage is not None:
            self._run("app.commands.tasks:move_task", card, card.task.id, wanted.stage[0])
        else:
            self._run("app.commands.tasks:set_task", card, card.task.id, wanted.values)

    def start(self, card: Card) -> None:
        self._claim(STEP_BY_ID["start"], card)

    def _claim(self, action: Action, card: Card) -> None:
        if action.question:
            self._ask(action, card, _(action.question).format(number=card.task.number))
        else:
            self._step(action, card, "")

    def _ask(self, action: Action, card: Card, question: str, hint: str = "") -> None:
        self._desk.ask(question, _(action.text), partial(self._step, action, card), hint=hint)

    def _step(self, action: Action, card: Card, reason: str) -> None:
        if self._desk.run_id is not None:
            more = {"reason": reason} if reason else {}
            self._run(action.command, card, self._desk.run_id, card.task.id, **more)

    def _run(self, command: str, card: Card, *args: Any, **more: Any) -> None:
        board = self._board()
        seen = board.listed.rev if board is not None else None
        refused = partial(self._not_done, card.task.id)
        self._desk.bridge.run(command, *args, seen=seen, failed=refused, **more)

    def _not_done(self, task: bytes, error: Exception) -> None:
        self.refused.emit(task, str(error))
