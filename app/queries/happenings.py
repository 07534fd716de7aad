"""What happened in a run, in order: when it happened and when it was typed, by whom and for whom."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.domain import verbs
from app.domain.ids import step_id
from app.domain.words import CheckOutcome, Claim
from app.queries.content import first_language
from app.queries.people import names
from app.queries.texts import pick
from app.queries.versions import Versions
from app.storage.engine import Reader, Row
from app.storage.plain import plain_text

_LATER_MS = 2 * 60_000  # typed within two minutes counts as typed when it happened

CLAIMS: Mapping[Claim, str] = {
    Claim.RUNNING: "start",
    Claim.DONE: "finish",
    Claim.FAILED: "fail",
    Claim.SKIPPED: "skip",
    Claim.WAITING: "wait",
    Claim.BLOCKED: "block",
    Claim.TODO: "reset",
}
_TAKEN_BACK = frozenset({verbs.UNDO.number, verbs.REDO.number, verbs.REVERT.number})
# Numbers of fields as in the registry, which would bring sqlmodel
_CLAIM, _STARTED, _FINISHED, _REMAINING, _REASON, _PERFORMER, _PAUSED, _SAID = 3, 4, 5, 6, 7, 8, 10, 11
_OUTCOME, _VALUE, _OTHER, _NOTE, _CHECKER, _CHECKED = 3, 4, 5, 6, 7, 8
_HOLDS, _FOUND, _REMARK, _JUDGE, _JUDGED = 3, 4, 5, 6, 7


class Happening(NamedTuple):
    """One thing that happened. Instants in UTC ms: `at_ms` as said, `typed_ms` when it was typed.

    `kind`: start finish fail skip wait block reset remaining · check criterion note file · sign withdraw verdict ·
    incident solved reopened · decision · handover takeover handback · begin end (of the run).
    `subject` is the check, criterion, gate, incident, decision or receiver, and `name` what it is called; `word` is the
    outcome, meaning or severity, `number` the attempt or minutes, `value` what was measured, `role` in whose name one
    signed, `text` what somebody said of it.
    """

    kind: str
    at_ms: int
    typed_ms: int
    performer: str
    performer_id: bytes | None
    typist: str
    typist_id: bytes | None
    task: bytes | None
    subject: bytes | None = None
    name: str = ""
    word: str = ""
    number: int | None = None
    value: str = ""
    role: str = ""
    text: str = ""
    taken_back: bool = False  # an undo or revert brought this about

    @property
    def is_on_behalf(self) -> bool:
        return self.performer_id is not None and self.performer_id != self.typist_id

    @property
    def is_typed_later(self) -> bool:
        return abs(self.typed_ms - self.at_ms) >= _LATER_MS


class _Loader:
    """What the parts below share: names of people, and the versions of the objects in question."""

    def __init__(self, reader: Reader, project: bytes, run: bytes, task: bytes | None, language: str) -> None:
        self.reader, self.project, self.run = reader, project, run
        self.step = step_id(run, task) if task is not None else None
        self.language, self.first = language, first_language(reader, project)
        self.people = names(reader)

    def steps(self, column: str) -> tuple[str, list[bytes]]:
        """The condition for what belongs to the run's steps, or to the one asked for."""
        if self.step is not None:
            return f"{column} = ?", [self.step]
        return f"{column} IN (SELECT id FROM step WHERE run = ? AND alive)", [self.run]

    def versions(self, table: str, column: str, fields: str) -> tuple[Versions, list[Row]]:
        """Versions of a table's live rows under the steps, and of each row its id, its task and some fields."""
        where, values = self.steps(column)
        rows = self.reader.rows(
            f"SELECT o.id, s.task, {fields} FROM {table} o JOIN step s ON s.id = o.{column} "
            f"WHERE o.alive AND o.{where} ORDER BY o.id",
            values,
        )
        return Versions(self.reader, f"{table} WHERE alive AND {where}", values), rows

    def said(
        self, versions: Versions, rev: int, kind: str, performer: bytes | None, at: int | None, **more: Any
    ) -> Happening:
        entry = versions.by(rev)
        taken_back = entry.verb in _TAKEN_BACK
        if taken_back:
            performer = at = None  # it happened when it was taken back, and who did that did it
        who = performer if performer is not None else entry.person
        return Happening(
            *(kind, entry.wall_ms if at is None else at, entry.wall_ms),
            *(self.people.get(who, "") if who else "", who),
            *(self.people.get(entry.person, "") if entry.person else "", entry.person),
            taken_back=taken_back,
            **more,
        )

    def name(self, table: str, column: str, thing: bytes) -> str:
        stored = self.reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (thing,))
        return pick(stored, self.language, self.first)


