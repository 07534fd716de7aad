"""What surrounds every paper: its head, the foot with the page code, the sample mark and the attached file."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from app.domain.words import RunKind
from app.i18n import N_, _
from app.reports import moments
from app.reports.codes import groups, page_code, scan_text
from app.reports.contract import Warnings
from app.reports.drawing import HEIGHT, INNER, MARGIN, Sheet
from app.reports.layout import (
    BODY,
    FAINT,
    LABEL,
    SECOND,
    STRONG,
    Block,
    Ink,
    Line,
    Page,
    Span,
    Style,
    Typesetter,
    paginate,
    side_by_side,
)
from app.reports.papers import Heading, Texts
from app.reports.speech import RUN, Speech, both, distinct

FORMAT = "launchbook-paper/1"
FILE = "launchbook.json"

_FOOT = 47.0
_BOTTOM = HEIGHT - MARGIN - _FOOT - 8
_NEXT_TOP = MARGIN + 24
_SMALL = Style(size=7, grey=SECOND)
_SMALL_STRONG = Style(bold=True, size=7)
_CODE_SIZE = 41.0
_FOOT_X = 50.0
_FOOT_TOP = HEIGHT - MARGIN - _FOOT
_FOOT_TEXT = Block([], leading=9.6, above=6, below=0)

Fact = tuple[str, list[Span]]
"""A label, as a message, and its value."""


class Frame:
    """Composes one paper: blocks between head and foot."""

    def __init__(self, paper: Heading, kind: str, title: str) -> None:
        self.paper, self.kind, self.title = paper, kind, title
        self.speech = Speech(paper.languages)
        self.type = Typesetter()
        self._code_x = 0.0  # where the page code stands, behind its label

    def moment(self, moment: datetime, style: Style, *, seconds: bool = False) -> list[Span]:
        """The moment in the zone and the first language of the paper."""
        return [(moments.full(moment, self.paper.zone, self.speech.first, seconds=seconds), style)]

    def head(self, facts: Sequence[Fact]) -> list[Block]:
        title = self.speech.words(self.title)
        spans = both(title, Style(bold=True, size=16), Style(size=12.5, grey=SECOND), "  ")
        tag = self.tag(11)
        room = INNER - sum(self.type.width(text, style) for text, style in tag) - 12
        lines = side_by_side(self.type.lines(spans, 0, room), [self.type.right(tag, INNER)])
        half = (len(facts) + 1) // 2
        middle = min(max(self._natural(facts[:half]) + 24, 240), 340)
        left = self._facts(facts[:half], 0, middle - 12)
        right = self._facts(facts[half:], middle, INNER - middle)
        return [
            Block(lines, leading=20, above=0, below=6),
            *(
                Block(side_by_side(*pair), leading=10.5, above=1.6, below=1.6)
                for pair in zip(left, right, strict=False)
            ),
            *(Block(lines, leading=10.5, above=1.6, below=1.6) for lines in left[len(right) :]),
            Block([], above=6, below=0, rule="heavy"),
            Block([], above=7, below=0),
        ]

    def _natural(self, facts: Sequence[Fact]) -> float:
        """The width that breaks no line."""
        labels = [sum(self.type.width(*span) for span in self.speech.label(message)) for message, _ in facts]
        values = [sum(self.type.width(*span) for span in spans) for _, spans in facts]
        return max(labels, default=0.0) + 10 + max(values, default=0.0)

    def _facts(self, facts: Sequence[Fact], x: float, width: float) -> list[list[Line]]:
        labels = [self.speech.label(message) for message, _spans in facts]
        widths = [sum(self.type.width(text, style) for text, style in label) for label in labels]
        inset = min(max(widths, default=0.0) + 10, width / 2)
        return [
            side_by_side(
                self.type.lines(label, x, inset - 6), self.type.lines(spans, x + inset, width - inset)
            )
            for label, (_message, spans) in zip(labels, facts, strict=True)
        ]

    def tag(self, size: float) -> list[Span]:
        """What this paper must never be taken for anything but."""
        if self.paper.run_kind is not RunKind.REHEARSAL:
            return []
        return both(self.speech.words(RUN[RunKind.REHEARSAL]), Style(True, size), Style(False, size), " ")

    def run(self) -> list[Span]:
        """The run's name and kind; one that is called as its kind says it once."""
        kind = self.speech.words(RUN[self.paper.run_kind])
        if self.paper.run in ("", *kind):
            return both(kind, STRONG)
        return [(self.paper.run, STRONG), ("  ", BODY), *both(kind, BODY)]

    def section(self, message: str, **values: object) -> Block:
        """A heading; it stays with what follows."""
        spans = self.speech.spans(message, Style(bold=True, size=9.5), Style(size=9.5, grey=SECOND), **values)
        return Block(self.type.lines(spans, 0, INNER), leading=13, above=12, below=2, keep=True)

    def write(self, blocks: Sequence[Block], out: BinaryIO) -> Warnings:
        paper = self.paper
        pages = paginate(blocks, MARGIN, _NEXT_TOP, _BOTTOM)
        title = " ".join((self.speech.words(self.title)[0], "·", paper.project))
        sheet = Sheet(
            out, title=title, author=paper.printed_by, language=self.speech.first, created=paper.printed_at
        )
        stamp = self.type.clean("  ".join(self.speech.words(N_("SAMPLE"))))
        sheet.store("head", [(MARGIN, self._running_head())])
        sheet.store("foot", self._foot_blocks())
        repeated = _store_repeated(sheet, pages)
        for number, page in enumerate(pages, start=1):
            if number > 1:
                sheet.stored("head")
            for y, block in page.placed:
                name = repeated.get(id(block))
                if name is None:
                    sheet.block(block, y)
                else:
                    sheet.stored(name, y)
            sheet.stored("foot")
            self._page_code(sheet, number, len(pages))
            if paper.sample:
                sheet.stamp(stamp)
            sheet.end_page()
        sheet.attach(FILE, self._attachment(len(pages)))
        sheet.close()
        return tuple(_unprintable(character) for character in sorted(self.type.clean.missing))

    def _running_head(self) -> Block:
        tag = self.tag(8)
        room = INNER - sum(self.type.width(text, style) for text, style in tag) - 12
        spans: list[Span] = [(self.speech.words(self.title)[0], STRONG), ("   ", FAINT)]
        spans.append((f"{self.paper.project} · {self.paper.run}", FAINT))
        return Block([self.cut(spans, 0, room) + self.type.right(tag, INNER)], above=0, below=4, rule="ink")

    def cut(self, spans: Sequence[Span], x: float, width: float) -> Line:
        """One line; what does not fit ends in an ellipsis. Only for what stands in full elsewhere."""
        lines = self.type.lines(spans, x, width)
        if len(lines) < 2:
            return lines[0] if lines else []
        short = self.type.lines(spans, x, width - 8)[0]
        last = short[-1]
        return [*short[:-1], last._replace(text=last.text.rstrip() + "…")] if isinstance(last, Ink) else short

    def _foot_blocks(self) -> list[tuple[float, Block]]:
        """What is the same on every page; places are left free for the page code and the page number."""
        width = INNER - _FOOT_X - 84
        paper, speech = self.paper, self.speech
        binding = self._binding_lines()
        moment = f"{moments.full(paper.printed_at, paper.zone, speech.first)} ({paper.zone})"
        printed = speech.words(N_("Printed {moment} by {person}"), moment=moment, person=paper.printed_by)[0]
        lines = [self.cut([(text, _SMALL)], _FOOT_X, width) for text in (*binding, "", printed)]
        code = both(speech.words(N_("Page code")), _SMALL, _SMALL, " ")
        self._code_x = _FOOT_X + sum(self.type.width(*span) for span in code) + 4
        content = both(speech.words(N_("content")), _SMALL, _SMALL, " ")
        content.append((f" {groups(paper.digest, limit=4)}", _SMALL_STRONG))
        lines[-2] = [
            *self.type.lines(code, _FOOT_X, INNER)[0],
            *self.type.lines(content, self._code_x + 62, INNER)[0],
        ]
        name = self.type.right([(" ".join(speech.words(N_("Launchbook"))), _SMALL)], INNER)
        right: list[Line] = [[] for _ in speech.languages]
        right.append(name)
        text = _FOOT_TEXT._replace(lines=side_by_side(lines, right))
        return [(_FOOT_TOP, Block([], above=0, below=0, rule="ink")), (_FOOT_TOP, text)]

    def _binding_lines(self) -> Texts:
        return self.speech.words(
            N_("The page code binds this sheet to the signed content; it can be checked offline.")
        )

    def _page_code(self, sheet: Sheet, number: int, pages: int) -> None:
        digest, speech = self.paper.digest, self.speech
        sheet.code(scan_text(digest, number), HEIGHT - MARGIN - _CODE_SIZE, _CODE_SIZE)
        counted = speech.words(N_("Page {page} of {pages}"), page=number, pages=pages)
        right = [self.type.right([(text, _SMALL)], INNER) for text in counted]
        left: list[Line] = [[] for _ in self._binding_lines()]
        left.append([Ink(self._code_x, page_code(digest, number), _SMALL_STRONG)])
        sheet.block(_FOOT_TEXT._replace(lines=side_by_side(left, right)), _FOOT_TOP)

    def _attachment(self, pages: int) -> bytes:
        paper = self.paper
        known = {"project": paper.project, "run": paper.run, **paper.binding}
        known |= {"format": FORMAT, "kind": self.kind, "pages": pages}
        known |= {"digest": paper.digest, "digest_rev": paper.digest_rev}
        return json.dumps(known, sort_keys=True, separators=(",", ":")).encode()


def _store_repeated(sheet: Sheet, pages: Sequence[Page]) -> dict[int, str]:
    """Column heads that stand on several pages, kept once in the file, by the identity of their block."""
    blocks = {id(block): block for page in pages for _y, block in page.placed}
    counted = Counter(id(block) for page in pages for _y, block in page.placed)
    names: dict[int, str] = {}
    for identity, count in counted.items():
        if count > 2:
            names[identity] = f"r{len(names)}"
            sheet.store(names[identity], [(0.0, blocks[identity])])
    return names


def _unprintable(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return _("The character {code} is not in the typeface; it is printed as [{code}].").format(code=code)


def lines_of(
    kind: Typesetter, texts: Texts, x: float, width: float, first: Style, second: Style
) -> list[Line]:
    """The languages one below the other."""
    styles = (first, second)
    return [
        line for at, text in enumerate(distinct(texts)) for line in kind.lines([(text, styles[at])], x, width)
    ]


HEAD = Style(size=7, grey=LABEL)
