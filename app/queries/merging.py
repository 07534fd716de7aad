"""What a second import would change: the objects of a project that came from a source, compared with what it says now."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from app.domain.draft import Draft, ProjectDraft
from app.errors import Refused
from app.i18n import _
from app.process.merging import Comparison, compare, known_values
from app.process.origins import Kind, Known, Later, Value, Values, decode, plain, said_of
from app.queries.texts import pick
from app.storage.engine import Reader, Row

GONE, DECLINED = "gone", "declined"  # what a base also says: kept though the source lost it; never wanted
_ALIKE_ENOUGH = 0.5  # of the keys, for a file of another name to be a later state of an earlier one

# Columns of each table in the words of an origin; what is not named here is called the same in both.
_TABLES: Mapping[Kind, tuple[str, str | None, Mapping[str, str]]] = {
    Kind.PROJECT: (
        "project",
        None,
        {
            name: name
            for name in ("name", "description", "window_start", "window_end", "t0", "no_return")
            + ("manager", "decider")
        },
    ),
    Kind.STAGE: (
        "stage",
        None,
        {"title": "title", "owner_role": "owner_role", "description": "entry_conditions"},
    ),
    Kind.TASK: (
        "task",
        "stage",
        {
            name: name
            for name in ("title", "instruction", "owner", "accountable", "deputy", "role", "minutes", "start")
            + ("due", "priority", "stream", "rollback", "rollback_minutes", "requires")
        },
    ),
    Kind.CHECK: (
        "check_item",
        "task",
        {name: name for name in ("text", "kind", "target", "tolerance", "unit")},
    ),
    Kind.GATE: ("gate", None, {"name": "name"}),
    Kind.CRITERION: ("criterion", "gate", {"text": "text"}),
}
_KINDS = frozenset(kind.value for kind in Kind)
_TEXTS = frozenset({"title", "name", "description", "entry_conditions", "instruction", "rollback", "text"})
_PERSONS = frozenset({"owner", "accountable", "deputy", "manager", "decider"})


class SourceRow(NamedTuple):
    """A file or system this project took things from, and how many of its things are still here."""

    source: str
    things: int


def sources(reader: Reader, project: bytes) -> list[SourceRow]:
    """The one that gave most first."""
    rows = reader.rows(
        "SELECT source, count(*) FROM origin WHERE log = ? AND alive GROUP BY source ORDER BY 2 DESC, 1",
        (project,),
    )
    return [SourceRow(*row) for row in rows]


def earlier_source(reader: Reader, project: bytes, draft: Draft) -> str | None:
    """Which source of the project this file continues: the same, or one of its format with mostly the same keys."""
    found = [one.source for one in sources(reader, project)]
    if draft.source in found:
        return draft.source
    kind = draft.source.partition(":")[0]
    keys = {task.key for part in draft.projects for stage in part.stages for task in stage.tasks}
    best, most = None, 0.0
    for source in found:
        if source.partition(":")[0] != kind or not keys:
            continue
        rows = reader.rows(
            "SELECT o.key FROM origin o JOIN task t ON t.id = o.object WHERE o.log = ? AND o.source = ? AND o.alive",
            (project, source),
        )
        theirs = {key for (key,) in rows}
        share = len(theirs & keys) / max(1, min(len(theirs), len(keys)))
        if share >= _ALIKE_ENOUGH and share > most:
            best, most = source, share
    return best


def unused_source(reader: Reader, project: bytes, source: str) -> str:
    """A name under which the same file can come in once more as something new."""
    taken = {one.source for one in sources(reader, project)}
    number, name = 2, source
    while name in taken:
        name, number = f"{source} ({number})", number + 1
    return name


def part_of(reader: Reader, project: bytes, draft: Draft, source: str | None) -> ProjectDraft:
    """The project of the file that this project is; raises Refused when a file of several does not say which."""
    if len(draft.projects) == 1:
        return draft.projects[0]
    stored, language = reader.row("SELECT name, language FROM project WHERE id = ?", (project,)) or ("", "en")
    keys = {
        key
        for (key,) in reader.rows(
            "SELECT key FROM origin WHERE object = ? AND source = ? AND alive", (project, source or "")
        )
    }
    name = pick(stored, language)
    for one in draft.projects:
        if one.key in keys or one.name == name:
            return one
    raise Refused(
        _(
            "The file holds {count} projects: {names}. Nothing was changed. Say which one is meant, or import it as new projects."
        ).format(count=len(draft.projects), names=", ".join(one.name for one in draft.projects))
    )


def comparison(reader: Reader, project: bytes, part: ProjectDraft, source: str) -> Comparison:
    """What the source says now beside what it said last and what stands here."""
    known = known_of(reader, project, source, part.language)
    return compare(known, said_of(part), says=part.says, person=_same_person(reader))


def _same_person(reader: Reader) -> Callable[[str], str]:
    """The name shown for whoever a name or short name means, so that both compare as one person."""
    shown: dict[str, str] = {}
    for handle, name in reader.rows("SELECT handle, name FROM person WHERE alive"):
        for one in (handle, name):
            shown.setdefault(one.casefold(), name or handle)

    def same(name: str) -> str:
        wanted = " ".join(name.split())
        return shown.get(wanted.casefold(), wanted)

    return same


# -- what is known -------------------------------------------------------------------------------------------------


def known_of(reader: Reader, project: bytes, source: str, language: str) -> list[Known]:
    """Every object that came from the source, deleted ones among them, and what was offered and not wanted."""
    origins = reader.rows(
        "SELECT object, id, key, base FROM origin WHERE log = ? AND source = ? AND alive", (project, source)
    )
    if not origins:
        return []
    present = _Present(reader, project, language)
    found = []
    for thing, origin, key, stored in origins:
        base = decode(stored)
        gone, declined = bool(base.pop(GONE, False)), base.pop(DECLINED, "")
        values = known_values(base)
        if declined in _KINDS:
            above = thing if thing != project else None
            found.append(
                Known(Kind(declined), b"", origin, key, above, alive=False, gone=False, base=values, ours={})
            )
            continue
        object = present.find(thing)
        if object is not None:
            kind, row = object
            found.append(
                Known(kind, thing, origin, key, row.under, row.alive, gone, values, row.values, row.rank)
            )
    return found


class _Here(NamedTuple):
    under: bytes | None
    alive: bool
    rank: str
    values: Values


class _Present:
    """The objects of a project's log by id, in the words of an origin."""

    def __init__(self, reader: Reader, project: bytes, language: str) -> None:
        self._reader, self._project = reader, project
        first = reader.value("SELECT language FROM project WHERE id = ?", (project,)) or language
        self._languages = (first, language)
        self._found: dict[bytes, tuple[Kind, _Here]] = {}
        for kind in Kind:
            for row in self._rows(kind):
                values = Later(partial(self._values, kind, row))
                self._found[row[0]] = (kind, _Here(row[1], bool(row[2]), row[3], values))

    def find(self, thing: bytes) -> tuple[Kind, _Here] | None:
        return self._found.get(thing)

    def _rows(self, kind: Kind) -> list[Row]:
        table, above, columns = _TABLES[kind]
        rank = "''" if kind is Kind.PROJECT else "rank"
        names = ", ".join(f'"{name}"' for name in columns.values())
        return self._reader.rows(
            f'SELECT id, {above or "NULL"}, alive, {rank}, {names} FROM "{table}" WHERE log = ?',
            (self._project,),
        )

    def _values(self, kind: Kind, row: Row) -> Values:
        values: dict[str, Value] = {}
        for (name, column), stored in zip(_TABLES[kind][2].items(), row[4:], strict=True):
            if column in _TEXTS:
                value = plain(pick(stored, *self._languages))
            elif column in _PERSONS:
                value = self._names.get(stored)
            else:
                value = plain(stored)
            if value is not None:
                values[name] = value
        if kind is Kind.TASK:
            values["stage"] = row[1].hex() if row[1] is not None else None
            values["after"] = self._links.get(row[0])
        if kind is Kind.GATE:
            values["roles"] = self._roles.get(row[0])
        return values

    @cached_property
    def _names(self) -> dict[bytes, str]:
        return dict(self._reader.rows("SELECT id, CASE name WHEN '' THEN handle ELSE name END FROM person"))

    @cached_property
    def _links(self) -> dict[bytes, tuple[Value, ...]]:
        links: defaultdict[bytes, list[Value]] = defaultdict(list)
        for before, after, kind, lag in self._reader.rows(
            "SELECT before, after, type, lag FROM link WHERE log = ? AND alive", (self._project,)
        ):
            links[after].append((before.hex(), kind, lag))
        return {task: tuple(some) for task, some in links.items()}

    @cached_property
    def _roles(self) -> dict[bytes, tuple[Value, ...]]:
        roles: defaultdict[bytes, list[str]] = defaultdict(list)
        for gate, role, count in self._reader.rows(
            "SELECT gate, role, count FROM gate_role WHERE log = ? AND alive", (self._project,)
        ):
            roles[gate] += [role] * count
        return {gate: tuple(sorted(names)) for gate, names in roles.items()}