def happenings(
    reader: Reader, project_id: bytes, run_id: bytes, language: str = "en", *, task: bytes | None = None
) -> tuple[Happening, ...]:
    """Everything that happened in a run, or at one of its tasks, as it happened; what was undone since is left out."""
    load = _Loader(reader, project_id, run_id, task, language)
    found = [*_claims(load), *_checks(load), *_evidence(load), *_statements(load), *_hand_overs(load)]
    found += [*_incidents(load, task), *_decisions(load, task)]
    if task is None:
        found += [*_criteria(load), *_run(load)]
    return tuple(sorted(found, key=lambda one: (one.at_ms, one.typed_ms)))


# -- steps ---------------------------------------------------------------------------------------------------------


def _claims(load: _Loader) -> Iterator[Happening]:
    versions, attempts = load.versions("attempt", "step", "o.number")
    for attempt, task, number in attempts:
        more: dict[str, Any] = {"task": task, "number": number}
        before = None
        for rev, value in versions.written(attempt, _CLAIM):
            if value == before:
                continue
            before = value
            claim = Claim(value) if 0 <= value <= Claim.DONE else Claim.FAILED
            at = versions.at(attempt, _moment_of(claim), rev) if claim is not Claim.TODO else None
            reason = (
                plain_text(load.reader, versions.at(attempt, _REASON, rev))
                if _wrote(versions, attempt, rev)
                else ""
            )
            who = versions.at(attempt, _PERFORMER, rev)
            yield load.said(versions, rev, CLAIMS[claim], who, at, text=reason, **more)
        for rev, minutes in versions.written(attempt, _REMAINING):
            if minutes is not None and versions.by(rev).verb == verbs.SET_REMAINING.number:
                said = {**more, "number": minutes}
                who = versions.by(rev).person
                yield load.said(versions, rev, "remaining", who, versions.at(attempt, _SAID, rev), **said)


def _moment_of(claim: Claim) -> int:
    if claim is Claim.RUNNING:
        return _STARTED
    return _PAUSED if claim in (Claim.WAITING, Claim.BLOCKED) else _FINISHED


def _wrote(versions: Versions, attempt: bytes, rev: int) -> bool:
    """Whether the reason was given together with this claim, and not left over from an earlier one."""
    return any(came == rev for came, _value in versions.written(attempt, _REASON))


def _checks(load: _Loader) -> Iterator[Happening]:
    versions, results = load.versions("check_result", "step", "o.item")
    for result, task, check in results:
        more = {"task": task, "subject": check, "name": load.name("check_item", "text", check)}
        for rev, outcome in versions.written(result, _OUTCOME):
            if outcome not in tuple(CheckOutcome):
                continue
            values = [versions.at(result, one, rev) for one in (_VALUE, _OTHER)]
            note = plain_text(load.reader, versions.at(result, _NOTE, rev))
            said = " = ".join(str(one) for one in values if one is not None)
            who, at = versions.at(result, _CHECKER, rev), versions.at(result, _CHECKED, rev)
            yield load.said(versions, rev, "check", who, at, word=outcome, value=said, text=note, **more)


def _evidence(load: _Loader) -> Iterator[Happening]:
    fields = "o.kind, o.name, o.text, o.performer, o.happened_at"
    versions, pieces = load.versions("evidence", "subject", fields)
    for piece, task, kind, name, text, performer, at in pieces:
        shown = "file" if kind == "file" else "note"
        more = {"task": task, "subject": piece, "name": name, "text": text}
        yield load.said(versions, versions.made[piece], shown, performer, at, **more)


def _hand_overs(load: _Loader) -> Iterator[Happening]:
    fields = "o.giver, o.receiver, o.note, o.given_at, o.taken_at, o.withdrawn_at"
    versions, offers = load.versions("hand_over", "step", fields)
    for offer, task, giver, receiver, note, given, taken, withdrawn in offers:
        more = {"task": task, "subject": receiver, "name": load.people.get(receiver, "")}
        yield load.said(versions, versions.made[offer], "handover", giver, given, text=note, **more)
        for kind, number, at, who in (("takeover", 6, taken, receiver), ("handback", 7, withdrawn, giver)):
            written = [rev for rev, value in versions.written(offer, number) if value is not None]
            if at is not None and written:
                yield load.said(versions, written[-1], kind, who, at, **more)


# -- statements ----------------------------------------------------------------------------------------------------

_STATED = {1: "sign", 2: "withdraw", 4: "verdict"}


