"""Whether what somebody did is accepted: the same rules on the sequencer, which decides, and on everybody who checks it."""

from collections.abc import Sequence
from enum import IntEnum

from app.clock import clamp_hlc
from app.domain.registry import SPECS
from app.domain.words import Access
from app.storage.admission import least_access, only_states, states
from app.storage.authority import access_of, founding_device
from app.storage.changes import Change
from app.storage.engine import Reader, Writer
from app.storage.entities import log_of
from app.storage.log import Commit, acl_seq_of, decode_body
from app.storage.ops import Certify, Create, Delete, Put, State, op_id
from app.storage.proofs import Leaf, tree_of
from app.storage.rebuild import rebuild
from app.storage.statements import Kind, Statement, decode_certificate, decode_statement
from app.storage.taken_out import is_beyond
from app.storage.terms import BEFORE_ALL, GRACE_MS, access_since


class Refusal(IntEnum):
    """Why a commit is not accepted; the number stands in the sequencer's leaf and is never reused."""

    ACCEPTED = 0
    NO_ACCESS = 1
    TAKEN_OUT = 2
    INVITATION_USED = 3
    GOES_BACK = 4
    OTHER_PROJECT = 5


def judge(reader: Reader, commit: Commit, now_ms: int | None = None) -> Refusal | None:
    """Whether the commit's person may do this; None when that cannot be known here yet.

    The sequencer's no is final, so it gives the time and is told what is held then or was taken away within the grace
    time. Everybody else asks what was ever held, so that all who hold the same commits judge alike, and keeps to it
    against a sequencer who lets in what nobody may do.
    """
    if goes_back(reader, commit):
        return Refusal.GOES_BACK
    least = least_access(reader, commit)
    if now_ms is not None:
        if least and not _knows_authority(reader, commit):
            return None
        if not only_states(commit) and is_beyond(reader, commit.device, commit.log, commit.dev_seq):
            return Refusal.TAKEN_OUT
        if _follows_a_used_invitation(reader, commit):
            return Refusal.INVITATION_USED
    if least is Access.NONE:
        return Refusal.ACCEPTED
    return _judge_access(reader, commit, least, now_ms)


def _judge_access(reader: Reader, commit: Commit, least: Access, now_ms: int | None) -> Refusal | None:
    if commit.person is None:
        alone = access_of(reader, None) is Access.OWNER or founding_device(reader) == commit.device
        return Refusal.ACCEPTED if alone else Refusal.NO_ACCESS
    since, seen = BEFORE_ALL, (0, 0)
    if now_ms is not None and states(commit, Kind.SEQUENCER):
        since = now_ms + 1  # who is no owner any more hands nothing over
    elif now_ms is not None and not only_states(commit):
        since, seen = now_ms - GRACE_MS, commit.acl_seq
    everywhere = access_since(reader, commit.person, since, None, seen)
    if everywhere is None or not _acts_here(reader, commit.person, commit.device):
        return None
    if everywhere >= least:
        return Refusal.ACCEPTED
    here = access_since(reader, commit.person, since, commit.log, seen)
    if here is None or here < least:
        return Refusal.NO_ACCESS
    return Refusal.ACCEPTED if now_ms is None else _stays_within(reader, commit)


def _stays_within(reader: Reader, commit: Commit) -> Refusal | None:
    """Whether what an access to one project allows touches that project alone; None while something named is not here.

    Objects know each other by id, whatever log they are in: a log must not become a way into another one.
    """
    made = {op.object for op in commit.ops if isinstance(op, Create)}
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    for op in commit.ops:
        if not isinstance(op, Create | Put | Delete):
            continue
        home = log_of(reader, op.object)
        if home not in (None, commit.log):
            return Refusal.OTHER_PROJECT
        if home is None and op.object not in made:
            return None
        for thing in _named(op) - made:
            place = log_of(reader, thing)
            if place is None:
                return None
            if place not in (commit.log, workspace):
                return Refusal.OTHER_PROJECT
    return Refusal.ACCEPTED


def _named(op: Create | Put | Delete) -> set[bytes]:
    """The other objects an op names."""
    if isinstance(op, Delete) or op.entity not in SPECS:
        return set()
    values = op.values if isinstance(op, Create) else [(op.field, op.language, op.value)]
    return {value for _, _, value in values if isinstance(value, bytes) and len(value) == 16}


