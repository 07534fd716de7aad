"""One picture of a Gantt, on a widget, a pixmap or a page: ground, axis, links, bars, thread, now, and the grid left of it."""

from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion

from app.i18n import _
from app.queries.checklist import StageRow
from ui.desktop.gantt.bars import Word, paint_bars
from ui.desktop.gantt.grid import paint_grid, paint_grid_head
from ui.desktop.gantt.links import paint_links, paint_new_link
from ui.desktop.gantt.scene import Scene
from ui.desktop.moments import local


def paint(painter: QPainter, scene: Scene) -> None:
    theme = scene.theme
    scene.fit()
    painter.fillRect(0, 0, scene.width, scene.height, theme.color("canvas"))
    body = QRectF(scene.left, scene.head, scene.width - scene.left, scene.height - scene.head)
    painter.save()
    painter.setClipRect(body)
    _paint_rows(painter, scene)
    _paint_under(painter, scene)
    words = paint_bars(painter, scene)
    paint_links(painter, scene)
    paint_words(painter, scene, words)
    _paint_now(painter, scene)
    _paint_preview(painter, scene)
    painter.restore()
    painter.save()
    painter.setClipRect(QRectF(0, scene.head, scene.left, scene.height - scene.head))
    _paint_rows(painter, scene, left=True)
    paint_grid(painter, scene)
    painter.restore()
    _paint_head(painter, scene)
    _paint_edges(painter, scene)


def _paint_under(painter: QPainter, scene: Scene) -> None:
    _paint_ground(painter, scene)
    _paint_chosen(painter, scene, scene.left, scene.width)
    _paint_marks(painter, scene)


def paint_words(painter: QPainter, scene: Scene, words: list[Word]) -> None:
    """Over the links, on the ground as it is under them: a line passes behind a word.

    To clip the many lines of the links to what is left beside the words would cost far more.
    """
    wide, places = scene.theme.metrics("meta").horizontalAdvance, QRegion()
    for box, text, _tone in words:
        room = QRectF(box.left() - 2, box.top(), min(box.width(), wide(text)) + 4, box.height())
        places = places.united(room.toAlignedRect())
    painter.save()
    painter.setClipRegion(places, Qt.ClipOperation.IntersectClip)
    painter.fillRect(0, 0, scene.width, scene.height, scene.theme.color("canvas"))
    _paint_under(painter, scene)
    painter.restore()
    for box, text, tone in words:
        scene.text(painter, box, text, "meta", scene.theme.color(tone))


def _paint_ground(painter: QPainter, scene: Scene) -> None:
    """Outside the window darker, after the point of no return tinted, lines of the axis over both."""
    color, times = scene.theme.color, scene.data.times
    high = scene.height - scene.head
    if times.window_start_ms is not None:
        x = scene.x(times.window_start_ms)
        if x > scene.left:
            painter.fillRect(QRectF(scene.left, scene.head, x - scene.left, high), color("outside"))
    last = scene.x(times.window_end_ms) if times.window_end_ms is not None else float(scene.width)
    if last < scene.width:
        painter.fillRect(
            QRectF(max(last, scene.left), scene.head, scene.width - last, high), color("outside")
        )
    if times.no_return_ms is not None:
        x = max(scene.left, scene.x(times.no_return_ms))
        if x < min(last, scene.width):
            painter.fillRect(QRectF(x, scene.head, min(last, scene.width) - x, high), color("pnr_soft"))


def _paint_rows(painter: QPainter, scene: Scene, *, left: bool = False) -> None:
    """Stages and the chosen row stand on a ground of their own; lines between rows only in the grid."""
    color, high = scene.theme.color, scene.row_height
    x, wide = (0, scene.left) if left else (scene.left, scene.width - scene.left)
    for place, row in scene.rows():
        if isinstance(row, StageRow):
            painter.fillRect(x, scene.row_y(place), wide, high, color("panel"))
    if left:
        edges = [scene.row_y(place) + high - 0.5 for place, _row in scene.rows()]
        painter.setPen(QPen(color("hair"), 1))
        painter.drawLines([QLineF(x, y, x + wide, y) for y in edges])
        _paint_chosen(painter, scene, 0, scene.left)


