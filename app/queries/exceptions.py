"""What must be answered: signed content changed after go, evidence missing, signatures that went stale, conflicts ...

Everything is derived: an exception goes when its cause goes. What somebody accepted with a reason stays listed, answered.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.codec import pack
from app.domain.words import Claim, GateState, Status, VerdictWord
from app.i18n import N_, _, language
from app.queries.accepting import Answer, answers_at, ground_of
from app.queries.facts import RunFacts, run_facts
from app.queries.gate_facts import judge, verdict_of
from app.queries.people import names
from app.queries.reasons import why_not_done
from app.queries.retention import has_due, retention
from app.queries.signatures import Signed, sign_offs_of_gate, statements_about, verdicts_given
from app.queries.texts import pick
from app.storage.authority import Counts
from app.storage.engine import Reader
from app.storage.statements import Kind

# In the order of how much they weigh; those above "signature does not count" ask somebody to act.
TITLES: Mapping[str, str] = {
    "no-go ignored": N_("Work goes on after a no-go"),
    "changed after go": N_("Changed after go"),
    "stale signature": N_("Signatures that no longer fit"),
    "late signature": N_("Signatures that came late"),
    "conflict": N_("Values against each other"),
    "evidence missing": N_("Said done, does not count"),
    "kept too long": N_("Kept for longer than agreed"),
    "signature does not count": N_("Signatures that do not count"),
    "refused": N_("Refused by the rules"),
}
KINDS = tuple(TITLES)
TO_ACT_ON = KINDS[:7]
ACCEPTABLE = (
    *("no-go ignored", "changed after go", "stale signature", "late signature", "signature does not count"),
)
LONG_AGO_MS = 3_600_000  # a claim that has waited longer for its proof is said to be old


class ExceptionRow(NamedTuple):
    """`kind` is one of `KINDS`. `subject` is a gate, task or entry; `who` should act, where that is known.

    begun: of a no-go the tasks started behind it. ground: what an acceptance of it names; empty for what cannot be accepted. answer: the acceptance that holds.
    """

    kind: str
    subject: bytes
    title: str
    text: str
    since_ms: int | None = None
    who: str = ""
    object: bytes = b""  # of a conflict: what the values belong to; of what came late: the statement
    begun: tuple[bytes, ...] = ()
    ground: bytes = b""
    answer: Answer | None = None

    @property
    def asks(self) -> bool:
        return self.kind in TO_ACT_ON and self.answer is None

    @property
    def can_be_accepted(self) -> bool:
        return bool(self.ground) and self.answer is None


def exceptions(reader: Reader, project_id: bytes, run_id: bytes | None, now_ms: int) -> list[ExceptionRow]:
    """All exceptions of a project's run, the heaviest first and what is answered last."""
    facts = run_facts(reader, project_id, run_id, now_ms)
    found: list[ExceptionRow] = []
    gates = reader.rows(
        "SELECT g.id, g.name FROM gate g LEFT JOIN stage s ON s.id = g.stage WHERE g.log = ? AND g.alive "
        "ORDER BY s.rank IS NULL, s.rank, g.rank, g.id",
        (project_id,),
    )
    people = names(reader)
    for gate, name in gates:
        found += at_gate(reader, facts, gate, pick(name, language()), people)
    found += _claimed(reader, facts, people)
    found += _conflicts(reader, project_id)
    found += _kept_too_long(reader, project_id, now_ms)
    found += _refused(reader, project_id, people)
    return sorted(found, key=lambda one: (one.answer is not None, KINDS.index(one.kind)))


# -- gates ---------------------------------------------------------------------------------------------------------


def at_gate(
    reader: Reader, facts: RunFacts, gate: bytes, name: str, people: Mapping[bytes, str]
) -> list[ExceptionRow]:
    """The exceptions at one gate, each with its answer where somebody accepted it."""
    found = [
        *_after_verdict(reader, facts, gate, name, people),
        *_signatures(reader, facts, gate, name, people),
    ]
    if not found:
        return []
    answers = answers_at(reader, facts.project, facts.run, gate)
    return [one._replace(answer=answers.get(one.ground)) for one in found]


