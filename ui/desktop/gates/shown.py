"""What a gate card shows, as plain values, and the signs and words for states, meanings and levels."""

from typing import NamedTuple

from app.domain.words import GateState, IdentityLevel, Meaning, Presence, VerdictWord
from app.i18n import N_, _, ngettext
from ui.desktop.moments import instant


class CriterionShown(NamedTuple):
    id: bytes
    text: str
    target: str
    holds: bool | None
    value: str
    note: str
    person: str


class SignatureShown(NamedTuple):
    """A sign-off, or with `id` None a signature that is still missing."""

    id: bytes | None
    person: str
    person_id: bytes | None
    role: str
    meaning: str
    when_ms: int | None
    stale: bool = False
    withdrawn: bool = False
    verifies: bool = True
    level: int = 0
    presence: str = ""
    reason: str = ""
    changed: tuple[str, ...] = ()  # what is different since, in sentences


class SkippedShown(NamedTuple):
    """A mandatory step that was skipped, and the waivers given for it. `roles` may waive it, `skippers` may not."""

    task: bytes
    number: str
    title: str
    why: str
    passes: bool
    waivers: tuple[SignatureShown, ...]
    roles: tuple[str, ...]
    skippers: frozenset[bytes]
    digest: bytes


class VerdictShown(NamedTuple):
    """Go or no-go, said by whoever decides."""

    word: str
    person: str
    when_ms: int
    reason: str


class GateShown(NamedTuple):
    id: bytes
    name: str
    covers: str
    state: GateState
    missing: tuple[str, ...]
    criteria: tuple[CriterionShown, ...]
    signatures: tuple[SignatureShown, ...]
    roles: tuple[str, ...]  # that still have to sign
    tasks_total: int
    tasks_done: int
    verdicts: tuple[VerdictShown, ...]
    code: str  # the content's digest, as printed
    digest: bytes
    counts: tuple[tuple[str, int], ...] = ()  # kind of obstacle -> how many
    opens_by_ms: int | None = None  # when the next stage is to begin
    since_ms: int | None = None  # open since, or closed again since
    authors: frozenset[bytes] = frozenset()  # who performed what it covers, where they may not sign
    skipped: tuple[SkippedShown, ...] = ()

    @property
    def unwaived(self) -> SkippedShown | None:
        """The first skipped step that nobody has let pass."""
        return next((one for one in self.skipped if not one.passes), None)

    @property
    def has_stale(self) -> bool:
        return any(one.stale and not one.withdrawn for one in self.signatures)


WAIVED = "waived"  # what a waiver means, beside the meanings of a sign-off
_STATE = {
    GateState.CLOSED: N_("Closed"),
    GateState.OPEN_HERE: N_("Open here"),
    GateState.FINAL: N_("Open, final"),
}
_MEANING = {
    Meaning.PREPARED: N_("Prepared"),
    Meaning.REVIEWED: N_("Reviewed"),
    Meaning.APPROVED: N_("Approved"),
    Meaning.REJECTED: N_("Rejected"),
}
_SIGN_AS = {
    Meaning.PREPARED: N_("Sign as prepared"),
    Meaning.REVIEWED: N_("Sign as reviewed"),
    Meaning.APPROVED: N_("Sign as approved"),
    Meaning.REJECTED: N_("Sign as rejected"),
}
_SAYS = {
    Meaning.PREPARED: N_("I made it; it is ready to be looked at"),
    Meaning.REVIEWED: N_("I checked it against the criteria"),
    Meaning.APPROVED: N_("It may go ahead as written"),
    Meaning.REJECTED: N_("It may not go ahead; I say why"),
}
_LEVEL = {
    IdentityLevel.SELF_DECLARED: N_("self-declared on this device"),
    IdentityLevel.VOUCHED: N_("vouched by an owner"),
    IdentityLevel.COMPANY: N_("company certificate"),
}
_PRESENCE = {Presence.PIN: N_("PIN given here"), Presence.SCRIPT: N_("signed by a script")}


def state_word(gate: GateShown) -> str:
    if gate.state is GateState.CLOSED and gate.has_stale:
        return _("Closed, signature stale")
    return _(_STATE[gate.state])


def gate_sign(gate: GateShown) -> tuple[str, str]:
    """Sign and tone: open, stale, or closed."""
    if gate.state is not GateState.CLOSED:
        return "gate_open", "done"
    if gate.has_stale:
        return "seal_stale", "stale"
    return "gate_closed", "blocked"


def meaning_word(meaning: str) -> str:
    return _("Waived") if meaning == WAIVED else _(_MEANING[Meaning(meaning)])


