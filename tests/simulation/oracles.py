"""What must hold, worked out in another way than the product does it: from decoded commits and plain rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from app.codec import pack, trusted
from app.domain import verbs
from app.domain.ids import criterion_result_id, step_id
from app.domain.project import Gate, Project
from app.domain.words import Claim
from app.storage.checks import check
from app.storage.engine import Database, Reader
from app.storage.log import Commit, decode_body
from app.storage.ops import Create, Delete, Put, State, op_id
from app.storage.rebuild import rebuild, replica_digests
from app.workspace import Workspace

Register = tuple[bytes, int, str]
Contents = dict[str, list[tuple[Any, ...]]]

ROWS = (
    *("project", "stage", "gate", "gate_task", "gate_role", "criterion", "task", "check_item", "link", "run"),
    *("step", "attempt", "check_result", "criterion_result", "evidence", "person", "device"),
)


def everything(reader: Reader) -> Contents:
    """All that replicas with the same commits and receipts have in common; local revisions are left out."""
    found = {name: reader.rows(f'SELECT * FROM "{name}" ORDER BY id') for name in ROWS}
    for name, columns in {
        "creation": "object, op, entity, hlc, initial",
        "head": "object, field, language, op, value, hlc, gone IS NULL",
        "conflict": "object, field, language, entity, log",
        "statement": "hash, op, kind, subject, person, role, meaning, counts, level",
        "certificate": "key, issuer, device, person, level",
        "leaf": "log, epoch, number, hash, received, accepted, reason",
        "detached": "hash, salt, value",
        "entry": "hash, log, device, dev_seq, hlc, received, accepted",
    }.items():
        found[name] = sorted(reader.rows(f"SELECT {columns} FROM {name}"), key=repr)
    found["digest"] = list(replica_digests(reader).items())
    return found


def unsettled(reader: Reader) -> Contents:
    """What replicas with the same commits have in common before the sequencer's times of receipt settle the clocks."""
    found = {}
    for name, columns in {
        "creation": "object, op, entity, initial",
        "head": "object, field, language, op, value, gone IS NULL",
        "conflict": "object, field, language, entity, log",
        "statement": "hash, op, kind, subject, person, role, meaning, counts, level",
        "certificate": "key, issuer, device, person, level",
        "entry": "hash, accepted",
    }.items():
        found[name] = sorted(reader.rows(f"SELECT {columns} FROM {name}"), key=repr)
    for name in ROWS:
        found[name] = reader.rows(f'SELECT id, log, alive FROM "{name}" ORDER BY id')
    found["digest"] = list(replica_digests(reader).items())
    return found


def differences(one: Contents, other: Contents) -> list[str]:
    return [
        f"{name}: {(set(one[name]) ^ set(other[name]))!r:.3000}" for name in one if one[name] != other[name]
    ]


class _RollBackError(Exception):
    """Ends a transaction that was only a question."""


def rebuilt(database: Database) -> Contents:
    """What the log gives when it is replayed; the database stays as it is."""
    found: Contents = {}
    try:
        with database.transaction() as writer:
            rebuild(writer)
            found = everything(writer)
            _roll_back()
    except _RollBackError:
        pass
    return found


def _roll_back() -> None:
    raise _RollBackError


# -- the log -------------------------------------------------------------------------------------------------------


@dataclass
class History:
    """All commits a replica holds, read straight from the log."""

    accepted: list[Commit] = field(default_factory=list)
    refused: dict[tuple[bytes, bytes, int], Commit] = field(default_factory=dict)

    def ops(self) -> Iterator[tuple[Commit, bytes, Any]]:
        for commit in self.accepted:
            for index, op in enumerate(commit.ops):
                yield commit, op_id(commit.device, commit.dev_seq, index), op


