"""The bars of a Gantt in as few calls as there are looks: ghosts, slack, brackets, bars by state, words beside them."""

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from app.domain.words import GateState, Status
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.components.hatch import hatch
from ui.desktop.gantt.reading import reference
from ui.desktop.gantt.scene import Scene
from ui.desktop.gantt.words import beside
from ui.desktop.theme.theme import Theme

_OVER = (Status.DONE, Status.SKIPPED)
_STOPPED = (Status.BLOCKED, Status.FAILED)


Word = tuple[QRectF, str, str]  # its room, the text, the tone


class Batches:
    """Boxes and lines by look, drawn with one call a look."""

    def __init__(self) -> None:
        self.boxes: dict[str, list[QRectF]] = defaultdict(list)
        self.lines: dict[str, list[QLineF]] = defaultdict(list)
        self.words: list[Word] = []
        self.gates: list[tuple[QRectF, str, str]] = []


def paint_bars(painter: QPainter, scene: Scene) -> list[Word]:
    """All but the words beside the bars, which are left to be painted over the links."""
    found = Batches()
    for place, row in scene.rows():
        if isinstance(row, StageRow):
            _add_stage(scene, found, place, row)
            continue
        bar = scene.bar(row)
        if bar is not None:
            _add_task(scene, found, place, row, bar)
    _draw_lines(painter, scene.theme, found)
    _draw_boxes(painter, scene, found.boxes)
    for box, sign, tone in found.gates:
        scene.sign(painter, box, sign, scene.theme.color(tone))
    return found.words


def _add_stage(scene: Scene, found: Batches, place: int, row: StageRow) -> None:
    span = scene.data.spans.get(row.id)
    if span is None:
        return
    left, right = scene.x(span.start_ms), scene.x(span.finish_ms)
    if right < scene.left - 40 or left > scene.width:
        return
    px = scene.theme.px
    y = scene.row_y(place) + px(9)
    found.lines["bracket"] += [
        QLineF(left, y, right, y),
        QLineF(left, y, left, y + px(6)),
        QLineF(right, y, right, y + px(6)),
    ]
    if row.gate_state is not None:
        is_open = row.gate_state is not GateState.CLOSED
        box = QRectF(right + px(9), scene.middle(place) - px(7), px(14), px(14))
        found.gates.append((box, "gate_open" if is_open else "gate_closed", "done" if is_open else "text3"))


def _add_task(scene: Scene, found: Batches, place: int, row: TaskRow, bar: Bar) -> None:
    box = scene.bar_box(place, bar)
    begun, ended = reference(bar)
    if scene.baseline and (begun != bar.start_ms or ended != bar.finish_ms):
        y = box.bottom() + scene.theme.px(4)
        left = scene.x(begun)
        found.lines["ghost"].append(QLineF(left, y, max(left + 5, scene.x(ended)), y))
    if box.left() > scene.width:
        return
    text, tone = beside(row, bar, scene.data, scene.theme.language)
    after = box.right() + 2
    if text and box.right() > scene.left - 400:
        right = box.right() + scene.theme.px(9)
        room = min(scene.width - right, scene.theme.px(520))
        after = right + min(room, scene.theme.metrics("meta").horizontalAdvance(text)) + 6
        if right >= scene.left:
            found.words.append((QRectF(right, scene.row_y(place), room, scene.row_height - 1), text, tone))
    over = row.status in _OVER
    if not over and bar.slack_minutes > 0 and not bar.is_critical:
        left, right = (
            max(after, float(scene.left)),
            min(scene.x(bar.finish_ms + bar.slack_minutes * 60_000), scene.width + 9.0),
        )
        y = box.center().y()
        if right > left + 3:
            found.lines["slack"].append(QLineF(left, y, right, y))
            found.lines["stop"].append(QLineF(right, y - 3, right, y + 3))
    if box.right() >= scene.left:
        _add_bar(scene, found, row, bar, box)


