"""A board over the small plan, and the gestures its tests make with it."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.process.lateness import NO_CLOCK
from tests.ui.desktop.screen import Screen
from ui.desktop.board.arranging import HEAD, MORE, Board, Look
from ui.desktop.board.layout import Layout, Sizes
from ui.desktop.board.reading import Measure, board
from ui.desktop.board.ruler import Ruler
from ui.desktop.board.surface import Surface
from ui.desktop.board.view import BoardView

RULER = Ruler({}, 7.0, 13.0)
MEASURE = Measure(RULER, Sizes.at(1.0), 1380)


def open_board(screen: Screen, project: bytes) -> BoardView:
    screen.open(project)
    view = screen.face("board")
    assert isinstance(view, BoardView)
    screen.settle()
    return view


def read(screen: Screen, look: Look, now_ms: int = NO_CLOCK) -> Board:
    project = screen.desk.project_id
    assert project is not None
    run = screen.desk.run_id
    found: Layout = screen.workspace.read(board, project, run, "en", now_ms, look, MEASURE)
    return found.board


def divide(screen: Screen, view: BoardView, columns: str = "state", lanes: str = "") -> None:
    view.divide(columns=columns, lanes=lanes)
    screen.settle()


def of(view: BoardView) -> Board:
    assert view.surface.board is not None
    return view.surface.board


def cells(found: Board) -> dict[str, list[str]]:
    """Column -> what stands in it, from top to bottom, over all lanes; headings in brackets."""
    listed: dict[str, list[str]] = {column.slot.title: [] for column in found.columns}
    for lane in found.lanes:
        for column, cell in zip(found.columns, lane.cells, strict=True):
            for item in cell:
                text = f"[{item.text}]" if item.kind in (HEAD, MORE) else ""
                listed[column.slot.title].append(text or (item.card.task.number if item.card else ""))
    return listed


def column_of(view: BoardView, title: str) -> int:
    return next(n for n, one in enumerate(of(view).columns) if one.slot.title == title)


def middle_of(surface: Surface, task: bytes) -> QPoint:
    assert surface.layout_ is not None
    place = of_surface(surface).places[task]
    box = surface.layout_.box(place, surface.verticalScrollBar().value(), surface.viewport().height())
    corner = surface.corner(box)
    return (corner + QPointF(box.width / 2, 12)).toPoint()


def of_surface(surface: Surface) -> Board:
    assert surface.board is not None
    return surface.board


def column_point(view: BoardView, title: str, y: int = 300) -> QPoint:
    layout = view.surface.layout_
    assert layout is not None
    number = column_of(view, title)
    x = layout.xs[number] + layout.widths[number] // 2 - view.surface.horizontalScrollBar().value()
    return QPoint(x, y)


def drag(screen: Screen, view: BoardView, task: bytes, to: QPoint, *, drop: bool = True) -> None:
    left, none, port = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, view.surface.viewport()
    start = middle_of(view.surface, task)
    QTest.mousePress(port, left, none, start)
    QTest.mouseMove(port, (start + to) / 2)
    QTest.mouseMove(port, to)
    if drop:
        QTest.mouseRelease(port, left, none, to)
        screen.settle()


def press(screen: Screen, view: BoardView, key: Qt.Key, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(view.surface, key, held)
    screen.settle()


def answer(screen: Screen, text: str) -> None:
    """Types into the question asked in place."""
    assert screen.window.question.isVisible()
    screen.type(text)
    screen.press(Qt.Key.Key_Return)
