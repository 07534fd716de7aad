"""The printed checklist of a run and the approval record of a gate, filled from what the workspace holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.ids import step_id
from app.domain.words import (
    CheckKind,
    CheckOutcome,
    Claim,
    GateState,
    IdentityLevel,
    Meaning,
    Requirement,
    Status,
    VerdictWord,
    known,
)
from app.errors import NotFound
from app.i18n import N_, _
from app.process.digests import checklist_digest
from app.process.gates import Rule
from app.process.status import StepFacts, check_passes, missing_of
from app.queries.checklist import StageRow, TaskRow
from app.queries.content import step_content
from app.queries.exceptions import ExceptionRow
from app.queries.gate_facts import judge
from app.queries.gates import GateView, gate_view
from app.queries.printed import PrintedCheck, PrintedEvidence
from app.reports.material import Material, evidence_of, material
from app.reports.papers import (
    Check,
    ChecklistLine,
    ChecklistPaper,
    ChecklistStage,
    CoveredStep,
    Evidence,
    GatePaper,
    Hand,
    MissingSignOff,
    PaperCriterion,
    PaperException,
    SignatureBlock,
    Texts,
)
from app.reports.speech import IDENTITY, Speech
from app.reports.stated import Stated, moment_of_judgement, sequencer_of
from app.storage.engine import Reader

# -- the checklist -------------------------------------------------------------------------------------------------


def checklist_paper(
    reader: Reader, project: bytes, run: bytes, languages: Sequence[str], printed_by: str, now_ms: int
) -> ChecklistPaper:
    """Every step of a run; bound to the content of all of them. Raises NotFound."""
    found = material(reader, project, run, languages, printed_by, now_ms)
    steps = (step_content(reader, run, task.id, found.first) for task in found.rows.tasks)
    plan = found.rows.project
    return ChecklistPaper(
        **found.heading(checklist_digest(run, steps)),
        stages=tuple(_stage(found, stage) for stage in found.rows.stages),
        signatures=_signatures(found),
        window_start=found.wall(plan.window_start),
        window_end=found.wall(plan.window_end),
        no_return_after=found.wall(plan.no_return),
    )


def _signatures(found: Material) -> tuple[SignatureBlock, ...]:
    people, speech, plan = found.people, Speech(found.languages), found.rows.project
    return (
        SignatureBlock(role=speech.words(N_("Prepared by")), name=people.get(plan.manager or b"", "")),
        SignatureBlock(role=speech.words(N_("Approved by")), name=people.get(plan.decider or b"", "")),
    )


def _stage(found: Material, stage: StageRow) -> ChecklistStage:
    known = {one.id for one in found.rows.stages}
    tasks = (one for one in found.rows.tasks if (one.stage_id if one.stage_id in known else None) == stage.id)
    titles = found.texts(stage.id, "title")
    if stage.id is None:
        titles = Speech(found.languages).words(N_("Without a stage"))
    lines = tuple(_line(found, task) for task in tasks)
    return ChecklistStage(number=stage.number, titles=titles, owner=stage.owner_role, lines=lines)


def _line(found: Material, task: TaskRow) -> ChecklistLine:
    step = found.facts.steps.get(task.id, StepFacts(requires=found.facts.requires[task.id]))
    start = found.wall(task.start)
    finish = None if start is None or task.minutes is None else start + timedelta(minutes=task.minutes)
    pieces = found.printed.evidence.get(step_id(found.facts.run, task.id), ())
    confirmed = found.printed.confirmed.get(task.id)
    return ChecklistLine(
        number=task.number,
        titles=found.texts(task.id, "title"),
        instructions=found.texts(task.id, "instruction"),
        owner=task.owner or task.role,
        minutes=task.minutes,
        planned_start=start,
        planned_finish=finish,
        actual_start=found.moment(task.started_ms),
        actual_finish=found.moment(task.finished_ms),
        status=Status.TODO if task.status is Status.READY else task.status,
        result=task.reason,
        checks=tuple(_check(found, one) for one in found.printed.checks.get(task.id, ())),
        missing=missing_of(step) if task.status is Status.CLAIMED else (),
        evidence=evidence_of([one for one in pieces if one.kind != "note"]),
        notes=tuple(_note(one) for one in pieces if one.kind == "note"),
        second_person=Requirement.SECOND in step.requires,
        done_by=_done_by(found, task),
        confirmed_by=None
        if confirmed is None
        else Hand(name=confirmed.person, at=found.moment(confirmed.happened_at)),
    )


def _note(piece: PrintedEvidence) -> str:
    return f"{piece.text} ({piece.performer})" if piece.performer else piece.text


def _done_by(found: Material, task: TaskRow) -> Hand | None:
    attempt = found.facts.attempts.get(task.id)
    if attempt is None or attempt.claim not in (Claim.DONE, Claim.SKIPPED, Claim.FAILED):
        return None
    name = found.people.get(attempt.performer or b"", "")
    return Hand(name=name, at=found.moment(attempt.finished_at)) if name else None


def _check(found: Material, check: PrintedCheck) -> Check:
    """A check as it counts: a value outside its tolerance does not pass, whatever was ticked."""
    kind, target, tolerance = check.kind, check.target, check.tolerance
    outcome = known(CheckOutcome, check.outcome) if check.outcome else None
    passes = check_passes(kind, target, tolerance, check.outcome, check.value, check.other_value)
    if outcome is CheckOutcome.PASS and not passes:
        outcome = CheckOutcome.FAIL
    value = _with_unit(check.value, check.unit)
    if kind == CheckKind.PAIR and check.value is not None:
        value = f"{check.value} = {check.other_value or '?'}{check.unit and ' ' + check.unit}"
    allowed = f"± {tolerance}" if tolerance and tolerance.strip("0.") else ""
    wanted = _with_unit(" ".join(filter(None, (target, allowed))), check.unit)
    texts = found.texts(check.id, "text")
    return Check(
        texts=texts, kind=known(CheckKind, kind), outcome=outcome, value=value, target=wanted, note=check.note
    )


def _with_unit(value: str | None, unit: str) -> str:
    return " ".join(filter(None, (value, unit if value else "")))


# -- the gate ------------------------------------------------------------------------------------------------------


def gate_paper(
    reader: Reader,
    project: bytes,
    run: bytes,
    gate: bytes,
    languages: Sequence[str],
    printed_by: str,
    now_ms: int,
) -> GatePaper:
    """What a gate holds and who signed it; bound to the content a sign-off given now would cover. Raises NotFound."""
    if reader.row("SELECT 1 FROM gate WHERE id = ? AND log = ? AND alive", (gate, project)) is None:
        raise NotFound(_("There is no such gate in this project."))
    found = material(reader, project, run, languages, printed_by, now_ms)
    view = gate_view(reader, found.facts, gate, found.languages[0])
    stated = Stated(found, view)
    counting = [one for one in view.signoffs if one.counts_for_gate]
    covered, added = _evidence(found, view, stated)
    passing = [one for skipped in view.skipped for one in skipped.waivers if one.counts_for_gate]
    answers = [one.answer.id for one in stated.exceptions if one.answer is not None]
    signed = [one.id for one in (*counting, *passing)]
    bound = tuple(one.hex() for one in (*signed, *(each.id for each in view.verdicts), *answers))
    closed = view.state is GateState.CLOSED
    opened = None if closed else max((one.happened_at for one in counting), default=None)
    return GatePaper(
        **found.heading(view.digest, gate=gate.hex(), statements=bound, state=view.state.value),
        gate=found.texts(gate, "name"),
        state=view.state,
        sequencer=sequencer_of(reader, project),
        opened_at=found.moment(opened),
        rule=_rule(found, view.rule),
        criteria=tuple(_criteria(found, view)),
        steps=tuple(_covered(found, view)),
        statements=stated.statements(),
        missing=tuple(_missing(found, gate)),
        exceptions=tuple(_exceptions(found, view, stated)),
        evidence=covered,
        not_covered=added,
    )


def _rule(found: Material, rule: Rule) -> tuple[Texts, ...]:
    """The rule as one sentence on whose signatures it asks for, and one on what they must be like."""
    speech = Speech(found.languages)
    roles = ", ".join(role if count == 1 else f"{count} × {role}" for role, count in rule.needs)
    told = [speech.words(N_("Needs the signatures of: {roles}."), roles=roles)] if roles else []
    asked = [N_("Each comes from a different person.")] if rule.different_persons else []
    asked += [] if rule.author_may_sign else [N_("Who did the work does not sign it.")]
    asked += [] if rule.scripts_allowed else [N_("A script cannot sign.")]
    asked += [N_("Each comes from a different device.")] if rule.different_devices else []
    conditions = tuple(_joined(asked, rule.least_level, language) for language in speech.languages)
    return (*told, conditions) if any(conditions) else tuple(told)


def _joined(sentences: Sequence[str], least_level: int, language: str) -> str:
    speech = Speech((language,))
    said = [speech.words(sentence)[0] for sentence in sentences]
    if least_level:
        level = speech.words(IDENTITY[known(IdentityLevel, least_level)])[0]
        said += speech.words(N_("Identity at least: {level}."), level=level)
    return ("" if language == "zh" else " ").join(said)


def _criteria(found: Material, view: GateView) -> Iterable[PaperCriterion]:
    outcomes: Mapping[bool | None, CheckOutcome | None] = {
        None: None,
        True: CheckOutcome.PASS,
        False: CheckOutcome.FAIL,
    }
    for criterion in view.criteria:
        result, judged_at = moment_of_judgement(found.reader, found.facts.run, criterion.id)
        yield PaperCriterion(
            texts=found.texts(criterion.id, "text"),
            outcome=outcomes[criterion.holds],
            value=", ".join(filter(None, (criterion.value, criterion.note))),
            target=criterion.target or "",
            judged_by="" if criterion.holds is None else criterion.performer,
            judged_at=None if criterion.holds is None else found.moment(judged_at),
            evidence=evidence_of(found.printed.evidence.get(result, ())),
        )


def _covered(found: Material, view: GateView) -> Iterable[CoveredStep]:
    covered = set(view.tasks)
    for task in found.rows.tasks:
        if task.id in covered:
            status = Status.TODO if task.status is Status.READY else task.status
            yield CoveredStep(number=task.number, titles=found.texts(task.id, "title"), status=status)


def _evidence(
    found: Material, view: GateView, stated: Stated
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The evidence of the covered steps: what the counting sign-offs cover, and what came after one of them."""
    covered: list[Evidence] = []
    added: list[Evidence] = []
    covers = set(view.tasks)
    for task in found.rows.tasks:
        if task.id in covers:
            for piece in found.printed.evidence.get(step_id(found.facts.run, task.id), ()):
                (added if stated.came_later(piece.op) else covered).extend(evidence_of([piece], task.number))
    for number, criterion in enumerate(view.criteria, start=1):
        result, _at = moment_of_judgement(found.reader, found.facts.run, criterion.id)
        for piece in found.printed.evidence.get(result, ()):
            if stated.came_later(piece.op):
                added.extend(evidence_of([piece], f"({number})"))
    return tuple(covered), tuple(added)


