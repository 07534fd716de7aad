"""What stands in the log in words: why an entry is unusual, what a statement says, values as people write them."""

from typing import Any

from app.domain.words import (
    CheckOutcome,
    EvidenceKind,
    IdentityLevel,
    Meaning,
    Presence,
    Requirement,
    Right,
    VerdictWord,
)
from app.i18n import N_, _
from ui.desktop.checklist.values import field_word, value_words
from ui.desktop.checklist.words import requirement_word

_UNUSUAL = {
    "script": N_("signed by a script"),
    "behalf": N_("on behalf of somebody"),
    "other time": N_("happened at another time"),
    "return": N_("takes something back"),
    "late": N_("arrived later"),
    "refused": N_("refused by the rules: it changed nothing"),
}
_SAID: dict[str, str] = {
    CheckOutcome.PASS: N_("passed"),
    CheckOutcome.FAIL: N_("did not pass"),
    CheckOutcome.NA: N_("not applicable"),
    EvidenceKind.FILE: N_("a file"),
    EvidenceKind.NOTE: N_("a note"),
    EvidenceKind.VALUE: N_("a value"),
    EvidenceKind.LINK: N_("a link"),
    Meaning.PREPARED: N_("prepared"),
    Meaning.REVIEWED: N_("reviewed"),
    Meaning.APPROVED: N_("approved"),
    Meaning.REJECTED: N_("rejected"),
    VerdictWord.GO: N_("go"),
    VerdictWord.NO_GO: N_("no-go"),
    "granted": N_("given"),
    "revoked": N_("taken away"),
    "erased": N_("erased for good"),
    f"erased: {Right.ASKED.value}": N_("erased for good: the person asked for it"),
    f"erased: {Right.MISTAKE.value}": N_("erased for good: it should never have stood there"),
    f"erased: {Right.RETENTION.value}": N_("erased for good: its retention period was over"),
    f"erased: {Right.OTHER.value}": N_("erased for good: by another right"),
}
_LEVEL = {
    IdentityLevel.SELF_DECLARED: N_("self-declared on this device"),
    IdentityLevel.VOUCHED: N_("vouched by an owner"),
    IdentityLevel.COMPANY: N_("company certificate"),
}
_PRESENCE = {Presence.PIN: N_("PIN given"), Presence.SCRIPT: N_("signed by a script")}
_COUNTS = (
    N_("the signature does not hold"),
    N_("counts"),
    N_("does not count: the key is not known here"),
    N_("does not count: the role was not held"),
    N_("does not count: the access was not enough"),
    N_("does not count yet: it came late, and an owner has to accept it"),
)
_FIELD = {
    "kind": N_("Kind"),
    "size": N_("Size"),
    "happened_at": N_("Happened"),
    "other_value": N_("Compared with"),
    "baseline": N_("Baseline"),
    "before": N_("Predecessor"),
    "after": N_("Successor"),
    "tolerance": N_("Tolerance"),
    "unit": N_("Unit"),
}


def unusual_word(one: str) -> str:
    return _(_UNUSUAL[one])


def said_word(word: str) -> str:
    return _(_SAID[word]) if word in _SAID else word


def counts_word(counts: int) -> str:
    return _(_COUNTS[counts]) if 0 <= counts < len(_COUNTS) else ""


def identity_word(level: int, presence: str) -> str:
    found = _(_LEVEL[IdentityLevel(level)]) if level in tuple(IdentityLevel) else ""
    given = _(_PRESENCE[Presence(presence)]) if presence in tuple(Presence) else ""
    return ", ".join(part for part in (found, given) if part)


def changed_field(field: str) -> str:
    return _(_FIELD[field]) if field in _FIELD else field_word(field)


def changed_value(field: str, value: Any, language: str, zone: str) -> str:
    """As `value_words`, and the words of outcomes, kinds and requirements too."""
    if field == "size" and isinstance(value, int):
        return size_words(value)
    if field == "requires" and value:
        known = tuple(Requirement)
        return ", ".join(requirement_word(Requirement(one)) for one in str(value).split(",") if one in known)
    if isinstance(value, str) and value in _SAID:
        return said_word(value)
    return value_words(field, value, language, zone)


def size_words(size: int) -> str:
    if size < 1024:
        return _("{n} bytes").format(n=size)
    kilo = size / 1024
    if kilo < 1024:
        return _("{n} KB").format(n=f"{kilo:.0f}")
    return _("{n} MB").format(n=f"{kilo / 1024:.1f}")
