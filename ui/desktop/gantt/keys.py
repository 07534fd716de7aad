"""The keys of the chart: rows up and down, time left and right, and single letters."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.queries.checklist import StageRow

if TYPE_CHECKING:
    from ui.desktop.gantt.chart import Chart

ZOOM = 1.25


def pressed(chart: "Chart", event: QKeyEvent) -> bool:
    """Whether the key was one of the chart's."""
    keys = Qt.Key
    key, place, page = event.key(), chart.place(), chart.page()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    steps = {
        keys.Key_Up: place - 1,
        keys.Key_Down: place + 1,
        keys.Key_PageUp: place - page,
        keys.Key_PageDown: place + page,
        keys.Key_Home: 0,
        keys.Key_End: 1 << 30,
    }
    acts: dict[int, Callable[[], object]] = {
        keys.Key_F: chart.fit,
        keys.Key_N: chart.show_now,
        keys.Key_C: chart.walk_thread,
        keys.Key_L: lambda: chart.wished.emit("link"),
        keys.Key_Plus: lambda: chart.zoom(ZOOM),
        keys.Key_Equal: lambda: chart.zoom(ZOOM),
        keys.Key_Minus: lambda: chart.zoom(1 / ZOOM),
        keys.Key_Return: lambda: chart.wished.emit("open"),
        keys.Key_Enter: lambda: chart.wished.emit("open"),
        keys.Key_Space: lambda: chart.wished.emit("open"),
    }
    if key in (keys.Key_Left, keys.Key_Right):
        _aside(chart, 1 if key == keys.Key_Right else -1, event.modifiers())
    elif key == keys.Key_Escape:
        return chart.cancel()
    elif key in steps:
        chart.go_to_row(steps[keys(key)])
    elif key in acts:
        acts[key]()
    else:
        return False
    return True


def _aside(chart: "Chart", way: int, held: Qt.KeyboardModifier) -> None:
    """With Shift the task moves, on a stage it folds, else time does."""
    row = chart.current_row()
    if held & Qt.KeyboardModifier.ShiftModifier:
        chart.shift_wished.emit(way)
    elif isinstance(row, StageRow):
        if (way < 0) != (row.id in chart.folded):
            chart.folding.emit(row.id)
    else:
        bar = chart.horizontalScrollBar()
        bar.setValue(bar.value() + way * bar.singleStep())
