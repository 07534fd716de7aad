"""The cutover checklist: every step with its checks, boxes to tick and lines to sign where it is still open."""

from collections.abc import Iterator
from typing import BinaryIO

from app.domain.words import CheckKind, CheckOutcome, Status
from app.i18n import N_
from app.reports import moments
from app.reports.codes import groups
from app.reports.contract import Report, Warnings
from app.reports.drawing import INNER
from app.reports.frame import HEAD, Fact, Frame, lines_of
from app.reports.layout import (
    BODY,
    FAINT,
    QUIET,
    STRONG,
    Block,
    Ink,
    Line,
    Sign,
    Span,
    Style,
    Write,
    kept,
    row,
    side_by_side,
)
from app.reports.papers import (
    Check,
    ChecklistLine,
    ChecklistPaper,
    ChecklistStage,
    Hand,
    SignatureBlock,
    Texts,
)
from app.reports.speech import REQUIREMENT, STATUS, Speech, both
from app.reports.tables import name_lines

TITLE = N_("Cutover checklist")

_STEP, _OWNER, _TIMES, _RESULT, _HANDS = 27.0, 202.0, 262.0, 346.0, 427.0
_STEP_WIDTH, _OWNER_WIDTH, _TIMES_WIDTH, _RESULT_WIDTH = 167.0, 56.0, 80.0, 77.0
_HANDS_WIDTH = INNER - _HANDS
_WIDE = _RESULT - _STEP - 8
_REST = INNER - _RESULT
_BOXES = {
    None: "box",
    CheckOutcome.PASS: "box-pass",
    CheckOutcome.FAIL: "box-fail",
    CheckOutcome.NA: "box-na",
}
_CLOSED = (Status.DONE, Status.SKIPPED)
_SUB = Block([], leading=10.5, above=2.2, below=2.6, rule="dotted", rule_x=_STEP)
_INSTRUCTION = Style(size=7.5, grey=QUIET.grey)
_BAND = Style(bold=True, size=8.8)


