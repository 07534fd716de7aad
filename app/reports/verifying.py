"""Whether a sealed paper is what it was, who issued it, and whether it still covers what the workspace holds."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.words import GateState, IdentityLevel
from app.errors import VerifyError
from app.i18n import N_, _, language
from app.process.digests import DIGEST_REV, checklist_digest, gate_digest
from app.queries.checklist import task_numbers
from app.queries.content import gate_content, step_content
from app.queries.facts import run_facts
from app.queries.gate_facts import judge
from app.queries.people import names
from app.queries.signatures import withdrawn_ids
from app.queries.since import (
    Frontier,
    Scope,
    covering,
    frontier_of,
    gate_scope,
    missing_commits,
    signed_changes,
    steps_scope,
)
from app.queries.texts import pick
from app.reports.changes import Changes
from app.reports.codes import groups
from app.reports.frame import FORMAT
from app.reports.seal import SealCheck, check_seal
from app.storage.certificates import level_of
from app.storage.crypto import key_id
from app.storage.engine import Reader

_ANY_TIME = 1 << 46  # lags decide what may start, not whether a gate is open
CHECKLIST, GATE, SITUATION, PROTOCOL = "checklist", "gate", "situation", "protocol"
_OF_A_RUN = {
    CHECKLIST: N_("The checklist of “{name}”"),
    SITUATION: N_("The situation of “{name}”"),
    PROTOCOL: N_("The protocol of “{name}”"),
}
_IDENTITY = {
    IdentityLevel.SELF_DECLARED: N_("self-declared on this device"),
    IdentityLevel.VOUCHED: N_("vouched by an owner"),
    IdentityLevel.COMPANY: N_("company certificate"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`valid`: not a byte changed, and sealed by a person this workspace knows. `current`: it still says what is so.

    `reasons` are sentences, the worst first; `changes` what changed since it was printed, one sentence each.
    """

    valid: bool
    current: bool = False
    reasons: tuple[str, ...] = ()
    signer: str = ""
    known_person: bytes | None = None
    identity: str = ""
    sealed_at: datetime | None = None
    kind: str = ""
    digest: str = ""
    present_digest: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a paper says it is about; read only from under a seal that holds."""

    kind: str
    project: bytes
    run: bytes
    gate: bytes
    language: str
    digest: str
    digest_rev: int
    frontier: Frontier
    statements: tuple[bytes, ...]
    state: str


def verify_record(reader: Reader, pdf: bytes) -> Verdict:
    """Never raises for what a file holds: whatever cannot be shown to be right is not valid."""
    try:
        sealed = check_seal(pdf)
    except VerifyError as error:
        return Verdict(valid=False, reasons=(str(error),))
    if not (sealed.valid and sealed.covers_whole_file):
        return Verdict(valid=False, reasons=(_("The paper was changed after it was sealed."),))
    known = _known(reader, sealed)
    if not known.valid:
        return known
    try:
        bound = _bound(sealed)
    except (KeyError, ValueError, TypeError, AttributeError):
        return replace(
            known, valid=False, reasons=(_("The sealed file is no paper of this program."), *known.reasons)
        )
    return _compared(reader, replace(known, kind=bound.kind, digest=bound.digest), bound)


def _known(reader: Reader, sealed: SealCheck) -> Verdict:
    """The person whose key sealed it: the name comes from the workspace, never from the certificate."""
    key = x509.load_der_x509_certificate(sealed.certificate_der).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)  # a seal that holds is made with one
    public = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    name = key_id(public)
    person = reader.value(
        "SELECT person FROM certificate WHERE key = ? AND public = ? AND level >= 0", (name, public)
    )
    if person is None:
        told = _("The seal is of a key this workspace does not know. The name {name} in it proves nothing.")
        return Verdict(valid=False, reasons=(told.format(name=sealed.signer),), sealed_at=sealed.signed_at)
    signer = names(reader).get(person, "")
    identity = _(_IDENTITY[level_of(reader, name)])
    when = "?" if sealed.signed_at is None else f"{sealed.signed_at:%Y-%m-%d %H:%M} UTC"
    told = _("Sealed by {person} ({identity}) on {when}; not a byte was changed since.")
    reason = told.format(person=signer, identity=identity, when=when)
    return Verdict(
        valid=True,
        reasons=(reason,),
        signer=signer,
        known_person=person,
        identity=identity,
        sealed_at=sealed.signed_at,
    )


def _bound(sealed: SealCheck) -> _Bound:
    said: dict[str, Any] = dict(sealed.binding)
    if said["format"] != FORMAT or said["kind"] not in (GATE, *_OF_A_RUN):
        raise ValueError
    held = [item.split(":") for item in said["frontier"]]
    return _Bound(
        kind=said["kind"],
        project=bytes.fromhex(said["project"]),
        run=bytes.fromhex(said["run"]),
        gate=bytes.fromhex(said.get("gate", "")),
        language=str(said["language"]),
        digest=str(said["digest"]),
        digest_rev=int(said["digest_rev"]),
        frontier=frontier_of((bytes.fromhex(log), bytes.fromhex(who), int(upto)) for log, who, upto in held),
        statements=tuple(bytes.fromhex(one) for one in said.get("statements", ())),
        state=str(said.get("state", "")),
    )


def _compared(reader: Reader, verdict: Verdict, bound: _Bound) -> Verdict:
    """The verdict with what the workspace holds now."""

    def outdated(*reasons: str) -> Verdict:
        return replace(verdict, reasons=(*reasons, *verdict.reasons))

    if reader.row("SELECT 1 FROM project WHERE id = ?", (bound.project,)) is None:
        return outdated(_("The project is not in this workspace, so the paper cannot be compared with it."))
    if bound.digest_rev != DIGEST_REV:
        return outdated(_("The paper was made by another version and cannot be compared here."))
    missing = missing_commits(reader, bound.frontier)
    if missing:
        told = _("The paper rests on {count} changes that have not arrived here, so it cannot be compared.")
        return outdated(told.format(count=missing))
    present = _present(reader, bound).hex()
    undone = (*_withdrawn(reader, bound), *_state_changed(reader, bound))
    verdict = replace(verdict, present_digest=present)
    if present == bound.digest and undone:
        return outdated(*undone)
    if present == bound.digest:
        agrees = _("It covers what the workspace holds now.")
        return replace(verdict, current=True, reasons=(*verdict.reasons, agrees))
    changes = _changes(reader, bound)
    told = _("{what} has changed since: the paper shows content {shown}, the workspace holds {now}.")
    reason = told.format(
        what=_subject(reader, bound), shown=groups(bound.digest, limit=4), now=groups(present, limit=4)
    )
    return replace(outdated(reason, *changes, *undone), changes=changes)


def _present(reader: Reader, bound: _Bound) -> bytes:
    """The digest of what is there now, without the evidence that came after the paper."""
    held = covering(bound.frontier, bound.project)
    if bound.kind == GATE:
        return gate_digest(gate_content(reader, bound.run, bound.gate, bound.language, held))
    tasks = reader.rows("SELECT id FROM task WHERE log = ? AND alive", (bound.project,))
    return checklist_digest(
        bound.run, (step_content(reader, bound.run, task, bound.language, held) for (task,) in tasks)
    )


def _scope(reader: Reader, bound: _Bound) -> Scope:
    if bound.kind == GATE:
        return gate_scope(reader, bound.project, bound.run, bound.gate)
    return steps_scope(reader, bound.project, bound.run)


def _changes(reader: Reader, bound: _Bound) -> tuple[str, ...]:
    zone = reader.value("SELECT zone FROM project WHERE id = ?", (bound.project,)) or "UTC"
    numbers = task_numbers(reader, bound.project)
    writer = Changes(reader, (language(),), bound.language, zone, numbers)
    return tuple(writer.each(signed_changes(reader, _scope(reader, bound), bound.frontier), language()))


def _subject(reader: Reader, bound: _Bound) -> str:
    if bound.kind == GATE:
        name = pick(
            reader.value("SELECT name FROM gate WHERE id = ?", (bound.gate,)), language(), bound.language
        )
        return _("The gate “{name}”").format(name=name)
    name = pick(
        reader.value("SELECT name FROM project WHERE id = ?", (bound.project,)), language(), bound.language
    )
    return _(_OF_A_RUN[bound.kind]).format(name=name)


def _withdrawn(reader: Reader, bound: _Bound) -> tuple[str, ...]:
    """Sign-offs, waivers and acceptances the paper shows as holding that were taken back since."""
    if bound.kind != GATE:
        return ()
    people = names(reader)
    told = _("The signature of {person} was withdrawn since.")
    found = []
    for statement in bound.statements:
        row = reader.row("SELECT person, subject FROM statement WHERE hash = ?", (statement,))
        if row is not None and statement in withdrawn_ids(reader, row[1]):
            found.append(told.format(person=people.get(row[0], "?")))
    return tuple(found)


def _state_changed(reader: Reader, bound: _Bound) -> tuple[str, ...]:
    """A gate that was open on paper and is closed, or the other way round; becoming final only confirms it."""
    if bound.kind != GATE or bound.state not in set(GateState):
        return ()
    before = GateState(bound.state)
    now = judge(reader, run_facts(reader, bound.project, bound.run, _ANY_TIME), bound.gate).state
    if (before is GateState.CLOSED) == (now is GateState.CLOSED):
        return ()
    closed = _("The gate was open when this was printed and is closed now.")
    return (
        (closed,)
        if now is GateState.CLOSED
        else (_("The gate was closed when this was printed and is open now."),)
    )
