"""The gates of a project in a run: state, what is missing, criteria and signatures, for screens, exports and paper."""

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.ids import criterion_result_id, step_id
from app.domain.words import GateState, Status, VerdictWord
from app.process.digests import gate_digest, step_digest
from app.process.gates import Obstacle, Rule, SignOff, waives
from app.process.lateness import NO_CLOCK
from app.queries.content import evidence_of, first_language, gate_content, mandatory_tasks, step_content
from app.queries.facts import RunFacts, run_facts
from app.queries.gate_facts import judge, rule_of
from app.queries.people import names
from app.queries.reasons import why_closed
from app.queries.signatures import (
    sign_offs_of_gate,
    statements_about,
    verdict_in_force,
    verdicts_given,
    waivers,
)
from app.queries.task_detail import EvidenceRow, evidence_rows
from app.queries.texts import pick
from app.storage.engine import Reader
from app.storage.plain import plain_text
from app.storage.statements import Kind, Statement


class CriterionRow(NamedTuple):
    id: bytes
    text: str
    target: str | None
    holds: bool | None
    value: str | None
    note: str
    performer: str
    evidence: tuple[EvidenceRow, ...]


class SignOffRow(NamedTuple):
    """A sign-off as it is shown. `not_covered`: evidence that was added after it; `counts_for_gate`: it holds it open."""

    id: bytes
    person: str
    person_id: bytes
    role: str
    meaning: str
    reason: str
    happened_at: int
    key: bytes
    level: int
    presence: str
    verifies: bool
    stale: bool
    withdrawn: bool
    sequenced: bool
    counts_for_gate: bool
    not_covered: int


class SkippedRow(NamedTuple):
    """A mandatory step that was skipped. `waivers`: all that were given; `digest`: of its content, in the first language."""

    task: bytes
    passes: bool
    waivers: tuple[SignOffRow, ...]
    skippers: frozenset[bytes]
    digest: bytes


class VerdictRow(NamedTuple):
    id: bytes
    person: str
    verdict: str
    reason: str
    happened_at: int
    digest: bytes


class GateView(NamedTuple):
    id: bytes
    name: str
    stage_id: bytes | None
    state: GateState
    latched: bool
    missing: tuple[str, ...]
    rule: Rule
    tasks: tuple[bytes, ...]
    criteria: tuple[CriterionRow, ...]
    signoffs: tuple[SignOffRow, ...]
    verdicts: tuple[VerdictRow, ...]
    digest: bytes
    obstacles: tuple[Obstacle, ...] = ()  # what `missing` says in sentences, in the same order
    skipped: tuple[SkippedRow, ...] = ()


def gates(
    reader: Reader,
    project_id: bytes,
    run_id: bytes | None = None,
    language: str = "en",
    now_ms: int = NO_CLOCK,
) -> list[GateView]:
    """All gates of a project in a run, in the order of their stages."""
    facts = run_facts(reader, project_id, run_id, now_ms)
    rows = reader.rows(
        "SELECT g.id FROM gate g LEFT JOIN stage s ON s.id = g.stage WHERE g.log = ? AND g.alive "
        "ORDER BY s.rank IS NULL, s.rank, g.rank, g.id",
        (project_id,),
    )
    return [gate_view(reader, facts, gate, language) for (gate,) in rows]


def gate_view(reader: Reader, facts: RunFacts, gate: bytes, language: str) -> GateView:
    """One gate in full."""
    name, stage = reader.row("SELECT name, stage FROM gate WHERE id = ?", (gate,)) or ("{}", None)
    first = first_language(reader, facts.project)
    judgement = judge(reader, facts, gate)
    people = names(reader)
    verdicts = _verdicts(reader, facts, gate, people)
    return GateView(
        *(
            gate,
            pick(name, language, first),
            stage,
            judgement.state,
            verdict_in_force(reader, gate, facts.run) == VerdictWord.GO,
        ),
        tuple(why_closed(reader, one) for one in judgement.obstacles),
        *(rule_of(reader, gate), tuple(mandatory_tasks(reader, gate))),
        _criteria(reader, facts, gate, language, first, people),
        _sign_offs(reader, facts, gate, judgement.counting, people),
        verdicts,
        gate_digest(gate_content(reader, facts.run, gate, first)),
        judgement.obstacles,
        tuple(_skipped(reader, facts, gate, first, people)),
    )