def _paint_chosen(painter: QPainter, scene: Scene, left: int, right: int) -> None:
    """Over the tints, so that the row is one from end to end."""
    if scene.selected is not None:
        tone = scene.theme.color("selected" if scene.focused else "selected_idle")
        painter.fillRect(left, scene.row_y(scene.selected), right - left, scene.row_height, tone)


def _upright(scene: Scene, moments: list[int]) -> list[QLineF]:
    found = []
    for moment in moments:
        x = round(scene.x(moment)) + 0.5
        if scene.left <= x <= scene.width:
            found.append(QLineF(x, scene.head, x, scene.height))
    return found


def _paint_marks(painter: QPainter, scene: Scene) -> None:
    if not scene.kept.marks:
        scene.kept.marks = _marks(scene)
    for pen, lines in scene.kept.marks:
        painter.setPen(pen)
        painter.drawLines(lines)


def _marks(scene: Scene) -> list[tuple[QPen, list[QLineF]]]:
    color, times, ticks = scene.theme.color, scene.data.times, scene.ticks()
    weak = [tick.ms for tick in ticks.lower if not tick.is_strong]
    strong = [tick.ms for tick in ticks.lower if tick.is_strong] + [tick.ms for tick in ticks.upper]
    found = [
        (QPen(color("hair"), 1), _upright(scene, weak)),
        (QPen(color("soft"), 1), _upright(scene, strong)),
    ]
    for moments, tone, width in (
        ((times.window_start_ms, times.window_end_ms), "window_edge", 1.5),
        ((times.t0_ms,), "text2", 1.5),
        ((times.no_return_ms,), "pnr", 2.0),
    ):
        lines = _upright(scene, [one for one in moments if one is not None])
        if lines:
            found.append((QPen(color(tone), width), lines))
    return found


def _paint_now(painter: QPainter, scene: Scene) -> None:
    lines = _upright(scene, [scene.data.times.now_ms])
    if lines:
        painter.setPen(QPen(scene.theme.color("now"), 2))
        painter.drawLines(lines)


