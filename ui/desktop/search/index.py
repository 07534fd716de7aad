"""Everything of a workspace that can be found, with its spellings: read and spelled in the reader thread."""

from collections.abc import Sequence
from typing import NamedTuple

from app.i18n import N_, _
from app.queries.checklist import TaskRow, checklist
from app.queries.log import log_lines
from app.queries.people import names
from app.queries.projects import projects, runs
from app.queries.texts import pick
from app.storage.engine import Reader
from ui.desktop.checklist.words import STATUS_TONE
from ui.desktop.moments import instant
from ui.desktop.runs.kinds import run_name
from ui.desktop.search.hits import Hit, spelled
from ui.desktop.search.spelling import prepare_readings

_MOMENTS = 200  # the newest entries of the log; the audit log itself finds the older ones


class Index(NamedTuple):
    """`doing` are the hits that were given, spelled."""

    doing: tuple[Hit, ...]
    hits: tuple[Hit, ...]
    tasks: dict[bytes, TaskRow]


def index(
    reader: Reader,
    project: bytes | None,
    run: bytes | None,
    language: str,
    now_ms: int,
    doing: Sequence[Hit] = (),
) -> Index:
    prepare_readings()
    other = "en" if language == "zh" else "zh"
    found: list[Hit] = []
    tasks: dict[bytes, TaskRow] = {}
    if project is not None:
        listed = checklist(reader, project, run, language, now_ms)
        titles: dict[bytes, str] = dict(
            reader.rows("SELECT id, title FROM task WHERE log = ? AND alive", (project,))
        )
        tasks = {task.id: task for task in listed.tasks}
        for task in listed.tasks:
            beside = _beside(titles.get(task.id), other, task.title)
            sign, tone = task.status.value, STATUS_TONE[task.status]
            text = f"{task.number} {task.title}"
            found.append(Hit(sign, tone, text, beside, kind="task", fact=task.owner, target=task.id))
        found += _gates(reader, project, language, other)
        found += _moments(reader, project, language, listed.project.zone)
    found += _places(reader, project, run, language, other)
    found += [
        Hit("person", "text2", name, kind="person", fact=_("their tasks"), target=person)
        for person, name in names(reader).items()
    ]
    return Index(tuple(map(spelled, doing)), tuple(map(spelled, found)), tasks)


def _beside(stored: str | None, other: str, shown: str) -> str:
    text = pick(stored, other) if stored else ""
    return text if text != shown else ""


def _gates(reader: Reader, project: bytes, language: str, other: str) -> list[Hit]:
    found = []
    for icon, word, sql in (
        ("gate_closed", N_("gate"), "SELECT id, name FROM gate WHERE log = ? AND alive"),
        ("plan", N_("stage"), "SELECT id, title FROM stage WHERE log = ? AND alive ORDER BY rank, id"),
    ):
        for one, stored in reader.rows(sql, (project,)):
            text = pick(stored, language)
            beside = _beside(stored, other, text)
            found.append(Hit(icon, "text2", text, beside, kind="gate", fact=_(word), target=one))
    return found


def _moments(reader: Reader, project: bytes, language: str, zone: str) -> list[Hit]:
    return [
        Hit(
            "eye",
            "text2",
            f"{instant(line.when_ms, zone)} {line.sentence}",
            kind="moment",
            fact=line.person,
            target=line.action,
        )
        for line in log_lines(reader, project, language=language, limit=_MOMENTS)
    ]


def _places(reader: Reader, project: bytes | None, run: bytes | None, language: str, other: str) -> list[Hit]:
    stored: dict[bytes, str] = dict(reader.rows("SELECT id, name FROM project WHERE alive"))
    found = []
    for one in projects(reader, language):
        if one.id != project:
            beside = _beside(stored.get(one.id), other, one.name)
            found.append(
                Hit("flag", "text2", one.name, beside, kind="place", fact=_("project"), target=one.id)
            )
    there = [one for one in runs(reader, project) if one.id != run] if project is not None else []
    return found + [
        Hit("run", "text2", run_name(one), kind="place", fact=_("run"), target=one.id, name="run")
        for one in there
    ]
