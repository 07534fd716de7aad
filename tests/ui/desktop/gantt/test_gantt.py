"""The Gantt by its mouse and keys, judged by the workspace."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.projects import create_project, set_project
from app.queries.checklist import StageRow
from app.queries.timeline import timeline
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.gantt.chart import Chart
from ui.desktop.gantt.painting import paint_words
from ui.desktop.gantt.view import GanttView

WINDOW = {"window_start": "2030-03-08T18:00", "window_end": "2030-03-10T18:00", "zone": "Europe/Berlin"}


@pytest.fixture
def view(screen: Screen, plan: Plan) -> GanttView:
    screen.workspace.run(set_project, plan.project, WINDOW)
    screen.open(plan.project)
    found = screen.face("gantt")
    assert isinstance(found, GanttView)
    screen.settle()
    return found


def bar_point(chart: Chart, task: bytes, where: str) -> QPoint:
    scene = chart.scene()
    assert scene is not None
    bar = scene.data.times.bars[task]
    box = scene.bar_box(scene.data.shown.places[task], bar)
    x = {"middle": box.center().x(), "right": box.right(), "handle": box.right() + 9}[where]
    return QPoint(round(x), round(box.center().y()))


def drag(screen: Screen, chart: Chart, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
    left, port = Qt.MouseButton.LeftButton, chart.viewport()
    QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(port, (start + end) / 2)
    QTest.mouseMove(port, end)
    if drop:
        QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, end)
        screen.settle()


def test_what_a_change_would_do_is_prepared_before_anybody_asks(screen: Screen, view: GanttView) -> None:
    """In a worker: the first drag on a large plan would wait for it else."""
    data = view.chart.data
    assert data is not None
    assert "_known" in vars(data.forecast)


def test_a_plan_without_tasks_shows_neither_tape_nor_legend(screen: Screen, view: GanttView) -> None:
    """Nothing to move over, nothing to explain: only what to do first."""
    assert view.strip.isVisible()
    assert view.legend.isVisible()
    screen.open(screen.workspace.run(create_project, "Empty", t0="2030-03-08T18:00").result)
    empty = screen.face("gantt")
    assert isinstance(empty, GanttView)
    screen.settle()
    assert empty.empty.isVisible()
    assert not empty.strip.isVisible()
    assert not empty.legend.isVisible()


def test_a_line_of_a_link_passes_behind_the_words_beside_a_bar(view: GanttView) -> None:
    """A word on a field full of lines is painted as on an empty one; where no word is, the lines stay."""
    scene = view.chart.scene()
    assert scene is not None
    box = QRectF(scene.left + 40, scene.row_y(1), 300, scene.row_height - 1)
    black = QColor("black")

    def field(*, lined: bool) -> QImage:
        target = QImage(scene.width, scene.height, QImage.Format.Format_ARGB32_Premultiplied)
        target.fill(scene.theme.color("canvas"))
        painter = QPainter(target)
        painter.setPen(black)
        for x in range(scene.left, scene.width, 3) if lined else ():
            painter.drawLine(x, 0, x, scene.height)
        paint_words(painter, scene, [(box, "Ada Brandt", "text2")])
        painter.end()
        return target

    crossed, empty = field(lined=True), field(lined=False)
    word = QRectF(box.left(), box.top(), 30, box.height()).toAlignedRect()
    assert crossed.copy(word) == empty.copy(word)
    assert crossed.copy(word.translated(0, 200)) != empty.copy(word.translated(0, 200))


def start_of(screen: Screen, plan: Plan, task: bytes) -> int:
    return screen.workspace.read(timeline, plan.project).bars[task].start_ms


def test_rows_are_stages_with_their_tasks_and_a_stage_folds(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    assert chart.data is not None
    assert [isinstance(row, StageRow) for row in chart.data.shown.rows] == [True, False, False, True, False]
    chart.setFocus()
    chart.go_to_row(0)
    screen.press(Qt.Key.Key_Left, on=chart)
    assert len(chart.data.shown.rows) == 3
    screen.press(Qt.Key.Key_Right, on=chart)
    assert len(chart.data.shown.rows) == 5


def test_arrows_move_the_one_selection_and_the_row_is_spoken(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    view.chart.setFocus()
    view.chart.go_to_row(0)
    screen.press(Qt.Key.Key_Down, on=view.chart)
    assert screen.desk.task_id == plan.lock
    assert view.chart.accessibleName().startswith("May start, 1.1, Lock users")
    screen.desk.choose_task(plan.load, None)
    assert view.chosen_task() == plan.load


def test_dragging_a_bar_moves_the_task_and_what_waits_for_it_and_undo_brings_it_back(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    before = start_of(screen, plan, plan.export)
    grip = bar_point(chart, plan.lock, "middle")
    drag(screen, chart, grip, grip + QPoint(round(2 * chart.scale.px_per_hour), 0))
    moved = start_of(screen, plan, plan.export) - before
    assert 90 * 60_000 < moved < 150 * 60_000
    assert screen.task(plan.lock).start is not None
    screen.workspace.undo()
    screen.settle()
    assert start_of(screen, plan, plan.export) == before


def test_a_drag_shows_the_new_times_and_the_new_end_and_escape_leaves_all_as_it_was(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    grip = bar_point(chart, plan.load, "middle")
    drag(screen, chart, grip, grip + QPoint(round(3 * chart.scale.px_per_hour), 0), drop=False)
    assert "ends" in getattr(chart.preview, "text", "")
    screen.press(Qt.Key.Key_Escape, on=chart)
    assert chart.preview is None
    QTest.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, grip)
    screen.settle()
    assert screen.task(plan.load).start is None


def test_dragging_the_right_edge_changes_the_minutes(screen: Screen, plan: Plan, view: GanttView) -> None:
    edge = bar_point(view.chart, plan.load, "right")
    drag(screen, view.chart, edge, edge + QPoint(round(view.chart.scale.px_per_hour), 0))
    minutes = screen.task(plan.load).minutes
    assert minutes is not None
    assert 130 <= minutes <= 170


def test_dragging_from_the_handle_links_and_a_circle_is_refused_in_words(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    drag(screen, chart, bar_point(chart, plan.export, "handle"), bar_point(chart, plan.load, "middle"))
    assert screen.task(plan.load).after == "1.2"
    drag(screen, chart, bar_point(chart, plan.load, "handle"), bar_point(chart, plan.lock, "middle"))
    assert "wait for each other" in screen.message()
    assert screen.task(plan.lock).after == ""


def test_the_link_key_takes_the_selected_task_then_the_next(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    chart.setFocus()
    chart.go_to(plan.export)
    screen.press(Qt.Key.Key_L, on=chart)
    chart.go_to(plan.load)
    screen.press(Qt.Key.Key_L, on=chart)
    assert screen.task(plan.load).after == "1.2"


def test_shift_and_arrow_move_a_task_by_the_grid_but_not_before_what_it_waits_for(
    screen: Screen, plan: Plan, view: GanttView
) -> None:
    chart = view.chart
    before = start_of(screen, plan, plan.load)
    chart.setFocus()
    chart.go_to(plan.load)
    scene = chart.scene()
    assert scene is not None
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    screen.settle()
    assert start_of(screen, plan, plan.load) - before == scene.ticks().step_ms
    chart.go_to(plan.export)
    QTest.keyClick(chart, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    screen.settle()
    assert "cannot begin before" in screen.message()


def test_zoom_fit_now_and_the_critical_path_by_key(screen: Screen, plan: Plan, view: GanttView) -> None:
    chart = view.chart
    chart.setFocus()
    wide = chart.scale.px_per_hour
    screen.press(Qt.Key.Key_Plus, on=chart)
    assert chart.scale.px_per_hour > wide
    at = QPointF(900, 300)
    wheel = QWheelEvent(
        *(at, chart.viewport().mapToGlobal(at), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton),
        *(Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(chart.viewport(), wheel)
    assert chart.scale.px_per_hour < wide
    screen.press(Qt.Key.Key_F, on=chart)
    assert chart.scale.px_per_hour == wide
    screen.press(Qt.Key.Key_C, on=chart)
    assert view.chosen_task() == plan.load
    screen.press(Qt.Key.Key_N, on=chart)
    first, last = chart.span()
    assert chart.data is not None
    assert first < chart.data.times.now_ms < last


def test_the_filter_leaves_tasks_that_hold_the_words(screen: Screen, plan: Plan, view: GanttView) -> None:
    view.filter.setText("balances")
    screen.settle()
    QTest.qWait(200)
    screen.settle()
    assert view.chart.data is not None
    assert set(view.chart.data.shown.places) == {plan.export, plan.load}


def test_pages_and_a_picture_are_written(screen: Screen, plan: Plan, view: GanttView, tmp_path: Path) -> None:
    view.export(tmp_path / "plan.pdf")
    screen.qtbot.waitUntil((tmp_path / "plan.pdf").exists)
    raw = (tmp_path / "plan.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"/Font" in raw
    view.export(tmp_path / "plan.png")
    screen.qtbot.waitUntil((tmp_path / "plan.png").exists)
    assert QImage(str(tmp_path / "plan.png")).width() >= view.chart.viewport().width()
