"""The closed word lists of the domain: plain values, cheap to import, the same in rows, screens and exports."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any, TypeVar, cast


class Claim(IntEnum):
    """What somebody says of a step, least finished first: of several claims the smallest counts."""

    FAILED = 0
    BLOCKED = 1
    WAITING = 2
    RUNNING = 3
    TODO = 4
    SKIPPED = 5
    DONE = 6


class Status(StrEnum):
    """What a step counts as. `READY` and `CLAIMED` are derived: may start now; said done, but something is missing."""

    FAILED = "failed"
    BLOCKED = "blocked"
    WAITING = "waiting"
    RUNNING = "running"
    TODO = "todo"
    READY = "ready"
    CLAIMED = "claimed"
    SKIPPED = "skipped"
    DONE = "done"


class ProjectKind(StrEnum):
    PROJECT = "project"
    TEMPLATE = "template"


class RunKind(StrEnum):
    MAIN = "main"
    REHEARSAL = "rehearsal"
    LIVE = "live"


class LinkType(StrEnum):
    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class CheckKind(StrEnum):
    TICK = "tick"
    VALUE = "value"
    PAIR = "pair"


class CheckOutcome(StrEnum):
    """Result of a check, least finished first by `CHECK_ORDER`."""

    FAIL = "fail"
    NA = "na"
    PASS = "pass"  # noqa: S105 - the outcome of a check


class Requirement(StrEnum):
    """What a task must have before its step counts as done."""

    COMMENT = "comment"
    FILE = "file"
    CHECKS = "checks"
    SECOND = "second"


class EvidenceKind(StrEnum):
    FILE = "file"
    NOTE = "note"
    VALUE = "value"
    LINK = "link"


class Severity(StrEnum):
    """How bad an incident is: P1 stops the go-live, P4 is for later."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class DecisionKind(StrEnum):
    """What a decision is about; a go or no-go is only noted here, the verdict itself is a statement."""

    GENERAL = "general"
    GO_NO_GO = "go-no-go"
    ROLLBACK = "rollback"
    WORKAROUND = "workaround"


class Meaning(StrEnum):
    """What a sign-off says."""

    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    REJECTED = "rejected"


class VerdictWord(StrEnum):
    GO = "go"
    NO_GO = "no-go"


class GateState(StrEnum):
    """Closed; open by the signatures this device verified; open with the sequencer's receipts."""

    CLOSED = "closed"
    OPEN_HERE = "open here"
    FINAL = "final"


class Access(IntEnum):
    """What one may change; each level includes those below."""

    NONE = 0
    READER = 1
    EDITOR = 2
    MANAGER = 3
    OWNER = 4


class IdentityLevel(IntEnum):
    """How sure the record is who signed."""

    SELF_DECLARED = 0
    VOUCHED = 1
    COMPANY = 2


class Presence(StrEnum):
    """How the signer's secret was given."""

    PIN = "pin"
    SCRIPT = "script"


class Right(StrEnum):
    """By what right something is erased for good: part of what the owner signs."""

    ASKED = "asked for"
    MISTAKE = "mistake"
    RETENTION = "retention"
    OTHER = "other"


AnyWord = TypeVar("AnyWord", bound=StrEnum | IntEnum)

# What a word of a later version is taken for here, where it decides or is shown: the most careful one.
_CAREFUL: Mapping[type, StrEnum | IntEnum] = {
    Claim: Claim.FAILED,
    RunKind: RunKind.LIVE,
    CheckKind: CheckKind.TICK,
    CheckOutcome: CheckOutcome.FAIL,
    EvidenceKind: EvidenceKind.NOTE,
    Severity: Severity.P1,
    DecisionKind: DecisionKind.GENERAL,
    IdentityLevel: IdentityLevel.COMPANY,
}


def known(words: type[AnyWord], stored: Any) -> AnyWord:
    """The word that stands in a row, which a later version may have written."""
    try:
        return words(stored)
    except ValueError:
        return cast("AnyWord", _CAREFUL[words])
