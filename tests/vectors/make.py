"""Makes the golden vectors from fixed keys and inputs: python -m tests.vectors.make. They may never change.

A release that computes other bytes for the same inputs cannot verify what was signed before it. New formats get new
files; these stay as they are.
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import STATEMENT, pack, salted_hash, sha256
from app.process.digests import (
    CheckContent,
    CriterionContent,
    EvidenceContent,
    GateContent,
    StepContent,
    gate_digest,
    step_digest,
)
from app.storage.crypto import key_id, public_bytes, sign_as_person
from app.storage.log import GENESIS, Commit, commit_hash, encode_body, sign_body
from app.storage.ops import Certify, Create, Delete, Found, Op, Put, State, encode, op_id
from app.storage.proofs import Leaf, append, checkpoint, root_of
from app.storage.statements import Certificate, Statement

FOLDER = Path(__file__).parent
Vector = dict[str, Any]

DEVICE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PERSON_KEY = ec.derive_private_key(1_234_567_890_123_456_789, ec.SECP256R1())
OWNER_KEY = ec.derive_private_key(987_654_321_987_654_321, ec.SECP256R1())
LOG, DEVICE, OTHER, TASK, RUN, GATE = (bytes([number]) * 16 for number in range(1, 7))
ADA, BEN, ACTION = b"ada the owner   ", b"ben the engineer", b"\xaa" * 16
WHEN_MS = 1_772_800_000_000


def certificate_vector() -> Vector:
    made = Certificate(BEN, DEVICE, public_bytes(PERSON_KEY), key_id(public_bytes(OWNER_KEY)), WHEN_MS)
    return {
        "issuer_public": public_bytes(OWNER_KEY),
        "body": made.encode(),
        "signature": sign_as_person(OWNER_KEY, made.message),
        "key": key_id(made.public),
        "says": [1, BEN, DEVICE, made.public, made.issuer, WHEN_MS],
    }


def statement_vector() -> Vector:
    public = public_bytes(PERSON_KEY)
    made = Statement(
        kind=1,
        log=LOG,
        run=RUN,
        subject_entity=3,
        subject=GATE,
        digest_rev=1,
        digest=gate_digest(gate_content()),
        frontier=((LOG, DEVICE, 7), (OTHER, DEVICE, 300)),
        language="zh",
        files_here=(3, 5),
        meaning="approved",
        role="质量",
        person=BEN,
        key=key_id(public),
        reason=salted_hash(b"\x11" * 16, "数据一致"),
        conditions=None,
        expires=None,
        request=None,
        presence="pin",
        happened_at=WHEN_MS,
    )
    body = made.encode()
    return {
        "public": public,
        "body": body,
        "signature": sign_as_person(PERSON_KEY, STATEMENT + body),
        "hash": made.id,
    }


def ops() -> list[Op]:
    """One of each kind, with numbers at the edges of their encodings."""
    certified, stated = certificate_vector(), statement_vector()
    return [
        Found(1, public_bytes(DEVICE_KEY), LOG),
        Create(7, TASK, ((2, None, "V00000"), (3, "en", "Load"), (3, "zh", "装载余额"), (9, None, 65_536))),
        Put(7, TASK, 9, None, -33, (op_id(DEVICE, 1, 0), op_id(OTHER, 70_000, 255))),
        Put(7, TASK, 0, None, True, ()),
        Delete(7, TASK, (op_id(OTHER, 2, 1),)),
        State(stated["body"], stated["signature"]),
        Certify(certified["body"], certified["signature"]),
    ]


def commit_vector() -> Vector:
    made = Commit(
        log=LOG,
        device=DEVICE,
        dev_seq=1,
        prev=GENESIS,
        person=ADA,
        action=ACTION,
        hlc=WHEN_MS << 16 | 5,
        wall=WHEN_MS,
        offset=-250,
        schema_rev=1,
        acl_seq=(1, 127),
        seen_seq=(1, 128),
        seen_root=sha256(b"root"),
        verb=31,
        args=(TASK, 4, "x"),
        reason=salted_hash(b"\x22" * 16, "late"),
        on_behalf_of=BEN,
        ops=(),
        detached_root=sha256(b"detached"),
    )
    body = encode_body(made, [pack(encode(op, DEVICE)) for op in ops()])
    return {
        "device_public": public_bytes(DEVICE_KEY),
        "body": body,
        "signature": sign_body(DEVICE_KEY, body),
        "hash": commit_hash(body),
    }


def leaf_vector() -> Vector:
    """Three leaves, their tree and its checkpoint."""
    leaves = [Leaf(sha256(bytes([n])), WHEN_MS + n, accepted=n != 1, reason=int(n == 1)) for n in range(3)]
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = append(frontier, size, leaf.leaf_hash())
    return {
        "leaves": [[one.hash, one.received, int(one.accepted), one.reason] for one in leaves],
        "hashes": [one.leaf_hash() for one in leaves],
        "root": root_of(frontier),
        "public": public_bytes(DEVICE_KEY),
        "checkpoint": checkpoint(DEVICE_KEY, LOG, 1, len(leaves), root_of(frontier)),
    }


def step_content() -> StepContent:
    check = CheckContent(
        *(
            b"\x31" * 16,
            "余额一致",
            "pair",
            None,
            "0.01",
            "EUR",
            "pass",
            "12.50",
            "12.50",
            salted_hash(b"\x33" * 16, "ok"),
        )
    )
    notes = (
        EvidenceContent(b"\x41" * 16, "note", salted_hash(b"\x44" * 16, "done"), b""),
        EvidenceContent(b"\x40" * 16, "file", sha256(b"pdf"), b""),
    )
    return StepContent(TASK, "Load", "一步一步", "comment,file", 6, (check,), notes)


def gate_content() -> GateContent:
    criterion = CriterionContent(
        b"\x51" * 16, "No open incident", "0", holds=True, value="0", note=None, evidence=()
    )
    rule = (None, True, 1, 0, 0, 1, 0)
    return GateContent(GATE, "Go", rule, (("QA", 1), ("Ops", 2)), (criterion,), (step_content(),))


def content_vector() -> Vector:
    """The arrays that are packed and hashed, beside the digests the product gives."""
    step, gate = step_content(), gate_content()
    evidence = sorted([one.id, one.kind, one.fingerprint] for one in step.evidence)
    checks = [
        [one.id, one.text, one.kind, one.target, one.tolerance, one.unit, one.outcome, one.value]
        + [one.other_value, one.note]
        for one in step.checks
    ]
    told = [1, "step", step.task, step.title, step.instruction, step.requires, step.claim, checks, evidence]
    criteria: list[list[Any]] = [
        [one.id, one.text, one.target, one.holds, one.value, one.note, []] for one in gate.criteria
    ]
    roles = sorted(list(role) for role in gate.roles)
    whole = [1, "gate", gate.id, gate.name, list(gate.rule), roles, criteria, [[TASK, step_digest(step)]]]
    return {
        "step": told,
        "step_digest": step_digest(step),
        "gate": whole,
        "gate_digest": gate_digest(gate),
    }


def salted_vector() -> Vector:
    return {"salt": b"\x55" * 16, "value": "Ada Lovelace", "hash": salted_hash(b"\x55" * 16, "Ada Lovelace")}


def vectors() -> dict[str, Vector]:
    """File name -> vector, bytes not yet in hex."""
    return {
        "commit": commit_vector(),
        "statement": statement_vector(),
        "certificate": certificate_vector(),
        "checkpoint": leaf_vector(),
        "content": content_vector(),
        "salted": salted_vector(),
    }


def plain(value: Any) -> Any:
    """Bytes as {"hex": ...}, so that JSON holds them."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def unplain(value: Any) -> Any:
    """What `plain` was made of."""
    if isinstance(value, dict):
        return (
            bytes.fromhex(value["hex"])
            if value.keys() == {"hex"}
            else {k: unplain(v) for k, v in value.items()}
        )
    return [unplain(one) for one in value] if isinstance(value, list) else value


def load(name: str) -> Vector:
    found: Vector = unplain(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))
    return found


if __name__ == "__main__":
    for title, vector in vectors().items():
        text = json.dumps(plain(vector), indent=1, ensure_ascii=False) + "\n"
        (FOLDER / f"{title}.json").write_text(text, encoding="utf-8")
