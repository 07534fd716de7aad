"""One row of a table as a task: each field parsed, and what nobody understood reported once with a count."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.domain.draft import CheckDraft, Skipped, TaskDraft
from app.domain.durations import DAY, LONGEST, parse_minutes, parse_moment, slash_order
from app.i18n import _
from app.integrations.cells import Cell, cell_minutes, cell_text, serial_moment
from app.integrations.columns import Header
from app.integrations.texts import Keys, one_line, slug, title_and_rest
from app.integrations.values import claim_of, priority_of

_Value = TypeVar("_Value", int, str)
_BULLET = re.compile(r"^\s*(?:[-*•]\s+)?(?:\[[ xX]?\]|[☐☑☒✓✔✅]|\d{1,2}[.)、]\s)?\s*")


@dataclass(frozen=True, slots=True)
class Record:
    line: int | None
    stage: str
    cells: Sequence[Cell]


class RowReader:
    """Reads the rows under one header; `finish` writes the collected complaints into `skipped`."""

    def __init__(self, header: Header, records: Sequence[Record], skipped: list[Skipped]) -> None:
        self._header = header
        self._skipped = skipped
        self._odd: dict[tuple[str, str], list[int | None]] = {}
        self._has_minutes = "minutes" in header.columns
        self._day_first = {name: self._order(name, records) for name in ("start", "due")}

    def text(self, record: Record, name: str) -> str:
        cell = self.cell(record, name)
        return "" if cell is None or cell == "" else cell_text(cell)

    def _line(self, record: Record, name: str) -> str:
        text = self.text(record, name)
        return one_line(text) if text else ""

    def cell(self, record: Record, name: str) -> Cell:
        columns = self._header.columns.get(name)
        if not columns or columns[0] >= len(record.cells):
            return None
        return record.cells[columns[0]]

    def task(self, record: Record, key: str) -> TaskDraft:
        title, rest = title_and_rest(self.text(record, "title"))
        start = self._moment(record, "start", end_of_day=False)
        due = self._moment(record, "due", end_of_day=True)
        checks = self._checks(record)
        return TaskDraft(
            key=key,
            title=title,
            instruction=self._instruction(record, rest),
            owner=self._line(record, "owner"),
            accountable=self._line(record, "accountable"),
            deputy=self._line(record, "deputy"),
            role=self._line(record, "role"),
            minutes=self._minutes(record, "minutes")
            if self._has_minutes
            else self._between(record, start, due),
            start=start,
            due=due,
            priority=self._word(record, "priority", priority_of),
            stream=self._line(record, "stream"),
            rollback=self.text(record, "rollback"),
            rollback_minutes=self._minutes(record, "rollback_minutes"),
            requires=("checks",) if checks else (),
            checks=checks,
            note=self.text(record, "note"),
            claim=self._word(record, "status", claim_of),
            line=record.line,
        )

    def finish(self) -> None:
        for (name, text), lines in self._odd.items():
            reason = _("{header}: {text} was not understood and left empty (rows: {count}).").format(
                header=self._header.name_of(name), text=text, count=len(lines)
            )
            self._skipped.append(Skipped(lines[0], reason))

    def _complain(self, name: str, text: str, line: int | None) -> None:
        self._odd.setdefault((name, one_line(text)[:60]), []).append(line)

    def _instruction(self, record: Record, rest: str) -> str:
        """The finer heading first, then the text, then where more stands: one link a line, each once."""
        links = (
            cell_text(record.cells[index])
            for index in self._header.columns.get("link", ())
            if index < len(record.cells)
        )
        parts = [self.text(record, "group"), rest, self.text(record, "instruction"), *links]
        return "\n".join(dict.fromkeys(part for part in parts if part))

    def _minutes(self, record: Record, name: str) -> int | None:
        cell = self.cell(record, name)
        minutes = cell_minutes(cell)
        if minutes is not None:
            return minutes
        text = cell_text(cell)
        if not text:
            return None
        found = parse_minutes(
            text.rstrip("?？"),  # MS Project marks an estimate so
            bare=self._header.bare_minutes.get(name, 1),
            day=self._header.day_minutes.get(name, DAY),
        )
        if found is None:
            self._complain(name, text, record.line)
        return found

    def _moment(self, record: Record, name: str, *, end_of_day: bool) -> str | None:
        cell = self.cell(record, name)
        text = serial_moment(cell) or cell_text(cell)
        if not text:
            return None
        found = parse_moment(text, day_first=self._day_first[name], end_of_day=end_of_day)
        if found is None:
            self._complain(name, text, record.line)
        return found

    def _between(self, record: Record, start: str | None, due: str | None) -> int | None:
        """The duration of a table that gives only start and end, both with their time of day."""
        if (
            start is None
            or due is None
            or not all(":" in self.text(record, name) for name in ("start", "due"))
        ):
            return None
        length = datetime.fromisoformat(due) - datetime.fromisoformat(start)
        minutes = int(length.total_seconds() // 60)
        return minutes if 0 <= minutes <= LONGEST else None

    def _order(self, name: str, records: Sequence[Record]) -> bool:
        """Whether 3/6/2026 is the 3rd of June here: decided by the whole column, and said when it cannot be."""
        orders = {order for record in records if (order := slash_order(self.text(record, name)))}
        if orders == {"either"}:
            reason = _("{header}: dates such as 3/6/2026 were read with the month first.").format(
                header=self._header.name_of(name)
            )
            self._skipped.append(Skipped(records[0].line, reason))
        return "day" in orders

    def _word(self, record: Record, name: str, parse: Callable[[str], _Value | None]) -> _Value | None:
        text = self.text(record, name)
        if not text:
            return None
        found = parse(text)
        if found is None:
            self._complain(name, text, record.line)
        return found

    def _checks(self, record: Record) -> tuple[CheckDraft, ...]:
        """One check a line of the cell; bullets, numbers and boxes before it are dropped, a tick is kept."""
        text = self.text(record, "checks")
        if not text:
            return ()
        keys = Keys()
        lines = text.replace("；", "\n").replace(";", "\n").splitlines()
        checks = []
        for line in lines:
            ticked = line.lstrip(" -*•").startswith(("[x]", "[X]", "☑", "✓", "✔", "✅"))
            text = one_line(_BULLET.sub("", line))
            if text:
                checks.append(CheckDraft(keys.make(slug(text)), text, checked=ticked, line=record.line))
        return tuple(checks)
