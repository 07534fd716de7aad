"""The words of the checklist's states, requirements and streams, as they are shown."""

from collections.abc import Collection

from app.domain.durations import format_minutes
from app.domain.words import Requirement, Status
from app.i18n import N_, _
from app.queries.checklist import TaskRow

_STATUS = {
    Status.FAILED: N_("Failed"),
    Status.BLOCKED: N_("Blocked"),
    Status.WAITING: N_("Waiting"),
    Status.RUNNING: N_("Running"),
    Status.TODO: N_("To do"),
    Status.READY: N_("May start"),
    Status.CLAIMED: N_("Claimed only"),
    Status.SKIPPED: N_("Skipped"),
    Status.DONE: N_("Done, counts"),
}
# The sign of a status is its name; its colour by meaning:
STATUS_TONE = {
    Status.FAILED: "blocked",
    Status.BLOCKED: "blocked",
    Status.WAITING: "waiting",
    Status.RUNNING: "running",
    Status.TODO: "waiting",
    Status.READY: "ready",
    Status.CLAIMED: "late",
    Status.SKIPPED: "waiting",
    Status.DONE: "done",
}
_REQUIREMENT = {
    Requirement.COMMENT: (N_("A comment"), "note"),
    Requirement.FILE: (N_("A file"), "file"),
    Requirement.CHECKS: (N_("All checks passed"), "tick"),
    Requirement.SECOND: (N_("A second person confirms"), "people"),
}


def status_word(status: Status) -> str:
    return _(_STATUS[status])


def requirement_word(requirement: Requirement) -> str:
    return _(_REQUIREMENT[requirement][0])


def requirement_icon(requirement: Requirement) -> str:
    return _REQUIREMENT[requirement][1]


def selection_words(tasks: Collection[TaskRow], language: str) -> str:
    """How many are selected, and how long they take together."""
    if not tasks:
        return ""
    minutes = sum(task.minutes or 0 for task in tasks)
    chosen = _("{n} selected").format(n=f"{len(tasks):,}")
    return f"{chosen} · {format_minutes(minutes, language)}" if minutes else chosen
