"""The left columns of a Gantt: number, sign, title, owner, finish and difference to the plan; a row is kept as one pixmap."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.domain.words import Status
from app.i18n import N_, NC_, _
from app.queries.checklist import StageRow, TaskRow
from app.queries.timeline import Bar
from ui.desktop.components.avatar import draw_avatar
from ui.desktop.gantt.layout import Row
from ui.desktop.gantt.reading import difference
from ui.desktop.gantt.scene import Scene
from ui.desktop.gantt.words import signed
from ui.desktop.moments import local

WIDTH = 484
_NUMBER, _SIGN, _TITLE = 14, 48, 72
_AVATAR, _FINISH, _PLAN = 112, 58, 50  # from the right: avatar begins; widths of the two last columns
_TONES = {
    Status.TODO: "waiting",
    Status.READY: "ready",
    Status.RUNNING: "running",
    Status.WAITING: "waiting",
    Status.BLOCKED: "blocked",
    Status.FAILED: "failed",
    Status.CLAIMED: "done",
    Status.DONE: "done",
    Status.SKIPPED: "waiting",
}
HEADS = (N_("#"), N_("Task"), NC_("time", "Finish"), N_("vs plan"))


def paint_grid(painter: QPainter, scene: Scene) -> None:
    for place, row in scene.rows():
        y = scene.row_y(place)
        if scene.is_vector:
            painter.save()
            painter.translate(0, y)
            _paint_row(painter, scene, row, is_chosen=False)
            painter.restore()
        else:
            painter.drawPixmap(0, y, _row_pixmap(scene, place, row))


def _row_pixmap(scene: Scene, place: int, row: Row) -> QPixmap:
    is_chosen = place == scene.selected
    facts: object
    if isinstance(row, StageRow):
        facts = (row, scene.data.spans.get(row.id), row.id in scene.folded)
    else:
        bar = scene.bar(row)
        facts = (row.id, row.number, row.title, row.status, row.owner)
        facts = (*facts, bar.finish_ms, difference(bar)) if bar is not None else facts
    key = ("row", facts, scene.left, is_chosen, scene.ratio)
    direct = Scene(  # letters straight into the row: kept once, not twice
        scene.theme, scene.data, scene.scale, scene.width, scene.height, scene.left, scene.head
    )
    direct.is_vector, direct.ratio, direct.folded = True, scene.ratio, scene.folded
    return scene.theme.pixmaps.made(
        key,
        *(scene.left, scene.row_height, scene.ratio),
        lambda painter: _paint_row(painter, direct, row, is_chosen=is_chosen),
    )


def _paint_row(painter: QPainter, scene: Scene, row: Row, *, is_chosen: bool) -> None:
    if isinstance(row, StageRow):
        _paint_stage(painter, scene, row)
    else:
        _paint_task(painter, scene, row, scene.bar(row), is_chosen=is_chosen)


def _box(scene: Scene, left: float, width: float) -> QRectF:
    return QRectF(left, 0, width, scene.row_height - 1)


def _paint_stage(painter: QPainter, scene: Scene, row: StageRow) -> None:
    px, color = scene.theme.px, scene.theme.color
    high = scene.row_height
    arrow = "right" if row.id in scene.folded else "down"
    scene.sign(painter, QRectF(px(_NUMBER), (high - px(14)) / 2, px(14), px(14)), arrow, color("text2"))
    finish = scene.left - px(_FINISH + _PLAN)
    title = row.title or _("Without a stage")
    left = px(_SIGN)
    scene.text(
        painter, _box(scene, left, finish - px(44) - left), f"{row.number}  {title}", "strong", color("text1")
    )
    count = f"{row.done_count}/{row.task_count}"
    scene.text(painter, _box(scene, finish - px(42), px(38)), count, "body", color("text2"), right=True)
    span = scene.data.spans.get(row.id)
    if span is not None:
        late = round((span.finish_ms - span.planned_ms) / 60_000)
        _paint_times(painter, scene, span.finish_ms, late, is_strong=True)


def _paint_task(painter: QPainter, scene: Scene, row: TaskRow, bar: Bar | None, *, is_chosen: bool) -> None:
    px, color = scene.theme.px, scene.theme.color
    high = scene.row_height
    scene.text(painter, _box(scene, px(_NUMBER), px(_SIGN - _NUMBER)), row.number, "body", color("text3"))
    tone = _TONES[row.status]
    sign = QRectF(px(_SIGN), (high - px(14)) / 2, px(14), px(14))
    scene.sign(painter, sign, row.status.value, color("blocked" if tone == "failed" else tone))
    room = scene.left - px(_AVATAR + 26) - px(_TITLE)
    role = "strong" if is_chosen else "body"
    scene.text(painter, _box(scene, px(_TITLE), room), row.title, role, color("text1"))
    if row.owner:
        disc = QRectF(scene.left - px(_AVATAR + 18), (high - px(18)) / 2, px(18), px(18))
        draw_avatar(painter, scene.theme, disc, row.owner)
    if bar is not None:
        _paint_times(painter, scene, bar.finish_ms, difference(bar), is_strong=False)


def _paint_times(painter: QPainter, scene: Scene, finish: int, late: int, *, is_strong: bool) -> None:
    px, color = scene.theme.px, scene.theme.color
    left = scene.left - px(_FINISH + _PLAN)
    clock = local(finish, scene.data.times.zone).strftime("%H:%M")
    role = "strong" if is_strong else "body"
    scene.text(painter, _box(scene, left, px(_FINISH - 8)), clock, role, color("text1"), right=True)
    tone = "late" if late > 0 else "text3"
    box = _box(scene, left + px(_FINISH), px(_PLAN - 8))
    scene.text(painter, box, signed(late), "strong" if late > 0 else role, color(tone), right=True)


def paint_grid_head(painter: QPainter, scene: Scene) -> None:
    px, color = scene.theme.px, scene.theme.color("text3")

    def put(left: float, width: float, text: str, *, right: bool = False) -> None:
        scene.text(painter, QRectF(left, 0, width, scene.head), text, "meta", color, right=right)

    number, task, finish, late = (_(text) for text in HEADS)
    left = scene.left - px(_FINISH + _PLAN)
    put(px(_NUMBER), px(30), number)
    put(px(_TITLE), px(160), task)
    put(left - px(20), px(_FINISH + 12), finish, right=True)
    put(left + px(_FINISH - 8), px(_PLAN), late, right=True)
