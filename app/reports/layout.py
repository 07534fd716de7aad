"""Lays text out in lines and blocks, and blocks on pages; knows positions, not how to draw."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from app.reports.breaking import long_pieces, pieces
from app.reports.fonts import Cleaner, font

INK, SECOND, LABEL = 0, 1, 2  # black; the second language; names of things and remarks

Rule = Literal["", "ink", "heavy", "soft", "dotted"]


class Style(NamedTuple):
    bold: bool = False
    size: float = 8.0
    grey: int = INK


BODY = Style()
STRONG = Style(bold=True)
QUIET = Style(grey=SECOND)
FAINT = Style(grey=LABEL)
CODE = Style(size=7)

Span = tuple[str, Style]


class Ink(NamedTuple):
    x: float
    text: str
    style: Style


class Sign(NamedTuple):
    x: float
    name: str
    size: float = 9.5
    centre: float = 3.05  # above the baseline


class Write(NamedTuple):
    """A line to write on by hand, at the foot of the text line."""

    x: float
    width: float


Item = Ink | Sign | Write
Line = list[Item]


class Block(NamedTuple):
    """Text lines that stay together on a page, with what lies above and below them."""

    lines: list[Line]
    leading: float = 11.0
    above: float = 4.0
    below: float = 4.0
    rule: Rule = ""
    rule_x: float = 0.0
    shaded: bool = False
    framed: bool = False
    bar: bool = False  # a thick line at the left, for a remark that must be seen
    keep: bool = False  # on one page with the next block
    head: "tuple[Block, ...]" = ()  # repeated when a page begins with this block

    @property
    def height(self) -> float:
        return self.above + len(self.lines) * self.leading + self.below


class Page(NamedTuple):
    placed: list[tuple[float, Block]]


class Typesetter:
    """Breaks cleaned text into lines of a given width."""

    def __init__(self) -> None:
        self.clean = Cleaner()
        self._fonts = (font(bold=False), font(bold=True))

    def width(self, text: str, style: Style) -> float:
        return self._fonts[style.bold].width(self.clean(text), style.size)

    def lines(self, spans: Iterable[Span], x: float, width: float) -> list[Line]:
        """The spans one after the other from `x`, broken at `width`; no spans, no lines."""
        clean = [(self.clean(text), style) for text, style in spans if text]
        line: Line = []
        at = x
        for text, style in clean:
            if "\n" in text:
                return self._broken(clean, x, width)
            line.append(Ink(at, text, style))
            at += self._fonts[style.bold].width(text, style.size)
            if at - x > width + 0.01:
                return self._broken(clean, x, width)
        return [line] if line else []

    def right(self, spans: Sequence[Span], right: float) -> Line:
        """One line that ends at `right`."""
        at = right - sum(self.width(text, style) for text, style in spans)
        found = self.lines(spans, at, right - at + 1)
        return found[0] if found else []

    def _broken(self, spans: list[Span], x: float, width: float) -> list[Line]:
        filling = _Filling(x, width)
        for text, style in spans:
            face = self._fonts[style.bold]
            for piece in pieces(text):
                if piece == "\n":
                    filling.end_line()
                    continue
                inked = face.width(piece.rstrip(" "), style.size)
                if inked <= width:
                    filling.add(piece, style, inked, face.width(piece, style.size))
                    continue
                self._fill_long(filling, piece, style)
        filling.end_line()
        return filling.lines

    def _fill_long(self, filling: "_Filling", piece: str, style: Style) -> None:
        """A path or key longer than a line: after a separator if that helps, else anywhere."""
        face = self._fonts[style.bold]
        for part in long_pieces(piece):
            wide = face.width(part, style.size)
            if wide <= filling.width:
                filling.add(part, style, wide, wide)
                continue
            for character in part:
                wide = face.width(character, style.size)
                filling.add(character, style, wide, wide)


class _Filling:
    """Lines being filled from left to right."""

    def __init__(self, x: float, width: float) -> None:
        self.lines: list[Line] = []
        self._x, self.width = x, width
        self._runs: list[tuple[float, list[str], Style]] = []
        self._used = 0.0

    def add(self, piece: str, style: Style, inked: float, advance: float) -> None:
        if self._runs and self._used + inked > self.width + 0.01:
            self.end_line()
        if not self._runs and not piece.strip(" ") and self.lines:
            return  # no line begins with the space that broke it
        if self._runs and self._runs[-1][2] == style:
            self._runs[-1][1].append(piece)
        else:
            self._runs.append((self._x + self._used, [piece], style))
        self._used += advance

    def end_line(self) -> None:
        self.lines.append([Ink(x, "".join(found).rstrip(" "), style) for x, found, style in self._runs])
        self._runs, self._used = [], 0.0


def side_by_side(*cells: list[Line]) -> list[Line]:
    """Cells with their own positions merged into the lines of one row."""
    return [
        [item for cell in cells if at < len(cell) for item in cell[at]]
        for at in range(max(map(len, cells), default=0))
    ]


SPLIT_AFTER = 12  # lines; a taller row is continued on the next page


def row(lines: list[Line], like: Block) -> list[Block]:
    """The lines as one block like the given one, or several when no page could hold them."""
    if len(lines) <= SPLIT_AFTER:
        return [like._replace(lines=lines)]
    parts = [lines[at : at + SPLIT_AFTER] for at in range(0, len(lines), SPLIT_AFTER)]
    last = len(parts) - 1
    return [
        like._replace(
            lines=part,
            above=0.0 if at else like.above,
            below=like.below if at == last else 0.0,
            rule=like.rule if at == last else "",
            keep=like.keep and at == last,
        )
        for at, part in enumerate(parts)
    ]


def kept(blocks: list[Block]) -> list[Block]:
    """The blocks of one item on one page, as long as they are not most of a page."""
    if len(blocks) < 2 or sum(block.height for block in blocks) > 330:
        return blocks
    return [*(block._replace(keep=True) for block in blocks[:-1]), blocks[-1]]


def paginate(blocks: Sequence[Block], first_top: float, next_top: float, bottom: float) -> list[Page]:
    """Places the blocks on as few pages as their order and what is kept together allow."""
    page = Page([])
    pages = [page]
    at = first_top
    end = 0
    for index, block in enumerate(blocks):
        if index >= end:  # a chain of kept blocks is looked at once, at its start
            end = index + 1
            while blocks[end - 1].keep and end < len(blocks):
                end += 1
            chain = sum(member.height for member in blocks[index:end])
        else:
            chain = block.height
        fits_on_a_page = chain <= bottom - next_top - sum(member.height for member in block.head)
        if at + (chain if fits_on_a_page else block.height) > bottom + 0.01 and page.placed:
            page = Page([])
            pages.append(page)
            at = next_top
            for again in block.head:
                page.placed.append((at, again))
                at += again.height
        page.placed.append((at, block))
        at += block.height
    return pages
