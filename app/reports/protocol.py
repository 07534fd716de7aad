"""The protocol of a run on paper: everything that happened in it, in order, with what was planned beside what was."""

from collections.abc import Iterator
from typing import BinaryIO

from app.i18n import N_
from app.reports import moments
from app.reports.accounts import ProtocolDay, ProtocolLine, ProtocolPaper, ProtocolStep
from app.reports.contract import Report, Warnings
from app.reports.drawing import INNER
from app.reports.frame import Fact, Frame, lines_of
from app.reports.layout import (
    BODY,
    FAINT,
    QUIET,
    STRONG,
    Block,
    Line,
    Sign,
    Span,
    Style,
    kept,
    row,
    side_by_side,
)
from app.reports.situation import Accounts
from app.reports.speech import both, distinct
from app.reports.tables import ROW, heads, name_lines, table

TITLE = N_("Run protocol")

_PLANNED, _ACTUAL, _DIFFERENCE, _PERSON = 214.0, 300.0, 386.0, 440.0
_CLOCK, _NUMBER, _WHAT, _WHO = 0.0, 34.0, 62.0, 398.0
_TIGHT = ROW._replace(above=2.4, below=2.6)
_BAND = Style(bold=True, size=8.8)


class _Protocol:
    def __init__(self, paper: ProtocolPaper) -> None:
        self.paper = paper
        self.frame = Frame(paper, "protocol", TITLE)
        self.speech, self.type = self.frame.speech, self.frame.type
        self.accounts = Accounts(self.frame)

    def blocks(self) -> Iterator[Block]:
        yield from self.frame.head(self._facts())
        yield from self.accounts.facts(self.paper.facts)
        yield self.frame.section(N_("Totals"))
        yield from self.accounts.facts(self.paper.totals)
        for section in self.paper.registers:
            yield from self.accounts.section(section)
        yield from self._steps()
        yield from self._story()
        yield from self._end()

    def _facts(self) -> list[Fact]:
        paper = self.paper
        return [
            (N_("Project"), [(paper.project, STRONG)]),
            (N_("Printed"), self.frame.moment(paper.printed_at, BODY)),
            (N_("Run"), self.frame.run()),
            (N_("Time zone"), [(moments.zone_text(paper.printed_at, paper.zone), BODY)]),
        ]

    # -- steps -------------------------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[Block]:
        columns = heads(
            self.frame,
            (N_("No."), 13, 26),
            (N_("Step"), 40, _PLANNED - 46),
            (N_("Planned"), _PLANNED, 84),
            (N_("Actual"), _ACTUAL, 84),
            (N_("Difference"), _DIFFERENCE, 52),
            (N_("Done by"), _PERSON, INNER - _PERSON),
        )
        rows = [self._step(step) for step in self.paper.steps]
        yield from table(self.frame, N_("Steps, planned and actual"), columns, rows)

    def _step(self, step: ProtocolStep) -> list[Block]:
        titles = lines_of(self.type, step.titles, 40, _PLANNED - 46, BODY, QUIET) or [[]]
        number = self.type.lines([(step.number, STRONG)], 13, 26)
        times = [
            self.type.lines([(text, style)], x, 86)
            for text, x, style in ((step.planned, _PLANNED, BODY), (step.actual, _ACTUAL, STRONG))
        ]
        difference = lines_of(self.type, step.difference, _DIFFERENCE, 54, BODY, QUIET)
        person = name_lines(self.type, step.person, _PERSON, INNER - _PERSON)
        if step.attempts > 1:
            tries = self.speech.words(N_("attempt {number}"), number=step.attempts)
            person += lines_of(self.type, tries, _PERSON, INNER - _PERSON, FAINT, FAINT)
        cells = side_by_side(titles, number, *times, difference, person)
        cells[0].append(Sign(0, step.status))
        return row(cells, _TIGHT)

    # -- what happened -----------------------------------------------------------------------------------------------

    def _story(self) -> Iterator[Block]:
        columns = heads(
            self.frame,
            (N_("Time"), _CLOCK, _NUMBER - 4),
            (N_("No."), _NUMBER, 26),
            (N_("What happened"), _WHAT, _WHO - _WHAT),
            (N_("By"), _WHO, INNER - _WHO),
        )
        if not self.paper.days:
            return
        yield self.frame.section(N_("What happened, in order"))
        yield columns
        for day in self.paper.days:
            yield from self._day(day, columns)

    def _day(self, day: ProtocolDay, columns: Block) -> Iterator[Block]:
        title: list[Span] = both(day.day, _BAND, Style(size=8.8, grey=QUIET.grey))
        band = Block(
            self.type.lines(title, 7, INNER - 14), leading=12, above=4, below=4.4, rule="ink", shaded=True
        )
        yield band._replace(keep=True, head=(columns,))
        for line in day.lines:
            for block in kept(self._line(line)):
                yield block._replace(head=(columns, band))

    def _line(self, line: ProtocolLine) -> list[Block]:
        what = self._what(line)
        number = self.type.lines([(line.number, STRONG)], _NUMBER, 26)
        clock = self.type.lines([(line.clock, BODY)], _CLOCK, _NUMBER - 4)
        who = name_lines(self.type, line.person, _WHO, INNER - _WHO)
        who += lines_of(self.type, line.typed, _WHO, INNER - _WHO, FAINT, FAINT)
        return row(side_by_side(clock, number, what, who), _TIGHT)

    def _what(self, line: ProtocolLine) -> list[Line]:
        """What it is and what it is about on one line, the second language below, then what was said."""
        left = _WHAT + 13 if line.sign else _WHAT
        width = _WHO - left - 8
        words, titles = distinct(line.what), distinct(line.titles)
        found: list[Line] = []
        for at in range(max(len(words), len(titles), 1)):
            word, title = words[at : at + 1], titles[at : at + 1]
            strong, plain = (STRONG, BODY) if at == 0 else (QUIET, QUIET)
            spans: list[Span] = [(text, strong) for text in word]
            spans += [(("  " if word else "") + text, plain) for text in title]
            found += self.type.lines(spans, left, width)
        if line.text:
            found += self.type.lines([(line.text, Style(size=7.6, grey=QUIET.grey))], left, width)
        found = found or [[]]
        if line.sign:
            found[0].append(Sign(_WHAT, line.sign))
        return found

    def _end(self) -> Iterator[Block]:
        note = self.speech.words(
            N_("What was undone is left out here; the audit log keeps it. Signed statements are the record.")
        )
        yield Block(lines_of(self.type, note, 0, INNER, FAINT, FAINT), above=9, below=0)


def render(paper: ProtocolPaper, out: BinaryIO) -> Warnings:
    made = _Protocol(paper)
    return made.frame.write(list(made.blocks()), out)


REPORT = Report("protocol", TITLE, ProtocolPaper, render)
