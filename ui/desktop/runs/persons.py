"""Choosing a person by typing a part of the name, in a list that floats at a button."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.queries.people import names
from ui.desktop.components.buttons import KeyButton
from ui.desktop.desk import Desk
from ui.desktop.search.box import SearchBox
from ui.desktop.search.hits import Hit


def open_persons(
    desk: Desk,
    anchor: QWidget,
    hint: str,
    chosen: Callable[[bytes, str], object],
    *,
    first: tuple[Hit, ...] = (),
    without: bytes | None = None,
) -> SearchBox:
    """All but one person, by name; `first` stand on top. A few milliseconds: names are short and few."""
    found = desk.bridge.read(names)
    hits = list(first)
    for person, name in sorted(found.items(), key=lambda one: one[1].casefold()):
        if person != without:
            hits.append(Hit("person", "text2", name, "", "", partial(chosen, person, name)))
    window = anchor.window()
    box = SearchBox(desk, window, hits)
    box.field.setPlaceholderText(hint)
    box.field.setAccessibleName(hint)
    box.open_below(anchor)
    at = anchor.mapTo(window, anchor.rect().topLeft())
    left = max(0, min(at.x() - desk.theme.px(6), window.width() - box.width()))
    box.move(left, max(0, min(box.y(), window.height() - box.height())))
    return box


class PersonButton(KeyButton):
    """Shows who is chosen and lets one choose another."""

    chosen = Signal()

    def __init__(self, desk: Desk, word: str, hint: str, *, without: bytes | None = None) -> None:
        super().__init__(desk.theme, word, icon="person", tail="down")
        self._desk, self._hint, self._without = desk, hint, without
        self.person: bytes | None = None
        self.clicked.connect(self.open_list)

    def open_list(self) -> SearchBox:
        return open_persons(self._desk, self, self._hint, self.set_person, without=self._without)

    def set_person(self, person: bytes, name: str) -> None:
        self.person = person
        self.set_word(name)
        self.chosen.emit()
