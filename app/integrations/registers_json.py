"""Incidents, decisions and hand-overs of our own JSON export read back: those of the run it was taken from."""

from collections.abc import Callable, Iterable, Mapping

from app.domain.draft import DecisionDraft, HandOverDraft, IncidentDraft
from app.domain.words import DecisionKind, Severity
from app.integrations.texts import clean

Entry = Mapping[str, object]
Named = Callable[[Entry, str], str]
"""The name of the person that a field of an entry points to."""

_LATEST = 1 << 46  # ms: no later moment can be printed


def incident_drafts(rows: Iterable[Entry], person: Named) -> tuple[IncidentDraft, ...]:
    return tuple(
        IncidentDraft(
            key=_str(one, "id"),
            title=_str(one, "title", 400) or "?",
            severity=_word(one, "severity", Severity, Severity.P3),
            task=_str(one, "task"),
            description=_str(one, "description"),
            raised_by=person(one, "performer"),
            happened_at=_moment(one, "happened_at"),
            owner=person(one, "owner"),
            solved_at=_moment(one, "solved_at"),
            solution=_str(one, "solution"),
            minutes_lost=_minutes(one, "minutes_lost"),
        )
        for one in rows
    )


def decision_drafts(rows: Iterable[Entry], person: Named) -> tuple[DecisionDraft, ...]:
    return tuple(
        DecisionDraft(
            key=_str(one, "id"),
            question=_str(one, "question", 4000) or "?",
            decided=_str(one, "decided", 4000) or "?",
            kind=_word(one, "kind", DecisionKind, DecisionKind.GENERAL),
            gate=_str(one, "gate"),
            incident=_str(one, "incident"),
            task=_str(one, "task"),
            options=_str(one, "options"),
            reason=_str(one, "reason"),
            decider=person(one, "decider"),
            decided_at=_moment(one, "decided_at"),
        )
        for one in rows
    )


def hand_over_drafts(
    rows: Iterable[Entry], tasks: Mapping[str, str], person: Named
) -> tuple[HandOverDraft, ...]:
    """`tasks` gives the task of each step of the exported run."""
    return tuple(
        HandOverDraft(
            task=tasks[_str(one, "step")],
            giver=person(one, "giver"),
            receiver=person(one, "receiver"),
            note=_str(one, "note", 4000),
            given_at=_moment(one, "given_at"),
            taken_at=_moment(one, "taken_at"),
            withdrawn_at=_moment(one, "withdrawn_at"),
        )
        for one in rows
        if _str(one, "step") in tasks
    )


def _str(entry: Entry, name: str, most: int = 20_000) -> str:
    value = entry.get(name)
    return clean(value)[:most] if isinstance(value, str) else ""


def _moment(entry: Entry, name: str) -> int | None:
    value = entry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LATEST else None


def _minutes(entry: Entry, name: str) -> int | None:
    value = _moment(entry, name)
    return value if value is not None and value <= 5_256_000 else None


def _word(entry: Entry, name: str, words: type[Severity] | type[DecisionKind], default: str) -> str:
    value = _str(entry, name)
    return value if value in {word.value for word in words} else str(default)