def history(reader: Reader) -> History:
    found = History()
    for body, accepted in reader.rows("SELECT body, accepted FROM entry ORDER BY hash"):
        commit = decode_body(body)
        if accepted:
            found.accepted.append(commit)
        else:
            found.refused[commit.log, commit.device, commit.dev_seq] = commit
    return found


def base_through_refusals(past: History, log: bytes, base: tuple[bytes, ...], resolved: list[bytes]) -> None:
    """The ops a base stands for, where ops of refused commits stand for what they themselves had seen."""
    for name in base:
        resolved.append(name)
        commit = past.refused.get((log, name[:16], int.from_bytes(name[16:20], "big")))
        if commit is not None:
            below = commit.ops[int.from_bytes(name[20:], "big")]
            if isinstance(below, Put | Delete):
                base_through_refusals(past, log, below.base, resolved)


def expected_heads(past: History) -> dict[Register, set[bytes]]:
    """Of each register the ops that no other op had seen: nothing accepted is ever lost."""
    written: dict[Register, set[bytes]] = defaultdict(set)
    seen: dict[Register, set[bytes]] = defaultdict(set)
    for commit, name, op in past.ops():
        match op:
            case Create():
                for number, language, _ in op.values:
                    written[op.object, number, language or ""].add(name)
            case Put() | Delete():
                key = (op.object, op.field, op.language or "") if isinstance(op, Put) else (op.object, 0, "")
                written[key].add(name)
                resolved: list[bytes] = []
                base_through_refusals(past, commit.log, op.base, resolved)
                seen[key].update(resolved)
    return {key: ops - seen[key] for key, ops in written.items()}


def actual_heads(reader: Reader) -> dict[Register, set[bytes]]:
    found: dict[Register, set[bytes]] = defaultdict(set)
    for thing, number, language, op, gone in reader.rows(
        "SELECT object, field, language, op, gone FROM head"
    ):
        found[thing, number, language] |= set() if gone is not None else {op}
    for thing, op, initial in reader.rows("SELECT object, op, initial FROM creation"):
        for number, language, _ in trusted(initial):
            key = (thing, number, language or "")
            if not reader.row(
                "SELECT 1 FROM head WHERE object = ? AND field = ? AND language = ?", (thing, number, key[2])
            ):
                found[key].add(op)
    return found


def wrong_heads(reader: Reader) -> list[Register]:
    """Registers whose heads are not the ops that nobody has replaced knowingly."""
    expected, actual = expected_heads(history(reader)), actual_heads(reader)
    return [key for key, ops in expected.items() if actual.get(key, set()) != ops]


def unlisted(reader: Reader) -> set[Register]:
    """Registers in which different values stand and that are not listed as conflicts, or the other way round."""
    written: dict[Register, set[bytes]] = defaultdict(set)
    for thing, number, language, value, gone in reader.rows(
        "SELECT object, field, language, value, gone FROM head WHERE field <> 0"
    ):
        written[thing, number, language] |= set() if gone is not None else {value}
    values: dict[Register, set[bytes]] = defaultdict(set)
    known = set()
    for thing, initial in reader.rows("SELECT object, initial FROM creation"):
        known.add(thing)
        for number, language, value in trusted(initial):
            values[thing, number, language or ""].add(pack(value))
    values |= written
    different = {key for key, found in values.items() if len(found) > 1 and key[0] in known}
    return different ^ set(reader.rows("SELECT object, field, language FROM conflict"))


def deleted_unseen(reader: Reader) -> list[bytes]:
    """Objects that are gone though somebody wrote on them whom no deletion had seen."""
    found = []
    for name in ROWS:
        for (thing,) in reader.rows(f'SELECT id FROM "{name}" WHERE NOT alive'):
            heads = reader.rows(
                "SELECT field, op, value FROM head WHERE object = ? AND gone IS NULL", (thing,)
            )
            seen = {op for number, _, value in heads if number == 0 for op in trusted(value) or []}
            made = [op for (op,) in reader.rows("SELECT op FROM creation WHERE object = ?", (thing,))]
            others = [op for number, op, _ in heads if number]
            found += [thing] if not seen.issuperset([*made, *others]) else []
    return found


