"""The checklist's model by Qt's own tester, and what folding, filtering and a change make of its rows."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.commands.tasks import set_task
from app.queries.checklist import StageRow, TaskRow
from tests.ui.desktop.screen import Plan
from ui.desktop.checklist.columns import PLAN_COLUMNS, RUN_COLUMNS, Shown
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.checklist.sheet import sheet
from ui.desktop.workspaces import OpenWorkspace


def a_model(workspace: OpenWorkspace, plan: Plan) -> ChecklistModel:
    model = ChecklistModel(PLAN_COLUMNS, Shown("en", "UTC"))
    model.take(workspace.read(sheet, plan.project, None, "en"))
    return model


def test_qt_finds_nothing_wrong_with_it(
    qtmodeltester: ModelTester, workspace: OpenWorkspace, plan: Plan
) -> None:
    check: Any = qtmodeltester.check
    check(a_model(workspace, plan))
    check(ChecklistModel(RUN_COLUMNS, Shown("zh", "UTC")))


def test_rows_are_stages_and_their_tasks(qtbot: QtBot, workspace: OpenWorkspace, plan: Plan) -> None:
    model = a_model(workspace, plan)
    kinds = [type(model.row_at(row)) for row in range(model.rowCount())]
    assert kinds == [StageRow, TaskRow, TaskRow, StageRow, TaskRow]


def test_one_changed_task_repaints_one_row(qtbot: QtBot, workspace: OpenWorkspace, plan: Plan) -> None:
    model = a_model(workspace, plan)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    workspace.run(set_task, plan.lock, {"stream": "data"})
    model.take(workspace.read(sheet, plan.project, None, "en"))
    assert changed == [(1, 1)]


def test_folding_hides_the_tasks_of_a_stage_and_filtering_finds_them_again(
    qtbot: QtBot, workspace: OpenWorkspace, plan: Plan
) -> None:
    model = a_model(workspace, plan)
    model.fold(plan.first)
    assert model.rowCount() == 3
    model.want(Wanted("export"))
    assert [row.title for n in range(model.rowCount()) if isinstance(row := model.row_at(n), TaskRow)] == [
        "Export balances"
    ]
    model.want(Wanted())
    model.fold(plan.first)
    assert model.rowCount() == 5


def test_only_what_one_may_type_into_is_editable(qtbot: QtBot, workspace: OpenWorkspace, plan: Plan) -> None:
    model = a_model(workspace, plan)
    model.set_draft(DraftRow(plan.first, plan.lock))
    editable = {
        (row, PLAN_COLUMNS[column].id)
        for row in range(3)
        for column in range(model.columnCount())
        if model.flags(model.index(row, column)) & Qt.ItemFlag.ItemIsEditable
    }
    fields = {"title", "owner", "minutes", "start", "due", "after", "stream", "rollback", "priority"}
    assert editable == {(0, "title"), (2, "title"), *((1, field) for field in fields)}


def test_a_screen_reader_hears_state_number_and_title(
    qtbot: QtBot, workspace: OpenWorkspace, plan: Plan
) -> None:
    model = a_model(workspace, plan)
    spoken = model.data(model.index(1, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "May start, 1.1, Lock users"
    assert "0 of 2 done" in model.data(model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole)
