"""Answers of the workspace reach a view only while it is there."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app.storage.engine import Reader
from tests.ui.desktop.screen import Plan, Screen


class Asking(QObject):
    def __init__(self, taken: list[object]) -> None:
        super().__init__()
        self._taken = taken

    def take(self, *found: object) -> None:
        self._taken.append((self.objectName(), *found))


def one(_reader: Reader) -> int:
    return 1


def test_who_is_gone_gets_no_answer_however_it_was_asked_for(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    taken: list[object] = []
    there, gone = Asking(taken), Asking(taken)
    for asking in (there, gone):
        screen.bridge.fetch(one, then=asking.take)
        screen.bridge.fetch(one, then=partial(asking.take, "more"))
        screen.bridge.fetch(one, then=partial(partial(asking.take, "much"), "more"))
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)
    screen.settle()

    assert taken == [("", 1), ("", "more", 1), ("", "much", "more", 1)]