def lost_statements(reader: Reader) -> int:
    """Statements in accepted commits that are not kept."""
    kept = {body for (body,) in reader.rows("SELECT body FROM statement")}
    return sum(isinstance(op, State) and op.body not in kept for _, _, op in history(reader).ops())


def clocks_ahead(reader: Reader) -> int:
    """Heads that claim to be later than the moment their sequencer received them."""
    received: dict[bytes, set[int]] = defaultdict(set)
    for device, dev_seq, at in reader.rows(
        "SELECT e.device, e.dev_seq, l.received FROM entry e JOIN leaf l ON l.hash = e.hash"
    ):
        received[device + dev_seq.to_bytes(4, "big")].add(at)
    return sum(
        hlc >> 16 > max(0, *received[op[:20]])
        for op, hlc in reader.rows("SELECT op, hlc FROM head")
        if received[op[:20]]
    )


def damage(reader: Reader) -> list[str]:
    """Signatures, chains and trees, from the ground up."""
    return check(reader).problems


def false_statements(reader: Reader) -> list[bytes]:
    """Statements that count though their signature does not hold, or in a role their author was never given."""
    keys: dict[bytes, bytes] = dict(reader.rows("SELECT key, public FROM certificate WHERE level >= 0"))
    given = set(
        reader.rows(
            "SELECT subject, role FROM statement WHERE kind = 7 AND meaning = 'granted' AND counts = 1"
        )
    )
    return [
        name
        for name, kind, person, role, body, signature in reader.rows(
            "SELECT hash, kind, person, role, body, signature FROM statement WHERE counts = 1"
        )
        if (kind == 1 and (person, role) not in given) or not _holds(keys, body, signature)
    ]


def _holds(keys: dict[bytes, bytes], body: bytes, signature: bytes) -> bool:
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys[trusted(body)[13]])
    r, s = int.from_bytes(signature[1:33], "big"), int.from_bytes(signature[33:], "big")
    try:
        public.verify(
            utils.encode_dss_signature(r, s), b"launchbook/statement/1\n" + body, ec.ECDSA(SHA256())
        )
    except InvalidSignature:
        return False
    return True


def overreaching(reader: Reader) -> list[int]:
    """Accepted commits that change a project or a gate in the name of somebody who never was a manager there."""
    managers = {
        row[0]
        for row in reader.rows(
            "SELECT subject FROM statement WHERE kind = 6 AND meaning IN ('manager', 'owner') AND counts = 1"
        )
    }
    return [
        commit.dev_seq
        for commit, _, op in history(reader).ops()
        if isinstance(op, Put)
        and op.field
        and op.entity in (Project.NUMBER, Gate.NUMBER)
        and commit.person not in managers
    ]


def undone_for_others(reader: Reader) -> int:
    """Undo ops that put aside what somebody else had written."""
    past = history(reader)
    authors = {(commit.log, name): commit for commit, name, _ in past.ops()}
    return sum(
        isinstance(op, Put)
        and commit.verb == verbs.UNDO.number
        and any(_is_others(commit, authors.get((commit.log, name))) for name in op.base)
        for commit, _, op in past.ops()
    )


def _is_others(commit: Commit, other: Commit | None) -> bool:
    back = {verbs.UNDO.number, verbs.REDO.number, verbs.REVERT.number}
    return other is not None and other.verb not in back and other.person != commit.person


# -- done and gates ------------------------------------------------------------------------------------------------


def claims_of(reader: Reader, step: bytes) -> list[int]:
    """Everything that is claimed of a step's last attempt."""
    attempt = reader.row(
        "SELECT id, claim FROM attempt WHERE step = ? AND alive ORDER BY number DESC LIMIT 1", (step,)
    )
    if attempt is None:
        return []
    heads = reader.rows(
        "SELECT value FROM head WHERE object = ? AND field = 3 AND gone IS NULL", (attempt[0],)
    )
    return [trusted(value) for (value,) in heads] or [attempt[1]]