def _after_verdict(
    reader: Reader, facts: RunFacts, gate: bytes, name: str, people: Mapping[bytes, str]
) -> Iterator[ExceptionRow]:
    verdict = verdict_of(reader, facts, gate)
    given = verdicts_given(reader, gate, facts.run)
    judged = judge(reader, facts, gate) if verdict == VerdictWord.GO else None
    if judged is not None and judged.state is GateState.CLOSED:
        text = _("Go was given, and the gate would be closed now.")
        rests_on = [one.statement.id for one in given]
        # A step's status may change by the clock alone; what people say of it is in the gate's digest.
        rests_on += [
            pack([one.kind, one.subject, "" if one.kind == "step" else one.text, one.count])
            for one in judged.obstacles
        ]
        yield ExceptionRow(
            *("changed after go", gate, name, text, _said_at(given, verdict), _sayer(given, people)),
            ground=ground_of("changed after go", rests_on),
        )
    if verdict == VerdictWord.NO_GO:
        yield from _going_on(reader, facts, gate, name, given)


def _said_at(given: Iterable[Signed], verdict: str) -> int | None:
    return max((one.statement.happened_at for one in given if one.statement.meaning == verdict), default=None)


def _sayer(given: list[Signed], people: Mapping[bytes, str]) -> str:
    return people.get(given[-1].statement.person, "") if given else ""


def _going_on(
    reader: Reader, facts: RunFacts, gate: bytes, name: str, given: list[Signed]
) -> Iterator[ExceptionRow]:
    """No-go was said, and steps of later stages were started after it."""
    since = _said_at(given, VerdictWord.NO_GO)
    stage = reader.value("SELECT stage FROM gate WHERE id = ?", (gate,))
    place = facts.stage_order.get(stage) if stage is not None else None
    if since is None or place is None:
        return
    begun = [
        task
        for task, attempt in facts.attempts.items()
        if attempt.started_at is not None
        and attempt.started_at > since
        and attempt.claim is not Claim.TODO
        and facts.stage_order.get(facts.stage_of.get(task) or b"", -1) > place
    ]
    if begun:
        titles = ", ".join(_title(reader, task) for task in begun[:3])
        text = _("No-go was said, and work behind the gate was started: {tasks}.").format(tasks=titles)
        rests_on = [*(one.statement.id for one in given), *begun]
        yield ExceptionRow(
            *("no-go ignored", gate, name, text, since),
            begun=tuple(begun),
            ground=ground_of("no-go ignored", rests_on),
        )


def _signatures(
    reader: Reader, facts: RunFacts, gate: bytes, name: str, people: Mapping[bytes, str]
) -> Iterator[ExceptionRow]:
    signed = statements_about(reader, gate, Kind.SIGN_OFF, facts.run)
    if not signed:
        return
    judged = {one.id: one for one in sign_offs_of_gate(reader, facts.project, facts.run, gate)}
    stale = [one for one in judged.values() if one.stale and not one.withdrawn]
    if stale:
        roles = ", ".join(sorted({one.role for one in stale}))
        text = _("What {roles} signed has changed since. Sign again, or undo the change.").format(roles=roles)
        last = max(one.statement.happened_at for one in signed)
        who = ", ".join(dict.fromkeys(people.get(one.person, "") for one in stale))
        ground = ground_of("stale signature", (one.id for one in stale))
        yield ExceptionRow("stale signature", gate, name, text, last, who, ground=ground)
    for one in signed:
        if not judged[one.statement.id].verifies and not judged[one.statement.id].withdrawn:
            yield _not_counting(one, gate, name, people.get(one.statement.person, "?"))


def _not_counting(one: Signed, gate: bytes, name: str, who: str) -> ExceptionRow:
    kind = "late signature" if one.counts == Counts.LATE else "signature does not count"
    text = _("The signature of {person} as {role} does not count: key, role or access did not hold.")
    if kind == "late signature":
        text = _("The signature of {person} as {role} came late. It counts once an owner accepts it.")
    statement = one.statement
    return ExceptionRow(
        *(kind, gate, name, text.format(person=who, role=statement.role), statement.happened_at, who),
        object=statement.id,
        ground=ground_of(kind, (statement.id,)),
    )