def _add_bar(scene: Scene, found: Batches, row: TaskRow, bar: Bar, box: QRectF) -> None:
    box = box.intersected(QRectF(scene.left - 9, box.top(), scene.width - scene.left + 18, box.height()))
    if row.status in _OVER:
        found.boxes["done" if row.status is Status.DONE else "skipped"].append(box)
    elif row.status in _STOPPED:
        found.boxes["blocked"].append(box)
    elif row.status is Status.CLAIMED:
        found.boxes["claimed"].append(box)
    elif bar.actual_start_ms is not None:
        now = scene.x(max(bar.start_ms, min(scene.data.times.now_ms, bar.finish_ms)))
        solid = QRectF(box.left(), box.top(), max(1.0, min(now, box.right()) - box.left()), box.height())
        late = max(
            solid.right(), scene.x(bar.finish_ms) if not row.late_minutes else scene.x(reference(bar)[1])
        )
        if solid.right() < box.right():
            rest = QRectF(solid.right(), box.top(), box.right() - solid.right(), box.height())
            soft, over = QRectF(rest), QRectF(rest)
            soft.setRight(max(rest.left(), min(late, rest.right())))
            over.setLeft(soft.right())
            if soft.width() > 0:
                found.boxes["running_soft"].append(soft)
            if over.width() > 0:
                found.boxes["late"].append(over)
        found.boxes["running"].append(solid)
    else:
        found.boxes["critical" if bar.is_critical else "waiting"].append(box)


def _draw_lines(painter: QPainter, theme: Theme, found: Batches) -> None:
    for look, lines in found.lines.items():
        painter.setPen(line_pen(theme, look))
        painter.drawLines(lines)


def line_pen(theme: Theme, look: str) -> QPen:
    flat = Qt.PenCapStyle.FlatCap
    if look == "ghost":
        pen = QPen(theme.color("baseline"), theme.px(3), Qt.PenStyle.CustomDashLine, flat)
        pen.setDashPattern([1.3, 0.8])
    elif look == "slack":
        pen = QPen(theme.color("slack"), 1.2, Qt.PenStyle.CustomDashLine, flat)
        pen.setDashPattern([1.0, 2.0])
    elif look == "stop":
        pen = QPen(theme.color("slack"), 1.2)
    elif look == "bracket":
        pen = QPen(theme.color("text2"), theme.px(2), Qt.PenStyle.SolidLine, flat)
    else:
        pen = QPen(theme.color("critical"), max(2.0, 2.4 * theme.scale), Qt.PenStyle.SolidLine, flat)
    return pen


def box_look(theme: Theme, look: str, ratio: float) -> tuple[QPen, QBrush]:
    color = theme.color
    if look == "done":
        return QPen(color("done"), 1), QBrush(color("done_soft"))
    if look == "claimed":
        return QPen(color("done"), 1, Qt.PenStyle.DashLine), QBrush(color("canvas"))
    if look == "skipped":
        return QPen(color("waiting"), 1, Qt.PenStyle.DotLine), QBrush(color("canvas"))
    if look == "running":
        return QPen(color("running"), 1), QBrush(color("running"))
    if look == "running_soft":
        return QPen(color("running"), 1), QBrush(color("running_soft"))
    if look == "late":
        return QPen(color("late"), 1), hatch(color("late"), color("late_soft"), ratio)
    if look == "blocked":
        return QPen(color("blocked"), 1), hatch(color("blocked"), color("blocked_soft"), ratio, rising=False)
    if look == "critical":
        return QPen(color("critical"), 1), QBrush(color("waiting_soft"))
    return QPen(color("waiting"), 1), QBrush(color("canvas"))


def _draw_boxes(painter: QPainter, scene: Scene, boxes: dict[str, list[QRectF]]) -> None:
    for look, listed in boxes.items():
        pen, brush = box_look(scene.theme, look, scene.ratio)
        painter.setPen(pen)
        painter.setBrush(brush)
        painter.drawRects([_snapped(box) for box in listed])


def _snapped(box: QRectF) -> QRectF:
    left = round(box.left())
    return QRectF(left + 0.5, box.top() + 0.5, max(1, round(box.right()) - left - 1), box.height() - 1)


def thread_under(scene: Scene) -> Iterable[QLineF]:
    """The critical path under the bars it runs through."""
    for place, row in scene.rows():
        if isinstance(row, TaskRow):
            bar = scene.bar(row)
            if bar is not None and bar.is_critical:
                box = scene.bar_box(place, bar)
                if box.right() >= scene.left and box.left() <= scene.width:
                    y = box.bottom() - 1
                    yield QLineF(max(box.left(), scene.left), y, min(box.right(), scene.width), y)