def sign_as(meaning: Meaning) -> str:
    return _(_SIGN_AS[meaning])


def meaning_says(meaning: Meaning) -> str:
    return _(_SAYS[meaning])


def signature_sign(one: SignatureShown) -> tuple[str, str]:
    if one.id is None:
        return "seal_none", "strong"
    if one.withdrawn:
        return "seal_withdrawn", "waiting"
    if one.meaning == Meaning.REJECTED or not one.verifies:
        return "seal_rejected", "blocked"
    if one.stale:
        return "seal_stale", "stale"
    return "seal_fits", "done"


def signature_note(one: SignatureShown) -> tuple[str, str]:
    """What has become of it, in words, and the tone of the words."""
    if one.id is None:
        return _("not signed yet"), "text3"
    if not one.verifies:
        return _("does not count: key, role or access did not hold"), "blocked"
    if one.withdrawn:
        return _("withdrawn; it stays in the record"), "text3"
    if one.stale:
        return _("on earlier content: it no longer fits"), "stale"
    if one.meaning == WAIVED:
        return _("the step as it is passes"), "text3"
    return _("on the present content"), "text3"


def identity_words(one: SignatureShown) -> str:
    level = _(_LEVEL[IdentityLevel(one.level)]) if one.level in tuple(IdentityLevel) else ""
    presence = _(_PRESENCE[Presence(one.presence)]) if one.presence in tuple(Presence) else ""
    if level and presence:
        return _("{level}, {presence}").format(level=level, presence=presence)
    return level or presence


def verdict_sign(verdict: VerdictShown) -> tuple[str, str]:
    return ("flag", "done") if verdict.word == VerdictWord.GO else ("flag", "blocked")


def verdict_words(verdict: VerdictShown) -> str:
    word = _("Go") if verdict.word == VerdictWord.GO else _("No-go")
    return _("{verdict}, said by {person}").format(verdict=word, person=verdict.person)


def verdict_note(verdict: VerdictShown, zone: str) -> str:
    when = instant(verdict.when_ms, zone)
    return _("{when}: {reason}").format(when=when, reason=verdict.reason) if verdict.reason else when


def reason_line(gate: GateShown) -> str:
    """Why it is closed, in one sentence: what stands below with its own sign is only counted."""
    return _(", ").join(_reason_parts(gate))


def reason_count(gate: GateShown) -> int:
    return len(_reason_parts(gate))


def _reason_parts(gate: GateShown) -> list[str]:
    counts = dict(gate.counts)
    failing = sum(one.holds is False for one in gate.criteria)
    unmet = counts.get("criterion", 0) - failing
    steps, conflicts = counts.get("step", 0), counts.get("conflict", 0)
    rejected, signs = counts.get("rejected", 0), counts.get("sign-off", 0)
    parts = [
        (failing, ngettext("{n} criterion fails", "{n} criteria fail", failing)),
        (unmet, ngettext("{n} criterion is not met yet", "{n} criteria are not met yet", unmet)),
        (steps, ngettext("{n} step is not done", "{n} steps are not done", steps)),
        (conflicts, ngettext("{n} conflict is open", "{n} conflicts are open", conflicts)),
        (rejected, ngettext("{n} signature rejects it", "{n} signatures reject it", rejected)),
        (signs, ngettext("{n} sign-off is missing", "{n} sign-offs are missing", signs)),
    ]
    return [text.format(n=f"{count:,}") for count, text in parts if count > 0]


def reason_details(gate: GateShown) -> tuple[str, ...]:
    """What the sentence only counts and no part of the card shows: steps, conflicts, rejections, each in full."""
    counts = dict(gate.counts)
    signs = len(gate.roles)
    return gate.missing[counts.get("criterion", 0) : len(gate.missing) - signs]


def when_line(gate: GateShown, zone: str) -> str:
    """Below the name: since when it is open or closed again, or by when it must open."""
    done = _("{done} of {total} steps count as done").format(
        done=f"{gate.tasks_done:,}", total=f"{gate.tasks_total:,}"
    )
    if gate.state is not GateState.CLOSED and gate.since_ms is not None:
        first = _("open since {when}").format(when=instant(gate.since_ms, zone))
    elif gate.has_stale and gate.since_ms is not None:
        first = _("closed again {when}").format(when=instant(gate.since_ms, zone))
    elif gate.opens_by_ms is not None:
        first = _("must open by {when}").format(when=instant(gate.opens_by_ms, zone))
    else:
        return done
    return f"{first} · {done}"