# -- steps ---------------------------------------------------------------------------------------------------------


def _claimed(reader: Reader, facts: RunFacts, people: Mapping[bytes, str]) -> Iterator[ExceptionRow]:
    """Said done, and it does not count; oldest first."""
    waiting = [
        (attempt.finished_at or 0, task)
        for task, attempt in facts.attempts.items()
        if task in facts.stage_of and facts.status(task) is Status.CLAIMED
    ]
    for since, task in sorted(waiting):
        attempt = facts.attempts[task]
        owner = reader.value("SELECT owner FROM task WHERE id = ?", (task,))
        who = people.get(attempt.performer or owner or b"", "")
        text = " ".join(why_not_done(facts.steps[task]))
        yield ExceptionRow("evidence missing", task, _title(reader, task), text, since or None, who)


def _title(reader: Reader, task: bytes) -> str:
    return pick(reader.value("SELECT title FROM task WHERE id = ?", (task,)), language())


# -- the rest ------------------------------------------------------------------------------------------------------

_BELONGS = {
    6: "SELECT c.gate, g.name FROM criterion c JOIN gate g ON g.id = c.gate WHERE c.id = ?",
    7: "SELECT id, title FROM task WHERE id = ?",
    8: "SELECT t.id, t.title FROM check_item c JOIN task t ON t.id = c.task WHERE c.id = ?",
    9: "SELECT t.id, t.title FROM link l JOIN task t ON t.id = l.after WHERE l.id = ?",
    12: "SELECT t.id, t.title FROM attempt a JOIN step s ON s.id = a.step JOIN task t ON t.id = s.task WHERE a.id = ?",
    13: "SELECT t.id, t.title FROM check_result r JOIN step s ON s.id = r.step JOIN task t ON t.id = s.task WHERE r.id = ?",
    14: (
        "SELECT c.gate, g.name FROM criterion_result r JOIN criterion c ON c.id = r.criterion "
        "JOIN gate g ON g.id = c.gate WHERE r.id = ?"
    ),
    1: "SELECT id, name FROM project WHERE id = ?",
    2: "SELECT id, title FROM stage WHERE id = ?",
    3: "SELECT id, name FROM gate WHERE id = ?",
}


def _conflicts(reader: Reader, project_id: bytes) -> Iterator[ExceptionRow]:
    """One for each object in which values stand against each other, named after what it belongs to."""
    text = _("Two values stand against each other. Choose one.")
    for thing, entity in reader.rows(
        "SELECT DISTINCT object, entity FROM conflict WHERE log = ? ORDER BY object", (project_id,)
    ):
        row = reader.row(_BELONGS[entity], (thing,)) if entity in _BELONGS else None
        subject, title = row if row is not None else (thing, "{}")
        yield ExceptionRow("conflict", subject, pick(title, language()), text, object=thing)


def _kept_too_long(reader: Reader, project_id: bytes, now_ms: int) -> Iterator[ExceptionRow]:
    """Its period is over, and what people typed and brought is still here."""
    if has_due(reader, project_id, now_ms):
        name = pick(reader.value("SELECT name FROM project WHERE id = ?", (project_id,)), language())
        text = _("Its retention period is over. An owner erases what is left, or a longer period is set.")
        since = retention(reader, project_id).due_ms
        yield ExceptionRow("kept too long", project_id, name, text, since)


def _refused(reader: Reader, project_id: bytes, people: Mapping[bytes, str]) -> Iterator[ExceptionRow]:
    """What somebody did without the access for it: it stands in the log and changed nothing."""
    for action, person, wall in reader.rows(
        "SELECT action, person, min(wall) FROM entry WHERE log = ? AND accepted = 0 GROUP BY action ORDER BY min(rev)",
        (project_id,),
    ):
        who = people.get(person, _("somebody unnamed"))
        text = _("{person} did something without the access it needs. It changed nothing.").format(person=who)
        yield ExceptionRow("refused", action, who, text, wall, who)
