"""Signatures on paper: those that count, and apart from them, never hidden, those that no longer do."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.i18n import N_
from app.reports import moments
from app.reports.codes import groups
from app.reports.drawing import INNER
from app.reports.frame import HEAD, Frame, lines_of
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
    kept,
    row,
    side_by_side,
)
from app.reports.papers import PaperStatement, Texts
from app.reports.speech import IDENTITY, MEANING, PRESENCE, both, distinct

_INSET, _MEANING, _WHEN, _KEY = 15.0, 144.0, 212.0, 346.0
_SUB = Block([], leading=10.5, above=0, below=3)


class Signoffs:
    def __init__(self, frame: Frame, statements: Sequence[PaperStatement]) -> None:
        self.frame, self.statements = frame, statements
        self.speech, self.type = frame.speech, frame.type

    def verdict(self) -> PaperStatement | None:
        said = [item for item in self.statements if item.counts and item.meaning in ("go", "no-go")]
        return said[-1] if said else None

    def that_count(self) -> Iterator[Block]:
        counting = [item for item in self.statements if item.counts]
        yield self.frame.section(N_("Sign-offs"))
        if not counting:
            spans = self.speech.spans(N_("Nobody has signed what the gate holds now."), BODY)
            yield Block(self.type.lines(spans, 0, INNER), above=2, below=4)
            return
        yield from self._table(counting)
        yield from self._shared_devices(counting)

    def that_do_not(self) -> Iterator[Block]:
        others = [item for item in self.statements if not item.counts]
        if others:
            yield self.frame.section(N_("Signatures that do not count"))
            yield from self._table(others)

    def identity(self, statement: PaperStatement) -> list[Line]:
        spans = [
            *self.speech.label(N_("Statement")),
            (f" {groups(statement.id, 8)}  ", CODE),
            (f"{statement.person}, ", FAINT),
            *both(self._meaning(statement), FAINT, FAINT, " "),
        ]
        return self.type.lines(spans, 0, INNER)

    def _meaning(self, statement: PaperStatement) -> tuple[str, ...]:
        return self.speech.words(MEANING.get(statement.meaning, statement.meaning))

    def _table(self, statements: Sequence[PaperStatement]) -> Iterator[Block]:
        heads = self._heads()
        yield heads
        for statement in statements:
            blocks = self._statement(statement)
            blocks[-1] = blocks[-1]._replace(rule="soft")
            for block in kept(blocks):
                yield block._replace(head=(heads,))

    def _heads(self) -> Block:
        heads = (
            (N_("Person and role"), _INSET, _MEANING - _INSET),
            (N_("Meaning"), _MEANING, _WHEN - _MEANING),
            (N_("When"), _WHEN, _KEY - _WHEN),
            (N_("Key, identity, signed content"), _KEY, INNER - _KEY),
        )
        cells = [
            lines_of(self.type, self.speech.words(message), x, width - 6, HEAD, HEAD)
            for message, x, width in heads
        ]
        return Block(side_by_side(*cells), leading=9, above=3, below=3, rule="ink", keep=True)

    def _statement(self, statement: PaperStatement) -> list[Block]:
        person = self.type.lines([(statement.person, STRONG)], _INSET, _MEANING - _INSET - 8)
        person += self.type.lines(both(statement.role, BODY, QUIET, " "), _INSET, _MEANING - _INSET - 8)
        person[0].append(Sign(-1, self._sign(statement), 11.5))
        meaning = lines_of(self.type, self._meaning(statement), _MEANING, _WHEN - _MEANING - 8, STRONG, QUIET)
        blocks = row(side_by_side(person, meaning, self._when(statement), self._key(statement)), Block([]))
        for spans in self._remarks(statement):
            blocks += row(self.type.lines(spans, _INSET, INNER - _INSET), _SUB)
        return blocks

    def _sign(self, statement: PaperStatement) -> str:
        if statement.withdrawn or statement.rejected or statement.fault:
            return "seal-gone"
        if statement.stale:
            return "seal-stale"
        return "seal-gone" if statement.meaning in ("rejected", "no-go") else "seal"

    def _when(self, statement: PaperStatement) -> list[Line]:
        zone, language, width = self.frame.paper.zone, self.speech.first, _KEY - _WHEN - 8
        at = statement.happened_at
        lines = self.type.lines([(moments.exact(at, language), BODY)], _WHEN, width)
        if zone != "UTC":
            local = f"{moments.short(at, zone, language)} {zone}"
            lines += self.type.lines([(local, FAINT)], _WHEN, width)
        if statement.recorded_at is None:
            return lines + self.type.lines(self.speech.label(N_("not yet sequenced")), _WHEN, width)
        recorded = f"{moments.local(statement.recorded_at, 'UTC'):%H:%M:%S} UTC"
        if statement.recorded_at.date() != at.date():
            recorded = moments.exact(statement.recorded_at, language)
        return lines + self.type.lines(
            [*self.speech.label(N_("recorded")), (f" {recorded}", FAINT)], _WHEN, width
        )

    def _key(self, statement: PaperStatement) -> list[Line]:
        width = INNER - _KEY
        lines = self.type.lines([*self.speech.label(N_("key")), (f" {statement.key}", CODE)], _KEY, width)
        for message in (IDENTITY[statement.identity], PRESENCE[statement.presence]):
            lines += self.type.lines(self.speech.label(message), _KEY, width)
        if statement.digest:
            content = [*self.speech.label(N_("content")), (f" {groups(statement.digest, limit=4)}", CODE)]
            lines += self.type.lines(content, _KEY, width)
        return lines

    def _remarks(self, statement: PaperStatement) -> Iterator[list[Span]]:
        states = (
            (statement.stale, N_("Stale: what was signed has changed since.")),
            (statement.withdrawn, N_("Withdrawn by its signer.")),
            (statement.rejected, N_("Refused by the sequencer.")),
        )
        for holds, message in states:
            if holds:
                yield self.speech.spans(message, STRONG)
        if statement.fault:
            yield both(statement.fault, STRONG)
        if statement.about:
            what = N_("Exception") if statement.meaning == "accepted" else N_("Step")
            yield from self._one_a_line([*self.speech.label(what), ("  ", BODY)], statement.about)
        if statement.changes:
            yield from self._one_a_line([], statement.changes)
        if statement.reason:
            yield [*self.speech.label(N_("Reason")), (f"  {statement.reason}", BODY)]
        if statement.conditions:
            yield from self._one_a_line(
                [*self.speech.label(N_("Conditions")), ("  ", BODY)], statement.conditions
            )
        if statement.expires_at is not None:
            yield [
                *self.speech.label(N_("Valid until")),
                ("  ", BODY),
                *self.frame.moment(statement.expires_at, BODY),
            ]

    def _one_a_line(self, label: list[Span], texts: Texts) -> Iterator[list[Span]]:
        for at, text in enumerate(distinct(texts)):
            yield [(text, QUIET)] if at else [*label, (text, BODY)]

    def _shared_devices(self, statements: Sequence[PaperStatement]) -> Iterator[Block]:
        """Several people who signed on one device: said, for it weakens what two signatures prove."""
        people: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for statement in statements:
            if statement.device:
                people[statement.device][statement.person] = None
        for device, persons in people.items():
            if len(persons) > 1:
                label = self.speech.label(N_("Signed on one device"))
                spans = [*label, (f" {device}: {', '.join(persons)}", BODY)]
                yield Block(self.type.lines(spans, 0, INNER), above=4, below=0)