def hopeful_claims(reader: Reader) -> list[bytes]:
    """Attempts that show more than the least finished of what is claimed of them."""
    return [
        attempt
        for attempt, shown in reader.rows("SELECT id, claim FROM attempt")
        if shown != min(all_values(reader, "attempt", attempt, "claim", 3))
    ]


def is_done(reader: Reader, run: bytes, task: bytes) -> bool:
    """Every claim says done, and what the task requires is there."""
    step = step_id(run, task)
    claims = claims_of(reader, step)
    if not claims or any(claim != Claim.DONE for claim in claims):
        return False
    requires = ",".join(all_values(reader, "task", task, "requires", 17))
    notes = "SELECT 1 FROM evidence WHERE subject = ? AND kind = 'note' AND alive"
    return "comment" not in requires or reader.row(notes, (step,)) is not None


def is_waived(reader: Reader, run: bytes, gate: bytes, task: bytes, signed: dict[bytes, Any]) -> bool:
    """Every claim says skipped, and somebody else, in a role the gate asks for, let just that pass."""
    step = step_id(run, task)
    claims = claims_of(reader, step)
    if not claims or any(claim != Claim.SKIPPED for claim in claims):
        return False
    roles = {role for (role,) in reader.rows("SELECT role FROM gate_role WHERE gate = ? AND alive", (gate,))}
    now, gone = content_of_step(reader, run, task), withdrawn_statements(reader)
    return any(
        name in signed
        and still_covers(signed[name], now)
        and name not in gone
        and (role in roles or not roles)
        and person not in performers_of(reader, run, [task])
        for name, person, role in reader.rows(
            "SELECT hash, person, role FROM statement WHERE kind = 3 AND subject = ? AND counts = 1", (step,)
        )
    )


def content_of_step(reader: Reader, run: bytes, task: bytes) -> dict[str, Any]:
    """What a signature on the step covers; `evidence` may grow afterwards, the rest may not change."""
    step = step_id(run, task)
    return {
        "task": reader.row("SELECT id, title, instruction, requires FROM task WHERE id = ?", (task,)),
        "claim": _visible_claim(reader, step),
        "checks": _checks(reader, run, task),
        "evidence": set(_evidence(reader, step)),
    }


def performers_of(reader: Reader, run: bytes, tasks: list[bytes]) -> set[bytes]:
    """Everybody who is said to have performed the last attempts."""
    return {
        person
        for task in tasks
        for row in reader.rows(
            "SELECT id FROM attempt WHERE step = ? AND alive ORDER BY number DESC LIMIT 1",
            (step_id(run, task),),
        )
        for person in all_values(reader, "attempt", row[0], "performer", 8)
    }


def withdrawn_statements(reader: Reader) -> set[bytes]:
    return {trusted(body)[17] for (body,) in reader.rows("SELECT body FROM statement WHERE kind = 2")}


def content_of_gate(reader: Reader, run: bytes, gate: bytes) -> dict[str, Any]:
    """What a signature on the gate covers, in plain values; `evidence` may grow afterwards, the rest may not change."""
    criteria = reader.rows(
        "SELECT id, text, target FROM criterion WHERE gate = ? AND alive ORDER BY id", (gate,)
    )
    results = [
        reader.row(
            "SELECT holds, value, note_hash FROM criterion_result WHERE id = ? AND alive",
            (criterion_result_id(run, one[0]),),
        )
        for one in criteria
    ]
    tasks = gate_tasks(reader, gate)
    steps = [step_id(run, task) for task in tasks]
    subjects = steps + [criterion_result_id(run, one[0]) for one in criteria]
    return {
        "gate": reader.row(
            "SELECT name, stage, whole_project, different_persons FROM gate WHERE id = ?", (gate,)
        ),
        "roles": reader.rows(
            "SELECT role, sum(count) FROM gate_role WHERE gate = ? AND alive GROUP BY role", (gate,)
        ),
        "criteria": list(zip(criteria, results, strict=True)),
        "tasks": [
            reader.row("SELECT id, title, instruction, requires FROM task WHERE id = ?", (t,)) for t in tasks
        ],
        "claims": [_visible_claim(reader, step) for step in steps],
        "checks": [_checks(reader, run, task) for task in tasks],
        "evidence": {row for subject in subjects for row in _evidence(reader, subject)},
    }


