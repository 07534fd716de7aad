"""The differences of a second import in words: where, what it was, what stands here, what the file says."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.domain.draft import CheckDraft, Draft, GateDraft, StageDraft, TaskDraft
from app.domain.durations import format_minutes
from app.domain.words import Requirement
from app.i18n import N_, _, counted
from app.process.merging import Change, Comparison, Difference
from app.process.origins import Kind, Said, Value
from app.queries.merging import comparison, earlier_source, part_of
from app.queries.projects import project as project_row
from app.queries.texts import pick
from app.storage.engine import Reader

FIELD_WORDS: Mapping[str, str] = {
    "title": N_("Title"),
    "name": N_("Name"),
    "text": N_("Text"),
    "stage": N_("Stage"),
    "owner": N_("Owner"),
    "accountable": N_("Accountable"),
    "deputy": N_("Deputy"),
    "role": N_("Role"),
    "roles": N_("Signatures by"),
    "owner_role": N_("Role"),
    "minutes": N_("Duration"),
    "after": N_("Waits for"),
    "start": N_("Not before"),
    "due": N_("Due"),
    "priority": N_("Priority"),
    "stream": N_("Stream"),
    "instruction": N_("Instruction"),
    "requires": N_("Required proof"),
    "rollback": N_("Rollback"),
    "rollback_minutes": N_("Rollback time"),
    "description": N_("Description"),
    "kind": N_("Kind of check"),
    "target": N_("Target"),
    "tolerance": N_("Tolerance"),
    "unit": N_("Unit"),
    "window_start": N_("The window opens"),
    "window_end": N_("The window closes"),
    "t0": N_("T-0, the go-live"),
    "no_return": N_("Point of no return"),
    "manager": N_("Manager"),
    "decider": N_("Decides on the rollback"),
}
CHANGE_WORDS: Mapping[Change, str] = {
    Change.NEW: N_("New in the file"),
    Change.THEIRS: N_("Changed by the file"),
    Change.BOTH: N_("Changed by both"),
    Change.GONE: N_("No longer in the file"),
    Change.REMOVED: N_("In the file, but removed here"),
}
KIND_WORDS: Mapping[Kind, str] = {
    Kind.PROJECT: N_("Project"),
    Kind.STAGE: N_("Stage"),
    Kind.TASK: N_("Task"),
    Kind.CHECK: N_("Check"),
    Kind.GATE: N_("Gate"),
    Kind.CRITERION: N_("Criterion"),
}
_REQUIRES = {
    Requirement.COMMENT.value: N_("A comment"),
    Requirement.FILE.value: N_("A file"),
    Requirement.CHECKS.value: N_("All checks passed"),
    Requirement.SECOND.value: N_("A second person confirms"),
}
_LENGTHS = frozenset({"minutes", "rollback_minutes"})
_MOMENTS = frozenset({"start", "due", "window_start", "window_end", "t0", "no_return"})


class DifferenceRow(NamedTuple):
    """One thing to decide. `where` is the stage or task it belongs to; `taken` is what happens if nobody chooses."""

    token: str
    change: Change
    kind: Kind
    title: str
    where: str
    field: str  # the word for it; "" for the whole object
    base: str
    ours: str
    theirs: str
    taken: bool
    line: int | None
    touched: bool  # gone from the file, and changed here since it came


class Differences(NamedTuple):
    """`source` is what the file is compared with; None when the project never had anything from it."""

    project: str
    source: str | None
    rows: tuple[DifferenceRow, ...]
    same: int  # tasks that both have and that need nothing
    tasks: int  # in the file


def differences(
    reader: Reader, project: bytes, draft: Draft, language: str = "en", source: str | None = None
) -> Differences:
    """What merging the draft would ask, in a language. Raises Refused when the file does not say which project it is."""
    row = project_row(reader, project, language)
    name = row.name if row is not None else ""
    known = source or earlier_source(reader, project, draft)
    if known is None:
        tasks = sum(len(stage.tasks) for part in draft.projects for stage in part.stages)
        return Differences(name, None, (), 0, tasks)
    part = part_of(reader, project, draft, known)
    found = comparison(reader, project, part, known)
    words = _Words(reader, project, found, language)
    places = [place for place, one in enumerate(found.said) if one.kind is Kind.TASK]
    touched = {one.place for one in found.differences}
    return Differences(
        name,
        known,
        tuple(words.row(one) for one in found.differences),
        sum(place not in touched for place in places),
        len(places),
    )


class _Words:
    def __init__(self, reader: Reader, project: bytes, found: Comparison, language: str) -> None:
        self._reader, self._project, self._found, self._language = reader, project, found, language
        self._numbers: dict[str, str] | None = None
        self._new = {f"+{one.key}": one.title for one in found.said if one.kind in (Kind.TASK, Kind.STAGE)}

    def row(self, one: Difference) -> DifferenceRow:
        said = self._found.said[one.place] if one.place >= 0 else None
        known = one.known
        title = known.title if known is not None and known.id else said.title if said is not None else ""
        theirs = self.value(one.field, one.theirs) if one.field else self._summary(said)
        return DifferenceRow(
            one.token,
            one.change,
            one.kind,
            title or _("The project itself"),
            self._where(one, said),
            _(FIELD_WORDS.get(one.field, one.field)) if one.field else "",
            self.value(one.field, one.base) if one.field else "",
            self.value(one.field, one.ours) if one.field else "",
            theirs,
            one.is_taken,
            said.line if said is not None else None,
            one.change is Change.GONE and known is not None and _is_touched(one),
        )

    def _where(self, one: Difference, said: Said | None) -> str:
        if said is not None and said.under >= 0:
            return self._found.said[said.under].title
        if one.known is not None and one.known.under is not None:
            return self._title_of(one.known.under)
        return ""

    def _title_of(self, thing: bytes) -> str:
        for table, column in (("stage", "title"), ("task", "title"), ("gate", "name")):
            stored = self._reader.value(f"SELECT {column} FROM {table} WHERE id = ?", (thing,))
            if stored is not None:
                return pick(stored, self._language)
        return ""

    def _summary(self, said: Said | None) -> str:
        """What a new thing brings, in a line."""
        part = said.part if said is not None else None
        words: list[str] = []
        if isinstance(part, TaskDraft):
            words = [part.owner, format_minutes(part.minutes, self._language) if part.minutes else ""]
            if part.checks:
                words.append(counted("{n} check", "{n} checks", len(part.checks)))
        elif isinstance(part, StageDraft):
            words = [part.owner_role]
        elif isinstance(part, GateDraft):
            words = [", ".join(part.roles)]
        elif isinstance(part, CheckDraft):
            words = [part.target or ""]
        return " · ".join(filter(None, words))

    # -- values ----------------------------------------------------------------------------------------------------

    def value(self, field: str, value: Value) -> str:
        if value is None:
            return ""
        if field == "after" and isinstance(value, tuple):
            return ", ".join(self._link(link) for link in value)
        if field == "stage":
            text = str(value)
            return self._new.get(text) or self._title_of(bytes.fromhex(text.removeprefix("+")))
        if field == "requires":
            return ", ".join(_(_REQUIRES.get(word, word)) for word in str(value).split(","))
        if field in _LENGTHS and isinstance(value, int):
            return format_minutes(value, self._language)
        if field in _MOMENTS:
            return str(value).replace("T", " ")
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

    def _link(self, link: tuple[str, str, int]) -> str:
        task, kind, lag = link
        name = self._new.get(task) or self._number(task)
        type_word = "" if kind == "FS" and not lag else f" {kind}"
        if not lag:
            return f"{name}{type_word}"
        return f"{name}{type_word}{'+' if lag > 0 else '−'}{format_minutes(abs(lag), self._language)}"

    def _number(self, task: str) -> str:
        if self._numbers is None:
            self._numbers = numbers_of(self._reader, self._project)
        number = self._numbers.get(task)
        return number or self._title_of(bytes.fromhex(task))


def numbers_of(reader: Reader, project: bytes) -> dict[str, str]:
    """The outline number of each task, by its id."""
    rows = reader.rows(
        "SELECT t.id, t.stage FROM task t LEFT JOIN stage s ON s.id = t.stage WHERE t.log = ? AND t.alive "
        "ORDER BY s.rank IS NULL, s.rank, s.id, t.rank, t.id",
        (project,),
    )
    stages = [
        stage
        for (stage,) in reader.rows(
            "SELECT id FROM stage WHERE log = ? AND alive ORDER BY rank, id", (project,)
        )
    ]
    places = {stage: number for number, stage in enumerate(stages, 1)}
    numbers: dict[str, str] = {}
    last, count = b"-", 0
    for task, stage in rows:
        count = count + 1 if stage == last else 1
        last = stage
        numbers[task.hex()] = f"{places.get(stage, len(places) + 1)}.{count}"
    return numbers


def _is_touched(one: Difference) -> bool:
    known = one.known
    names: Sequence[str] = ("title", "text", "name", "owner", "minutes", "instruction", "rollback", "role")
    return known is not None and any(known.ours.get(name) != known.base.get(name) for name in names)
