"""Running a plan: rehearsals and the live run, and what is claimed of each step."""

from collections.abc import Sequence

from app.commands.freezing import begin_run
from app.commands.moments import end_of, moment_of
from app.commands.registry import command
from app.domain import verbs
from app.domain.entity import Entity
from app.domain.ids import attempt_id, check_result_id, step_id
from app.domain.run import Attempt, CheckResult, Evidence, Run, Step
from app.domain.task import Check, Task
from app.domain.words import CheckOutcome, Claim, EvidenceKind, RunKind, known
from app.errors import Invalid, Refused
from app.i18n import _, language
from app.queries.facts import start_facts
from app.queries.readiness import MUST, Finding, ready_to_finish, ready_to_start
from app.queries.timeline import timeline
from app.storage.heads import heads_of
from app.storage.ops import LIFE, Put
from app.storage.transaction import Transaction


@command(verbs.START_RUN)
def start_run(
    tx: Transaction, project: bytes, kind: RunKind, name: str = "", *, at: int | None = None, reason: str = ""
) -> bytes:
    """A rehearsal or the live run; a second live run needs the first one finished.

    What is not ready and must be answered asks for a reason; what was found stands in the log beside it.
    """
    if kind is RunKind.MAIN:
        raise Invalid(_("Every project has its main run from the start."))
    open_live = tx.row(
        "SELECT 1 FROM run WHERE log = ? AND kind = 'live' AND finished_at IS NULL AND alive", (project,)
    )
    if kind is RunKind.LIVE and open_live:
        raise Refused(_("The live run is on. Finish it before another one starts."))
    started = moment_of(tx, project, at)
    tx.reason = tx.reason or reason
    plan = timeline(tx.writer, project, None, tx.now)
    found = ready_to_start(tx.writer, project, kind, tx.now, language(), plan=plan)
    _check_answered(tx, found, _("This is not ready: {why} Give a reason to start it all the same."))
    run = begin_run(tx, plan, kind, name, started)
    tx.about(run, *(one.code for one in found))
    return run


def _check_answered(tx: Transaction, found: Sequence[Finding], refusal: str) -> None:
    """Raises Refused where something must be answered and no reason is given."""
    why = " ".join(one.text for one in found if one.severity == MUST)
    if why and not tx.reason.strip():
        raise Refused(refusal.format(why=why))


@command(verbs.FINISH_RUN)
def finish_run(tx: Transaction, run: bytes, *, at: int | None = None, reason: str = "") -> None:
    """Nothing more happens in it. What is unfinished and must be answered asks for a reason."""
    found = tx.get(Run, run)
    if found.kind == RunKind.MAIN:
        raise Refused(_("The main run stays open."))
    if found.finished_at is not None:
        raise Refused(_("This run is finished already."))
    finished = end_of(tx, found.log, found.started_at, at)
    tx.reason = tx.reason or reason
    left = ready_to_finish(tx.writer, run, tx.now, language())
    _check_answered(tx, left, _("This run is not through: {why} Give a reason to end it all the same."))
    tx.about(run, *(one.code for one in left))
    tx.set(Run, run, "finished_at", finished)


# -- claims --------------------------------------------------------------------------------------------------------


@command(verbs.START_STEP)
def start_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    """The step runs, as a new attempt when an earlier one ended. What may not start yet needs a reason."""
    step = ensure_step(tx, run, task)
    _check_ready(tx, run, task, reason or tx.reason)
    number, claim = current_attempt(tx, step)
    if claim is Claim.RUNNING:
        raise Refused(_("This step is running already."))
    ended = claim in (Claim.DONE, Claim.FAILED, Claim.SKIPPED)
    fresh = number == 0 or ended
    attempt = _attempt(tx, step, number + 1 if fresh else number)
    tx.set(Attempt, attempt, "claim", Claim.RUNNING.value)
    if fresh or tx.get(Attempt, attempt).started_at is None:
        tx.set(Attempt, attempt, "started_at", moment_of(tx, tx.get(Run, run).log, at))
    tx.set(Attempt, attempt, "paused_at", None)
    _who_and_why(tx, attempt, reason)


@command(verbs.FINISH_STEP)
def finish_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    """Says the step is done; it counts once everything its task requires is there."""
    step = ensure_step(tx, run, task)
    _latest_number, claim = current_attempt(tx, step)
    if claim in (Claim.TODO, Claim.FAILED, Claim.SKIPPED):
        _check_ready(tx, run, task, reason or tx.reason)
    if claim is Claim.DONE:
        raise Refused(_("This step is finished already."))
    _end(tx, step, Claim.DONE, at, reason)


