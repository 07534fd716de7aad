"""Blocks land on pages in order, inside the margins, and headings are not left alone."""

from hypothesis import given
from hypothesis import strategies as st

from app.reports.layout import Block, Ink, Style, kept, paginate, row

HEIGHTS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=60)


def a_block(lines: int, *, keep: bool = False, head: tuple[Block, ...] = ()) -> Block:
    return Block([[Ink(0, "x", Style())] for _ in range(lines)], keep=keep, head=head)


@given(HEIGHTS)
def test_every_block_is_printed_once_in_order_and_inside_the_page(sizes: list[tuple[int, bool]]) -> None:
    blocks = [a_block(lines, keep=keep) for lines, keep in sizes]
    pages = paginate(blocks, 40, 60, 400)

    placed = [(y, block) for page in pages for y, block in page.placed]
    assert [id(block) for _y, block in placed] == [id(block) for block in blocks]
    assert all(y + block.height <= 400.1 for y, block in placed)


def test_a_heading_goes_to_the_next_page_with_its_first_row() -> None:
    blocks = [a_block(25), a_block(1, keep=True), a_block(5)]
    pages = paginate(blocks, 0, 0, 340)

    assert [len(page.placed) for page in pages] == [1, 2]


def test_column_heads_stand_again_on_the_next_page() -> None:
    head = a_block(1)
    pages = paginate([a_block(10, head=(head,)) for _ in range(4)], 0, 0, 250)

    assert pages[1].placed[0][1] is head


def test_a_chain_longer_than_a_page_is_broken_rather_than_lost() -> None:
    blocks = [a_block(10, keep=True) for _ in range(9)]
    pages = paginate(blocks, 0, 0, 300)

    assert sum(len(page.placed) for page in pages) == 9
    assert len(pages) > 1


def test_a_row_taller_than_a_page_is_continued_without_a_rule_in_between() -> None:
    parts = row(a_block(100).lines, Block([], rule="soft"))

    assert sum(len(part.lines) for part in parts) == 100
    assert [part.rule for part in parts] == [""] * (len(parts) - 1) + ["soft"]


def test_what_fills_most_of_a_page_is_not_kept_together() -> None:
    assert [block.keep for block in kept([a_block(20), a_block(20)])] == [False, False]
    assert [block.keep for block in kept([a_block(2), a_block(2)])] == [True, False]
