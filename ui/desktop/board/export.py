"""A board on paper: every column goes on from page to page with its head, no card is cut in two, and no section either."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.storage.engine import Reader
from ui.desktop.board.arranging import HEAD, Board, Lane, Look, Place
from ui.desktop.board.brush import Brush
from ui.desktop.board.layout import Box, Layout, Sizes
from ui.desktop.board.painting import Looks, paint_head, paint_item, paint_lane
from ui.desktop.board.reading import on_paper
from ui.desktop.board.ruler import Ruler
from ui.desktop.paging import Pages
from ui.desktop.paper import LINE, begin, head_words, landscape, paint_page_head, room
from ui.desktop.theme.theme import Theme


class Sheet(NamedTuple):
    """One page: which columns it shows, its lanes by height, and what stands in them."""

    layout: Layout
    lanes: tuple[tuple[int, Lane], ...]
    boxes: tuple[Box, ...]


def sheets(board: Board, ruler: Ruler, sizes: Sizes, width: int, height: int) -> list[Sheet]:
    """As many columns side by side as fit; the others follow on pages of their own."""
    least = Layout.least(sizes, by_state=board.look.columns == "state")
    fits = max(1, (width - 2 * sizes.margin) // (least + sizes.gap))
    count = max(1, -(-len(board.columns) // fits))
    share = max(1, -(-len(board.columns) // count))
    found: list[Sheet] = []
    for first in range(0, max(1, len(board.columns)), share):
        part = slice(first, first + share)
        lanes = tuple(lane._replace(cells=lane.cells[part]) for lane in board.lanes)
        own = board._replace(columns=board.columns[part], lanes=lanes)
        found += _flow(Layout(own, sizes, ruler, width), height)
    return found


def _flow(layout: Layout, height: int) -> Iterator[Sheet]:
    sizes = layout.sizes
    band = sizes.lane if layout.has_lanes else 0
    heads: list[tuple[int, Lane]] = []
    boxes: list[Box] = []
    y = 0
    for number, lane in enumerate(layout.board.lanes):
        starts = [0] * len(lane.cells)
        while any(start < len(cell) for start, cell in zip(starts, lane.cells, strict=True)):
            if y and (y + band + sizes.line * 2 > height):
                yield Sheet(layout, tuple(heads), tuple(boxes))
                heads, boxes, y = [], [], 0
            heads.append((y, lane))
            placed = list(_placed(layout, number, starts, y + band, height, is_fresh=not y))
            boxes += placed
            is_left = any(start < len(cell) for start, cell in zip(starts, lane.cells, strict=True))
            y = height if is_left else max((box.y + box.height for box in placed), default=y) + sizes.gap
    yield Sheet(layout, tuple(heads), tuple(boxes))


def _placed(
    layout: Layout, number: int, starts: list[int], top: int, height: int, *, is_fresh: bool
) -> Iterator[Box]:
    """What of a lane fits from there on; `starts` moves on to what does not."""
    lane = layout.board.lanes[number]
    for column, cell in enumerate(lane.cells):
        tops, first = layout.tops[number][column], starts[column]
        last = first
        while last < len(cell) and top + tops[last + 1] - tops[first] <= height:
            last += 1
        if last == first and first < len(cell) and is_fresh:
            last += 1  # higher than a page: better cut at its foot than never shown
        if first < last < len(cell) and cell[last - 1].kind == HEAD:
            last -= 1
        for at in range(first, last):
            box = layout.box(Place(number, column, at), 0, 1)
            yield box._replace(y=top + tops[at] - tops[first])
        starts[column] = last


class Prepared(NamedTuple):
    """A whole board as its pages will show it."""

    board: Board
    sheets: list[Sheet]
    title: str


def prepared(
    reader: Reader, old: Board, look: Look, ruler: Ruler, sizes: Sizes, page: tuple[int, int]
) -> Prepared:
    """Work for the reader's thread: nothing cut short, measured in the letters of the page (px)."""
    board, sample = on_paper(reader, old, look, ruler)
    width, height = page
    found = sheets(board, ruler, sizes, width, height - LINE - sizes.head)
    return Prepared(board, found, head_words(board.listed.project.name, board.listed.run, sample=sample))


def pages(theme: Theme, found: Prepared, to: Path) -> Pages:
    """Written one by one."""
    listed, times, count = found.board.listed, found.board.times, len(found.sheets)
    writer = landscape(to, listed.project.name)
    painter = QPainter()
    begin(painter, writer, to)
    try:
        width, _height = room()
        for number, sheet in enumerate(found.sheets, 1):
            if number > 1:
                writer.newPage()
            moment = (times.now_ms, times.zone)
            paint_page_head(painter, theme, width, found.title, moment, (number, count), listed.run)
            painter.save()
            painter.translate(0, LINE)
            _paint_sheet(Brush(painter, theme), sheet, width)
            painter.restore()
            yield count
    finally:
        painter.end()
    return count


def _paint_sheet(brush: Brush, sheet: Sheet, width: int) -> None:
    layout, painter = sheet.layout, brush.painter
    head = layout.sizes.head
    for column, left, wide in zip(layout.board.columns, layout.xs, layout.widths, strict=True):
        paint_head(brush, column, QRectF(left, 0, wide, head))
    for y, lane in sheet.lanes:
        paint_lane(brush, lane, QRectF(0, head + y, width, layout.sizes.lane - 6))
    looks = Looks(has_button=False)
    for box in sheet.boxes:
        painter.save()
        painter.translate(box.x, head + box.y)
        paint_item(brush, layout, box, looks)
        painter.restore()
