"""What an export of a plan reads: its checklist in a run with links by number, and the words of every entity."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.ids import step_id
from app.queries.checklist import Checklist, checklist
from app.queries.facts import run_facts
from app.queries.printed import Printed, PrintedCheck, PrintedEvidence, printed
from app.queries.texts import pick
from app.storage.authority import Counts
from app.storage.engine import Reader
from app.storage.plain import plain_text
from app.storage.statements import Kind, decode_statement

if TYPE_CHECKING:
    from app.domain.registry import FieldSpec


class Outgoing(NamedTuple):
    """A plan in one run, in one language where it has words in it."""

    rows: Checklist
    printed: Printed
    language: str
    claims: dict[bytes, str]

    def text(self, thing: bytes, column: str) -> str:
        return pick(self.printed.texts.get((thing, column), ""), self.language, self.rows.project.language)

    def checks(self, task: bytes) -> tuple[PrintedCheck, ...]:
        return self.printed.checks.get(task, ())

    def evidence(self, task: bytes) -> tuple[PrintedEvidence, ...]:
        return self.printed.evidence.get(step_id(self.rows.run.id, task), ())


def outgoing(reader: Reader, project: bytes, run: bytes, language: str, now_ms: int) -> Outgoing:
    """Raises NotFound."""
    rows = checklist(reader, project, run, language, now_ms)
    facts = run_facts(reader, project, run, now_ms, gates=False)
    claims = {task: attempt.claim.name.lower() for task, attempt in facts.attempts.items()}
    return Outgoing(rows, printed(reader, facts), language, claims)


def entities(reader: Reader, project: bytes) -> dict[str, list[dict[str, Any]]]:
    """Every live object of the project's log by kind, with all its fields; texts as objects by language."""
    from app.domain.registry import SPECS

    found = {}
    for spec in SPECS.values():
        names = ["id", *spec.fields]
        names += [f"{name}_hash" for name, known in spec.fields.items() if known.mark.erasable]
        columns = ", ".join(f'"{name}"' for name in names)
        rows = reader.rows(
            f'SELECT {columns} FROM "{spec.table}" WHERE log = ? AND alive ORDER BY id',
            (project,),
        )
        found[spec.table] = [
            {name: _value(spec.fields.get(name), raw) for name, raw in zip(names, row, strict=True)}
            for row in rows
        ]
    return found


def _value(known: "FieldSpec | None", raw: Any) -> Any:
    if known is None or raw is None:
        return raw
    if known.mark.per_language:
        return json.loads(raw)
    return bool(raw) if known.annotation in (bool, bool | None) else raw


def statements(reader: Reader, project: bytes) -> list[dict[str, Any]]:
    """Every statement about the project, readable and as the bytes that were signed."""
    return [
        _statement(reader, body)
        | {"signature": signature, "counts": Counts(counts).name.lower(), "level": level}
        for body, signature, counts, level in reader.rows(
            "SELECT body, signature, counts, level FROM statement WHERE log = ? ORDER BY rev, op", (project,)
        )
    ]


def _statement(reader: Reader, body: bytes) -> dict[str, Any]:
    one = decode_statement(body)
    return {
        "id": one.id,
        "kind": Kind(one.kind).name.lower(),
        "run": one.run,
        "subject": one.subject,
        "person": one.person,
        "role": one.role,
        "meaning": one.meaning,
        "reason": plain_text(reader, one.reason),
        "digest": one.digest,
        "digest_rev": one.digest_rev,
        "language": one.language,
        "key": one.key,
        "presence": one.presence,
        "happened_at": one.happened_at,
        "expires_at": one.expires,
        "answers": one.request,
        "body": body,
    }


def certificates(reader: Reader, keys: set[bytes]) -> list[dict[str, Any]]:
    """The certificates of these keys, with the bytes that were signed."""
    names = ("key", "issuer", "person", "device", "public", "level", "issued_at", "body", "signature")
    rows = reader.rows(
        "SELECT key, issuer, person, device, public, level, issued, body, signature FROM certificate ORDER BY rev, op"
    )
    return [dict(zip(names, row, strict=True)) for row in rows if row[0] in keys]


def persons(reader: Reader, ids: set[bytes]) -> list[dict[str, Any]]:
    """These people, as far as they were not erased."""
    names = ("id", "handle", "name", "email")
    rows = reader.rows("SELECT id, handle, name, email FROM person ORDER BY id")
    return [dict(zip(names, row, strict=True)) for row in rows if row[0] in ids]
