"""Happenings as sentences in a language: what happened, and who typed it when that was later or somebody else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.words import DecisionKind
from app.i18n import N_, in_language
from app.queries.happenings import Happening

_PLAIN: Mapping[str, str] = {
    "start": N_("Started"),
    "finish": N_("Finished"),
    "fail": N_("Failed"),
    "skip": N_("Skipped"),
    "wait": N_("Waits"),
    "block": N_("Blocked"),
    "reset": N_("To do again"),
    "note": N_("Note"),
    "file": N_("File"),
    "withdraw": N_("Signature withdrawn"),
    "solved": N_("Incident solved"),
    "reopened": N_("Incident open again"),
    "takeover": N_("Taken over"),
    "handback": N_("Hand-over taken back"),
    "begin": N_("Run begun"),
    "end": N_("Run ended"),
}
_BY_WORD: Mapping[tuple[str, str], str] = {
    ("check", "pass"): N_("Check passed"),
    ("check", "fail"): N_("Check failed"),
    ("check", "na"): N_("Check not applicable"),
    ("criterion", "pass"): N_("Criterion holds"),
    ("criterion", "fail"): N_("Criterion does not hold"),
    ("sign", "prepared"): N_("Signed as prepared"),
    ("sign", "reviewed"): N_("Signed as reviewed"),
    ("sign", "approved"): N_("Signed as approved"),
    ("sign", "rejected"): N_("Signed as rejected"),
    ("verdict", "go"): N_("Verdict: go"),
    ("verdict", "no-go"): N_("Verdict: no-go"),
    ("decision", DecisionKind.GENERAL.value): N_("Decision"),
    ("decision", DecisionKind.GO_NO_GO.value): N_("Go or no-go, noted"),
    ("decision", DecisionKind.ROLLBACK.value): N_("Decision on rollback"),
    ("decision", DecisionKind.WORKAROUND.value): N_("Decision on a workaround"),
}


def what(one: Happening, language: str) -> str:
    """`Failed`, `Started, attempt 2`, `Check passed`: the subject is named beside it."""
    said = _what(one, language)
    if not one.taken_back:
        return said
    return in_language(N_("Taken back: now “{state}”"), language).format(state=said)


def _what(one: Happening, language: str) -> str:
    if one.kind == "start" and (one.number or 1) > 1:
        return in_language(N_("Started, attempt {number}"), language).format(number=one.number)
    if one.kind == "remaining":
        return in_language(N_("{number} more minutes needed"), language).format(number=one.number)
    if one.kind == "handover":
        return in_language(N_("Handed over to {person}"), language).format(person=one.name)
    if one.kind == "incident":
        return in_language(N_("Incident {severity}"), language).format(severity=one.word)
    message = _BY_WORD.get((one.kind, one.word)) or _PLAIN.get(one.kind)
    return in_language(message, language) if message else one.kind


def typed(one: Happening, language: str, zone: str) -> str:
    """`typed 02:41 by Marta`; empty where the performer typed it as it happened."""
    if one.is_typed_later and one.is_on_behalf:
        message = N_("typed {moment} by {person}")
    elif one.is_typed_later:
        message = N_("typed {moment}")
    elif one.is_on_behalf:
        message = N_("typed by {person}")
    else:
        return ""
    moment = clock(one.typed_ms, zone, beside=one.at_ms)
    return in_language(message, language).format(moment=moment, person=one.typist)


def clock(ms: int, zone: str, *, beside: int | None = None) -> str:
    """`02:41`, with the date where it is another day than the one beside it."""
    try:
        chosen = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        chosen = ZoneInfo("UTC")
    at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(chosen)
    if (
        beside is not None
        and datetime.fromtimestamp(beside / 1000, UTC).astimezone(chosen).date() != at.date()
    ):
        return f"{at:%Y-%m-%d %H:%M}"
    return f"{at:%H:%M}"
