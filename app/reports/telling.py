"""Telling a run in one language: moments in its zone, lengths, and titles as they are written in that language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.i18n import N_, in_language
from app.queries.texts import pick
from app.reports import moments
from app.reports.papers import Texts
from app.storage.engine import Reader

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Teller:
    """`stored` holds the titles of tasks and the names of gates as they stand in the workspace."""

    language: str
    first: str
    zone: str
    now_ms: int
    stored: Mapping[bytes, str]

    def say(self, message: str, **values: object) -> str:
        text = in_language(message, self.language)
        return text.format(**values) if values else text

    def title(self, thing: bytes | None) -> str:
        return pick(self.stored.get(thing or b""), self.language, self.first)

    def clock(self, ms: int | None) -> str:
        """`22:40`, with the day where it is not today's."""
        moment = None if ms is None else moments.instant(ms)
        today = moments.instant(self.now_ms)
        if moment is None:
            return "–"
        at = moments.local(moment, self.zone)
        if today is not None and at.date() == moments.local(today, self.zone).date():
            return f"{at:%H:%M}"
        return moments.short(moment, self.zone, self.language)

    def full(self, ms: int) -> str:
        moment = moments.instant(ms)
        return "–" if moment is None else moments.full(moment, self.zone, self.language)

    def length(self, minutes: int) -> str:
        return moments.length(abs(minutes), self.language)

    def deviation(self, minutes: int) -> str:
        """Against the plan: late, ahead, or neither."""
        if minutes > 0:
            return self.say(N_("{length} late"), length=self.length(minutes))
        if minutes < 0:
            return self.say(N_("{length} ahead"), length=self.length(minutes))
        return self.say(N_("on time"))

    def day_clock(self, ms: int | None) -> str:
        """`Fri 22:40`, for papers that are read later."""
        moment = None if ms is None else moments.instant(ms)
        return "–" if moment is None else moments.short(moment, self.zone, self.language)

    def listed(self, parts: Sequence[str]) -> str:
        return ("，" if self.language == "zh" else ", ").join(part for part in parts if part)


Told = Callable[[Teller], str]


def tellers(
    reader: Reader, project: bytes, languages: Sequence[str], first: str, zone: str, now_ms: int
) -> tuple[Teller, ...]:
    stored = {
        thing: text
        for table, column in (
            ("task", "title"),
            ("gate", "name"),
            ("check_item", "text"),
            ("criterion", "text"),
        )
        for thing, text in reader.rows(f"SELECT id, {column} FROM {table} WHERE log = ?", (project,))
    }
    return tuple(Teller(language, first, zone, now_ms, stored) for language in languages[:2])


def in_each(them: Sequence[Teller], told: Told) -> Texts:
    return tuple(told(teller) for teller in them)
