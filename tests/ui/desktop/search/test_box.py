"""The search box: everything is in it, in both languages; Enter does the first; what was used last comes first."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.i18n import set_language
from tests.ui.desktop.people import with_owner
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.application import Desktop
from ui.desktop.frame.offers import offers
from ui.desktop.preferences import Preferences, load_preferences
from ui.desktop.search.box import SearchBox
from ui.desktop.search.hits import Hit
from ui.desktop.search.painting import HIT
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace


def opened(screen: Screen) -> SearchBox:
    screen.press(Qt.Key.Key_K, ctrl=True, on=screen.window)
    box = screen.window.findChild(SearchBox)
    assert isinstance(box, SearchBox)
    return box


def shown(box: SearchBox) -> list[Hit]:
    return [box.list.item(row).data(HIT) for row in range(box.list.count())]


def test_every_action_of_every_screen_is_found_in_both_languages(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    for spec in VIEWS:
        window.go_to(spec.id)
        screen.settle()
        box = opened(screen)
        for one in offers(window):
            box.field.setText(one.text.rstrip("…"))
            found = next(hit for hit in shown(box) if hit.name == one.text)
            assert found.keys == one.key
        box.close()


def test_chinese_finds_an_action_on_an_english_screen(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    box = opened(screen)
    for typed in ("撤销", "chexiao", "cx"):
        box.field.setText(typed)
        assert shown(box)[0].text == "Undo"
        assert shown(box)[0].other == "撤销"


def test_english_finds_an_action_on_a_chinese_screen(
    qtbot: object, workspace: OpenWorkspace, plan: Plan
) -> None:
    set_language("zh")
    screen = Screen(qtbot, workspace, language="zh")  # type: ignore[arg-type]  # pytest-qt's own
    try:
        screen.open(plan.project)
        box = opened(screen)
        box.field.setText("redo")
        assert (shown(box)[0].text, shown(box)[0].other) == ("重做", "Redo")
    finally:
        screen.close()


def test_the_chosen_step_is_started_by_name(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.settle()
    box = opened(screen)
    box.field.setText("start 1.1")
    assert shown(box)[0].keys == "S"
    screen.press(Qt.Key.Key_Return, on=box.field)
    assert screen.status(plan.lock).value == "running"


def test_a_number_goes_to_its_task(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project, "settings")
    box = opened(screen)
    screen.type("2.1", on=box.field)
    screen.press(Qt.Key.Key_Return, on=box.field)
    assert window.place() == "plan"
    assert window.current_view().chosen_task() == plan.load


def test_a_person_leads_to_their_tasks(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    with_owner(workspace)
    screen.open(plan.project)
    box = opened(screen)
    box.field.setText("ada")
    assert shown(box)[0].kind == "person"
    box._do()
    screen.settle()
    assert screen.checklist().filter.text() == "Ada Owner"


def test_a_gate_and_a_moment_are_brought_to_the_eye(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    box = opened(screen)
    box.field.setText("frozen")
    assert shown(box)[0].target == plan.gate
    box._do()
    screen.settle()
    assert window.standing() == "prove/gates"
    box = opened(screen)
    box.field.setText("balances")
    moment = next(hit for hit in shown(box) if hit.kind == "moment")
    box.list.setCurrentRow(shown(box).index(moment))
    box._do()
    screen.settle()
    assert window.standing() == "prove/log"
    log = window.current_view().face()
    assert log.chosen().action == moment.target  # type: ignore[attr-defined]  # the audit log


def test_nothing_found_says_what_to_try(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    box = opened(screen)
    box.field.setText("qqqq")
    assert box.list.count() == 0
    assert "qqqq" in box.field.accessibleDescription()
    screen.press(Qt.Key.Key_Return, on=box.field)
    assert not screen.message()


def test_escape_gives_the_keyboard_back(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    box = opened(screen)
    screen.press(Qt.Key.Key_Escape, on=box.field)
    assert screen.focused() is screen.checklist().grid


def test_what_was_used_last_comes_first(screen: Screen, plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "desktop.json"
    screen.desk.preferences = Preferences(language="en", theme="light", file=file)
    screen.open(plan.project)
    for typed in ("next conflict", "details"):
        box = opened(screen)
        box.field.setText(typed)
        box._do()
        screen.settle()
    box = opened(screen)
    assert [hit.text for hit in shown(box)[:2]] == ["Details", "Next conflict"]
    assert shown(box)[0].kind == "recent"
    assert load_preferences(file).commands == ("Details", "Next conflict")


@pytest.mark.usefixtures("desktop_with_two")
def test_another_workspace_is_one_of_the_things_found(desktop_with_two: Desktop) -> None:
    window = desktop_with_two.window
    assert window is not None
    window.search()
    box = window.findChild(SearchBox)
    assert isinstance(box, SearchBox)
    box.field.setText("my work")
    assert shown(box)[0].kind == "workspace"


def test_what_is_chosen_with_the_mouse_is_done_after_the_click(screen: Screen, plan: Plan) -> None:
    """It may open a dialog, in whose loop the box goes for good: a click on it must have ended before."""
    clicked: list[bool] = []
    seen: list[bool] = []
    screen.open(plan.project)
    box = opened(screen)
    box.field.setText("undo")
    item = box.list.item(0)
    item.setData(HIT, shown(box)[0]._replace(act=lambda: seen.append(bool(clicked))))
    box.list.itemClicked.connect(lambda _item: clicked.append(True))
    where = box.list.visualItemRect(item).center()
    QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    screen.qtbot.waitUntil(lambda: bool(seen))
    assert seen == [True]
