"""Any table of tasks -- CSV, Excel, a pasted range, a Markdown table, a JSON list -- as a draft."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice

from app.domain.draft import Draft, LinkDraft, ProjectDraft, Skipped, StageDraft, TaskDraft
from app.domain.durations import DAY
from app.errors import ImportRefused
from app.i18n import _
from app.integrations.cells import Cell, cell_text
from app.integrations.columns import HEADER_ROWS, Header, find_header, refuse_no_title
from app.integrations.predecessors import Waiting, links_of
from app.integrations.rows import Record, RowReader
from app.integrations.texts import Keys, language_of, shorten, slug, title_and_rest

LARGEST_ROWS = 100_000
LARGEST_COLUMNS = 2_000
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")


@dataclass(slots=True)
class Group:
    """The tasks that share one stage, in the order of the table."""

    title: str
    line: int | None
    tasks: list[TaskDraft] = field(default_factory=list)


@dataclass(slots=True)
class Content:
    """What a table holds, before anybody decides which project it belongs to."""

    groups: list[Group] = field(default_factory=list)
    links: list[LinkDraft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    says: frozenset[str] = frozenset()


Numbered = Iterable[tuple[Sequence[Cell], int | None]]  # rows with the line a person finds them in


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before anybody says what its columns mean. `numbered` gives its rows from the first on, each time anew."""

    source: str  # "csv:plan.csv" or the like
    name: str
    numbered: Callable[[], Numbered]
    sheets: tuple[str, ...] = ()  # of a workbook, the one read among them
    sheet: str = ""
    delimiter: str = ""
    left: tuple[Skipped, ...] = ()  # what of the file is not in the table


def read_grid(grid: Grid, mapping: Mapping[str, str]) -> Draft:
    draft = _draft_of(grid.numbered(), grid.source, grid.name, mapping)
    return replace(draft, skipped=draft.skipped + grid.left)


def read_table(
    rows: Iterable[Sequence[Cell]],
    source: str,
    mapping: Mapping[str, str] | None = None,
    *,
    lines: Iterable[int | None] | None = None,
    name: str | None = None,
) -> Draft:
    """One project from rows of cells, their header among the first 30; `source` is "csv:plan.csv" or the like.

    `lines` are the line numbers to report where they differ from the position in `rows`. `mapping` overrides the guessed
    columns, FIELD=HEADER. The cells of a range pasted from Excel come in the same way as those of a file.
    """
    title = name or source.partition(":")[2].rsplit(".", 1)[0] or source
    numbered = zip(rows, lines if lines is not None else count(1), strict=False)
    return _draft_of(numbered, source, title, mapping or {})


def _draft_of(numbered: Numbered, source: str, title: str, mapping: Mapping[str, str]) -> Draft:
    content = _content_of(numbered, title, mapping)
    if not any(group.tasks for group in content.groups):
        raise ImportRefused(
            _(
                "{name} has a header but no tasks under it. Nothing was changed. "
                "Check whether the right sheet or file was chosen."
            ).format(name=title)
        )
    keys = Keys()
    stages = tuple(
        StageDraft(keys.make(slug(group.title)), group.title, tasks=tuple(group.tasks), line=group.line)
        for group in content.groups
        if group.tasks
    )
    texts = " ".join(f"{task.title} {task.instruction}" for stage in stages for task in stage.tasks[:50])
    project = ProjectDraft(
        "project",
        title,
        language_of(texts),
        stages=stages,
        links=tuple(content.links),
        says=content.says,
    )
    return Draft(source, (project,), tuple(content.skipped))


def read_rows(
    rows: Iterable[Sequence[Cell]],
    name: str,
    mapping: Mapping[str, str],
    *,
    lines: Iterable[int | None],
    prefix: str = "",
    keys: Keys | None = None,
    without: Collection[str] = (),
) -> Content:
    """The tasks of a table; `prefix` starts their keys, made unique by `keys`; fields in `without` are not looked for."""
    numbered = zip(rows, lines, strict=False)
    return _content_of(numbered, name, mapping, prefix=prefix, keys=keys, without=without)


def _content_of(
    given: Numbered,
    name: str,
    mapping: Mapping[str, str],
    *,
    prefix: str = "",
    keys: Keys | None = None,
    without: Collection[str] = (),
) -> Content:
    numbered = _limited(given, name)
    head = list(islice(numbered, HEADER_ROWS))
    cells = [row for row, _line in head]
    header = find_header(cells, mapping)
    if header is None:
        raise refuse_no_title(cells, name)
    header = _reduced(header, without)
    content = Content(says=_says(header))
    for row, line in head[: header.index]:
        _note_preface(row, line, content)
    head_line = head[header.index][1]
    body, header = _find_ids(chain(head[header.index + 1 :], numbered), header)
    records = _records(body, header, head_line, content)
    _fill(records, header, content, prefix, keys or Keys())
    return content


# What a column lets a table say of its tasks, where the field is not called like the column.
_SAYS = {
    "predecessors": ("after",),
    "checks": ("checks", "requires"),
    "group": ("instruction",),
    "link": ("instruction",),
}


def _says(header: Header) -> frozenset[str]:
    """Which fields of a task the table speaks of: at the next import only those can have changed."""
    names = {name for column in header.columns for name in _SAYS.get(column, (column,))}
    if {"start", "due"} <= names:
        names.add("minutes")
    return frozenset({"title", "stage", *names})


def _reduced(header: Header, without: Collection[str]) -> Header:
    if not without:
        return header
    columns = {name: indexes for name, indexes in header.columns.items() if name not in without}
    return replace(header, columns=columns)


