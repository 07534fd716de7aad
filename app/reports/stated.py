"""The statements about a gate as its paper shows them: those that count, and what became of the others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from app.clock import hlc_ms
from app.domain.ids import criterion_result_id, step_id
from app.domain.words import IdentityLevel, Meaning, Presence, known
from app.i18n import N_
from app.process.gates import SignOff, counts
from app.queries.accepting import given_at
from app.queries.checklist import task_numbers
from app.queries.exceptions import TITLES, ExceptionRow, at_gate
from app.queries.gates import GateView
from app.queries.signatures import Signed, sign_offs_of_gate, statements_about, withdrawn_ids
from app.queries.since import SignedChange, frontier_of, gate_scope, signed_changes
from app.reports import moments
from app.reports.changes import Changes
from app.reports.codes import groups
from app.reports.material import Material
from app.reports.papers import PaperStatement, Texts
from app.reports.speech import Speech
from app.storage.authority import Counts
from app.storage.crypto import key_id
from app.storage.engine import Reader
from app.storage.heads import heads_of
from app.storage.plain import plain_text
from app.storage.statements import Kind, Statement

_FAULTS = {
    Counts.SIGNATURE_FAILS: N_("The signature does not hold."),
    Counts.KEY_UNKNOWN: N_("Its key is not known here as this person's."),
    Counts.ROLE_NOT_HELD: N_("This person did not hold the role."),
    Counts.NOT_ALLOWED: N_("This person had no right to state it."),
    Counts.LATE: N_("It came late, and no owner has accepted it."),
}
_AGAINST_RULE = N_("It does not meet the gate's rule.")
_REPLACED = N_("The same person said something else later in this role.")
_ANSWERS_NOTHING = N_("What it answered is no longer as it was.")
_HOLDS_FIELD = 3  # of CriterionResult: the judgement itself


class Stated:
    """All sign-offs and verdicts about a gate in a run."""

    def __init__(self, found: Material, view: GateView) -> None:
        self._found, self._view = found, view
        self._reader, self._project, self._run = found.reader, found.facts.project, found.facts.run
        self._speech = Speech(found.languages)
        numbers = task_numbers(found.reader, found.facts.project)
        self._changes = Changes(found.reader, found.languages, found.first, found.zone, numbers)

    def statements(self) -> tuple[PaperStatement, ...]:
        """Sign-offs and then verdicts, oldest first."""
        states = {
            one.id: one for one in sign_offs_of_gate(self._reader, self._project, self._run, self._view.id)
        }
        found = []
        replaced = self._replaced(states)
        authors = self._found.facts.performers(set(self._view.tasks))
        for signed in self._about(Kind.SIGN_OFF):
            state = states[signed.statement.id]
            fault = self._fault(signed)
            in_force = state.meaning == Meaning.APPROVED and not (state.stale or state.withdrawn)
            if not fault and state.id in replaced:
                fault = self._speech.words(_REPLACED)
            elif not fault and in_force and not counts(self._view.rule, state, authors):
                fault = self._speech.words(_AGAINST_RULE)
            changes = self.since(signed.statement) if state.stale and not state.withdrawn else ()
            if state.withdrawn:
                changes = self._withdrawal(signed.statement.id)
            found.append(
                self._paper(signed, stale=state.stale, gone=state.withdrawn, changes=changes, fault=fault)
            )
        gone = withdrawn_ids(self._reader, self._view.id)
        for signed in self._about(Kind.VERDICT):
            name = signed.statement.id
            changes = self._withdrawal(name) if name in gone else ()
            fault = self._fault(signed)
            found.append(self._paper(signed, stale=False, gone=name in gone, changes=changes, fault=fault))
        return (*found, *self._waivers(), *self._acceptances())

    @cached_property
    def exceptions(self) -> list[ExceptionRow]:
        """What stands against the gate in this run, each with its answer."""
        return at_gate(self._reader, self._found.facts, self._view.id, self._view.name, self._found.people)

    def _acceptances(self) -> Iterator[PaperStatement]:
        """The answers to exceptions, those that answer nothing any more among them."""
        answering = {one.answer.id for one in self.exceptions if one.answer is not None}
        kinds = {str(one.statement.meaning) for one in self._about(Kind.ACCEPTANCE)}
        about = {kind: self._speech.words(TITLES.get(kind, kind)) for kind in kinds}
        for signed, stale, gone in given_at(self._reader, self._project, self._run, self._view.id):
            name, kind = signed.statement.id, signed.statement.meaning
            fault = self._fault(signed)
            if not (fault or stale or gone or name in answering or signed.statement.request):
                fault = self._speech.words(_ANSWERS_NOTHING)
            changes = self._withdrawal(name) if gone else self.since(signed.statement) if stale else ()
            paper = self._paper(signed, stale=stale, gone=gone, changes=changes, fault=fault)
            yield replace(paper, meaning="accepted", about=about[kind])

    def _waivers(self) -> Iterator[PaperStatement]:
        """What let the skipped steps pass, those that no longer do among them."""
        numbers = task_numbers(self._reader, self._project)
        for skipped in self._view.skipped:
            about = step_id(self._run, skipped.task)
            shown = {one.id: one for one in skipped.waivers}
            titles = self._found.texts(skipped.task, "title")
            step = tuple(f"{numbers.get(skipped.task, '')} {title}".strip() for title in titles)
            for signed in statements_about(self._reader, about, Kind.WAIVER, self._run):
                one = shown[signed.statement.id]
                fault = self._fault(signed)
                if not (fault or one.counts_for_gate or one.stale or one.withdrawn):
                    fault = self._speech.words(_AGAINST_RULE)
                paper = self._paper(signed, stale=one.stale, gone=one.withdrawn, changes=(), fault=fault)
                yield replace(paper, meaning="waived", about=step)

    def _replaced(self, states: Mapping[bytes, SignOff]) -> set[bytes]:
        """Approvals and rejections after which the same person said something else in the same role."""
        last: dict[tuple[bytes, str], SignOff] = {}
        found = set()
        for signed in self._about(Kind.SIGN_OFF):
            one = states[signed.statement.id]
            if one.verifies and not one.withdrawn and one.meaning in (Meaning.APPROVED, Meaning.REJECTED):
                before = last.get((one.person, one.role))
                if before is not None and before.meaning != one.meaning:
                    found.add(before.id)
                last[one.person, one.role] = one
        return found

    def came_later(self, op: bytes) -> bool:
        """Whether a piece of evidence is not covered by one of the sign-offs that hold the gate."""
        return any(not statement.covers(self._project, op) for statement in self._counting)

    def since(self, statement: Statement) -> Texts:
        return self._changes.told(self._signed_changes(statement))

    def since_verdict(self, verdict: bytes) -> Texts:
        for signed in self._about(Kind.VERDICT):
            if signed.statement.id == verdict:
                return self.since(signed.statement)
        return ()

    @cached_property
    def _counting(self) -> list[Statement]:
        wanted = {one.id for one in self._view.signoffs if one.counts_for_gate}
        return [one.statement for one in self._about(Kind.SIGN_OFF) if one.statement.id in wanted]

    def _about(self, kind: Kind) -> list[Signed]:
        return statements_about(self._reader, self._view.id, kind, self._run)

    def _signed_changes(self, statement: Statement) -> list[SignedChange]:
        scope = gate_scope(self._reader, self._project, self._run, self._view.id)
        return signed_changes(self._reader, scope, frontier_of(statement.frontier))

    def _fault(self, signed: Signed) -> Texts:
        known = signed.counts in set(Counts)
        message = _FAULTS.get(Counts(signed.counts)) if known else _FAULTS[Counts.NOT_ALLOWED]
        return () if message is None else self._speech.words(message)

    def _withdrawal(self, statement: bytes) -> Texts:
        """When it was taken back, and why."""
        for signed in self._about(Kind.WITHDRAWAL):
            if signed.statement.request == statement and signed.counts == Counts.YES:
                reason = plain_text(self._reader, signed.statement.reason)
                at = self._found.moment(signed.statement.happened_at)
                told = self._speech.words(N_("Taken back on {when} UTC."), when=f"{at:%Y-%m-%d %H:%M}")
                return tuple(f"{text} {reason}".strip() for text in told)
        return ()

    def _paper(
        self, signed: Signed, *, stale: bool, gone: bool, changes: Texts, fault: Texts
    ) -> PaperStatement:
        statement, found = signed.statement, self._found
        received, accepted = self._receipt(signed)
        return PaperStatement(
            id=statement.id.hex(),
            person=found.people.get(statement.person, ""),
            role=(statement.role,),
            meaning=statement.meaning,
            happened_at=moments.instant(statement.happened_at) or moments.EPOCH,
            recorded_at=found.moment(received) if accepted else None,
            key=groups(statement.key.hex(), limit=4),
            identity=known(IdentityLevel, signed.level),
            presence=Presence(statement.presence or Presence.PIN.value),
            device=self._device(signed.op[:16]),
            digest=statement.digest.hex(),
            reason=plain_text(self._reader, statement.reason),
            expires_at=found.moment(statement.expires),
            stale=stale,
            withdrawn=gone,
            rejected=received is not None and not accepted,
            changes=changes,
            fault=fault,
        )

    def _receipt(self, signed: Signed) -> tuple[int | None, bool]:
        """When the sequencer received the statement's commit, and whether it took it."""
        row = self._reader.row(
            "SELECT l.received, l.accepted FROM entry e JOIN standing_leaf l ON l.hash = e.hash WHERE e.rev = ?",
            (signed.rev,),
        )
        return (None, False) if row is None else (row[0], bool(row[1]))

    def _device(self, device: bytes) -> str:
        name = self._reader.value("SELECT name FROM device WHERE id = ?", (device,))
        return name or groups(device.hex()[-8:])


def moment_of_judgement(reader: Reader, run: bytes, criterion: bytes) -> tuple[bytes, int | None]:
    """The criterion's result in the run, and when it was judged last."""
    result = criterion_result_id(run, criterion)
    heads = heads_of(reader, result, _HOLDS_FIELD, None)
    return result, max((hlc_ms(head.hlc) for head in heads), default=None)


def sequencer_of(reader: Reader, project: bytes) -> str:
    """Device and key that the receipts of a project's log name."""
    key = reader.value("SELECT sequencer FROM log WHERE id = ?", (project,)) or b""
    name = reader.value("SELECT name FROM device WHERE key = ? AND alive", (key,)) or ""
    code = groups(key_id(key).hex(), limit=4) if key else ""
    return ", ".join(filter(None, (name, code)))
