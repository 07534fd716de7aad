"""Whether what somebody did is accepted: the same rules on the sequencer, which decides, and on everybody who checks it."""

from collections.abc import Sequence
from enum import IntEnum

from app.clock import clamp_hlc
from app.domain.registry import SPECS
from app.domain.words import Access
from app.storage.admission import least_access
from app.storage.authority import BEFORE_ALL, GRACE_MS, access_of, access_since, founding_device
from app.storage.changes import Change
from app.storage.engine import Reader, Writer
from app.storage.log import Commit, decode_body
from app.storage.ops import Create, Delete, Put, op_id
from app.storage.proofs import Leaf, tree_of
from app.storage.rebuild import rebuild


class Refusal(IntEnum):
    """Why a commit is not accepted; the number stands in the sequencer's leaf."""

    ACCEPTED = 0
    NO_ACCESS = 1


def judge(reader: Reader, commit: Commit, now_ms: int | None = None) -> Refusal | None:
    """Whether the commit's person may do this; None when that cannot be known here yet.

    The sequencer's no is final, so it gives the time and is told what is held then or was taken away within the grace
    time. Everybody else asks what was ever held, so that all who hold the same commits judge alike, and keeps to it
    against a sequencer who lets in what nobody may do.
    """
    least = least_access(reader, commit)
    if least is Access.NONE:
        return Refusal.ACCEPTED
    if now_ms is not None and not _knows_authority(reader, commit):
        return None
    if commit.person is None:
        alone = access_of(reader, None) is Access.OWNER or founding_device(reader) == commit.device
        return Refusal.ACCEPTED if alone else Refusal.NO_ACCESS
    held = access_since(reader, commit.person, BEFORE_ALL if now_ms is None else now_ms - GRACE_MS)
    if held is None or not _acts_here(reader, commit.person, commit.device):
        return None
    return Refusal.ACCEPTED if held >= least else Refusal.NO_ACCESS


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
