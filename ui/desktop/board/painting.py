"""How cards, lines, headings and the heads of columns and lanes look; a card is painted once and kept as a pixmap."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPixmap

from app.domain.words import Status
from app.i18n import _
from ui.desktop.board.arranging import HEAD, MORE, Column, Lane
from ui.desktop.board.brush import Brush, Cache
from ui.desktop.board.cards import Card
from ui.desktop.board.layout import Box, Layout
from ui.desktop.board.words import late_text, moment, when
from ui.desktop.checklist.words import STATUS_TONE
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.gantt.words import percent, signed
from ui.desktop.theme.theme import Theme

_TONES = {**STATUS_TONE, Status.TODO: "waiting"}


class Looks:
    """What is true of a card beside its content."""

    __slots__ = ("has_button", "is_chosen", "is_focused")

    def __init__(self, *, is_chosen: bool = False, is_focused: bool = False, has_button: bool = True) -> None:
        self.is_chosen, self.is_focused, self.has_button = is_chosen, is_focused, has_button


def paint_item(brush: Brush, layout: Layout, box: Box, looks: Looks) -> None:
    """With its top left corner at the painter's origin."""
    item, around = box.item, QRectF(0, 0, box.width, box.height)
    if item.kind == HEAD:
        brush.text(around.adjusted(2, 0, 0, -2), item.text, "caption", brush.theme.color("text2"))
    elif item.kind == MORE:
        _paint_more(brush, around, item.text, looks)
    elif item.card is not None and layout.is_card(item):
        CardPainter(brush, layout, item.card, box.width, looks).paint(around)
    elif item.card is not None:
        _paint_line(brush, layout, item.card, around, looks)


def key_of(layout: Layout, box: Box, looks: Looks, ratio: float) -> tuple[object, ...]:
    """All that a painted item looks like, and nothing of where it stands."""
    card, board, refusal = box.item.card, layout.board, layout.refusal
    is_refused = refusal is not None and card is not None and refusal.task == card.task.id
    return (
        *(box.item, box.width, box.height, looks.is_chosen, looks.is_focused, looks.has_button, ratio),
        refusal if is_refused else None,
        board.times.zone,
        board.times.now_ms // 60_000 if card is not None and not card.is_line else None,
    )


def pixmap_of(theme: Theme, layout: Layout, box: Box, looks: Looks, cache: Cache, ratio: float) -> QPixmap:
    return cache.made(
        key_of(layout, box, looks, ratio),
        *(box.width, box.height, ratio),
        lambda painter: paint_item(Brush(painter, theme, cache), layout, box, looks),
    )


def _paint_more(brush: Brush, box: QRectF, text: str, looks: Looks) -> None:
    theme = brush.theme
    if looks.is_chosen:
        brush.rounded(box, theme.color("focus"), theme.color("selected"), 2.0, 5.0)
    side = theme.px(12)
    brush.sign(QRectF(theme.px(9), (box.height() - side) / 2, side, side), "down", theme.color("accent"))
    brush.text(box.adjusted(theme.px(26), 0, -4, 0), text, "meta", theme.color("accent"))


def _ground(brush: Brush, box: QRectF, looks: Looks) -> None:
    if looks.is_chosen:
        edge = "accent" if looks.is_focused else "strong"
        fill = "selected" if looks.is_focused else "selected_idle"
        brush.ground(box, edge, fill, 2.0 if looks.is_focused else 1.5)
    else:
        brush.ground(box, "soft", "raised")


def _paint_line(brush: Brush, layout: Layout, card: Card, box: QRectF, looks: Looks) -> None:
    theme, sizes, task = brush.theme, layout.sizes, card.task
    _ground(brush, box, looks)
    left, right = float(sizes.pad), box.width() - sizes.pad
    middle = box.height() / 2
    sign = QRectF(left, middle - sizes.sign / 2, sizes.sign, sizes.sign)
    brush.sign(sign, task.status.value, theme.color(_TONES[task.status]))
    left += sizes.sign + 6
    number = max(brush.wide(task.number, "body"), theme.px(18))
    brush.text(QRectF(left, 0, number + 2, box.height()), task.number, "body", theme.color("text3"))
    left += number + 7
    if layout.shows_owner(card):
        brush.avatar(right - sizes.avatar + 2, middle, theme.px(18), task.owner)
        right -= sizes.avatar + 4
    if card.state == "later":
        text = when(card, layout.board, short=True)
        wide = brush.wide(text, "body") + 1
        brush.text(
            QRectF(right - wide, 0, wide, box.height()), text, "body", theme.color("text2"), right=True
        )
        right -= wide + 6
    for name, is_shown in (("conflict", bool(task.conflicts)), ("critical", card.is_critical)):
        if is_shown and right - left > 4 * sizes.sign:
            spot = QRectF(right - sizes.sign, middle - sizes.sign / 2, sizes.sign, sizes.sign)
            brush.sign(spot, name, theme.color(name))
            right -= sizes.sign + 4
    role = "strong" if looks.is_chosen else "body"
    brush.text(QRectF(left, 0, right - left - 2, box.height()), task.title, role, theme.color("text1"))


