"""What a Gantt keeps between frames never shows: each frame is the one that would be painted anew."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage, QPainter

from tests.bench.gantts import made
from tests.ui.desktop.screen import Screen
from ui.desktop.gantt.chart import Chart
from ui.desktop.gantt.kept import MOST_ROUTES, Kept
from ui.desktop.gantt.layout import HOUR_MS
from ui.desktop.gantt.painting import paint
from ui.desktop.gantt.scene import Scene

_SHADE = 2
STEPS: dict[str, Callable[[Chart], None]] = {
    "down": lambda chart: chart.verticalScrollBar().setValue(130),
    "far down": lambda chart: chart.verticalScrollBar().setValue(1_013),
    "aside": lambda chart: chart.horizontalScrollBar().setValue(chart.horizontalScrollBar().value() + 77),
    "in": lambda chart: chart.zoom(1.25),
    "out": lambda chart: chart.zoom(0.25),
    "wider": lambda chart: chart.resize(1_100, 500),
    "higher": lambda chart: chart.resize(1_100, 700),
    "another plan": lambda chart: chart.take(made(90)),
    "chosen": lambda chart: chart.go_to_row(12),
    "up": lambda chart: chart.verticalScrollBar().setValue(0),
}


def picture(scene: Scene) -> QImage:
    image = QImage(scene.width, scene.height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint(painter, scene)
    painter.end()
    return image


def frames(chart: Chart) -> tuple[QImage, QImage]:
    """As the chart paints it, and as a chart would that keeps nothing."""
    kept, fresh = chart.scene(), chart.scene()
    assert kept is not None
    assert fresh is not None
    fresh.kept = Kept()
    return picture(kept), picture(fresh)


def difference(one: QImage, other: QImage) -> int:
    """Of the most different bytes. Letters that are written for the first time differ by a shade from those kept."""
    if one == other:
        return 0
    return max(abs(a - b) for a, b in zip(bytes(one.constBits()), bytes(other.constBits()), strict=True))


@pytest.fixture
def chart(screen: Screen) -> Chart:
    found = Chart(screen.desk.theme)
    screen.qtbot.addWidget(found)
    found.resize(1_000, 500)
    found.take(made(120))
    first, _last = found.span()
    found.show_span(first, first + 36 * HOUR_MS)
    return found


def test_every_frame_is_as_painted_anew(chart: Chart) -> None:
    frames(chart)
    for name, step in STEPS.items():
        step(chart)
        kept, fresh = frames(chart)
        assert difference(kept, fresh) <= _SHADE, name
        assert difference(frames(chart)[0], fresh) <= _SHADE, name


def test_a_step_down_routes_only_links_that_come_into_view(chart: Chart) -> None:
    frames(chart)
    scene = chart.scene()
    assert scene is not None
    before = dict(scene.kept.routes)
    chart.verticalScrollBar().setValue(40)
    frames(chart)

    assert before
    assert all(scene.kept.routes[link] is route for link, route in before.items())


def test_another_plan_is_not_painted_with_what_was_kept_of_the_first(
    chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above has teeth: a chart that never forgets is found out."""
    frames(chart)
    monkeypatch.setattr(Kept, "_begin", lambda _self: None)
    chart.zoom(0.5)
    scene = chart.scene()
    assert scene is not None
    stale = picture(scene)
    monkeypatch.undo()
    assert difference(stale, frames(chart)[1]) > _SHADE


def test_routes_do_not_pile_up_while_one_scrolls_through_a_large_plan(screen: Screen) -> None:
    large = Chart(screen.desk.theme)
    screen.qtbot.addWidget(large)
    large.resize(1_000, 900)
    large.take(made(4_000))
    bar, most = large.verticalScrollBar(), 0
    for value in range(0, bar.maximum(), 800):
        bar.setValue(value)
        scene = large.scene()
        assert scene is not None
        picture(scene)
        most = max(most, len(scene.kept.routes))
    assert 500 < most <= MOST_ROUTES