@command(verbs.FAIL_STEP)
def fail_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    step = ensure_step(tx, run, task)
    if not (reason or tx.reason).strip():
        raise Refused(_("Say why it failed (a reason)."))
    _end(tx, step, Claim.FAILED, at, reason)


@command(verbs.SKIP_STEP)
def skip_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    step = ensure_step(tx, run, task)
    if not (reason or tx.reason).strip():
        raise Refused(_("Say why it is skipped (a reason)."))
    _end(tx, step, Claim.SKIPPED, at, reason)


@command(verbs.WAIT_STEP)
def wait_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    _pause(tx, run, task, Claim.WAITING, at, reason)


@command(verbs.BLOCK_STEP)
def block_step(tx: Transaction, run: bytes, task: bytes, *, at: int | None = None, reason: str = "") -> None:
    if not (reason or tx.reason).strip():
        raise Refused(_("Say what blocks it (a reason)."))
    _pause(tx, run, task, Claim.BLOCKED, at, reason)


@command(verbs.SET_REMAINING)
def set_remaining(
    tx: Transaction, run: bytes, task: bytes, minutes: int, *, at: int | None = None, reason: str = ""
) -> None:
    """How long the running step still needs, from the moment at which that was said."""
    step = ensure_step(tx, run, task)
    number, claim = current_attempt(tx, step)
    if number == 0 or claim in (Claim.TODO, Claim.DONE, Claim.SKIPPED):
        raise Refused(_("Only a started step has minutes remaining."))
    tx.about(task, minutes)
    attempt = attempt_id(step, number)
    tx.set(Attempt, attempt, "remaining", minutes)
    tx.set(Attempt, attempt, "remaining_at", moment_of(tx, tx.get(Step, step).log, at))
    if reason or tx.reason:
        tx.set(Attempt, attempt, "reason", reason or tx.reason)


@command(verbs.RESET_STEP)
def reset_step(tx: Transaction, run: bytes, task: bytes, *, reason: str = "") -> None:
    """Takes a claim back without undoing it: the step is one to do."""
    step = ensure_step(tx, run, task)
    number, _claim = current_attempt(tx, step)
    if number == 0:
        raise Refused(_("This step is one to do already."))
    attempt = attempt_id(step, number)
    tx.set(Attempt, attempt, "claim", Claim.TODO.value)
    for name in ("finished_at", "paused_at"):
        tx.set(Attempt, attempt, name, None)
    _who_and_why(tx, attempt, reason)


def ensure_step(tx: Transaction, run: bytes, task: bytes) -> bytes:
    """The step's row, made where it is absent."""
    tx.about(task)
    found_run, found_task = tx.get(Run, run), tx.get(Task, task)
    if found_run.log != found_task.log:
        raise Invalid(_("The run belongs to another project."))
    if found_run.finished_at is not None:
        raise Refused(_("This run is finished. Nothing more can happen in it."))
    step = step_id(run, task)
    _ensure(tx, Step, step, {"run": run, "task": task}, found_run.log)
    return step


def _ensure(tx: Transaction, model: type[Entity], id: bytes, values: dict[str, object], log: bytes) -> None:
    """An object whose id is the same everywhere: created, or brought back when an undo had deleted it."""
    found = tx.find(model, id)
    if found is None:
        tx.create(model, values, log=log, id=id)
    elif not found.alive:
        life = tuple(head.op for head in heads_of(tx.writer, id, LIFE, None))
        tx.put(log, Put(model.NUMBER, id, LIFE, None, value=True, base=life))
        tx.flush()


def current_attempt(tx: Transaction, step: bytes) -> tuple[int, Claim]:
    """Number and claim of the last attempt; (0, TODO) before the first."""
    row = tx.row(
        "SELECT number, claim FROM attempt WHERE step = ? AND alive ORDER BY number DESC LIMIT 1", (step,)
    )
    return (row[0], known(Claim, row[1])) if row else (0, Claim.TODO)


def _attempt(tx: Transaction, step: bytes, number: int) -> bytes:
    attempt = attempt_id(step, number)
    log = tx.get(Step, step).log
    _ensure(tx, Attempt, attempt, {"step": step, "number": number}, log)
    return attempt


def _current(tx: Transaction, step: bytes) -> bytes:
    number, claim = current_attempt(tx, step)
    ended = claim in (Claim.DONE, Claim.FAILED, Claim.SKIPPED)
    return _attempt(tx, step, number + 1 if number == 0 or ended else number)


