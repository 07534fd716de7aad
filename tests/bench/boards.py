"""The first paint of ten thousand cards beside one widget a card, and a frame while scrolling; growth from 1k to 100k."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import Status
from tests.bench import gantts
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from ui.desktop.board.arranging import Board, Look
from ui.desktop.board.reading import joined
from ui.desktop.board.ruler import Ruler
from ui.desktop.board.surface import Surface
from ui.desktop.theme.theme import Theme

_SIZE = (1380, 760)
_FRAMES = 60
_MOST_WIDGETS = 10_000  # a widget a card takes minutes above
_STATES = (Status.TODO, Status.READY, Status.RUNNING, Status.BLOCKED, Status.CLAIMED, Status.DONE)
_RULER = Ruler({}, 7.0, 13.0)
_BY_STATE = Look()


def made(count: int, look: Look = _BY_STATE, ruler: Ruler = _RULER) -> Board:
    """A plan in memory, its tasks in every state; no section is longer than it is shown."""
    data = gantts.made(count)
    tasks = tuple(
        row._replace(
            status=_STATES[number % len(_STATES)],
            owner_id=(number % 9).to_bytes(2, "big"),
            stream=("data", "interfaces", "")[number % 3],
            reason="The certificate of the bank gateway has expired." if number % 6 == 3 else "",
            why_not=("A file is missing.",) if number % 6 == 4 else (),
            conflicts=frozenset(),
            requires=(),
            checks_total=number % 4,
            checks_passed=number % 3,
            note_count=0,
            file_count=number % 2,
        )
        for number, row in enumerate(data.listed.tasks)
    )
    return joined(data.listed._replace(tasks=tasks), data.times, (), look, ruler)


def surface(theme: Theme, board: Board) -> Surface:
    made_surface = Surface(theme)
    made_surface.resize(*_SIZE)
    made_surface.take(made_surface.measure().lay(board))
    return made_surface


def widgets(board: Board, count: int) -> QWidget:
    """One frame with two labels a card, in a column that scrolls for each state."""
    window = QWidget()
    window.resize(*_SIZE)
    row = QHBoxLayout(window)
    columns = []
    for _column in board.columns:
        area, inside = QScrollArea(), QWidget()
        columns.append(QVBoxLayout(inside))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        row.addWidget(area)
    for number, card in enumerate(board.cards[:count]):
        frame = QFrame()
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        lines = QVBoxLayout(frame)
        lines.addWidget(QLabel(card.task.number))
        title = QLabel(card.task.title)
        title.setWordWrap(True)
        lines.addWidget(title)
        columns[number % len(columns)].addWidget(frame)
    return window


def _build(make: Callable[[], QWidget]) -> float:
    """CPU milliseconds from data in memory to the first painted frame."""
    begun = time.process_time()
    widget = make()
    widget.show()
    QApplication.processEvents()
    widget.grab()
    spent = (time.process_time() - begun) * 1000
    widget.close()
    widget.deleteLater()
    QApplication.processEvents()
    return spent


def builds(ground: Ground, theme: Theme, boards: dict[int, Board]) -> list[Figure]:
    size = min(ground.size, _MOST_WIDGETS)
    least, most = min(boards), max(boards)
    acts: dict[str, Callable[[], QWidget]] = {
        "own": partial(surface, theme, boards[size]),
        "least": partial(surface, theme, boards[least]),
        "most": partial(surface, theme, boards[most]),
    }
    taken: dict[str, list[float]] = {name: [] for name in (*acts, "widgets")}
    _build(acts["least"])  # what the theme keeps is drawn once
    rounds = max(3, ground.rounds // 2)
    for number in range(rounds):
        for name, make in acts.items():
            taken[name].append(_build(make))
        if number < 3:
            taken["widgets"].append(_build(partial(widgets, boards[size], size)))
    samples = {name: Sample(values) for name, values in taken.items()}
    same = f"the same at {least:,}"
    return [
        Figure(
            *("board", "first paint", size, "ms", samples["own"], "one QFrame a card", samples["widgets"]),
            goal_ratio=1 / 50,
        ),
        Figure("board", "first paint", most, "ms", samples["most"], same, samples["least"]),
    ]


def frames(theme: Theme, boards: dict[int, Board]) -> list[Figure]:
    """One step of the wheel down, there and back again, in turns."""
    least, most = min(boards), max(boards)
    acts: dict[str, Any] = {
        "blank": gantts.Blank(),
        "least": surface(theme, boards[least]),
        "most": surface(theme, boards[most]),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for widget in acts.values():
        widget.resize(*_SIZE)
        widget.show()
    QApplication.processEvents()
    for number in range(2 * _FRAMES):
        for name, widget in acts.items():
            spent = _frame(widget, number)
            if number >= _FRAMES:
                taken[name].append(spent)
    samples = {name: Sample(values) for name, values in taken.items()}
    for widget in acts.values():
        widget.close()
        widget.deleteLater()
    same = f"the same at {least:,}"
    return [
        Figure("board", "frame", most, "ms", samples["most"], "blank fill", samples["blank"]),
        Figure("board", "frame", most, "ms", samples["most"], same, samples["least"], 1.2),
    ]


def _frame(widget: Any, number: int) -> float:
    target = widget
    if isinstance(widget, Surface):
        step = 3 * widget.verticalScrollBar().singleStep()
        widget.verticalScrollBar().setValue(step * (number % 40 if number % 80 < 40 else 80 - number % 80))
        target = widget.viewport()
    begun = time.process_time()
    target.repaint()
    return (time.process_time() - begun) * 1000


def boards(ground: Ground) -> list[Figure]:
    theme = gantts.theme_of_bench()
    ruler = surface(theme, made(10)).ruler
    sizes = {ground.sizes[0], ground.size, ground.sizes[-1]}
    found = {size: made(size, Look(everything=True), ruler) for size in sorted(sizes)}
    return [*builds(ground, theme, found), *frames(theme, found)]
