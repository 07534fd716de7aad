"""The situation report of a run on paper: where it stands at one moment, on one or two sheets."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from app.i18n import N_
from app.process.digests import checklist_digest
from app.queries.content import step_content
from app.reports import moments
from app.reports.accounts import AccountFact, AccountItem, AccountSection, SituationPaper
from app.reports.briefing import TITLE, briefing
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
from app.reports.material import material
from app.reports.speech import both
from app.storage.engine import Reader

_NUMBER, _TITLE, _DETAILS = 14.0, 40.0, 268.0
_LABEL_WIDTH = 128.0
_REMARK = Style(size=7.6, grey=QUIET.grey)
_LABEL = Style(size=7.6, grey=FAINT.grey)
_VALUE = Style(size=9.0)
_GRAVE = Style(bold=True, size=9.0)


def situation_paper(
    reader: Reader, project: bytes, run: bytes, languages: Sequence[str], printed_by: str, now_ms: int
) -> SituationPaper:
    """Bound to the content of all steps, as the checklist is: `verify` says what changed since. Raises NotFound."""
    found = material(reader, project, run, languages, printed_by, now_ms)
    steps = (step_content(reader, run, task.id, found.first) for task in found.rows.tasks)
    made = briefing(reader, project, run, found.languages, now_ms)
    return SituationPaper(
        **found.heading(checklist_digest(run, steps)), facts=made.facts(), sections=made.sections()
    )


class Accounts:
    """Facts and lists as blocks of a paper."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.speech, self.type = frame, frame.speech, frame.type

    def facts(self, facts: Sequence[AccountFact]) -> Iterator[Block]:
        """One below the other: what a tired reader has to find at once."""
        for fact in facts:
            style = _GRAVE if fact.is_grave else _VALUE
            label = self.type.lines(self.speech.label(fact.label), 0, _LABEL_WIDTH - 8)
            second = Style(size=8.0, grey=QUIET.grey)
            value = lines_of(self.type, fact.texts, _LABEL_WIDTH, INNER - _LABEL_WIDTH, style, second)
            yield from row(side_by_side(label, value), Block([], above=2.6, below=2.8, rule="dotted"))

    def section(self, section: AccountSection) -> Iterator[Block]:
        yield self.frame.section(section.title)
        yield Block([], above=0, below=0, rule="ink", keep=True)
        for item in section.items:
            yield from kept(self._item(item))

    def _item(self, item: AccountItem) -> list[Block]:
        number = self.type.lines([(item.number, STRONG)], _NUMBER, _TITLE - _NUMBER - 3)
        left = _TITLE if item.number or not item.sign else _NUMBER
        titles = lines_of(self.type, item.titles, left, _DETAILS - left - 8, STRONG, QUIET) or [[]]
        details = lines_of(self.type, item.details, _DETAILS, INNER - _DETAILS, BODY, QUIET)
        cells = side_by_side(number, titles, details)
        if item.sign:
            cells[0].append(Sign(0, item.sign))
        blocks = row(cells, Block([], above=3, below=3.2, rule="soft"))
        remarks = [line for remark in item.remarks for line in self._remark(*remark, left)]
        if remarks:
            blocks[-1] = blocks[-1]._replace(rule="", below=0.4)
            blocks += row(remarks, Block([], leading=10.5, above=0.4, below=3.2, rule="soft"))
        return blocks

    def _remark(self, label: str, text: str, x: float) -> list[Line]:
        words: list[Span] = [*self.speech.label(label, _LABEL), ("  ", _LABEL)] if label else []
        return self.type.lines([*words, (text, _REMARK)], x, INNER - x)


class _Situation:
    def __init__(self, paper: SituationPaper) -> None:
        self.paper = paper
        self.frame = Frame(paper, "situation", TITLE)
        self.accounts = Accounts(self.frame)

    def blocks(self) -> Iterator[Block]:
        yield from self.frame.head(self._facts())
        yield from self.accounts.facts(self.paper.facts)
        for section in self.paper.sections:
            yield from self.accounts.section(section)
        note = self.frame.speech.words(
            N_("Times ahead are forecasts from what was known at the moment above.")
        )
        yield Block(lines_of(self.frame.type, note, 0, INNER, FAINT, FAINT), above=9, below=0)

    def _facts(self) -> list[Fact]:
        paper = self.paper
        return [
            (N_("Project"), [(paper.project, STRONG)]),
            (N_("As of"), self.frame.moment(paper.printed_at, STRONG)),
            (N_("Run"), self.frame.run()),
            (N_("Time zone"), both((moments.zone_text(paper.printed_at, paper.zone),), BODY)),
        ]


def render(paper: SituationPaper, out: BinaryIO) -> Warnings:
    made = _Situation(paper)
    return made.frame.write(list(made.blocks()), out)


REPORT = Report("situation", TITLE, SituationPaper, render)
