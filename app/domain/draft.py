"""What an outside file says, as plain rows: every importer makes these, one command turns them into ops."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """One line of a task. `key` names it within its source; `checked` is a box that was already ticked."""

    key: str
    text: str
    kind: str = "tick"  # tick | value | pair
    target: str | None = None  # canonical decimal, or text
    tolerance: str | None = None
    unit: str | None = None
    checked: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TaskDraft:
    key: str
    title: str
    instruction: str = ""
    owner: str = ""  # a person's name as the source writes it
    accountable: str = ""
    deputy: str = ""
    role: str = ""
    minutes: int | None = None
    start: str | None = None  # wall time "2026-03-06T22:00" in the project's zone: "not before"
    due: str | None = None  # wall time in the project's zone
    priority: int | None = None  # 1 highest .. 5 lowest
    stream: str = ""
    rollback: str = ""
    rollback_minutes: int | None = None
    requires: tuple[str, ...] = ()  # comment | file | checks | second
    checks: tuple[CheckDraft, ...] = ()
    note: str = ""
    claim: str | None = None  # what the source says of it: todo | running | done | failed | blocked | skipped
    line: int | None = None


@dataclass(frozen=True, slots=True)
class StageDraft:
    key: str
    title: str
    owner_role: str = ""
    description: str = ""
    tasks: tuple[TaskDraft, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """`before` and `after` are task keys of the same project."""

    before: str
    after: str
    type: str = "FS"
    lag_minutes: int = 0
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """One condition of the project's go / no-go gate. `holds` is what the source says, None when it says nothing."""

    key: str
    text: str
    holds: bool | None = None
    evidence: str = ""
    judged_by: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class GateDraft:
    """A gate over the stage with key `stage`, or over the whole project when that is None."""

    key: str
    name: str
    stage: str | None = None
    criteria: tuple[CriterionDraft, ...] = ()
    roles: tuple[str, ...] = ()  # whose sign-off it requires
    line: int | None = None


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """Something that went wrong, in the run the source was taken from. Instants in UTC ms; people by name."""

    key: str
    title: str
    severity: str = "P3"
    task: str = ""
    description: str = ""
    raised_by: str = ""
    happened_at: int | None = None
    owner: str = ""
    solved_at: int | None = None
    solution: str = ""
    minutes_lost: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    key: str
    question: str
    decided: str
    kind: str = "general"
    gate: str = ""
    incident: str = ""
    task: str = ""
    options: str = ""
    reason: str = ""
    decider: str = ""
    decided_at: int | None = None


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    task: str
    giver: str = ""
    receiver: str = ""
    note: str = ""
    given_at: int | None = None
    taken_at: int | None = None
    withdrawn_at: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    key: str
    name: str
    language: str = "en"  # en | zh: the language its texts are written in
    description: str = ""
    zone: str = "UTC"
    window_start: str | None = None  # wall times in `zone`
    window_end: str | None = None
    t0: str | None = None
    no_return: str | None = None  # latest start of the rollback as the source says it
    decider: str = ""  # who decides on the rollback
    manager: str = ""
    stages: tuple[StageDraft, ...] = ()
    links: tuple[LinkDraft, ...] = ()
    gates: tuple[GateDraft, ...] = ()
    incidents: tuple[IncidentDraft, ...] = ()
    decisions: tuple[DecisionDraft, ...] = ()
    hand_overs: tuple[HandOverDraft, ...] = ()
    says: frozenset[str] | None = None  # which fields of its tasks the source speaks of; None: of all
    said: "ProjectDraft | None" = (
        None  # as the source has it, where a person gave it a name or a T-0 of their own
    )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that did not come in. `line` is 1-based, None when the source has no lines."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """All that one file said. `source` names the file for the origin table ("markdown:crm-go-live.md")."""

    source: str
    projects: tuple[ProjectDraft, ...]
    skipped: tuple[Skipped, ...] = field(default=())
