"""Plain data that a report prints: a query fills it, the report reads nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.words import (
    CheckKind,
    CheckOutcome,
    GateState,
    IdentityLevel,
    Presence,
    Requirement,
    RunKind,
    Status,
)

Texts = tuple[str, ...]
"""One text in the languages of the paper, in their order; what has no translation is shorter or empty."""

BindingValue = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file known by the SHA-256 of its whole content, or a note by its salted hash.

    `supports` is the number of a line or criterion.
    """

    name: str
    sha256: str
    size: int | None = None
    supports: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What every paper carries. Moments are aware; `zone` is an IANA name.

    `binding` goes into the attached `launchbook.json` beside what the report itself knows:
    ids of project, run, gate, statements and lines.
    """

    project: str
    run: str
    run_kind: RunKind
    languages: tuple[str, ...] = ("en",)
    zone: str = "UTC"
    sample: bool = False
    plan: str = ""
    digest: str
    digest_rev: int
    printed_at: datetime
    printed_by: str
    binding: Mapping[str, BindingValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    texts: Texts
    kind: CheckKind = CheckKind.TICK
    outcome: CheckOutcome | None = None
    value: str = ""
    target: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who did or confirmed a step, and when it happened."""

    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """One step. `status` is what it counts as, `missing` what it still lacks to count as done."""

    number: str
    titles: Texts
    instructions: Texts = ()
    owner: str = ""
    minutes: int | None = None
    planned_start: datetime | None = None
    planned_finish: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    status: Status = Status.TODO
    result: str = ""
    checks: tuple[Check, ...] = ()
    missing: tuple[Requirement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    second_person: bool = False
    done_by: Hand | None = None
    confirmed_by: Hand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistStage:
    number: str
    titles: Texts
    owner: str = ""
    lines: tuple[ChecklistLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBlock:
    """A place to sign by hand; an empty name leaves a line for it."""

    role: Texts
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistPaper(Heading):
    stages: tuple[ChecklistStage, ...]
    signatures: tuple[SignatureBlock, ...] = ()
    window_start: datetime | None = None
    window_end: datetime | None = None
    no_return_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCriterion:
    texts: Texts
    outcome: CheckOutcome | None = None
    waived: bool = False
    value: str = ""
    target: str = ""
    judged_by: str = ""
    judged_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredStep:
    number: str
    titles: Texts
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStatement:
    """One signed statement.

    `meaning` is a value of `Meaning` or `VerdictWord`, or "waived" or "accepted". A statement that is stale,
    withdrawn or rejected is printed apart from those that count, with `changes` saying what happened since.
    """

    id: str
    person: str
    role: Texts
    meaning: str
    happened_at: datetime
    recorded_at: datetime | None = None
    key: str
    identity: IdentityLevel
    presence: Presence
    device: str = ""
    digest: str = ""
    about: Texts = ()  # the step that is waived, the exception that is accepted
    reason: str = ""
    conditions: Texts = ()
    expires_at: datetime | None = None
    stale: bool = False
    withdrawn: bool = False
    rejected: bool = False
    changes: Texts = ()
    fault: Texts = ()

    @property
    def counts(self) -> bool:
        return not (self.stale or self.withdrawn or self.rejected or self.fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingSignOff:
    role: Texts
    meaning: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperException:
    """Something that must be answered; an empty answer is still open."""

    texts: Texts
    details: Texts = ()
    at: datetime | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePaper(Heading):
    gate: Texts
    state: GateState
    sequencer: str = ""
    opened_at: datetime | None = None
    rule: tuple[Texts, ...] = ()
    criteria: tuple[PaperCriterion, ...] = ()
    steps: tuple[CoveredStep, ...] = ()
    statements: tuple[PaperStatement, ...] = ()
    missing: tuple[MissingSignOff, ...] = ()
    exceptions: tuple[PaperException, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    not_covered: tuple[Evidence, ...] = ()
