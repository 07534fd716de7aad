"""Tables of a paper: a heading, column heads that stand again on each further page, and rows kept whole."""

import re
from collections.abc import Iterator, Sequence

from app.reports.frame import HEAD, Frame, lines_of
from app.reports.layout import BODY, Block, Line, Typesetter, kept, side_by_side

_BETWEEN_SCRIPTS = re.compile(
    r"(?<=[^\u3400-\u9fff]) (?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) (?=[^\u3400-\u9fff])"
)
ROW = Block([], rule="soft")
_HEADS = Block([], leading=9, above=3, below=3, rule="ink", keep=True)

Head = tuple[str, float, float]
"""A message, where its column begins, and how wide it is."""


def heads(frame: Frame, *columns: Head) -> Block:
    cells = [
        lines_of(frame.type, frame.speech.words(message), x, width, HEAD, HEAD)
        for message, x, width in columns
    ]
    return _HEADS._replace(lines=side_by_side(*cells))


def table(frame: Frame, title: str, head: Block, rows: Sequence[list[Block]]) -> Iterator[Block]:
    """Nothing where there are no rows."""
    if not rows:
        return
    yield frame.section(title)
    yield head
    for blocks in rows:
        for block in kept(blocks):
            yield block._replace(head=(head,))


def name_lines(kind: Typesetter, name: str, x: float, width: float) -> list[Line]:
    """A name on one line, else its two scripts on a line each: never one syllable of 沈若琳 alone."""
    lines = kind.lines([(name, BODY)], x, width)
    if len(lines) < 2:
        return lines
    return [line for part in _BETWEEN_SCRIPTS.split(name) for line in kind.lines([(part, BODY)], x, width)]
