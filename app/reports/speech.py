"""The words of a paper in its one or two languages."""

from collections.abc import Mapping, Sequence

from app.domain.words import CheckOutcome, IdentityLevel, Presence, Requirement, RunKind, Status
from app.i18n import N_, in_language
from app.reports.layout import FAINT, QUIET, Span, Style
from app.reports.papers import Texts

STATUS: Mapping[Status, str] = {
    Status.FAILED: N_("Failed"),
    Status.BLOCKED: N_("Blocked"),
    Status.WAITING: N_("Waiting"),
    Status.RUNNING: N_("Running"),
    Status.TODO: N_("To do"),
    Status.READY: N_("Ready"),
    Status.CLAIMED: N_("Said done"),
    Status.SKIPPED: N_("Skipped"),
    Status.DONE: N_("Done"),
}
RUN: Mapping[RunKind, str] = {
    RunKind.MAIN: N_("Main run"),
    RunKind.REHEARSAL: N_("Rehearsal"),
    RunKind.LIVE: N_("Live run"),
}
REQUIREMENT: Mapping[Requirement, str] = {
    Requirement.COMMENT: N_("comment"),
    Requirement.FILE: N_("file"),
    Requirement.CHECKS: N_("checks passed"),
    Requirement.SECOND: N_("second person"),
}
OUTCOME: Mapping[CheckOutcome | None, str] = {
    CheckOutcome.PASS: N_("Holds"),
    CheckOutcome.FAIL: N_("Does not hold"),
    CheckOutcome.NA: N_("Not applicable"),
    None: N_("Open"),
}
MEANING: Mapping[str, str] = {
    "prepared": N_("Prepared"),
    "reviewed": N_("Reviewed"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "waived": N_("Waived"),
    "accepted": N_("Accepted"),
    "go": N_("Go"),
    "no-go": N_("No-go"),
}
IDENTITY: Mapping[IdentityLevel, str] = {
    IdentityLevel.SELF_DECLARED: N_("self-declared on this device"),
    IdentityLevel.VOUCHED: N_("vouched by an owner"),
    IdentityLevel.COMPANY: N_("company certificate"),
}
PRESENCE: Mapping[Presence, str] = {
    Presence.PIN: N_("PIN given here"),
    Presence.SCRIPT: N_("signed by a script"),
}


class Speech:
    """One or two languages; what reads the same in both is printed once."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = tuple(languages[:2]) or ("en",)

    @property
    def first(self) -> str:
        return self.languages[0]

    def words(self, message: str, **values: object) -> Texts:
        """The message in each language with its named values."""
        found = [in_language(message, language) for language in self.languages]
        return distinct(tuple(text.format(**values) if values else text for text in found))

    def label(self, message: str, style: Style = FAINT) -> list[Span]:
        """`Project 项目`, on one line."""
        return both(self.words(message), style, style._replace(bold=False), " ")

    def spans(self, message: str, style: Style, second: Style = QUIET, **values: object) -> list[Span]:
        return both(self.words(message, **values), style, second)


def distinct(texts: Texts) -> Texts:
    """The first two texts that say something, the second only if it differs."""
    said = tuple(text for text in texts[:2] if text)
    return said[:1] if len(set(said)) == 1 else said


def both(texts: Texts, style: Style, second: Style = QUIET, gap: str = "  ") -> list[Span]:
    """The texts on one line, the second language in its own style."""
    found: list[Span] = []
    for at, text in enumerate(distinct(texts)):
        if at:
            found.append((gap, style))
        found.append((text, second if at else style))
    return found