def goes_back(reader: Reader, commit: Commit) -> bool:
    """Whether the commit, or a statement in it, says it had seen less than the same device said before in this log."""
    before = reader.value(
        "SELECT body FROM entry WHERE log = ? AND device = ? AND dev_seq = ?",
        (commit.log, commit.device, commit.dev_seq - 1),
    )
    if before is not None and commit.acl_seq < acl_seq_of(before):
        return True
    return any(
        _frontier_goes_back(reader, decode_statement(op.body), op_id(commit.device, commit.dev_seq, index))
        for index, op in enumerate(commit.ops)
        if isinstance(op, State)
    )


def _frontier_goes_back(reader: Reader, statement: Statement, op: bytes) -> bool:
    body = reader.value(
        "SELECT body FROM statement WHERE log = ? AND op >= ? AND op < ? ORDER BY op DESC LIMIT 1",
        (statement.log, op[:16], op),
    )
    if body is None:
        return False
    upto = {(log, device): dev_seq for log, device, dev_seq in statement.frontier}
    known = decode_statement(body).frontier
    return any(dev_seq > upto.get((log, device), 0) for log, device, dev_seq in known)


def _follows_a_used_invitation(reader: Reader, commit: Commit) -> bool:
    """Whether the commit brings a key under an invitation that another device has followed before."""
    issuers = [decode_certificate(op.body).issuer for op in commit.ops if isinstance(op, Certify)]
    own = reader.value(
        "SELECT rev FROM entry WHERE log = ? AND device = ? AND dev_seq = ?",
        (commit.log, commit.device, commit.dev_seq),
    )
    return any(
        reader.row(
            "SELECT 1 FROM certificate i JOIN certificate c ON c.issuer = i.key WHERE i.key = ?1 AND "
            "i.device = zeroblob(16) AND c.key <> ?1 AND c.device <> ?2 AND (?3 IS NULL OR c.rev < ?3)",
            (issuer, commit.device, own),
        )
        for issuer in issuers
    )


def _knows_authority(reader: Reader, commit: Commit) -> bool:
    """Whether the entries of the workspace log that the author had seen are here in their official order."""
    epoch, number = commit.acl_seq
    workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
    return number <= tree_of(reader, workspace, epoch)[0]


def _acts_here(reader: Reader, person: bytes, device: bytes) -> bool:
    """Whether the person has a key on the device: a device cannot act for somebody who was never there."""
    return (
        reader.row(
            "SELECT 1 FROM certificate WHERE person = ? AND device = ? AND level >= 0", (person, device)
        )
        is not None
    )


def turn(writer: Writer, decisions: Sequence[Leaf]) -> list[Change]:
    """Accepts what was refused, or refuses what was accepted; what follows from the log is made anew."""
    changes: list[Change] = []
    for leaf in decisions:
        writer.execute("UPDATE entry SET accepted = ? WHERE hash = ?", (leaf.accepted, leaf.hash))
        changes += _touched(decode_body(writer.value("SELECT body FROM entry WHERE hash = ?", (leaf.hash,))))
    if decisions:
        rebuild(writer)
    return changes


def _touched(commit: Commit) -> list[Change]:
    return [
        Change(SPECS[op.entity].table, op.object, None, None)
        for op in commit.ops
        if isinstance(op, Create | Put | Delete) and op.entity in SPECS
    ]


def settle_clock(writer: Writer, leaf: Leaf) -> None:
    """The sequencer's time of receipt limits a clock that ran ahead, on every replica alike."""
    row = writer.row("SELECT body, received FROM entry WHERE hash = ?", (leaf.hash,))
    if row is None or row[1] == leaf.received:
        return
    commit = decode_body(row[0])
    hlc = clamp_hlc(commit.hlc, leaf.received)
    # by object and op: the number of a commit, and so an op's id, is unique within its log only
    written = [
        (hlc, op.object, op_id(commit.device, commit.dev_seq, index))
        for index, op in enumerate(commit.ops)
        if isinstance(op, Create | Put | Delete)
    ]
    writer.many("UPDATE head SET hlc = ? WHERE object = ? AND op = ?", written)
    writer.many("UPDATE creation SET hlc = ? WHERE object = ? AND op = ?", written)
    writer.execute("UPDATE entry SET received = ? WHERE hash = ?", (leaf.received, leaf.hash))
