"""The approval record of a gate: what was signed, by whom, and what no longer fits."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from app.domain.words import GateState
from app.i18n import N_
from app.reports import moments
from app.reports.codes import groups
from app.reports.contract import Report, Warnings
from app.reports.drawing import INNER
from app.reports.frame import Fact, Frame, lines_of
from app.reports.layout import (
    BODY,
    CODE,
    FAINT,
    QUIET,
    STRONG,
    Block,
    Line,
    Sign,
    Span,
    Style,
    Write,
    row,
    side_by_side,
)
from app.reports.papers import (
    CoveredStep,
    Evidence,
    GatePaper,
    MissingSignOff,
    PaperCriterion,
    PaperException,
)
from app.reports.signoffs import Signoffs
from app.reports.speech import MEANING, OUTCOME, STATUS, both, distinct
from app.reports.tables import ROW, heads, table

TITLE = N_("Gate approval record")

_INSET = 15.0
_STATE, _PROOF, _JUDGE = 206.0, 276.0, 420.0
_SIZE, _SUPPORTS, _HASH = 150.0, 186.0, 226.0
_STATES = {
    GateState.CLOSED: ("gate-closed", N_("Closed")),
    GateState.OPEN_HERE: ("gate-open", N_("Open here, not yet sequenced")),
    GateState.FINAL: ("gate-open", N_("Open, final")),
}
_OUTCOMES = {"pass": "done", "fail": "failed", "na": "skipped"}


class _Approval:
    def __init__(self, paper: GatePaper) -> None:
        self.paper = paper
        self.frame = Frame(paper, "gate", TITLE)
        self.speech, self.type = self.frame.speech, self.frame.type
        self.signoffs = Signoffs(self.frame, paper.statements)

    def blocks(self) -> Iterator[Block]:
        yield from self.frame.head(self._facts())
        yield from self._state()
        yield from self._rule()
        yield from self._criteria()
        yield from self._steps()
        yield from self.signoffs.that_count()
        yield from self._missing()
        yield from self.signoffs.that_do_not()
        yield from self._exceptions()
        yield from self._evidence(N_("Evidence"), self._all_evidence())
        yield from self._evidence(N_("Added later, not covered by the signatures"), self.paper.not_covered)
        yield from self._record()

    def _facts(self) -> list[Fact]:
        paper = self.paper
        opened = [] if paper.opened_at is None else self.frame.moment(paper.opened_at, BODY, seconds=True)
        facts: list[Fact] = [
            (N_("Project"), [(paper.project, STRONG)]),
            (N_("Gate"), both(paper.gate, STRONG)),
            (N_("Plan"), [(paper.plan, BODY)] if paper.plan else []),
            (N_("Run"), self.frame.run()),
            (N_("Opened"), opened),
            (N_("Time zone"), [(moments.zone_text(paper.opened_at or paper.printed_at, paper.zone), BODY)]),
        ]
        return [fact for fact in facts if fact[1]]

    def _state(self) -> Iterator[Block]:
        sign, message = _STATES[self.paper.state]
        beside = self._beside_state()
        room = 250.0 if beside else INNER - 60
        large, second = Style(bold=True, size=12), Style(size=11.5, grey=QUIET.grey)
        words = lines_of(self.type, self.speech.words(message), 46, room, large, second)
        words[0].append(Sign(14, sign, 19, 4.4))
        notes = [line for spans in beside for line in self.type.lines(spans, 312, INNER - 324)]
        blank = max(0, (len(notes) - len(words)) // 2)
        lines = side_by_side([[] for _ in range(blank)] + words, notes)
        yield Block(lines, leading=14, above=10, below=10, framed=True)

    def _beside_state(self) -> list[list[Span]]:
        found: list[list[Span]] = []
        verdict = self.signoffs.verdict()
        if verdict is not None:
            word = both(self.speech.words(MEANING[verdict.meaning]), STRONG, QUIET, " ")
            found.append(
                [*self.speech.label(N_("Verdict")), (" ", BODY), *word, (", " + verdict.person, BODY)]
            )
        if self.paper.state is GateState.FINAL and self.paper.sequencer:
            found.append([*self.speech.label(N_("Sequenced by")), (" " + self.paper.sequencer, BODY)])
        if self.paper.state is GateState.OPEN_HERE:
            said = self.speech.words(N_("All signatures verified on this device."))
            found += [[(text, FAINT)] for text in said]
        return found

    def _rule(self) -> Iterator[Block]:
        if self.paper.rule:
            yield self.frame.section(N_("Rule"))
        for texts in self.paper.rule:
            lines = lines_of(self.type, texts, 0, INNER, BODY, QUIET)
            yield from row(lines, Block([], above=2, below=2))

    def _criteria(self) -> Iterator[Block]:
        columns = heads(
            self.frame,
            (N_("Criterion"), _INSET, _STATE - _INSET),
            (N_("State"), _STATE, 66),
            (N_("Value and evidence"), _PROOF, 138),
            (N_("Judged by"), _JUDGE, INNER - _JUDGE),
        )
        numbered = enumerate(self.paper.criteria, start=1)
        yield from table(
            self.frame, N_("Criteria"), columns, [self._criterion(number, item) for number, item in numbered]
        )

    def _criterion(self, number: int, criterion: PaperCriterion) -> list[Block]:
        texts = distinct(criterion.texts)
        title = [f"{number}  {text}" if at == 0 else text for at, text in enumerate(texts)]
        name = lines_of(self.type, tuple(title), _INSET, _STATE - _INSET - 10, STRONG, QUIET) or [[]]
        sign = "flag" if criterion.waived else _OUTCOMES.get(criterion.outcome or "", "open")
        name[0].append(Sign(0, sign))
        word = N_("Waived") if criterion.waived else OUTCOME[criterion.outcome]
        state = lines_of(self.type, self.speech.words(word), _STATE, 64, STRONG, QUIET)
        proof: list[Line] = []
        if criterion.value:
            proof += self.type.lines([(criterion.value, BODY)], _PROOF, 136)
        if criterion.target:
            target = [*self.speech.label(N_("target")), (" " + criterion.target, FAINT)]
            proof += self.type.lines(target, _PROOF, 136)
        for evidence in criterion.evidence:
            proof += self.type.lines([(evidence.name, FAINT)], _PROOF, 136)
        judge = self.type.lines([(criterion.judged_by, BODY)], _JUDGE, INNER - _JUDGE)
        if criterion.judged_at is not None:
            at = moments.short(criterion.judged_at, self.paper.zone, self.speech.first)
            judge += self.type.lines([(at, FAINT)], _JUDGE, INNER - _JUDGE)
        return row(side_by_side(name, state, proof, judge), ROW)

    def _steps(self) -> Iterator[Block]:
        columns = heads(
            self.frame, (N_("No."), 0, 30), (N_("Step"), 30, 360), (N_("State"), _JUDGE, INNER - _JUDGE)
        )
        yield from table(
            self.frame, N_("Steps covered"), columns, [self._step(step) for step in self.paper.steps]
        )

    def _step(self, step: CoveredStep) -> list[Block]:
        title = self.type.lines(both(step.titles, BODY), 30, _JUDGE - 40)
        word = both(self.speech.words(STATUS[step.status]), BODY, QUIET, " ")
        state = self.type.lines(word, _JUDGE + 13, INNER - _JUDGE - 13)
        state[0].append(Sign(_JUDGE, step.status.value))
        number = self.type.lines([(step.number, STRONG)], 0, 28)
        return row(side_by_side(number, title, state), ROW._replace(above=2.6, below=2.8))

    def _missing(self) -> Iterator[Block]:
        if not self.paper.missing:
            return
        yield self.frame.section(N_("Sign-offs still missing"))
        for at in range(0, len(self.paper.missing), 2):
            pair = self.paper.missing[at : at + 2]
            cells = [self._to_sign(item, number * (INNER / 2 + 8)) for number, item in enumerate(pair)]
            yield Block(side_by_side(*cells), above=4, below=8)

    def _to_sign(self, missing: MissingSignOff, x: float) -> list[Line]:
        width = INNER / 2 - 8
        role = self.type.lines(both(missing.role, STRONG), x + _INSET, width - _INSET) or [[]]
        role[0].append(Sign(x, "seal-none", 10.5))
        meaning = both(self.speech.words(MEANING.get(missing.meaning, missing.meaning)), BODY, QUIET, " ")
        wanted = [*meaning, (", " + missing.name, BODY)] if missing.name else meaning
        line = self.type.lines(wanted, x + _INSET, width - _INSET)
        foot = side_by_side(
            self.type.lines(self.speech.label(N_("Name and signature")), x, width * 0.56),
            self.type.lines(self.speech.label(N_("Place and date")), x + width * 0.6, width * 0.4),
        )
        return [*role, *line, [], [], [Write(x, width * 0.56), Write(x + width * 0.6, width * 0.4)], *foot]

    def _exceptions(self) -> Iterator[Block]:
        if not self.paper.exceptions:
            return
        yield self.frame.section(N_("Exceptions"))
        for exception in self.paper.exceptions:
            like = Block([], above=2, below=3, bar=True)
            yield from row(self._exception(exception), like)
            yield Block([], above=3, below=0)

    def _exception(self, exception: PaperException) -> list[Line]:
        lines = lines_of(self.type, exception.texts, 9, INNER - 9, STRONG, QUIET)
        lines += lines_of(self.type, exception.details, 9, INNER - 9, BODY, QUIET)
        spans: list[Span] = []
        if exception.at is not None:
            spans += [
                *self.speech.label(N_("Raised")),
                (" ", BODY),
                *self.frame.moment(exception.at, BODY),
                ("   ", BODY),
            ]
        if not exception.answer:
            return lines + self.type.lines(
                [*spans, *self.speech.spans(N_("Not answered"), STRONG)], 9, INNER - 9
            )
        spans += [*self.speech.label(N_("Answer")), (f" {exception.answer}", BODY)]
        if exception.answered_by:
            spans.append((f"  {exception.answered_by}", BODY))
        if exception.answered_at is not None:
            spans += [(", ", BODY), *self.frame.moment(exception.answered_at, FAINT)]
        return lines + self.type.lines(spans, 9, INNER - 9)

    def _all_evidence(self) -> list[Evidence]:
        """What the criteria rest on, then the rest; a file that supports several stands once for each."""
        found = [
            Evidence(item.name, item.sha256, item.size, item.supports or str(number))
            for number, criterion in enumerate(self.paper.criteria, start=1)
            for item in criterion.evidence
        ]
        return [*found, *self.paper.evidence]

    def _evidence(self, title: str, evidence: Sequence[Evidence]) -> Iterator[Block]:
        columns = heads(
            self.frame,
            (N_("File"), 0, _SIZE - 8),
            (N_("Size"), _SIZE, 34),
            (N_("Supports"), _SUPPORTS, 36),
            (N_("SHA-256 of the file, or of the salted note"), _HASH, INNER - _HASH),
        )
        yield from table(self.frame, title, columns, [self._file(item) for item in evidence])

    def _file(self, item: Evidence) -> list[Block]:
        size = "" if item.size is None else moments.size(item.size)
        lines = side_by_side(
            self.type.lines([(item.name, BODY)], 0, _SIZE - 8),
            self.type.lines([(size, FAINT)], _SIZE, 34),
            self.type.lines([(item.supports, FAINT)], _SUPPORTS, 36),
            self.type.lines([(groups(item.sha256, 8), CODE)], _HASH, INNER - _HASH),
        )
        return row(lines, ROW._replace(above=2.6, below=2.8))

    def _record(self) -> Iterator[Block]:
        """Everything somebody needs to find these signatures in the record."""
        paper = self.paper
        digest = [
            *self.speech.label(N_("Content")),
            (" " + groups(paper.digest, 8) + "  ", CODE),
            *self.speech.label(N_("digest revision")),
            (f" {paper.digest_rev}", CODE),
        ]
        lines = [self.type.lines(digest, 0, INNER)]
        lines += [self.signoffs.identity(statement) for statement in paper.statements]
        yield self.frame.section(N_("In the record"))
        for found in lines:
            yield from row(found, Block([], leading=10, above=1, below=1))
        note = N_(
            "The signed statements are the record; this paper shows them. A seal shows in any PDF reader."
        )
        yield Block(lines_of(self.type, self.speech.words(note), 0, INNER, FAINT, FAINT), above=7, below=0)


def render(paper: GatePaper, out: BinaryIO) -> Warnings:
    approval = _Approval(paper)
    return approval.frame.write(list(approval.blocks()), out)


REPORT = Report("approval", TITLE, GatePaper, render)
