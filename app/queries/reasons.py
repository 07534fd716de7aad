"""Why something is not so, in sentences: not ready, not counting, not open."""

from collections.abc import Mapping

from app.domain.words import GateState, LinkType, Requirement, Status, VerdictWord
from app.i18n import N_, _, language
from app.process.gates import Obstacle
from app.process.status import LinkFacts, StepFacts, is_over, missing_of, status_of
from app.queries.facts import RunFacts
from app.queries.texts import pick
from app.storage.engine import Reader

_MISSING: Mapping[Requirement, str] = {
    Requirement.COMMENT: N_("A note is missing."),
    Requirement.FILE: N_("A file is missing."),
    Requirement.CHECKS: N_("{passed} of {total} checks passed."),
    Requirement.SECOND: N_("A second person has not confirmed."),
}

STATUS_WORDS: Mapping[Status, str] = {
    Status.FAILED: N_("failed"),
    Status.BLOCKED: N_("blocked"),
    Status.WAITING: N_("waiting"),
    Status.RUNNING: N_("running"),
    Status.TODO: N_("to do"),
    Status.READY: N_("may start"),
    Status.CLAIMED: N_("finished, but something is missing"),
    Status.SKIPPED: N_("skipped"),
    Status.DONE: N_("done"),
}

STATE_WORDS: Mapping[GateState, str] = {
    GateState.CLOSED: N_("closed"),
    GateState.OPEN_HERE: N_("open here"),
    GateState.FINAL: N_("final"),
}


def why_not_done(step: StepFacts) -> tuple[str, ...]:
    """What a finished step lacks to count, a sentence each."""
    return tuple(
        _(_MISSING[one]).format(passed=step.checks_passed, total=step.checks_total)
        for one in missing_of(step)
    )


def why_not_ready(
    reader: Reader, facts: RunFacts, task: bytes, names: Mapping[bytes, str] | None = None
) -> tuple[str, ...]:
    """What a step to do waits for: links, and gates of earlier stages. `names` are those known of tasks and gates."""
    waits, gates = facts.waits(task), facts.closed_gates(task)
    if not waits and not gates:
        return ()
    known = names or {}
    reasons = [_waits(reader, facts, link, known) for link in waits]
    for gate in gates:
        name = known.get(gate) or pick(
            reader.value("SELECT name FROM gate WHERE id = ?", (gate,)), language()
        )
        reasons.append(_why_held(reader, facts, gate).format(gate=name))
    return tuple(reasons)


def _why_held(reader: Reader, facts: RunFacts, gate: bytes) -> str:
    from app.queries.gate_facts import verdict_of

    if verdict_of(reader, facts, gate) == VerdictWord.NO_GO:
        return _("No-go was decided at the gate “{gate}”.")
    return _("The gate “{gate}” is closed.")


def _waits(reader: Reader, facts: RunFacts, link: LinkFacts, names: Mapping[bytes, str]) -> str:
    title = names.get(link.before) or pick(
        reader.value("SELECT title FROM task WHERE id = ?", (link.before,)), language()
    )
    if link.type == LinkType.SS:
        return _("“{task}” has not started.").format(task=title)
    before = facts.step(link.before)
    if is_over(before):
        return _("“{task}” finished less than {lag} minutes ago.").format(task=title, lag=link.lag_minutes)
    return _("“{task}” is {status}.").format(task=title, status=_(STATUS_WORDS[status_of(before)]))


def why_closed(reader: Reader, obstacle: Obstacle) -> str:
    """One reason why a gate is closed."""
    match obstacle.kind:
        case "criterion":
            text = pick(
                reader.value("SELECT text FROM criterion WHERE id = ?", (obstacle.subject,)), language()
            )
            return _("Criterion does not hold: {text}").format(text=text)
        case "step":
            title = pick(reader.value("SELECT title FROM task WHERE id = ?", (obstacle.subject,)), language())
            status = Status(obstacle.text)
            if status is Status.SKIPPED:
                return _("“{task}” is skipped. It needs a waiver.").format(task=title)
            word = STATUS_WORDS[Status.TODO if status is Status.READY else status]
            return _("“{task}” is {status}.").format(task=title, status=_(word))
        case "conflict":
            return _("Two values of a signed field stand against each other. Choose one.")
        case "rejected":
            return _("{role} rejected it.").format(role=obstacle.text)
        case _:
            if obstacle.count > 1:
                return _("{count} signatures of {role} are missing.").format(
                    count=obstacle.count, role=obstacle.text
                )
            return _("The signature of {role} is missing.").format(role=obstacle.text)
