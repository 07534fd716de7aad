"""Conflicts two laptops made apart: shown on the field, told with their effect, and chosen in place."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.commands.projects import set_project
from app.commands.tasks import set_link
from tests.torn import torn
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.checklist.conflict import ConflictCard
from ui.desktop.checklist.inspector import Inspector
from ui.desktop.components.labels import WrappedLabel
from ui.desktop.exceptions.view import ExceptionsView
from ui.desktop.workspaces import OpenWorkspace

WINDOW = {"window_start": "2026-03-06T22:00", "window_end": "2026-03-07T01:00", "t0": "2026-03-06T22:00"}


def cards(inspector: Inspector) -> list[ConflictCard]:
    return inspector.findChildren(ConflictCard)


def words(card: ConflictCard) -> list[str]:
    return [one.text() for one in card.findChildren(WrappedLabel)]


def test_both_values_are_told_with_author_reason_and_effect(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    screen.workspace.run(set_project, plan.project, WINDOW)
    apart = {plan.load: ({"minutes": 120}, {"minutes": 60})}
    torn(screen.workspace, tmp_path / "laptop", apart, reasons=("Rehearsal 2 took longer.", ""))
    screen.open(plan.project)
    view = screen.checklist()
    assert view.conflicts.isVisible()
    screen.press(Qt.Key.Key_X) if view.grid.currentIndex().column() == 1 else view.next_conflict()
    screen.settle()
    (card,) = cards(view.inspector)
    said = words(card)
    assert "2 h" in said
    assert "1 h" in said
    assert "“Rehearsal 2 took longer.”" in said
    assert any("laptop BO-L4" in one for one in said)
    effects = {one for one in said if one.startswith("Ends")}
    standing = screen.task(plan.load).minutes
    if standing == 120:
        assert effects == {"Ends Sat 00:00 · 1 h spare", "Ends Fri 23:00, 1 h earlier · 2 h spare"}
    else:
        assert effects == {"Ends Sat 00:00, 1 h later · 1 h spare", "Ends Fri 23:00 · 2 h spare"}


def test_the_cell_shows_the_conflict_and_a_hidden_one_stands_on_the_number(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    torn(screen.workspace, tmp_path / "a", {plan.load: ({"minutes": 120}, {"minutes": 60})})
    torn(screen.workspace, tmp_path / "b", {plan.lock: ({"stream": "data"}, {"stream": "roles"})})
    screen.open(plan.project)
    view = screen.checklist()
    columns = {column.id: column for column in view.model.columns}

    def marked(task: bytes) -> list[str]:
        row = screen.task(task)
        return [name for name, column in columns.items() if view.model.is_torn(row, column)]

    assert marked(plan.load) == ["minutes"]
    assert "number" in marked(plan.lock)
    view.grid.columns.show("stream", shown=True)
    view.grid.columns.show("rollback", shown=False)
    assert marked(plan.lock) == ["stream"]


def test_x_goes_from_one_to_the_next_and_a_number_keeps_a_value(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    apart = {plan.lock: ({"minutes": 20}, {"minutes": 35}), plan.load: ({"minutes": 120}, {"minutes": 60})}
    torn(screen.workspace, tmp_path / "laptop", apart)
    screen.open(plan.project)
    screen.go(plan.export, "title")
    QTest.keyClick(screen.focused(), Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    screen.settle()
    view = screen.checklist()
    assert view.chosen_task() == plan.load
    screen.type("x")
    screen.settle()
    assert view.chosen_task() == plan.lock
    (card,) = cards(view.inspector)
    wanted = card._conflict.values[0].value
    screen.type("1")
    screen.settle()
    assert (screen.task(plan.lock).minutes, screen.task(plan.lock).conflicts) == (wanted, frozenset())
    assert screen.task(plan.load).conflicts == {"minutes"}


def test_another_value_is_typed_in_the_cell_and_ends_the_conflict(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    torn(screen.workspace, tmp_path / "laptop", {plan.lock: ({"minutes": 20}, {"minutes": 35})})
    screen.open(plan.project)
    screen.checklist().next_conflict()
    screen.settle()
    screen.type("3")
    screen.type("50")
    screen.press(Qt.Key.Key_Return)
    assert (screen.task(plan.lock).minutes, screen.task(plan.lock).conflicts) == (50, frozenset())


def test_the_authors_can_be_asked_without_touching_the_record(
    screen: Screen, plan: Plan, tmp_path: Path
) -> None:
    torn(screen.workspace, tmp_path / "laptop", {plan.lock: ({"minutes": 20}, {"minutes": 35})})
    screen.open(plan.project)
    before = screen.workspace.rev
    screen.checklist().next_conflict()
    screen.settle()
    screen.type("a")
    text = QGuiApplication.clipboard().text()
    assert "1.1 Lock users: which Duration is right" in text
    assert "20 min" in text
    assert "35 min" in text
    assert screen.workspace.rev == before
    assert screen.task(plan.lock).conflicts == {"minutes"}


def torn_link(workspace: OpenWorkspace, plan: Plan) -> None:
    """Two lags written without knowing of each other."""
    link = workspace.read(lambda reader: reader.value("SELECT id FROM link WHERE after = ?", (plan.export,)))
    seen = workspace.rev
    workspace.run(set_link, link, {"lag": 40}, seen=seen)
    workspace.run(set_link, link, {"lag": -20}, seen=seen)


def test_a_link_is_torn_in_the_column_of_what_comes_before_and_chosen_there(
    screen: Screen, plan: Plan
) -> None:
    torn_link(screen.workspace, plan)
    screen.open(plan.project)
    view = screen.checklist()
    after = next(one for one in view.model.columns if one.id == "after")
    assert view.model.is_torn(screen.task(plan.export), after)
    view.next_conflict()
    screen.settle()
    (card,) = cards(view.inspector)
    said = words(card)
    assert "Lag after “Lock users”: 2 values" in said
    assert {"+40 min", "−20 min"} <= set(said)
    wanted = card._conflict.values[0].value
    screen.type("1")
    screen.settle()
    assert screen.task(plan.export).conflicts == frozenset()
    assert screen.task(plan.export).after == f"1.1{wanted:+d}"


def test_a_torn_link_is_chosen_among_the_exceptions_too(screen: Screen, plan: Plan) -> None:
    torn_link(screen.workspace, plan)
    screen.open(plan.project, "prove")
    view = screen.face("exceptions")
    assert isinstance(view, ExceptionsView)
    assert [(one.row.title, one.number) for one in view.found] == [("Export balances", "1.2")]
    screen.press(Qt.Key.Key_2, on=view.table)
    assert view.found == []
    assert screen.task(plan.export).conflicts == frozenset()