def _criteria(
    reader: Reader, facts: RunFacts, gate: bytes, language: str, first: str, people: dict[bytes, str]
) -> tuple[CriterionRow, ...]:
    found = []
    for criterion, text, target in reader.rows(
        "SELECT id, text, target FROM criterion WHERE gate = ? AND alive ORDER BY rank, id", (gate,)
    ):
        result = criterion_result_id(facts.run, criterion)
        holds, value, note, performer = reader.row(
            "SELECT holds, value, note, performer FROM criterion_result WHERE id = ? AND alive", (result,)
        ) or (None, None, "", None)
        shown = None if holds is None else bool(holds)
        evidence = evidence_rows(reader, result, people)
        found.append(
            CriterionRow(
                *(
                    criterion,
                    pick(text, language, first),
                    target,
                    shown,
                    value,
                    note or "",
                    people.get(performer, ""),
                ),
                evidence,
            )
        )
    return tuple(found)


def _sign_offs(
    reader: Reader, facts: RunFacts, gate: bytes, counting: frozenset[bytes], people: dict[bytes, str]
) -> tuple[SignOffRow, ...]:
    signed = {one.statement.id: one for one in statements_about(reader, gate, Kind.SIGN_OFF, facts.run)}
    evidence = [one for step in gate_content(reader, facts.run, gate, "en").steps for one in step.evidence]
    for (criterion,) in reader.rows("SELECT id FROM criterion WHERE gate = ? AND alive", (gate,)):
        evidence += evidence_of(reader, criterion_result_id(facts.run, criterion))
    rows = []
    for one in sign_offs_of_gate(reader, facts.project, facts.run, gate):
        statement = signed[one.id].statement
        added = sum(1 for piece in evidence if not statement.covers(facts.project, piece.op))
        rows.append(_row(reader, one, statement, people, counts=one.id in counting, added=added))
    return tuple(rows)


def _row(
    reader: Reader,
    one: SignOff,
    statement: Statement,
    people: dict[bytes, str],
    *,
    counts: bool,
    added: int = 0,
) -> SignOffRow:
    return SignOffRow(
        id=one.id,
        person=people.get(one.person, ""),
        person_id=one.person,
        role=one.role,
        meaning=one.meaning,
        reason=plain_text(reader, statement.reason),
        happened_at=statement.happened_at,
        key=statement.key,
        level=one.level,
        presence=one.presence,
        verifies=one.verifies,
        stale=one.stale,
        withdrawn=one.withdrawn,
        sequenced=one.sequenced,
        counts_for_gate=counts,
        not_covered=added,
    )


def _skipped(
    reader: Reader, facts: RunFacts, gate: bytes, first: str, people: dict[bytes, str]
) -> Iterator[SkippedRow]:
    rule = rule_of(reader, gate)
    for task in mandatory_tasks(reader, gate):
        if facts.status(task) is not Status.SKIPPED:
            continue
        about = step_id(facts.run, task)
        stated = {
            one.statement.id: one.statement for one in statements_about(reader, about, Kind.WAIVER, facts.run)
        }
        skippers = frozenset(facts.skippers(task))
        rows = tuple(
            _row(reader, one, stated[one.id], people, counts=waives(rule, one, skippers))
            for one in waivers(reader, facts.project, facts.run, task)
        )
        digest = step_digest(step_content(reader, facts.run, task, first))
        yield SkippedRow(task, any(one.counts_for_gate for one in rows), rows, skippers, digest)


def _verdicts(
    reader: Reader, facts: RunFacts, gate: bytes, people: dict[bytes, str]
) -> tuple[VerdictRow, ...]:
    return tuple(
        VerdictRow(
            *(one.statement.id, people.get(one.statement.person, ""), one.statement.meaning),
            *(plain_text(reader, one.statement.reason), one.statement.happened_at, one.statement.digest),
        )
        for one in verdicts_given(reader, gate, facts.run)
    )