def _end(tx: Transaction, step: bytes, claim: Claim, at: int | None, reason: str) -> None:
    attempt = _current(tx, step)
    found = tx.get(Attempt, attempt)
    ended = end_of(tx, found.log, found.started_at, at)
    tx.set(Attempt, attempt, "claim", claim.value)
    tx.set(Attempt, attempt, "finished_at", ended)
    for name in ("remaining", "remaining_at", "paused_at"):
        tx.set(Attempt, attempt, name, None)
    _who_and_why(tx, attempt, reason)


def _pause(tx: Transaction, run: bytes, task: bytes, claim: Claim, at: int | None, reason: str) -> None:
    step = ensure_step(tx, run, task)
    attempt = _current(tx, step)
    tx.set(Attempt, attempt, "claim", claim.value)
    tx.set(Attempt, attempt, "finished_at", None)
    tx.set(Attempt, attempt, "paused_at", moment_of(tx, tx.get(Attempt, attempt).log, at))
    _who_and_why(tx, attempt, reason)


def _who_and_why(tx: Transaction, attempt: bytes, reason: str) -> None:
    tx.set(Attempt, attempt, "performer", tx.on_behalf_of or tx.author.person)
    if reason or tx.reason:
        tx.set(Attempt, attempt, "reason", reason or tx.reason)


def _check_ready(tx: Transaction, run: bytes, task: bytes, reason: str) -> None:
    if reason.strip():
        return
    tx.flush()
    found = tx.get(Task, task)
    facts = start_facts(tx.writer, found.log, run, task, tx.now)
    if not facts.may_start(task):
        from app.queries.reasons import why_not_ready

        why = " ".join(why_not_ready(tx.writer, facts, task))
        raise Refused(
            _("This step may not start yet: {why} Give a reason to start it all the same.").format(why=why)
        )


# -- checks and evidence -------------------------------------------------------------------------------------------


@command(verbs.TICK)
def tick(
    tx: Transaction,
    run: bytes,
    check: bytes,
    outcome: CheckOutcome,
    *,
    value: str | None = None,
    other_value: str | None = None,
    note: str = "",
    at: int | None = None,
) -> bytes:
    """The result of a check in a run: passed, failed or not applicable, with what was measured."""
    found = tx.get(Check, check)
    step = ensure_step(tx, run, found.task)
    tx.about(check, outcome.value)
    result = check_result_id(step, check)
    _ensure(tx, CheckResult, result, {"step": step, "item": check}, found.log)
    values = {"outcome": outcome.value, "value": value, "other_value": other_value, "note": note}
    for name, new in values.items():
        if new not in (None, ""):
            tx.set(CheckResult, result, name, new)
    tx.set(CheckResult, result, "happened_at", None if at is None else moment_of(tx, found.log, at))
    tx.set(CheckResult, result, "performer", tx.on_behalf_of or tx.author.person)
    return result


@command(verbs.ADD_NOTE)
def add_note(tx: Transaction, run: bytes, task: bytes, text: str, *, at: int | None = None) -> bytes:
    """A comment that supports a step."""
    if not text.strip():
        raise Invalid(_("A note needs a text."))
    return _support(tx, run, task, {"kind": EvidenceKind.NOTE.value, "text": text.strip()}, at)


@command(verbs.ATTACH_FILE)
def attach_file(
    tx: Transaction, run: bytes, task: bytes, sha256: bytes, size: int, name: str, *, at: int | None = None
) -> bytes:
    """A file in the store as evidence of a step."""
    values = {"kind": EvidenceKind.FILE.value, "sha256": sha256, "size": size, "name": name[:400]}
    return _support(tx, run, task, values, at)


def _support(tx: Transaction, run: bytes, task: bytes, values: dict[str, object], at: int | None) -> bytes:
    step = ensure_step(tx, run, task)
    log = tx.get(Step, step).log
    told = {
        "performer": tx.on_behalf_of or tx.author.person,
        "happened_at": None if at is None else moment_of(tx, log, at),
    }
    return tx.create(Evidence, {"subject": step, **told, **values}, log=log)


@command(verbs.REMOVE_EVIDENCE)
def remove_evidence(tx: Transaction, evidence: bytes) -> None:
    """What was signed over it goes stale, visibly."""
    found = tx.get(Evidence, evidence)
    task = tx.value("SELECT task FROM step WHERE id = ?", (found.subject,))
    tx.about(task or found.subject)
    tx.delete(Evidence, evidence)
