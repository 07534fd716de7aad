"""Plain data of the papers that tell a run: facts and lists, each text in the languages of the paper."""

from dataclasses import dataclass

from app.reports.papers import Heading, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact:
    """`label` is a message for `app.i18n`."""

    label: str
    texts: Texts
    is_grave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountItem:
    """One line of a list: `details` say when, who and how late.

    `remarks` are what somebody wrote, each behind a label (a message, or empty); `sign` names a drawn sign.
    """

    titles: Texts
    number: str = ""
    details: Texts = ()
    remarks: tuple[tuple[str, str], ...] = ()
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSection:
    """`title` is a message; `count` how many there are where fewer are listed."""

    title: str
    items: tuple[AccountItem, ...]
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationPaper(Heading):
    facts: tuple[AccountFact, ...]
    sections: tuple[AccountSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolStep:
    """A step with its times as planned when the run began, and as they were."""

    number: str
    titles: Texts
    planned: str
    actual: str
    difference: Texts
    person: str
    attempts: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolLine:
    """One thing that happened; `typed` says when and by whom it was typed where that was later or somebody else."""

    clock: str
    person: str
    number: str
    titles: Texts
    what: Texts
    text: str = ""
    typed: Texts = ()
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolDay:
    day: Texts
    lines: tuple[ProtocolLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolPaper(Heading):
    facts: tuple[AccountFact, ...]
    totals: tuple[AccountFact, ...]
    registers: tuple[AccountSection, ...]
    steps: tuple[ProtocolStep, ...]
    days: tuple[ProtocolDay, ...]
