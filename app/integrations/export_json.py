"""A project as JSON, complete: every object with all its fields, what was signed, and whose keys signed it.

`format` is "launchbook-project", `version` 1; later versions only add. At the top:

    exported_at, language   when (UTC), and the language of the derived texts under `steps`
    project, run            ids of the project and of the run that `steps` is about
    entities                lists by kind: project, stage, gate, gate_task, gate_role, criterion, task, check_item, link,
                            run, step, attempt, check_result, criterion_result, evidence, origin, incident,
                            decision, hand_over, baseline_part (packed times a run began with: app.process.baseline)
    steps                   one a task in the run: number, title, claim, status (derived), why_not
    gates                   one a gate in the run: state, missing, digest of its content
    statements              sign-offs, withdrawals, verdicts; body and signature are the signed bytes, `counts` says
                            whether they hold here
    certificates            of the keys that signed: body, signature and public key
    people                  everybody named above: id, handle, name, e-mail (empty once erased)

Ids, hashes and signed bytes are hexadecimal. A text is an object by language. Instants are UTC milliseconds, wall times
`2026-03-06T22:00` in the project's zone. `sha256` of an evidence is the hash of a file's whole content; the files are not
in here. `<field>_hash` is the salted hash that stands in signed bytes for an erasable text.
"""

import json
from typing import Any

from app.clock import to_iso
from app.queries.gates import gates
from app.queries.outgoing import Outgoing, certificates, entities, persons, statements
from app.storage.engine import Reader

FORMAT, VERSION = "launchbook-project", 1
_PERSON_FIELDS = (
    "manager",
    "decider",
    "owner",
    "accountable",
    "deputy",
    "performer",
    "person",
    "giver",
    "receiver",
)
_OF_WORKSPACE = ("person", "device")


def written(reader: Reader, found: Outgoing, now_ms: int) -> str:
    """The whole project; the same state gives the same text but for the moment of export."""
    project, run = found.rows.project.id, found.rows.run.id
    things = {kind: rows for kind, rows in entities(reader, project).items() if kind not in _OF_WORKSPACE}
    signed = statements(reader, project)
    people = {
        one[name] for rows in things.values() for one in rows for name in _PERSON_FIELDS if one.get(name)
    }
    people |= {one["person"] for one in signed}
    content = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": to_iso(now_ms),
        "language": found.language,
        "project": project,
        "run": run,
        "entities": things,
        "steps": [_step(found, task.id, task) for task in found.rows.tasks],
        "gates": [
            {
                "id": one.id,
                "name": one.name,
                "state": one.state.value,
                "missing": one.missing,
                "digest": one.digest,
            }
            for one in gates(reader, project, run, found.language, now_ms)
        ],
        "statements": signed,
        "certificates": certificates(reader, {one["key"] for one in signed}),
        "people": persons(reader, people),
    }
    return _block(content) + "\n"


def _block(value: Any) -> str:
    """Lists with one object a line, so that two exports can be compared line by line."""
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{_line(key)}: {_block(one)}" for key, one in value.items()) + "\n}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_line, value)) + "\n]"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=bytes.hex)


def _step(found: Outgoing, task: bytes, row: Any) -> dict[str, Any]:
    return {
        "task": task,
        "number": row.number,
        "title": row.title,
        "claim": found.claims.get(task, "todo"),
        "status": row.status.value,
        "why_not": row.why_not,
    }
