"""From the exceptions to the rows of the table, each with what mends it; of a conflict also the values in words."""

from typing import NamedTuple

from app.queries.checklist import task_numbers
from app.queries.exceptions import LONG_AGO_MS, ExceptionRow, exceptions
from app.queries.people import names
from app.storage.engine import Reader
from ui.desktop.exceptions.choosing import Standing, standing


class ExceptionShown(NamedTuple):
    """`number` of the task it is about; `values` of the fields that stand against each other."""

    row: ExceptionRow
    number: str
    is_old: bool
    values: tuple[Standing, ...]
    answered_by: str = ""

    @property
    def key(self) -> tuple[str, bytes, bytes, int | None, bytes]:
        return (self.row.kind, self.row.subject, self.row.object, self.row.since_ms, self.row.ground)


def exceptions_shown(
    reader: Reader, project: bytes, run: bytes | None, language: str, zone: str, now_ms: int
) -> list[ExceptionShown]:
    found = exceptions(reader, project, run, now_ms)
    numbers = task_numbers(reader, project) if found else {}
    people = names(reader) if found else {}
    return [
        ExceptionShown(
            one,
            numbers.get(one.subject, ""),
            one.kind == "evidence missing"
            and one.since_ms is not None
            and now_ms - one.since_ms > LONG_AGO_MS,
            standing(reader, one.object, people, language, zone) if one.object else (),
            people.get(one.answer.person, "?") if one.answer is not None else "",
        )
        for one in found
    ]


def how_many_ask(reader: Reader, project: bytes, run: bytes | None, now_ms: int) -> int:
    """How many exceptions wait for somebody to act."""
    return sum(one.asks for one in exceptions(reader, project, run, now_ms))
