"""Sign-off, waiver, withdrawal and verdict: signed statements over the content as the signer saw it."""

from dataclasses import dataclass

from app.commands.registry import command
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.ids import step_id
from app.domain.project import Gate
from app.domain.run import Step
from app.domain.task import Task
from app.domain.words import Meaning, Status, VerdictWord
from app.errors import NotFound, Refused
from app.i18n import _
from app.process.digests import DIGEST_REV, gate_digest, step_digest
from app.queries.content import first_language, gate_content, gates_over, mandatory_tasks, step_content
from app.queries.facts import RunFacts, run_facts
from app.queries.gate_facts import judge, rule_of
from app.queries.signatures import statements_about, withdrawn_ids
from app.storage.authority import holds_role, term_is_over
from app.storage.certificates import is_accepted
from app.storage.statements import Kind
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is being signed: its subject, its project, the tasks whose performers are its authors."""

    subject: Subject
    project: bytes
    language: str
    tasks: frozenset[bytes]
    gate: bytes | None


@command(verbs.SIGN)
def sign(
    tx: Transaction,
    signer: Signer,
    run: bytes,
    subject: bytes,
    *,
    role: str,
    meaning: Meaning = Meaning.APPROVED,
    reason: str = "",
    language: str | None = None,
    expected: bytes | None = None,
    files_here: tuple[int, int] = (0, 0),
) -> bytes:
    """A sign-off of a gate or of a task's step, in a role's name. Returns the statement's id.

    `expected` is the digest the signer was shown: content that changed in between is not signed. Raises Refused for a
    role that is not held, one's own work where that is forbidden, or a second signature where another person's is due.
    """
    reason = reason or tx.reason
    signed = _what(tx, run, subject, language)
    _check_shown(signed, expected)
    _check_may_sign(tx, signer, role, signed.project)
    if meaning is Meaning.REJECTED and not reason.strip():
        raise Refused(_("A rejection needs a reason."))
    if meaning in (Meaning.APPROVED, Meaning.REVIEWED):
        _not_own_work(tx, signer, run, signed)
    if meaning is Meaning.APPROVED and signed.gate is not None:
        _not_twice(tx, signer, run, signed, role)
    tx.about(subject, meaning.value, role)
    return make_statement(
        *(tx, signer, Kind.SIGN_OFF, signed.subject),
        log=signed.project,
        run=run,
        meaning=meaning.value,
        role=role,
        reason=reason,
        language=signed.language,
        files_here=files_here,
    )


def _what(tx: Transaction, run: bytes, subject: bytes, language: str | None) -> _Signed:
    gate = tx.find(Gate, subject)
    if gate is not None and gate.alive:
        shown = language or first_language(tx.writer, gate.log)
        digest = gate_digest(gate_content(tx.writer, run, subject, shown))
        tasks = frozenset(mandatory_tasks(tx.writer, subject))
        return _Signed(Subject(Gate.NUMBER, subject, digest, DIGEST_REV), gate.log, shown, tasks, subject)
    task = tx.find(Task, subject)
    if task is None or not task.alive:
        raise NotFound(_("There is no gate and no task {id} to sign.").format(id=subject.hex()))
    shown = language or first_language(tx.writer, task.log)
    step = step_id(run, subject)
    if tx.find(Step, step) is None:
        tx.create(Step, {"run": run, "task": subject}, log=task.log, id=step)
        tx.flush()
    digest = step_digest(step_content(tx.writer, run, subject, shown))
    return _Signed(
        Subject(Step.NUMBER, step, digest, DIGEST_REV), task.log, shown, frozenset({subject}), None
    )


def _check_shown(signed: _Signed, expected: bytes | None) -> None:
    if expected is not None and expected != signed.subject.digest:
        raise Refused(
            _("The content changed while you were looking at it. Nothing was signed. Look again, then sign.")
        )


def _check_may_sign(tx: Transaction, signer: Signer, role: str, project: bytes) -> None:
    if not is_accepted(tx.writer, signer.key):
        raise Refused(_("Your key on this device is only claimed so far. An owner vouches for it first."))
    if not holds_role(tx.writer, signer.person, role, project):
        raise Refused(_("You do not hold the role {role}. An owner can give it.").format(role=role))
    if term_is_over(tx.writer, signer.person, role, project):
        raise Refused(_("Your term as {role} is over. An owner can give the role again.").format(role=role))


def _not_own_work(tx: Transaction, signer: Signer, run: bytes, signed: _Signed) -> None:
    if signed.gate is not None and rule_of(tx.writer, signed.gate).author_may_sign:
        return
    facts = run_facts(tx.writer, signed.project, run, tx.now, gates=False, only=tuple(signed.tasks))
    if signer.person in facts.performers(set(signed.tasks)):
        raise Refused(_("You performed work that this covers. Somebody else signs it."))


def _not_twice(tx: Transaction, signer: Signer, run: bytes, signed: _Signed, role: str) -> None:
    assert signed.gate is not None
    if not rule_of(tx.writer, signed.gate).different_persons:
        return
    withdrawn = withdrawn_ids(tx.writer, signed.gate)
    for one in statements_about(tx.writer, signed.gate, Kind.SIGN_OFF, run):
        statement = one.statement
        in_force = one.counts == 1 and statement.meaning == Meaning.APPROVED and statement.id not in withdrawn
        # a stale signature may be renewed in the same role; another role needs another person
        if (
            in_force
            and statement.person == signer.person
            and (statement.role != role or statement.digest == signed.subject.digest)
        ):
            raise Refused(_("You have signed this already. The other signature comes from another person."))


@command(verbs.WAIVE)
def waive(
    tx: Transaction,
    signer: Signer,
    run: bytes,
    task: bytes,
    *,
    role: str,
    reason: str = "",
    language: str | None = None,
    expected: bytes | None = None,
) -> bytes:
    """Lets a mandatory step that was skipped pass the gates that ask for the role. Returns the statement's id.

    It holds as long as what was skipped stays as it is. `expected` is the digest of the step that the signer was shown.
    Raises Refused for a step that is not skipped, a role that is not held or not asked for, one's own skipping where
    that is forbidden, and without a reason.
    """
    reason = reason or tx.reason
    tx.get(Task, task)
    signed = _what(tx, run, task, language)
    _check_shown(signed, expected)
    if not reason.strip():
        raise Refused(_("A waiver needs a reason."))
    _check_may_sign(tx, signer, role, signed.project)
    facts = run_facts(tx.writer, signed.project, run, tx.now, gates=False)
    if facts.status(task) is not Status.SKIPPED:
        raise Refused(_("Only a step that was skipped can be waived."))
    _check_may_waive(tx, facts, task, signer, role)
    tx.about(task, role)
    return make_statement(
        *(tx, signer, Kind.WAIVER, signed.subject),
        log=signed.project,
        run=run,
        role=role,
        reason=reason,
        language=signed.language,
    )


def _check_may_waive(tx: Transaction, facts: RunFacts, task: bytes, signer: Signer, role: str) -> None:
    """A gate that the step holds back asks for the role, and its rule allows this person."""
    rules = [rule_of(tx.writer, gate) for gate in gates_over(tx.writer, task)]
    if not rules:
        raise Refused(_("No gate asks for this step. It needs no waiver."))
    asking = [rule for rule in rules if rule.asks(role)]
    if not asking:
        roles = dict.fromkeys(name for rule in rules for name in rule.roles)
        raise Refused(
            _("No gate of this step asks for the role {role}. It is waived by: {roles}.").format(
                role=role, roles=", ".join(roles)
            )
        )
    if signer.person in facts.skippers(task) and not any(rule.author_may_sign for rule in asking):
        raise Refused(_("You skipped this step. Somebody else lets it pass."))


@command(verbs.WITHDRAW)
def withdraw(tx: Transaction, signer: Signer, statement: bytes, *, reason: str = "") -> bytes:
    """Takes the signer's own statement back; it stays in the record, marked withdrawn."""
    reason = reason or tx.reason
    row = tx.row("SELECT subject, run, log, person FROM statement WHERE hash = ?", (statement,))
    if row is None:
        raise NotFound(_("There is no signature {id}.").format(id=statement.hex()[:12]))
    subject, run, log, person = row
    if person != signer.person:
        raise Refused(_("Only who signed can withdraw."))
    if statement in withdrawn_ids(tx.writer, subject):
        raise Refused(_("This signature is withdrawn already."))
    entity = tx.value("SELECT entity FROM creation WHERE object = ? LIMIT 1", (subject,))
    shown = tx.value("SELECT task FROM step WHERE id = ?", (subject,)) or subject
    tx.about(shown)
    return make_statement(
        tx,
        signer,
        Kind.WITHDRAWAL,
        Subject(entity, subject),
        log=log,
        run=run,
        reason=reason,
        request=statement,
    )


@command(verbs.GIVE_VERDICT)
def give_verdict(
    tx: Transaction, signer: Signer, run: bytes, gate: bytes, verdict: VerdictWord, *, reason: str = ""
) -> bytes:
    """Go or no-go at a gate. A go at a closed gate needs a reason and stays an exception to answer."""
    reason = reason or tx.reason
    found = tx.get(Gate, gate)
    shown = first_language(tx.writer, found.log)
    facts = run_facts(tx.writer, found.log, run, tx.now)
    closed = judge(tx.writer, facts, gate).obstacles
    if verdict is VerdictWord.GO and closed and not reason.strip():
        raise Refused(_("The gate is closed. A go against it needs a reason."))
    digest = gate_digest(gate_content(tx.writer, run, gate, shown))
    tx.about(gate, verdict.value)
    return make_statement(
        *(tx, signer, Kind.VERDICT, Subject(Gate.NUMBER, gate, digest, DIGEST_REV)),
        log=found.log,
        run=run,
        meaning=verdict.value,
        reason=reason,
        language=shown,
    )
