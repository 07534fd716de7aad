"""Commands that ask nothing: what a program does that leaves every check of its own out."""

from collections.abc import Callable, Mapping
from typing import Any

from app.codec import pack
from app.commands.stating import Signer, Subject, make_statement
from app.domain import verbs
from app.domain.person import Device, Person
from app.domain.project import Gate, Project
from app.domain.run import Evidence
from app.domain.verbs import Verb
from app.process.digests import DIGEST_REV, gate_digest
from app.queries.content import gate_content
from app.storage.ops import Put
from app.storage.statements import Kind, decode_statement
from app.storage.transaction import Transaction


def sign(tx: Transaction, key: Signer, run: bytes, gate: bytes, role: str) -> None:
    """A sign-off of a gate."""
    digest = gate_digest(gate_content(tx.writer, run, gate, "en"))
    make_statement(
        *(tx, key, Kind.SIGN_OFF, Subject(Gate.NUMBER, gate, digest, DIGEST_REV)),
        log=tx.get(Gate, gate).log,
        run=run,
        meaning="approved",
        role=role,
    )


def withdraw(tx: Transaction, key: Signer, statement: bytes) -> None:
    """Somebody's statement is taken back."""
    found = decode_statement(tx.value("SELECT body FROM statement WHERE hash = ?", (statement,)))
    subject = Subject(found.subject_entity, found.subject)
    make_statement(tx, key, Kind.WITHDRAWAL, subject, log=found.log, run=found.run, request=statement)


def take_out(tx: Transaction, key: Signer, device: bytes) -> None:
    """A device, with all it ever did."""
    make_statement(
        *(tx, key, Kind.DEVICE, Subject(Device.NUMBER, device)),
        log=tx.workspace,
        meaning="taken out",
        conditions=pack([]),
    )


def give_access(tx: Transaction, key: Signer, person: bytes, word: str) -> None:
    make_statement(tx, key, Kind.ACCESS, Subject(Person.NUMBER, person), log=tx.workspace, meaning=word)


def give_role(tx: Transaction, key: Signer, person: bytes, role: str) -> None:
    subject = Subject(Person.NUMBER, person)
    make_statement(tx, key, Kind.ROLE, subject, log=tx.workspace, meaning="granted", role=role)


def accept(tx: Transaction, key: Signer, late: bytes) -> None:
    """What came late."""
    found = decode_statement(tx.value("SELECT body FROM statement WHERE hash = ?", (late,)))
    subject = Subject(found.subject_entity, found.subject, found.digest, found.digest_rev)
    make_statement(
        tx, key, Kind.ACCEPTANCE, subject, log=found.log, run=found.run, meaning="late", request=late
    )


def write_through(tx: Transaction, project: bytes, log: bytes) -> None:
    """A project's window, in some log."""
    window_end = 6  # its number in app/domain/project.py
    tx.put(log, Put(Project.NUMBER, project, window_end, None, "2026-04-09T06:00", ()))


def create_beside(tx: Transaction, subject: bytes, log: bytes) -> None:
    """Evidence about something, in some log."""
    tx.create(Evidence, {"subject": subject, "kind": "note", "text": "Counted"}, log=log)


# The verbs they go by.
VERBS: Mapping[Callable[..., Any], Verb] = {
    sign: verbs.SIGN,
    withdraw: verbs.WITHDRAW,
    take_out: verbs.TAKE_OUT_DEVICE,
    give_access: verbs.SIGN,
    give_role: verbs.SIGN,
    accept: verbs.ACCEPT,
    write_through: verbs.SET_PROJECT,
    create_beside: verbs.ADD_NOTE,
}
