"""A board read in one snapshot, arranged and laid out in the reader thread: the window's own thread has only to paint it."""

from collections.abc import Sequence
from typing import NamedTuple

from app.queries.checklist import Checklist, checklist
from app.queries.projects import is_sample
from app.queries.timeline import Timeline, timeline
from app.storage.engine import Reader
from ui.desktop.board.arranging import Board, Look, arranged
from ui.desktop.board.cards import cards
from ui.desktop.board.layout import Layout, Sizes
from ui.desktop.board.ruler import Ruler


class Measure(NamedTuple):
    """What a board is laid out for: letters, sizes, and the width of the window."""

    ruler: Ruler
    sizes: Sizes
    width: int

    def lay(self, board: Board) -> Layout:
        return Layout(board, self.sizes, self.ruler, self.width)


def board(
    reader: Reader,
    project: bytes,
    run: bytes | None,
    language: str,
    now_ms: int,
    look: Look,
    measure: Measure,
) -> Layout:
    listed = checklist(reader, project, run, language, now_ms)
    times = timeline(reader, project, run, now_ms)
    return measure.lay(joined(listed, times, _people(reader), look, measure.ruler))


def again(_reader: Reader, old: Board, look: Look, measure: Measure) -> Layout:
    """The same facts in another order."""
    return measure.lay(arranged(old.listed, old.times, old.people, old.cards, look))


def on_paper(reader: Reader, old: Board, look: Look, ruler: Ruler) -> tuple[Board, bool]:
    """Nothing cut short, measured in the letters of the page; and whether it is the sample, which says so on paper."""
    whole = look._replace(everything=True)
    return joined(old.listed, old.times, old.people, whole, ruler), is_sample(reader)


def joined(
    listed: Checklist, times: Timeline, people: Sequence[tuple[bytes, str]], look: Look, ruler: Ruler
) -> Board:
    return arranged(listed, times, tuple(people), tuple(cards(listed, times, ruler)), look)


def _people(reader: Reader) -> tuple[tuple[bytes, str], ...]:
    """Whom a task can be given to."""
    rows = reader.rows("SELECT id, name, handle FROM person WHERE alive ORDER BY name, handle")
    return tuple((person, name or handle) for person, name, handle in rows)