def _visible_claim(reader: Reader, step: bytes) -> int:
    claims = claims_of(reader, step)
    return min(claims) if claims else Claim.TODO.value


def _checks(reader: Reader, run: bytes, task: bytes) -> list[tuple[Any, ...]]:
    return reader.rows(
        "SELECT c.id, c.text, c.kind, c.target, c.tolerance, c.unit, coalesce(r.outcome, ''), r.value, r.other_value, "
        "r.note_hash FROM check_item c LEFT JOIN check_result r ON r.item = c.id AND r.step = ? AND r.alive "
        "WHERE c.task = ? AND c.alive ORDER BY c.id",
        (step_id(run, task), task),
    )


def _evidence(reader: Reader, subject: bytes) -> list[tuple[Any, ...]]:
    return reader.rows(
        "SELECT id, kind, sha256, text_hash FROM evidence WHERE subject = ? AND alive", (subject,)
    )


def gate_tasks(reader: Reader, gate: bytes) -> list[bytes]:
    """The tasks that any standing value puts into the gate's stage."""
    stage, project = reader.row("SELECT stage, log FROM gate WHERE id = ?", (gate,)) or (None, b"")
    everything_alive = reader.rows("SELECT id FROM task WHERE log = ? AND alive ORDER BY id", (project,))
    return [task for (task,) in everything_alive if stage in all_values(reader, "task", task, "stage", 1)]


def all_values(reader: Reader, table: str, thing: bytes, column: str, number: int) -> list[Any]:
    """Every value that stands in a field, or the row's own where nothing was written since."""
    heads = reader.rows(
        "SELECT value FROM head WHERE object = ? AND field = ? AND gone IS NULL", (thing, number)
    )
    if heads:
        return [trusted(value) for (value,) in heads]
    return [reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (thing,))]


def may_be_open(reader: Reader, run: bytes, gate: bytes, signed: dict[bytes, Any]) -> bool:
    """Whether everything an open gate needs is there: steps, criteria, and a fresh signature for each role."""
    tasks = gate_tasks(reader, gate)
    if not all(is_done(reader, run, one) or is_waived(reader, run, gate, one, signed) for one in tasks):
        return False
    now = content_of_gate(reader, run, gate)
    if not all(result is not None and result[0] for _, result in now["criteria"]):
        return False
    performers, withdrawn = performers_of(reader, run, tasks), withdrawn_statements(reader)
    good: dict[str, set[bytes]] = defaultdict(set)
    for name, person, role in reader.rows(
        "SELECT hash, person, role FROM statement WHERE kind = 1 AND subject = ? AND meaning = 'approved' AND counts = 1",
        (gate,),
    ):
        fresh = name in signed and still_covers(signed[name], now)
        if fresh and name not in withdrawn and person not in performers:
            good[role].add(person)
    return all(len(good[role]) >= count for role, count in now["roles"])


def still_covers(then: dict[str, Any], now: dict[str, Any]) -> bool:
    rest = {key: value for key, value in now.items() if key != "evidence"}
    return rest == {key: value for key, value in then.items() if key != "evidence"} and (
        then["evidence"] <= now["evidence"]
    )


def read_everything(workspace: Workspace) -> Contents:
    return workspace.read(everything)