def _paint_preview(painter: QPainter, scene: Scene) -> None:
    paint_new_link(painter, scene)
    preview = scene.preview
    if preview is None:
        return
    place = scene.data.shown.places.get(preview.task)
    if place is None:
        return
    right = 0.0
    if preview.to is None:
        left, right = scene.x(preview.start_ms), scene.x(preview.finish_ms)
        box = QRectF(
            left, scene.middle(place) - scene.theme.px(8), max(5.0, right - left), scene.theme.px(14)
        )
        painter.setPen(QPen(scene.theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
    else:
        right = preview.to[0]
    if preview.text:
        tone = scene.theme.color("blocked" if preview.is_refused else "accent")
        y = scene.row_y(place) if preview.to is None else preview.to[1] - scene.row_height / 2
        wide = scene.theme.metrics("strong").horizontalAdvance(preview.text) + 12
        x = min(right + scene.theme.px(10), scene.width - wide - 4)
        painter.fillRect(QRectF(x, y + 1, wide, scene.row_height - 2), scene.theme.color("raised"))
        painter.setPen(QPen(tone, 1))
        painter.drawRect(QRectF(x + 0.5, y + 1.5, wide - 1, scene.row_height - 3))
        scene.text(painter, QRectF(x + 6, y, wide, scene.row_height), preview.text, "strong", tone)


# The head: two levels of time, the flags of now, point of no return and T-0.


def _paint_head(painter: QPainter, scene: Scene) -> None:
    """Pages are painted once, and letters on them stay letters; on a screen the head is the same frame after frame."""
    if scene.is_vector:
        _draw_head(painter, scene)
    else:
        head = scene.kept.picture("head", scene.width, scene.head, partial(_draw_head, scene=scene))
        painter.drawPixmap(0, 0, head)


def _draw_head(painter: QPainter, scene: Scene) -> None:
    theme = scene.theme
    painter.fillRect(0, 0, scene.width, scene.head, theme.color("panel"))
    paint_grid_head(painter, scene)
    painter.save()
    painter.setClipRect(QRectF(scene.left, 0, scene.width - scene.left, scene.head))
    half = scene.head / 2
    taken = _paint_flags(painter, scene, QRectF(0, half, 0, half))
    _paint_lower(painter, scene, QRectF(0, half, 0, half), taken)
    _paint_upper(painter, scene, QRectF(0, 0, 0, half))
    painter.restore()


def _paint_edges(painter: QPainter, scene: Scene) -> None:
    """Below the head, and between grid and chart."""
    painter.setPen(QPen(scene.theme.color("soft"), 1))
    y, x = scene.head - 0.5, scene.left - 0.5
    painter.drawLines([QLineF(0, y, scene.width, y), QLineF(x, 0, x, scene.height)])


def _paint_upper(painter: QPainter, scene: Scene, band: QRectF) -> None:
    ticks = scene.ticks().upper
    role = "strong" if scene.theme.language == "en" else "meta"
    metrics = scene.theme.metrics(role)
    zone = scene.data.times.zone
    room = float(scene.width) - metrics.horizontalAdvance(zone) - 16
    for number, tick in enumerate(ticks):
        x = max(scene.x(tick.ms), scene.left) + scene.theme.px(6)
        end = scene.x(ticks[number + 1].ms) if number + 1 < len(ticks) else float(scene.width)
        wide = min(end - 4, room) - x
        if wide > metrics.horizontalAdvance(tick.text) * 0.4:
            box = QRectF(x, band.top(), wide, band.height())
            scene.text(painter, box, tick.text, role, scene.theme.color("text1"))
    box = QRectF(room, band.top(), scene.width - room - 8, band.height())
    scene.text(painter, box, zone, "meta", scene.theme.color("text3"), right=True)


def _paint_lower(painter: QPainter, scene: Scene, band: QRectF, taken: list[tuple[float, float]]) -> None:
    role, color = "meta", scene.theme.color("text3")
    metrics = scene.theme.metrics(role)
    for tick in scene.ticks().lower:
        wide = metrics.horizontalAdvance(tick.text)
        x = scene.x(tick.ms) - wide / 2
        if x < scene.left + 2 or any(x < right and x + wide > left for left, right in taken):
            continue
        scene.text(painter, QRectF(x, band.top(), wide + 2, band.height()), tick.text, role, color)


def _paint_flags(painter: QPainter, scene: Scene, band: QRectF) -> list[tuple[float, float]]:
    """Where now, the point of no return and T-0 stand; what they cover has no hours."""
    times, theme = scene.data.times, scene.theme
    clock = local(times.now_ms, times.zone).strftime("%H:%M")
    flags = [(times.now_ms, clock, theme.color("on_accent"), theme.color("now"))]
    if times.no_return_ms is not None:
        clock = local(times.no_return_ms, times.zone).strftime("%H:%M")
        text = _("Point of no return {time}").format(time=clock)
        flags.append((times.no_return_ms, text, theme.color("pnr"), theme.color("panel")))
    if times.t0_ms is not None:
        flags.append((times.t0_ms, "T-0", theme.color("text1"), theme.color("panel")))
    taken: list[tuple[float, float]] = []
    for moment, text, ink, ground in flags:
        x = scene.x(moment)
        if scene.left <= x <= scene.width:
            left, wide = _flag_place(scene, x, text, taken)
            if left is not None:
                taken.append((left - 4, left + wide + 4))
                _paint_flag(
                    painter,
                    scene,
                    QRectF(left, band.top() + 2, wide, band.height() - 5),
                    x,
                    text,
                    (ink, ground),
                )
    return taken


def _flag_place(
    scene: Scene, x: float, text: str, taken: list[tuple[float, float]]
) -> tuple[float | None, float]:
    """Over its line, else right or left of it; nowhere when others stand there."""
    wide = scene.theme.metrics("meta").horizontalAdvance(text) + scene.theme.px(12)
    for left in (x - wide / 2, x + 5, x - wide - 5):
        inside = min(max(left, float(scene.left)), scene.width - wide)
        if all(inside + wide <= begun or inside >= end for begun, end in taken):
            return inside, wide
    return None, wide


def _paint_flag(
    painter: QPainter, scene: Scene, box: QRectF, x: float, text: str, colors: tuple[QColor, QColor]
) -> None:
    px, (ink, ground) = scene.theme.px, colors
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(box, px(3), px(3))
    tip, y = px(4), scene.head - 4.0
    painter.drawPolygon(QPolygonF([QPointF(x - tip, y), QPointF(x + tip, y), QPointF(x, y + tip)]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    scene.text(painter, box.adjusted(px(6), 0, 0, 0), text, "meta", ink)
