"""Links as upright and level lines with an arrow head; those of the critical path carry the thread."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.queries.timeline import Bar, LinkRow
from ui.desktop.gantt.bars import line_pen, thread_under
from ui.desktop.gantt.kept import MOST_ROUTES, Route
from ui.desktop.gantt.scene import Scene

_STUB = 5.0
_MOST = 4000  # lines of links and their heads in one frame: above, a picture is a grey area


class End(NamedTuple):
    """Where a link leaves or meets a bar: its middle, its half height, and whether at its finish."""

    x: float
    y: float
    half: float
    at_finish: bool


def route(before: End, after: End) -> tuple[list[tuple[float, float]], str]:
    """The corners, and where the head points: "right", "left", "down" or "up"."""
    down = after.y > before.y
    out = before.x + (_STUB if before.at_finish else -_STUB)
    into = after.x + (_STUB + 3 if after.at_finish else -_STUB - 3)
    head = "left" if after.at_finish else "right"
    tip = (after.x, after.y)
    if before.at_finish and not after.at_finish:
        if after.x >= out + 5:
            return [(before.x, before.y), (out, before.y), (out, after.y), tip], head
        if after.x >= before.x - 3:  # right after it: straight down into it
            x = max(before.x, after.x) + 3
            top = after.y - after.half if down else after.y + after.half
            return [(before.x, before.y), (x, before.y), (x, top)], "down" if down else "up"
    elif before.at_finish == after.at_finish:
        x = max(out, into) if before.at_finish else min(out, into)
        return [(before.x, before.y), (x, before.y), (x, after.y), tip], head
    elif after.x <= out - 5:
        return [(before.x, before.y), (out, before.y), (out, after.y), tip], head
    between = after.y + (-after.half - 5 if down else after.half + 5)
    return [
        *((before.x, before.y), (out, before.y), (out, between)),
        *((into, between), (into, after.y), tip),
    ], head


def head_lines(tip: tuple[float, float], way: str, size: int = 5) -> list[QLineF]:
    """A filled triangle of lines one px apart: crisp, and drawn with all others in one call."""
    x, y = tip
    if way == "down":
        return [QLineF(x - n, y - n - 1, x + n, y - n - 1) for n in range(size)]
    if way == "up":
        return [QLineF(x - n, y + n + 1, x + n, y + n + 1) for n in range(size)]
    if way == "right":
        return [QLineF(x - n - 1, y - n, x - n - 1, y + n) for n in range(size - 1)]
    return [QLineF(x + n + 1, y - n, x + n + 1, y + n) for n in range(size - 1)]


def lines_of(corners: Sequence[tuple[float, float]]) -> list[QLineF]:
    return [
        QLineF(round(x1) + 0.5, round(y1) + 0.5, round(x2) + 0.5, round(y2) + 0.5)
        for (x1, y1), (x2, y2) in pairwise(corners)
    ]


def paint_links(painter: QPainter, scene: Scene) -> None:
    """The others first, then the thread over all of them."""
    plain: list[QLineF] = []
    down = scene.row_y(0)
    thread = [line.translated(0, -down) for line in thread_under(scene)]
    thread_heads: list[QLineF] = []
    for link in scene.data.links.through(scene.first_row(), scene.last_row()):
        route = _route_of(scene, link)
        if route is None:
            continue
        (thread if route.holds else plain).extend(route.lines)
        (thread_heads if route.holds else plain).extend(route.head)
        if len(plain) > _MOST:
            break
    soft = QPen(scene.theme.color("slack"), 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    strong = line_pen(scene.theme, "thread")
    painter.translate(0, down)
    painter.setPen(soft)
    painter.drawLines(plain)
    painter.setPen(strong)
    painter.drawLines(thread)
    strong.setWidth(1)
    painter.setPen(strong)
    painter.drawLines(thread_heads)
    painter.translate(0, -down)


def _route_of(scene: Scene, link: LinkRow) -> Route | None:
    """Kept: from one frame to the next most are the same."""
    routes = scene.kept.routes
    if link.id not in routes:
        if len(routes) >= MOST_ROUTES:
            routes.clear()
        routes[link.id] = _routed(scene, link)
    return routes[link.id]


def _routed(scene: Scene, link: LinkRow) -> Route | None:
    bars, places = scene.data.times.bars, scene.data.shown.places
    first, second = bars.get(link.before), bars.get(link.after)
    if first is None or second is None or not _in_view(scene, first, second):
        return None
    corners, way = route(
        _end(scene, places[link.before], first, at_finish=link.type[0] == "F"),
        _end(scene, places[link.after], second, at_finish=link.type[1] == "F"),
    )
    tip = (round(corners[-1][0]) + 0.5, round(corners[-1][1]) + 0.5)
    holds = first.is_critical and second.is_critical and _binds(first, second, link.type, link.lag)
    return Route(lines_of(corners), head_lines(tip, way), holds)


def _in_view(scene: Scene, first: Bar, second: Bar) -> bool:
    left = min(first.start_ms, second.start_ms)
    right = max(first.finish_ms, second.finish_ms)
    return scene.x(right) >= scene.left - 20 and scene.x(left) <= scene.width + 20


def _end(scene: Scene, place: int, bar: Bar, *, at_finish: bool) -> End:
    """As it stands where nothing is scrolled."""
    box = scene.bar_box(place, bar)
    middle = box.center().y() - scene.row_y(0)
    return End(box.right() if at_finish else box.left(), middle, box.height() / 2, at_finish)


def _binds(first: Bar, second: Bar, kind: str, lag: int) -> bool:
    """Whether this link is what holds the second one back."""
    begun = first.finish_ms if kind[0] == "F" else first.start_ms
    held = second.start_ms if kind[1] == "S" else second.finish_ms
    return abs(held - begun - lag * 60_000) < 60_000


def paint_new_link(painter: QPainter, scene: Scene) -> None:
    """A link on its way, while the mouse draws it."""
    preview = scene.preview
    if preview is None or preview.to is None:
        return
    place = scene.data.shown.places.get(preview.task)
    bar = scene.data.times.bars.get(preview.task)
    if place is None or bar is None:
        return
    box = scene.bar_box(place, bar)
    tone = "blocked" if preview.is_refused else "accent"
    painter.setPen(QPen(scene.theme.color(tone), 2, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(box.right(), box.center().y()), QPointF(*preview.to))
