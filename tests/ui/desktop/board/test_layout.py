"""Where cards stand: lines as they are painted, short columns that stay, and pages that cut no card."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.bench.boards import made
from tests.ui.desktop.board.examples import RULER
from ui.desktop.board.arranging import CARD, HEAD, LINE, Look
from ui.desktop.board.brush import broken, sign_widths
from ui.desktop.board.export import sheets
from ui.desktop.board.layout import Layout, Sizes
from ui.desktop.board.ruler import Ruler
from ui.desktop.theme.fonts import load_families
from ui.desktop.theme.theme import Theme

SIZES = Sizes.at(1.0)
TEXTS = (
    "Short",
    "Load vendor and customer master data with the migration cockpit",
    "核对总账余额与明细账余额并书面确认差异，由两位审计师在场监督",
    "Run the MRP 计划 for plant 0100 und prüfe die Ergebnisse",
    "DE_HALBRUNN_PRODUCTION_CLIENT_0100_INTERCOMPANY_RECONCILIATION",
)


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    assert QApplication.instance() is not None
    return Theme("light", load_families())


def test_lines_are_counted_as_they_are_painted(theme: Theme) -> None:
    ruler = Ruler(*sign_widths(theme, "body"))
    for text in TEXTS:
        for room in (90, 140, 210, 320):
            painted = len(broken(theme, text, "body", room))
            counted = ruler.lines(text, ruler.width(text), room, 9, exact=True)
            assert abs(counted - painted) <= 1, (text, room)
            assert counted >= min(painted, 2)


def test_a_short_column_stays_while_a_long_one_scrolls_to_its_end() -> None:
    layout = Layout(made(400, Look("stage", everything=True)), SIZES, RULER, 1380)
    ends = [cell[-1] for cell in layout.tops[0]]
    short, long = ends.index(min(ends)), ends.index(max(ends))
    page, scroll = 300, layout.longest() - 300
    assert layout.offset(long, scroll, page) == scroll
    assert layout.offset(short, scroll, page) == max(0, ends[short] + SIZES.margin - page)
    shown = list(layout.visible(scroll, page))
    assert {box.place.column for box in shown} == set(range(len(ends)))
    assert all(box.y < page for box in shown)
    assert all(box.y + box.height > -SIZES.between for box in shown)


def test_what_stands_at_a_point_is_what_is_painted_there() -> None:
    layout = Layout(made(300, Look("owner", "stage")), SIZES, RULER, 1380)
    for scroll in (0, 517):
        for box in layout.visible(scroll, 700):
            if box.item.kind in (CARD, LINE) and box.y >= 0:
                found = layout.at(box.x + 5, box.y + 1, scroll, 700)
                assert found is not None
                assert found.place == box.place


def test_columns_that_do_not_fit_are_wider_than_the_window_and_no_narrower_than_can_be_read() -> None:
    few = Layout(made(60, Look()), SIZES, RULER, 1380)
    assert few.span <= 1380
    narrow = Layout(made(60, Look("priority")), SIZES, RULER, 500)
    assert narrow.span > 500
    assert min(narrow.widths) >= SIZES.least - 1


@pytest.mark.parametrize("look", [Look(everything=True), Look("owner", "stage", everything=True)])
def test_pages_hold_every_card_once_and_none_cut(look: Look) -> None:
    found = made(500, look)
    height = 900
    pages = sheets(found, RULER, SIZES, 1400, height)
    shown = [box.item.card.task.id for page in pages for box in page.boxes if box.item.card is not None]
    assert len(shown) == len(set(shown)) == 500
    assert all(box.y + box.height <= height for page in pages for box in page.boxes)
    for page in pages:
        lowest = {box.x: box for box in page.boxes}
        assert len(pages) == 1 or page is pages[-1] or any(box.item.kind != HEAD for box in lowest.values())