class CardPainter:
    """From top to bottom: sign, number, when; the title and who; then the one fact."""

    def __init__(self, brush: Brush, layout: Layout, card: Card, width: int, looks: Looks) -> None:
        self._brush, self._layout, self._card, self._looks = brush, layout, card, looks
        self._sizes, self._theme = layout.sizes, brush.theme
        self._left, self._right = float(self._sizes.pad), float(width - self._sizes.pad)
        self._width = width

    def paint(self, box: QRectF) -> None:
        _ground(self._brush, box, self._looks)
        y = float(self._sizes.pad - 3)
        self._paint_first(y)
        y = self._paint_title(y + self._sizes.row)
        status = self._card.task.status
        if status is Status.RUNNING:
            y = self._paint_running(y)
        elif status is Status.READY:
            y = self._paint_ready(y)
        elif self._card.fact or self._card.follows:
            y = self._paint_fact(y + 3)
        if self._layout.refusal is not None and self._layout.refusal.task == self._card.task.id:
            self._paint_refusal(y + self._sizes.between, self._layout.refusal.text)

    def _paint_first(self, y: float) -> None:
        brush, sizes, card = self._brush, self._sizes, self._card
        color = self._theme.color
        high = sizes.row
        box = QRectF(self._left, y + (high - sizes.sign) / 2, sizes.sign, sizes.sign)
        brush.sign(box, card.task.status.value, color(_TONES[card.task.status]))
        left = self._left + sizes.sign + 6
        wide = brush.wide(card.task.number, "body") + 2
        brush.text(QRectF(left, y, wide, high), card.task.number, "body", color("text3"))
        left += wide + 4
        for name, is_shown in (("critical", card.is_critical), ("conflict", bool(card.task.conflicts))):
            if is_shown:
                box = QRectF(left, y + (high - sizes.sign) / 2, sizes.sign, sizes.sign)
                brush.sign(box, name, color(name))
                left += sizes.sign + 4
        right = self._right
        late = signed(card.late) if card.task.status is Status.TODO else ""
        wide = brush.wide(late, "caption") if late else 0.0
        if late and left + wide + brush.wide(moment(card, self._layout.board), "meta") + 5 <= right:
            tone = color("late" if card.late > 0 else "text3")
            brush.text(QRectF(right - wide - 1, y, wide + 1, high), late, "caption", tone, right=True)
            right -= wide + 5
        text = self._when(right - left)
        brush.text(QRectF(left, y, right - left, high), text, "meta", color("text2"), right=True)

    def _when(self, room: float) -> str:
        """A time is never cut: where there is little room it stands alone."""
        board, card = self._layout.board, self._card
        text = when(card, board)
        if self._brush.wide(text, "meta") > room:
            text = moment(card, board, short=False)
        if self._brush.wide(text, "meta") > room:
            text = moment(card, board)
        return text

    def _paint_title(self, y: float) -> float:
        sizes, card, theme = self._sizes, self._card, self._theme
        room = self._layout.title_room(card, self._width)
        lines = self._layout.title_lines(card, self._width)
        role = "strong" if self._looks.is_chosen else "body"
        box = QRectF(self._left, y, room, lines * sizes.leading)
        self._brush.wrapped(box, card.task.title, role, theme.color("text1"), sizes.leading, lines)
        if self._layout.shows_owner(card):
            size = theme.px(18)
            self._brush.avatar(self._right - size, y + size / 2, size, card.task.owner)
        return y + lines * sizes.leading

    def _paint_running(self, y: float) -> float:
        """How much of its time it had, what is ticked and attached, and how late it will end."""
        brush, theme, card, task = self._brush, self._theme, self._card, self._card.task
        part = percent(card.bar, self._layout.board.times.now_ms)
        y += theme.px(5)
        bar = QRectF(self._left, y, self._right - self._left, theme.px(6))
        painter = brush.painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("running_soft"))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(theme.color("running"))
        painter.drawRoundedRect(
            QRectF(bar.topLeft(), bar.size()).adjusted(0, 0, bar.width() * (part - 100) / 100, 0), 2, 2
        )
        row, high = y + theme.px(8), float(theme.px(18))
        right = self._paint_tag(signed(card.late), row, high) if card.late > 0 else self._right
        facts = [("", _("{n} %").format(n=part))]
        if task.checks_total:
            facts.append(("tick", f"{task.checks_passed}/{task.checks_total}"))
        if task.evidence_count:
            facts.append(("file", str(task.evidence_count)))
        self._paint_counts(facts, row, high, right)
        return y + theme.px(25)

    def _paint_counts(self, facts: list[tuple[str, str]], y: float, high: float, right: float) -> None:
        """As many as there is room for."""
        brush, theme, left = self._brush, self._theme, self._left
        side = theme.px(13)
        for sign, text in facts:
            wide = brush.wide(text, "meta") + 2
            if left + wide + (side + 3 if sign else 0) > right:
                return
            if sign:
                brush.sign(QRectF(left, y + (high - side) / 2, side, side), sign, theme.color("text3"))
                left += side + 3
            brush.text(QRectF(left, y, wide, high), text, "meta", theme.color("text2"))
            left += wide + theme.px(8)

    def _paint_tag(self, text: str, y: float, high: float) -> float:
        """Returns where it begins."""
        brush, theme = self._brush, self._theme
        wide, side = brush.wide(text, "caption"), theme.px(13)
        box = QRectF(self._right - wide - side - theme.px(14), y, wide + side + theme.px(14), high)
        brush.rounded(box, theme.color("late_soft"), theme.color("late_soft"), 1.0, 4.0)
        sign = QRectF(box.left() + theme.px(5), y + (high - side) / 2, side, side)
        brush.sign(sign, "late", theme.color("late"))
        text_box = box.adjusted(side + theme.px(9), 0, 0, 0)
        brush.text(text_box, text, "caption", theme.color("late"))
        return box.left() - theme.px(2)

    def _paint_ready(self, y: float) -> float:
        brush, theme, card = self._brush, self._theme, self._card
        left = self._left
        if self._looks.has_button:
            box = start_button(self._layout, card, self._width).translated(0, 0)
            is_strong = self._looks.is_chosen
            edge = theme.color("accent" if is_strong else "strong")
            brush.rounded(box, edge, theme.color("accent" if is_strong else "raised"), 1.0, 5.0)
            ink = theme.color("on_accent" if is_strong else "text1")
            text = _("Start")
            indent = theme.px(10) if is_strong else (box.width() - brush.wide(text, "body")) / 2
            inner = box.adjusted(indent, 0, 0, 0)
            brush.text(inner, text, "strong" if is_strong else "body", ink)
            if is_strong:
                size = keycap_size(theme, "S")
                cap = QRectF(
                    *(box.right() - size.width() - theme.px(7), box.center().y() - size.height() / 2),
                    *(size.width(), size.height()),
                )
                paint_keycap(brush.painter, theme, cap, "S", ink, ink, None)
            left = box.right() + theme.px(8)
        if card.late > 0:
            room = QRectF(left, y + theme.px(6), self._right - left, theme.px(24))
            late = late_text(card, theme.language)
            if brush.wide(late, "caption") > room.width():
                late = signed(card.late)
            brush.text(room, late, "caption", theme.color("late"))
        return y + self._sizes.button

    def _paint_fact(self, y: float) -> float:
        brush, theme, card, sizes = self._brush, self._theme, self._card, self._sizes
        status = card.task.status
        tone = STATUS_TONE[status] if status in (Status.BLOCKED, Status.FAILED, Status.CLAIMED) else "text2"
        left, lines = self._left, self._layout.fact_lines(card, self._width)
        if status is Status.CLAIMED:
            box = QRectF(left, y + (sizes.leading - sizes.sign) / 2, sizes.sign, sizes.sign)
            brush.sign(box, "file" if "file" in card.task.requires else "note", theme.color(tone))
            left += self._layout.fact_indent(card)
        box = QRectF(left, y, self._right - left, lines * sizes.leading)
        role = "meta" if status is Status.TODO else "body"
        if lines:
            brush.wrapped(box, card.fact, role, theme.color(tone), sizes.leading, lines)
        after = self._layout.follows_lines(card, self._width)
        if after:
            box = QRectF(self._left, box.bottom(), self._right - self._left, after * sizes.leading)
            brush.wrapped(box, card.follows, "strong", theme.color(tone), sizes.leading, after)
        return y + (lines + after) * sizes.leading

    def _paint_refusal(self, y: float, text: str) -> None:
        """What was asked is not possible, and why, where one looks."""
        brush, theme, sizes = self._brush, self._theme, self._sizes
        lines = self._layout.refusal_lines(self._width)
        high = lines * sizes.leading + 2 * sizes.between - 4
        box = QRectF(self._left, y, self._right - self._left, high)
        brush.rounded(box, theme.color("blocked"), theme.color("blocked_soft"), 1.0, 5.0)
        sign = QRectF(box.left() + sizes.between, y + sizes.between, sizes.sign, sizes.sign)
        brush.sign(sign, "warning", theme.color("blocked"))
        left = box.left() + sizes.pad + sizes.sign + 3
        inner = QRectF(left, y + sizes.between - 2, box.right() - sizes.pad - left, lines * sizes.leading)
        brush.wrapped(inner, text, "body", theme.color("blocked"), sizes.leading, 8)