def _missing(found: Material, gate: bytes) -> Iterable[MissingSignOff]:
    for obstacle in judge(found.reader, found.facts, gate).obstacles:
        if obstacle.kind == "sign-off":
            for _place in range(obstacle.count):
                yield MissingSignOff(role=(obstacle.text,), meaning=Meaning.APPROVED.value)


def _exceptions(found: Material, view: GateView, stated: Stated) -> Iterable[PaperException]:
    """What no longer fits the verdict is raised here and wants an answer."""
    speech = Speech(found.languages)
    rows = {one.kind: one for one in stated.exceptions}
    if (row := rows.get("no-go ignored")) is not None:
        begun = tuple(" / ".join(found.texts(task, "title")) for task in row.begun)
        title = speech.words(N_("Work behind the gate was started after the no-go."))
        yield _answered(found, row, PaperException(texts=title, details=begun))
    said = [one for one in view.verdicts if one.verdict == VerdictWord.GO]
    if not (view.latched and said):
        return
    verdict = said[-1]
    changes = stated.since_verdict(verdict.id) if verdict.digest != view.digest else ()
    if (row := rows.get("changed after go")) is not None:
        title = speech.words(N_("Go was given, and the gate is closed."))
        yield _answered(found, row, PaperException(texts=title, details=changes))
    elif changes:
        anew = " / ".join(speech.words(N_("The gate is open again on what stands there now.")))
        title = speech.words(N_("Signed content changed after go."))
        yield PaperException(texts=title, details=changes, answer=anew)


def _answered(found: Material, row: ExceptionRow, paper: PaperException) -> PaperException:
    """With the moment of the verdict, and with the acceptance that answers it."""
    paper = replace(paper, at=found.moment(row.since_ms))
    if (answer := row.answer) is None:
        return paper
    who, when = found.people.get(answer.person, ""), found.moment(answer.when_ms)
    return replace(paper, answer=answer.reason, answered_by=who, answered_at=when)