def _statements(load: _Loader) -> Iterator[Happening]:
    from app.storage.statements import decode_statement  # with the codec, which a first screen does not load

    rows = load.reader.rows(
        "SELECT s.body, e.wall, e.person, p.task FROM statement s JOIN entry e ON e.rev = s.rev "
        "LEFT JOIN step p ON p.id = s.subject WHERE s.log = ? AND s.run = ? AND (? IS NULL OR s.subject = ?) "
        "AND s.kind IN (1, 2, 4) AND s.counts = 1 ORDER BY s.rev",
        (load.project, load.run, load.step, load.step),
    )
    for body, wall, typist, task in rows:
        one = decode_statement(body)
        yield Happening(
            kind=_STATED[one.kind],
            at_ms=one.happened_at,
            typed_ms=wall,
            performer=load.people.get(one.person, ""),
            performer_id=one.person,
            typist=load.people.get(typist, ""),
            typist_id=typist,
            task=task,
            subject=None if task else one.subject,
            name="" if task else load.name("gate", "name", one.subject),
            word=one.meaning,
            role=one.role,
            text=plain_text(load.reader, one.reason),
        )


def _criteria(load: _Loader) -> Iterator[Happening]:
    where = "criterion_result WHERE alive AND run = ?"
    versions = Versions(load.reader, where, [load.run])
    for result, criterion in load.reader.rows(f"SELECT id, criterion FROM {where}", (load.run,)):
        more = {"task": None, "subject": criterion, "name": load.name("criterion", "text", criterion)}
        for rev, holds in versions.written(result, _HOLDS):
            if holds is None:
                continue
            note = plain_text(load.reader, versions.at(result, _REMARK, rev))
            value = versions.at(result, _FOUND, rev) or ""
            who, at = versions.at(result, _JUDGE, rev), versions.at(result, _JUDGED, rev)
            word = CheckOutcome.PASS if holds else CheckOutcome.FAIL
            yield load.said(
                versions, rev, "criterion", who, at, word=word.value, value=value, text=note, **more
            )


# -- registers and the run itself ----------------------------------------------------------------------------------


def _incidents(load: _Loader, task: bytes | None) -> Iterator[Happening]:
    where = "incident WHERE alive AND run = ? AND (? IS NULL OR task = ?)"
    values = [load.run, task, task]
    rows = load.reader.rows(
        f"SELECT id, task, severity, title, description, performer, happened_at, solution, minutes_lost FROM {where}",
        values,
    )
    if not rows:
        return
    versions = Versions(load.reader, where, values)
    for incident, about, severity, title, text, performer, at, solution, lost in rows:
        more = {"task": about, "subject": incident, "name": title, "word": severity}
        yield load.said(versions, versions.made[incident], "incident", performer, at, text=text, **more)
        for rev, solved in versions.written(incident, 9):
            if solved is not None:
                yield load.said(versions, rev, "solved", None, solved, text=solution, number=lost, **more)
            elif rev != versions.made[incident]:
                yield load.said(versions, rev, "reopened", None, None, **more)


def _decisions(load: _Loader, task: bytes | None) -> Iterator[Happening]:
    where = "decision WHERE alive AND run = ? AND (? IS NULL OR task = ?)"
    values = [load.run, task, task]
    rows = load.reader.rows(
        f"SELECT id, task, kind, question, decided, reason, decider, decided_at FROM {where}", values
    )
    if not rows:
        return
    versions = Versions(load.reader, where, values)
    for decision, about, kind, question, decided, reason, decider, at in rows:
        text = " · ".join(one for one in (decided, reason) if one)
        more = {"task": about, "subject": decision, "name": question, "word": kind, "text": text}
        yield load.said(versions, versions.made[decision], "decision", decider, at, **more)


def _run(load: _Loader) -> Iterator[Happening]:
    from app.storage.log import decode_body

    versions = Versions(load.reader, "run WHERE id = ?", [load.run])
    begun, ended = load.reader.row("SELECT started_at, finished_at FROM run WHERE id = ?", (load.run,)) or (
        None,
        None,
    )
    moments = [("begin", versions.made.get(load.run), begun)]
    written = [rev for rev, value in versions.written(load.run, 4) if value is not None]
    moments.append(("end", written[-1] if written else None, ended))
    for kind, rev, at in moments:
        if rev is None or at is None:
            continue
        body = load.reader.value("SELECT body FROM entry WHERE rev = ?", (rev,))
        commit = decode_body(body)
        codes = " ".join(str(one) for one in commit.args[1:]) if commit.args else ""
        reason = plain_text(load.reader, commit.reason)
        yield load.said(
            versions, rev, kind, commit.on_behalf_of, at, task=None, subject=load.run, word=codes, text=reason
        )
