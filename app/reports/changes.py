"""Changes of signed content in words: what was changed, from what to what, by whom and when, in a paper's languages."""

import re
from collections.abc import Callable, Mapping, Sequence

from app.clock import to_iso
from app.domain.words import CheckOutcome, Claim, Status
from app.i18n import N_
from app.queries.since import SignedChange
from app.queries.texts import pick
from app.reports import moments
from app.reports.papers import Texts
from app.reports.speech import OUTCOME, STATUS, Speech
from app.storage.engine import Reader

MOST = 6  # changes named one by one; a statement that lost more than these has lost its ground anyway
_LONGEST = 60
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_FIELDS: Mapping[tuple[str, str], str] = {
    ("task", "title"): N_("title"),
    ("task", "instruction"): N_("instruction"),
    ("task", "requires"): N_("requirements"),
    ("task", "stage"): N_("stage"),
    ("check_item", "text"): N_("check text"),
    ("check_item", "kind"): N_("kind of check"),
    ("check_item", "target"): N_("target of a check"),
    ("check_item", "tolerance"): N_("tolerance of a check"),
    ("check_item", "unit"): N_("unit of a check"),
    ("attempt", "claim"): N_("state"),
    ("check_result", "outcome"): N_("check result"),
    ("check_result", "value"): N_("measured value"),
    ("check_result", "other_value"): N_("second measured value"),
    ("check_result", "note"): N_("note on a check"),
    ("criterion", "text"): N_("text"),
    ("criterion", "target"): N_("target"),
    ("criterion_result", "holds"): N_("judgement"),
    ("criterion_result", "value"): N_("measured value"),
    ("criterion_result", "note"): N_("note on the judgement"),
    ("gate", "name"): N_("name"),
}
_PARTS: Mapping[str, str] = {
    "task": N_("step"),
    "check_item": N_("check"),
    "criterion": N_("criterion"),
    "gate_role": N_("required signature"),
    "gate_task": N_("covered step"),
    "evidence": N_("evidence"),
}
_SENTENCES: Mapping[str, str] = {
    "set": N_("{thing}, {field}: {before} → {after}, by {person}, {when}"),
    "added": N_("{thing}: {part} added, {name}, by {person}, {when}"),
    "removed": N_("{thing}: {part} removed, {name}, by {person}, {when}"),
}
_CLAIMS: Mapping[int, Status] = {
    Claim.FAILED: Status.FAILED,
    Claim.BLOCKED: Status.BLOCKED,
    Claim.WAITING: Status.WAITING,
    Claim.RUNNING: Status.RUNNING,
    Claim.TODO: Status.TODO,
    Claim.SKIPPED: Status.SKIPPED,
    Claim.DONE: Status.DONE,
}


class Changes:
    """Writes changes in one or two languages. `numbers` are the tasks' numbers as the checklist shows them."""

    def __init__(
        self, reader: Reader, languages: Sequence[str], first: str, zone: str, numbers: Mapping[bytes, str]
    ) -> None:
        self._reader, self._first, self._zone, self._numbers = reader, first, zone, numbers
        self._languages = tuple(languages[:2])

    def told(self, changes: Sequence[SignedChange]) -> Texts:
        """All of them as one text a language, a line each."""
        return (
            tuple("\n".join(self.each(changes, language)) for language in self._languages) if changes else ()
        )

    def each(self, changes: Sequence[SignedChange], language: str) -> list[str]:
        """One sentence a change; beyond the first ones only their number."""
        speech = Speech((language,))
        found = [self._sentence(change, speech) for change in changes[:MOST]]
        if len(changes) > MOST:
            found += speech.words(N_("and {count} more changes"), count=len(changes) - MOST)
        return found

    def _sentence(self, change: SignedChange, speech: Speech) -> str:
        values: dict[str, object] = {
            "thing": self._thing(change.about, speech.first),
            "person": change.person or "?",
            "when": self._when(change.when_ms),
        }
        if change.kind != "set":
            part = speech.words(_PARTS.get(change.table, change.table))[0]
            name = change.after if change.kind == "added" else change.before
            shown = self._quoted(str(name or ""), speech.first)
            return speech.words(_SENTENCES[change.kind], part=part, name=shown, **values)[0]
        field = _FIELDS.get(
            (change.table, change.field), N_("rule") if change.table == "gate" else change.field
        )
        word = self._word(change)
        values |= {"before": word(change.before, speech), "after": word(change.after, speech)}
        return speech.words(_SENTENCES["set"], field=speech.words(field)[0], **values)[0]

    def _thing(self, about: bytes, language: str) -> str:
        """A step by number and title, a criterion or gate by its words."""
        for table, column in (("task", "title"), ("criterion", "text"), ("gate", "name")):
            stored = self._reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (about,))
            if stored is not None:
                return f"{self._numbers.get(about, '')} {_short(pick(stored, language, self._first))}".strip()
        return about.hex()[-6:]

    def _when(self, ms: int) -> str:
        if not ms:
            return "?"
        moment = moments.instant(ms)
        return to_iso(ms) if moment is None else f"{moments.local(moment, self._zone):%Y-%m-%d %H:%M}"

    def _quoted(self, stored: str, language: str) -> str:
        text = pick(stored, language, self._first) if stored.startswith("{") else stored
        return f"“{_short(text)}”" if text else "–"

    def _word(self, change: SignedChange) -> Callable[[object, Speech], str]:
        if change.field == "claim":
            return _claim
        if change.field in ("outcome", "holds"):
            return _outcome
        return _plain


def _claim(value: object, speech: Speech) -> str:
    status = _CLAIMS.get(value, Status.TODO) if isinstance(value, int) else Status.TODO
    return speech.words(STATUS[status])[0]


def _outcome(value: object, speech: Speech) -> str:
    """A check's outcome is a word, a judgement of a criterion true or false; both hold or do not."""
    if isinstance(value, bool):
        return speech.words(OUTCOME[CheckOutcome.PASS if value else CheckOutcome.FAIL])[0]
    known = next((one for one in CheckOutcome if one == value), None)
    return speech.words(OUTCOME[known])[0]


def _plain(value: object, _speech: Speech) -> str:
    if value is None or value == "":
        return "–"
    text = str(value)
    return text if _NUMBER.fullmatch(text) else f"“{_short(text)}”"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
