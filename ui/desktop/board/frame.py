"""One picture of the board on the screen: cells, lanes and heads, and above them a card on its way somewhere."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.i18n import _
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.board.arranging import Board
from ui.desktop.board.brush import Brush, broken
from ui.desktop.board.layout import Box, Layout
from ui.desktop.board.moving import Move
from ui.desktop.board.painting import Looks, key_of, paint_head, paint_item, paint_lane, pixmap_of
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from ui.desktop.board.surface import Surface

_FRAME_S = 0.025  # of this thread's own time
_TALLEST = 3_000  # px of a window somebody looks at


def paint_board(painter: QPainter, theme: Theme, surface: "Surface") -> None:
    layout, board = surface.layout_, surface.board
    if layout is None or board is None:
        return
    brush = Brush(painter, theme, surface.cache)
    port = surface.viewport()
    across, scroll = surface.horizontalScrollBar().value(), surface.verticalScrollBar().value()
    head, page = layout.sizes.head, layout.page(port.height())
    painter.save()
    painter.setClipRect(QRectF(0, head, port.width(), page))
    budget = Budget(is_bounded=port.height() <= _TALLEST)
    for box in layout.visible(scroll, page):
        corner = surface.corner(box)
        if corner.x() + box.width >= 0 and corner.x() <= port.width():
            _paint_box(brush, surface, box, corner, budget)
    surface.paint_rest(is_unfinished=budget.is_spent)
    _paint_empty(brush, layout, across)
    _paint_lanes(brush, surface, layout, scroll)
    painter.restore()
    _paint_heads(brush, surface, layout, across)
    if surface.dragging.dragged is not None:
        _paint_dragged(brush, surface, layout)


class Budget:
    """How long one frame may draw what was never drawn before; the rest stands there empty until the next one.

    A picture higher than any screen is drawn at once: nobody waits for it, and it would not fit into what is kept.
    """

    def __init__(self, *, is_bounded: bool) -> None:
        self.is_bounded, self.is_spent = is_bounded, False
        self._end = time.thread_time() + _FRAME_S

    def allows(self) -> bool:
        if self.is_bounded and not self.is_spent:
            self.is_spent = time.thread_time() > self._end
        return not self.is_spent


def _paint_box(brush: Brush, surface: "Surface", box: Box, corner: QPointF, budget: Budget) -> None:
    layout, theme, painter = surface.layout_, brush.theme, brush.painter
    assert layout is not None
    place, card = surface.place(), box.item.card
    dragged = surface.dragging.dragged
    around = QRectF(corner.x(), corner.y(), box.width, box.height)
    if dragged is not None and card is not None and card.task.id == dragged.card.task.id:
        painter.setPen(QPen(theme.color("strong"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(around.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(7), theme.px(7))
        return
    looks = Looks(
        is_chosen=place is not None and box.place == place,
        is_focused=surface.hasFocus(),
        has_button=surface.has_buttons(),
    )
    ratio = surface.devicePixelRatioF()
    if not budget.is_bounded:
        painter.save()
        painter.translate(corner.toPoint())
        paint_item(brush, layout, box, looks)
        painter.restore()
    elif key_of(layout, box, looks, ratio) in surface.cache.kept or budget.allows():
        pixmap = pixmap_of(theme, layout, box, looks, surface.cache, ratio)
        painter.drawPixmap(corner.toPoint(), pixmap)
    elif card is not None:
        brush.ground(around, "soft", "raised")


def _paint_empty(brush: Brush, layout: Layout, across: int) -> None:
    """A column without cards says so in one grey line; with lanes only where nothing is in any of them."""
    board, theme = layout.board, brush.theme
    is_filtered = bool(board.look.wanted.strip()) or board.look.show != "all"
    top = float(layout.sizes.head + theme.px(4) + (layout.sizes.lane if layout.has_lanes else 0))
    for column, left, wide in zip(board.columns, layout.xs, layout.widths, strict=True):
        if not column.number:
            text = _("Nothing here fits the filter.") if is_filtered else column.slot.empty
            box = QRectF(left - across + theme.px(3), top, wide - theme.px(6), theme.px(60))
            brush.wrapped(box, text, "body", theme.color("text3"), layout.sizes.leading, 3)


def _paint_lanes(brush: Brush, surface: "Surface", layout: Layout, scroll: int) -> None:
    """Each above its cells; the one that began higher up stays below the heads."""
    if not layout.has_lanes:
        return
    head, port = layout.sizes.head, surface.viewport()
    ends = [*layout.lane_tops, layout.total][1:]  # none where the filter leaves no lane
    for lane, top, end in zip(layout.board.lanes, layout.lane_tops, ends, strict=True):
        y = max(head, head + top - scroll)
        y = min(y, head + end - scroll - layout.sizes.lane)
        if head - layout.sizes.lane <= y < port.height():
            paint_lane(brush, lane, QRectF(0, y, port.width(), layout.sizes.lane - brush.theme.px(6)))


def _paint_heads(brush: Brush, surface: "Surface", layout: Layout, across: int) -> None:
    theme, dragged = brush.theme, surface.dragging.dragged
    head, port = layout.sizes.head, surface.viewport()
    brush.painter.fillRect(QRectF(0, 0, port.width(), head), theme.color("chrome"))
    for number, column in enumerate(layout.board.columns):
        left, wide = layout.xs[number] - across, layout.widths[number]
        refused = None
        if dragged is not None and layout.board.lanes:
            lane = surface.lane_below(dragged)
            verdict = surface.dragging.verdict(surface.target(lane, number))
            refused = bool(verdict.refused)
            _paint_verdict(brush, QRectF(left, head, wide, port.height() - head), verdict, layout)
        paint_head(brush, column, QRectF(left, 0, wide, head), refused=refused)


def _paint_verdict(brush: Brush, box: QRectF, verdict: Move, layout: Layout) -> None:
    """Columns that would refuse step back; those that would take the card get a dashed edge."""
    theme, painter = brush.theme, brush.painter
    if verdict.refused:
        veil = QColor(theme.color("chrome"))  # its own: the theme's stays as it is
        veil.setAlpha(170)
        painter.fillRect(box, veil)
    elif not verdict.is_nothing:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        around = box.adjusted(-3.5, -1.5, 3.5, -layout.sizes.margin / 2)
        painter.drawRoundedRect(around, theme.px(7), theme.px(7))


def _paint_dragged(brush: Brush, surface: "Surface", layout: Layout) -> None:
    """The card under the mouse, and what letting it go would do."""
    theme, dragged = brush.theme, surface.dragging.dragged
    assert dragged is not None
    place = layout.board.places.get(dragged.card.task.id)
    if place is None:
        return
    box = layout.box(place, 0, 1)
    looks = Looks(is_chosen=True, is_focused=True, has_button=False)
    pixmap = pixmap_of(theme, layout, box, looks, surface.cache, surface.devicePixelRatioF())
    corner = dragged.at - dragged.grip
    brush.painter.drawPixmap(corner.toPoint(), pixmap)
    target = surface.target_at(dragged.at)
    verdict = surface.dragging.verdict(target) if target is not None else Move()
    text = told(verdict, layout.board)
    if text:
        tone = "blocked" if verdict.refused else "accent"
        _paint_told(brush, QRectF(corner.x(), corner.y() + box.height + 6, box.width, 0), text, tone)


def told(verdict: Move, board: Board) -> str:
    """What letting go would do, or why it would do nothing."""
    if verdict.refused:
        return verdict.refused
    if verdict.step:
        action = STEP_BY_ID[verdict.step]
        return _("{action}…").format(action=_(action.text)) if action.question else _(action.text)
    slots = [column.slot for column in board.columns] + [lane.slot for lane in board.lanes if lane.slot]
    if verdict.stage is not None:
        name = next((one.title for one in board.listed.stages if one.id == verdict.stage[0]), "")
        return _("Move to “{name}”").format(name=name or _("Without a stage"))
    parts = []
    for field, value in verdict.values.items():
        title = next((slot.title for slot in slots if slot.key == value), "")
        is_person = field == "owner" and value is not None
        parts.append(_("Give to {name}").format(name=title) if is_person else title)
    return " · ".join(parts)


def _paint_told(brush: Brush, box: QRectF, text: str, tone: str) -> None:
    theme = brush.theme
    pad, leading = theme.px(8), theme.px(18)
    lines = min(6, len(broken(theme, text, "body", box.width() - 2 * pad)))
    around = QRectF(box.left(), box.top(), box.width(), lines * leading + theme.px(8))
    brush.rounded(around, theme.color(tone), theme.color("raised"), 1.0, 5.0)
    inner = around.adjusted(pad, theme.px(4), -pad, 0)
    brush.wrapped(inner, text, "body", theme.color(tone), leading, 6)
