"""Every screen for somebody who hears it, and in one look: names for all that takes the keyboard, colours from the theme."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

import ui.desktop
from app.i18n import set_language
from tests.factories import PINS
from tests.pictures.above import OVER
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.faces import Faces
from ui.desktop.main_window import MainWindow
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace

DESKTOP = Path(ui.desktop.__path__[0])
_LITERAL = re.compile(
    r"#[0-9a-fA-F]{6}\b|QColor\(\d|QColor\([\"']|Qt\.GlobalColor\.(?!transparent)\w+|\brgba?\(\d"
)
_PAPER = ("pages.py", "square.py")  # paper, and what a camera reads, is black on white in every theme


def nameless(window: MainWindow) -> list[str]:
    return [
        f"{type(one).__module__}.{type(one).__name__}"
        for one in window.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(one)
    ]


def spoken(widget: QWidget) -> str:
    """What a screen reader says of it: its own name, its word, or, of a part Qt made, the name of the whole."""
    own = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton | QLabel) else "")
    if own or isinstance(widget, QScrollBar):
        return own or "scroll bar"
    whole = widget.parentWidget()
    is_part = isinstance(widget, QLineEdit) and isinstance(whole, QComboBox)
    return whole.accessibleName() if is_part and whole is not None else ""


def faces(window: MainWindow) -> Iterator[str]:
    for spec in VIEWS:
        window.go_to(spec.id)
        view = window.current_view()
        if isinstance(view, Faces):
            yield from (f"{spec.id}/{face.id}" for face in view.specs)
        else:
            yield spec.id


@pytest.mark.parametrize("project", ["a plan", "nothing"])
def test_all_that_takes_the_keyboard_has_a_name(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, project: str
) -> None:
    workspace.act_as(with_owner(workspace))
    window = screen.open(plan.project if project == "a plan" else None)
    found = {}
    for place in faces(window):
        window.go_to(place)
        screen.settle()
        found[place] = nameless(window)
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize("name", [name for name in OVER if name != "menus"])  # a menu's lines are their names
def test_what_opens_above_has_names_too(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for handle in (
        "mara",
        "ada",
    ):  # whoever owns the pictured workspace signs for a second device, or a verdict
        monkeypatch.setitem(PINS, handle, "4711")
    owner = with_owner(workspace)
    workspace.act_as(owner)
    with_signer(workspace, owner, "Ben Okri", "QA lead")
    window = screen.open(plan.project)
    OVER[name](window)
    screen.settle()
    assert nameless(window) == []


def test_no_screen_names_a_colour_itself() -> None:
    found = [
        f"{path.relative_to(DESKTOP)}:{number}: {line.strip()}"
        for path in sorted(DESKTOP.rglob("*.py"))
        if path.name not in _PAPER
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _LITERAL.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ['QColor("red")', "QColor(255, 0, 0)", "#ff0000", "Qt.GlobalColor.red", "rgb(1"]
)
def test_a_planted_colour_is_found(line: str) -> None:
    assert _LITERAL.search(line)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_is_cut_at_any_size(
    qtbot: QtBot, workspace: OpenWorkspace, plan: Plan, language: str, scale: float
) -> None:
    """What may shrink says so by its smallest size; all else keeps its width and the height of its letters."""
    set_language(language)
    screen = Screen(qtbot, workspace, language=language, scale=scale)
    try:
        window = screen.open(plan.project, "settings")
        window.resize(round(1440 * scale), round(900 * scale))
        screen.settle()
        labels = [one for one in window.findChildren(QLabel) if one.isVisible() and one.text()]
        assert len(labels) > 10
        assert [one.text() for one in labels if not one.wordWrap() and _is_cut(one)] == []
    finally:
        screen.close()


def _is_cut(label: QLabel) -> bool:
    wanted = label.sizeHint()
    may_shrink = label.minimumSizeHint().width() < wanted.width()
    too_low = label.height() < label.fontMetrics().height()
    return too_low or (not may_shrink and label.width() < wanted.width())