class _Checklist:
    def __init__(self, paper: ChecklistPaper) -> None:
        self.paper = paper
        self.frame = Frame(paper, "checklist", TITLE)
        self.speech, self.type = self.frame.speech, self.frame.type
        self.columns = self._column_heads()

    def blocks(self) -> Iterator[Block]:
        yield from self.frame.head(self._facts())
        yield self.columns._replace(keep=True)
        for stage in self.paper.stages:
            yield from self._stage(stage)
        yield from self._end()

    def _facts(self) -> list[Fact]:
        paper, speech = self.paper, self.speech
        lines = [line for stage in paper.stages for line in stage.lines]
        done = sum(line.status is Status.DONE for line in lines)
        facts: list[Fact] = [
            (N_("Project"), [(paper.project, STRONG)]),
            (N_("Window"), self._window()),
            (N_("No return after"), self._no_return()),
            (
                N_("Time zone"),
                [(moments.zone_text(paper.window_start or paper.printed_at, paper.zone), BODY)],
            ),
            (N_("Run"), self.frame.run()),
            (N_("Plan"), [(paper.plan, BODY)] if paper.plan else []),
            (
                N_("Progress"),
                speech.spans(N_("{done} of {total} steps done"), BODY, done=done, total=len(lines))[:1],
            ),
        ]
        return [fact for fact in facts if fact[1]]

    def _window(self) -> list[Span]:
        start, end = self.paper.window_start, self.paper.window_end
        if start is None or end is None:
            return []
        return [(moments.period(start, end, self.paper.zone, self.speech.first), BODY)]

    def _no_return(self) -> list[Span]:
        moment = self.paper.no_return_after
        return [] if moment is None else self.frame.moment(moment, STRONG)

    def _column_heads(self) -> Block:
        heads = (
            (N_("No."), 0.0, _STEP),
            (N_("Step and its checks"), _STEP, _STEP_WIDTH),
            (N_("Owner, length"), _OWNER, _OWNER_WIDTH),
            (N_("Planned / actual"), _TIMES, _TIMES_WIDTH),
            (N_("Result"), _RESULT, _RESULT_WIDTH),
            (N_("Done by, confirmed by"), _HANDS, _HANDS_WIDTH),
        )
        cells = [
            lines_of(self.type, self.speech.words(message), x, width, HEAD, HEAD)
            for message, x, width in heads
        ]
        return Block(side_by_side(*cells), leading=9, above=3, below=3, rule="ink")

    def _stage(self, stage: ChecklistStage) -> Iterator[Block]:
        band = self._band(stage, ())
        yield band._replace(keep=bool(stage.lines), head=(self.columns,))
        again = (self.columns, self._band(stage, self.speech.words(N_("continued"))))
        for line in stage.lines:
            for block in kept(self._line(line)):
                yield block._replace(head=again)
        if not stage.lines:
            yield _SUB._replace(lines=self.type.lines(self.speech.spans(N_("No steps"), FAINT), _STEP, _WIDE))

    def _band(self, stage: ChecklistStage, continued: Texts) -> Block:
        owner: list[Span] = []
        if stage.owner:
            owner = [*self.speech.label(N_("Owner")), (" ", BODY), (stage.owner, BODY)]
        taken = sum(self.type.width(text, style) for text, style in owner)
        title: list[Span] = [*both(stage.titles, _BAND, Style(size=8.8, grey=QUIET.grey))]
        if continued:
            title += [("  ", FAINT), *both(continued, FAINT, FAINT, " ")]
        beside = 0 < taken < INNER / 3
        room = INNER - _STEP - 14 - (taken + 12 if beside else 0)
        lines = side_by_side(
            self.type.lines([(stage.number, _BAND)], 7, 24),
            self.type.lines(title, _STEP, room),
            [self.type.right(owner, INNER - 7)] if beside else [],
        )
        if owner and not beside:
            lines += self.type.lines(owner, _STEP, INNER - _STEP - 14)
        return Block(lines, leading=12, above=4, below=4.4, rule="ink", shaded=True)

    def _line(self, line: ChecklistLine) -> list[Block]:
        cells = side_by_side(
            self.type.lines([(line.number, STRONG)], 0, _STEP - 3),
            lines_of(self.type, line.titles, _STEP, _STEP_WIDTH, STRONG, QUIET),
            self._owner(line),
            self._times(line),
            self._status(line),
            self._hands(line),
        )
        blocks = row(cells, Block([], rule="dotted", rule_x=_STEP))
        instruction = lines_of(self.type, line.instructions, _STEP, INNER - _STEP, _INSTRUCTION, _INSTRUCTION)
        if instruction:
            blocks += row(instruction, _SUB._replace(leading=10.0))
        for check in line.checks:
            by_hand = check.outcome is None  # room for a pen
            blocks += row(self._check(check), _SUB._replace(above=5.0) if by_hand else _SUB)
        if line.missing:
            blocks += row(self._missing(line), _SUB)
        if line.evidence:
            blocks += row(self._evidence(line), _SUB)
        for note in line.notes:
            spans = [*self.speech.label(N_("Note")), ("  ", FAINT), (note, BODY)]
            blocks += row(self.type.lines(spans, _STEP, INNER - _STEP), _SUB)
        blocks[-1] = blocks[-1]._replace(rule="soft", rule_x=0.0)
        return blocks

    def _owner(self, line: ChecklistLine) -> list[Line]:
        owner = self._name(line.owner, _OWNER, _OWNER_WIDTH)
        if line.minutes is None:
            return owner
        length = moments.length(line.minutes, self.speech.first)
        return owner + self.type.lines([(length, FAINT)], _OWNER, _OWNER_WIDTH)

    def _times(self, line: ChecklistLine) -> list[Line]:
        zone, language = self.paper.zone, self.speech.first
        lines: list[Line] = []
        if line.planned_start and line.planned_finish:
            planned = moments.span(line.planned_start, line.planned_finish, zone, language)
            lines += self.type.lines([(planned, BODY)], _TIMES, _TIMES_WIDTH)
        if line.actual_start and line.actual_finish:
            actual = moments.span(line.actual_start, line.actual_finish, zone, language)
            return lines + self.type.lines([(actual, STRONG)], _TIMES, _TIMES_WIDTH)
        if line.status in _CLOSED:
            return lines
        if line.actual_start is None:
            return [*lines, [Write(_TIMES, 32), *self._arrow(_TIMES + 36), Write(_TIMES + 48, 32)]]
        begun = moments.short(line.actual_start, zone, language)
        after = _TIMES + self.type.width(begun, STRONG) + 4
        return [*lines, [Ink(_TIMES, begun, STRONG), *self._arrow(after), Write(after + 12, 26)]]

    def _arrow(self, x: float) -> Line:
        return [Ink(x, "→", BODY)]

    def _status(self, line: ChecklistLine) -> list[Line]:
        words = self.type.lines(
            both(self.speech.words(STATUS[line.status]), BODY, QUIET, " "), _RESULT + 13, _RESULT_WIDTH - 13
        )
        words[0].append(Sign(_RESULT, line.status.value))
        return words + self.type.lines([(line.result, FAINT)], _RESULT, _RESULT_WIDTH)

    def _hands(self, line: ChecklistLine) -> list[Line]:
        lines = self._hand(line.done_by, is_open=line.status not in _CLOSED)
        if line.second_person or line.confirmed_by:
            lines += self._hand(line.confirmed_by, is_open=line.status is not Status.SKIPPED)
        return lines

    def _hand(self, hand: Hand | None, *, is_open: bool) -> list[Line]:
        if hand is None:
            return [[], [Write(_HANDS, _HANDS_WIDTH)]] if is_open else []
        at = "" if hand.at is None else " " + moments.short(hand.at, self.paper.zone, self.speech.first)
        lines = self.type.lines([(hand.name + at, BODY)], _HANDS + 11, _HANDS_WIDTH - 11)
        if len(lines) > 1:
            lines = self._name(hand.name, _HANDS + 11, _HANDS_WIDTH - 11)
            lines += self.type.lines([(at.lstrip(), BODY)], _HANDS + 11, _HANDS_WIDTH - 11)
        lines[0].append(Sign(_HANDS, "tick", 8.5))
        return lines

    def _name(self, name: str, x: float, width: float) -> list[Line]:
        """A name on one line, else its two scripts on a line each: never one syllable of 沈若琳 alone."""
        return name_lines(self.type, name, x, width)

    def _one_or_two(self, first: list[Span], second: list[Span], x: float, width: float) -> list[Line]:
        """Both on one line if they fit, else each on its own."""
        lines = self.type.lines(first + second, x, width)
        if len(lines) < 2 or not second:
            return lines
        second = [(second[0][0].lstrip(), second[0][1]), *second[1:]]
        return self.type.lines(first, x, width) + self.type.lines(second, x, width)

    def _check(self, check: Check) -> list[Line]:
        texts = self.type.lines(both(check.texts, BODY), _STEP + 15, _WIDE - 15) or [[]]
        texts[0].append(Sign(_STEP, _BOXES[check.outcome], 10))
        return side_by_side(texts, self._check_values(check))

    def _check_values(self, check: Check) -> list[Line]:
        value: list[Span] = []
        target: list[Span] = []
        if check.value:
            value = [*self.speech.label(N_("value")), (f" {check.value}  ", STRONG)]
        if check.target:
            target = [*self.speech.label(N_("target")), (f" {check.target}", BODY)]
        lines = self._one_or_two(value, target, _RESULT, _REST)
        if check.note:
            lines += self.type.lines(
                [*self.speech.label(N_("note")), (f" {check.note}", BODY)], _RESULT, _REST
            )
        by_hand: Line = []
        is_measured = check.kind is not CheckKind.TICK and not check.value
        if is_measured:
            by_hand += self._to_fill(N_("value"), _RESULT, _HANDS - 8 if check.outcome is None else INNER)
        if check.outcome is None and not check.note:
            by_hand += self._to_fill(N_("note"), _HANDS if is_measured else _RESULT, INNER)
        return [*lines, by_hand] if by_hand else lines

    def _to_fill(self, message: str, x: float, end: float) -> Line:
        spans = self.speech.label(message)
        after = x + sum(self.type.width(text, style) for text, style in spans) + 5
        return [*self.type.lines(spans, x, INNER)[0], Write(after, end - after)]

    def _missing(self, line: ChecklistLine) -> list[Line]:
        said: list[str] = []
        for language in self.speech.languages:
            one = Speech((language,))
            words = [one.words(REQUIREMENT[requirement])[0] for requirement in line.missing]
            listed = ("、" if language == "zh" else ", ").join(words)
            said.append(one.words(N_("Still missing: {things}"), things=listed)[0])
        lines = self.type.lines(both(tuple(said), STRONG), _STEP + 15, INNER - _STEP - 15)
        lines[0].append(Sign(_STEP, "remark", 10))
        return lines

    def _evidence(self, line: ChecklistLine) -> list[Line]:
        spans = [*self.speech.label(N_("Evidence")), ("  ", FAINT)]
        last = len(line.evidence) - 1
        for at, evidence in enumerate(line.evidence):
            code = groups(evidence.sha256, limit=4).replace(" ", "\u00a0")
            spans += [(evidence.name + " ", BODY), (code + ("" if at == last else ",  "), FAINT)]
        return self.type.lines(spans, _STEP, INNER - _STEP)

    def _end(self) -> Iterator[Block]:
        note = self.speech.words(
            N_("Entries by hand become part of the record when a scan of this page is attached as evidence.")
        )
        lines = lines_of(self.type, note, 0, INNER, FAINT, FAINT)
        signatures = self.paper.signatures
        if signatures:
            yield self.frame.section(N_("Signatures"))
        for at in range(0, len(signatures), 2):
            pair = signatures[at : at + 2]
            cells = [self._signature(block, number * (INNER / 2 + 8)) for number, block in enumerate(pair)]
            yield Block(side_by_side(*cells), above=6, below=10, keep=True)
        yield Block(lines, leading=10.5, above=8, below=0)

    def _signature(self, block: SignatureBlock, x: float) -> list[Line]:
        width = INNER / 2 - 8
        lines = self.type.lines(both(block.role, STRONG), x, width)
        if block.name:
            lines += [[], *self.type.lines([(block.name, BODY)], x, width)]
        else:
            label = self.type.lines(self.speech.label(N_("Name")), x, width)[0]
            after = x + sum(self.type.width(text, style) for text, style in self.speech.label(N_("Name"))) + 6
            lines += [[], [*label, Write(after, x + width - after)]]
        sign = self.type.lines(self.speech.label(N_("Signature")), x, width * 0.56)
        date = self.type.lines(self.speech.label(N_("Place and date")), x + width * 0.6, width * 0.4)
        places: Line = [Write(x, width * 0.56), Write(x + width * 0.6, width * 0.4)]
        return [*lines, [], [], places, *side_by_side(sign, date)]


def render(paper: ChecklistPaper, out: BinaryIO) -> Warnings:
    checklist = _Checklist(paper)
    return checklist.frame.write(list(checklist.blocks()), out)


REPORT = Report("checklist", TITLE, ChecklistPaper, render)