def start_button(layout: Layout, card: Card, width: int) -> QRectF:
    """Within the card: where its Start stands, as wide whether its key is shown or not."""
    sizes = layout.sizes
    top = sizes.pad - 3 + sizes.row + sizes.leading * layout.title_lines(card, width)
    high = sizes.button - 8
    return QRectF(sizes.pad, top + 6, round(layout.ruler.width(_("Start")) + high * 1.75), high)


def paint_head(brush: Brush, column: Column, box: QRectF, *, refused: bool | None = None) -> None:
    """`refused` while a card is dragged: whether this column would take it."""
    theme, slot = brush.theme, column.slot
    color = theme.color
    left, right = box.left() + theme.px(3), box.right() - theme.px(3)
    side = theme.px(16)
    sign, tone = slot.sign, slot.tone
    if refused:
        sign, tone = "blocked", "blocked"
    if sign:
        brush.sign(QRectF(left, box.center().y() - side / 2, side, side), sign, color(tone))
        left += side + theme.px(7)
    elif slot.person:
        disc = theme.px(20)
        brush.avatar(left, box.center().y(), disc, slot.person)
        left += disc + theme.px(7)
    count = f"{column.number:,}"
    number = brush.wide(count, "body") + theme.px(8)
    hint = column.hint
    wide = brush.wide(hint, "meta") if hint else 0.0
    title = brush.wide(slot.title, "strong")
    if title + number + wide + theme.px(12) > right - left:
        hint = ""
    room = min(title + 1, right - left - number)
    brush.text(
        QRectF(left, box.top(), room, box.height()),
        slot.title,
        "strong",
        color("text3" if refused else "text1"),
    )
    brush.text(
        QRectF(left + room + theme.px(7), box.top(), number, box.height()), count, "body", color("text3")
    )
    if hint:
        late = slot.key == "running"
        brush.text(
            QRectF(right - wide - 1, box.top(), wide + 1, box.height()),
            hint,
            "meta",
            color("late" if late else "text3"),
            right=True,
        )


def paint_lane(brush: Brush, lane: Lane, box: QRectF) -> None:
    if lane.slot is None:
        return
    theme, slot = brush.theme, lane.slot
    painter = brush.painter
    painter.fillRect(box, theme.color("sunken"))
    left = box.left() + theme.px(15)
    side = theme.px(16)
    if slot.sign:
        brush.sign(QRectF(left, box.center().y() - side / 2, side, side), slot.sign, theme.color(slot.tone))
        left += side + theme.px(7)
    elif slot.person:
        disc = theme.px(20)
        brush.avatar(left, box.center().y(), disc, slot.person)
        left += disc + theme.px(7)
    title = min(brush.wide(slot.title, "strong") + 1, box.right() - left - theme.px(60))
    brush.text(QRectF(left, box.top(), title, box.height()), slot.title, "strong", theme.color("text1"))
    left += title + theme.px(8)
    count = QRectF(left, box.top(), theme.px(52), box.height())
    brush.text(count, str(lane.number), "body", theme.color("text3"))