def _limited(rows: Numbered, name: str) -> Iterator[tuple[Sequence[Cell], int | None]]:
    for position, (row, line) in enumerate(rows):
        if position >= LARGEST_ROWS + HEADER_ROWS:
            raise refuse_rows(name)
        if len(row) > LARGEST_COLUMNS:
            raise ImportRefused(
                _(
                    "{name} has a row of {count} columns, so it is no list of tasks. Nothing was changed. "
                    "Check whether the right file was chosen."
                ).format(name=name, count=len(row))
            )
        yield row, line


def refuse_rows(name: str) -> ImportRefused:
    return ImportRefused(
        _(
            "{name} has more than {limit} rows. Nothing was changed. "
            "Split it, or delete the rows that are no tasks."
        ).format(name=name, limit=LARGEST_ROWS)
    )


def _note_preface(row: Sequence[Cell], line: int | None, content: Content) -> None:
    text = " | ".join(filter(None, map(cell_text, row)))
    if text:
        content.skipped.append(
            Skipped(line, _("Stands above the header and is no task: {text}").format(text=shorten(text)))
        )


def _records(
    body: Iterable[tuple[Sequence[Cell], int | None]], header: Header, head_line: int | None, content: Content
) -> list[Record]:
    """The rows that hold a task, each with its stage; the cells of columns nobody reads are only counted."""
    title, stage_columns = header.columns["title"][0], header.columns.get("stage", ())
    used = header.used()
    kept = range(max(used) + 1)
    unread: Counter[int] = Counter()
    records: list[Record] = []
    stage = ""
    for row, line in body:
        filled = [index for index, cell in enumerate(row) if cell is not None and cell != ""]
        if not filled:
            continue
        # An empty stage cell means the stage above it: merged cells and sparing typists. A row that holds a stage and
        # no more is a heading, and without a column for stages so is any lone cell beside the task.
        if stage_columns and (own := _text(row, stage_columns[0])):
            stage = own
        text = _text(row, title)
        if not text and len(filled) == 1 and (not stage_columns or filled[0] == stage_columns[0]):
            stage = _text(row, filled[0]) or stage
            continue
        if not text:
            reason = _("The row has no text in the column {header}.").format(header=header.name_of("title"))
            content.skipped.append(Skipped(line, reason))
            continue
        unread.update(index for index in filled if index not in used)
        cells = [row[index] if index in used and index < len(row) else None for index in kept]
        records.append(Record(line, stage, cells))  # other cells are let go: memory grows with what is read
    content.skipped += _unread(unread, header, head_line)
    return records


def _unread(cells: Mapping[int, int], header: Header, line: int | None) -> Iterator[Skipped]:
    names = dict(enumerate(header.names))
    for index in sorted(cells):
        if name := names.get(index):
            reason = _("The column {header} has no place in a plan and was left out (filled cells: {count}).")
            yield Skipped(line, reason.format(header=name, count=cells[index]))
    if nameless := sum(count for index, count in cells.items() if not names.get(index)):
        reason = _("Cells under no header were left out (filled cells: {count}).")
        yield Skipped(line, reason.format(count=nameless))


def _find_ids(
    body: Iterator[tuple[Sequence[Cell], int | None]], header: Header
) -> tuple[Iterator[tuple[Sequence[Cell], int | None]], Header]:
    """Some exports let their ids slip under the next header: a column of nothing but GUIDs numbers the rows then."""
    sample = list(islice(body, HEADER_ROWS))
    rows = [row for row, _line in sample if any(map(cell_text, row))]
    number = header.columns.get("number", ())
    if rows and not any(_text(row, index) for row in rows for index in number):
        for index in header.unused():
            if all(_GUID.fullmatch(_text(row, index)) for row in rows):
                header = replace(header, columns={**header.columns, "number": (index,)})
                break
    return chain(sample, body), header


def _text(row: Sequence[Cell], index: int) -> str:
    return cell_text(row[index]) if index < len(row) else ""


def _fill(records: Sequence[Record], header: Header, content: Content, prefix: str, keys: Keys) -> None:
    reader = RowReader(header, records, content.skipped)
    groups: dict[str, Group] = {}
    waiting: list[Waiting] = []
    by_number: dict[str, str] = {}
    by_title: dict[str, str] = {}
    by_position: dict[str, str] = {}
    by_line: dict[str, str] = {}
    for position, record in enumerate(records, start=1):
        number = reader.text(record, "number")
        title = title_and_rest(reader.text(record, "title"))[0]
        key = keys.make(prefix, number or slug(record.stage), "" if number else slug(title))
        task = reader.task(record, key)
        stage = record.stage or _("Tasks")
        groups.setdefault(stage, Group(stage, record.line)).tasks.append(task)
        by_position[str(position)], by_line[str(record.line)] = key, key
        by_title.setdefault(title, key)
        if number and number in by_number:
            content.skipped.append(Skipped(record.line, _repeated(number)))
        elif number:
            by_number[number] = key
        if text := reader.text(record, "predecessors"):
            waiting.append(Waiting(key, text, record.line))
    reader.finish()
    content.groups = list(groups.values())
    ways = [by_number] if by_number else [by_position, by_line]
    units = header.bare_minutes.get("minutes", 1), header.day_minutes.get("minutes", DAY)
    links, skipped = links_of(waiting, [{**by_title, **way} for way in ways], *units)
    content.links, content.skipped = links, content.skipped + skipped
    content.skipped.sort(key=lambda entry: entry.line or 0)


def _repeated(number: str) -> str:
    return _("The number {number} stands here again; predecessors that name it mean the first one.").format(
        number=number
    )
