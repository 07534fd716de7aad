"""Values that stand against each other, in words, and the command that keeps one of them."""

from functools import partial
from typing import Any, NamedTuple

from app.clock import hlc_ms
from app.domain.words import CheckOutcome, Claim, known
from app.i18n import _
from app.queries.log import named
from app.storage.engine import Reader
from ui.desktop.actions import STEP_BY_ID
from ui.desktop.desk import Desk
from ui.desktop.log.words import changed_field, changed_value

_CLAIMED = {
    Claim.FAILED: "fail",
    Claim.BLOCKED: "block",
    Claim.WAITING: "wait",
    Claim.RUNNING: "start",
    Claim.SKIPPED: "skip",
    Claim.DONE: "finish",
}
_SETTERS = {
    "task": "app.commands.tasks:set_task",
    "check_item": "app.commands.tasks:set_check",
    "stage": "app.commands.projects:set_stage",
    "project": "app.commands.projects:set_project",
    "gate": "app.commands.gates:set_gate",
    "criterion": "app.commands.gates:set_criterion",
}


class Value(NamedTuple):
    """One of them: as stored and as it is said, who wrote it when; `counts` for now."""

    stored: Any
    words: str
    person: str
    when_ms: int
    counts: bool


class Standing(NamedTuple):
    """One field with its values. `run` and `about` are where a fact belongs: its task, check or criterion."""

    object: bytes
    table: str
    field: str
    field_words: str
    language: str
    run: bytes | None
    about: bytes
    values: tuple[Value, ...]


def standing(
    reader: Reader, thing: bytes, people: dict[bytes, str], language: str, zone: str
) -> tuple[Standing, ...]:
    from app.domain.registry import SPECS
    from app.storage.heads import heads_of
    from app.storage.plain import plain_text
    from app.storage.registers import winner

    found = []
    for number, tongue, entity, log in reader.rows(
        "SELECT field, language, entity, log FROM conflict WHERE object = ? ORDER BY field, language",
        (thing,),
    ):
        spec = SPECS[entity]
        known = spec.by_number[number]
        heads = heads_of(reader, thing, number, tongue or None)
        shown = winner(heads, least=known.mark.least)
        values = []
        for head in heads:
            stored: Any = head.value
            if known.mark.erasable and isinstance(stored, bytes):
                stored = plain_text(reader, stored)
            said = stored
            if isinstance(stored, bytes):
                said = people.get(stored) or named(reader, stored, language)
            device, dev_seq = head.op[:16], int.from_bytes(head.op[16:20], "big")
            person = reader.value(
                "SELECT person FROM entry WHERE log = ? AND device = ? AND dev_seq = ?",
                (log, device, dev_seq),
            )
            words = changed_value(known.name, said, language, zone)
            counts = shown is not None and head.op == shown.op
            values.append(Value(stored, words, people.get(person, ""), hlc_ms(head.hlc), counts))
        run, about = _place(reader, spec.table, thing)
        words = changed_field(known.name)
        found.append(Standing(thing, spec.table, known.name, words, tongue, run, about, tuple(values)))
    return tuple(found)


def _place(reader: Reader, table: str, thing: bytes) -> tuple[bytes | None, bytes]:
    """Run and what the fact is about; for a definition the object itself."""
    sql = {
        "attempt": "SELECT s.run, s.task FROM attempt a JOIN step s ON s.id = a.step WHERE a.id = ?",
        "check_result": "SELECT s.run, r.item FROM check_result r JOIN step s ON s.id = r.step WHERE r.id = ?",
        "criterion_result": "SELECT run, criterion FROM criterion_result WHERE id = ?",
    }.get(table)
    row = reader.row(sql, (thing,)) if sql is not None else None
    return (row[0], row[1]) if row is not None else (None, thing)


def can_choose(one: Standing) -> bool:
    """Whether there is a command for it; other facts are settled where the step is."""
    facts = {
        "attempt": ("claim",),
        "check_result": ("outcome", "value"),
        "criterion_result": ("holds", "value"),
    }
    return one.table in (*_SETTERS, "link") or one.field in facts.get(one.table, ())


def choose(desk: Desk, one: Standing, value: Value) -> None:
    """Choosing is a change like any other: in the log, undone with Ctrl Z, seen by both."""
    run = partial(desk.bridge.run, reason=_("Chosen of several values."))
    language = one.language or desk.language
    if one.table in _SETTERS:
        run(_SETTERS[one.table], one.about, {one.field: value.stored}, language=language)
    elif one.table == "link":
        run("app.commands.tasks:set_link", one.about, {one.field: value.stored})
    elif one.table == "attempt":
        action = STEP_BY_ID.get(_CLAIMED.get(known(Claim, value.stored), ""))
        run(action.command if action is not None else "app.commands.runs:reset_step", one.run, one.about)
    elif one.table == "check_result" and one.field == "outcome":
        run("app.commands.runs:tick", one.run, one.about, CheckOutcome(value.stored))
    elif one.table == "check_result":
        desk.bridge.fetch(_outcome, one.object, then=partial(_tick, desk, one, value))
    else:
        desk.bridge.fetch(_judged, one.object, then=partial(_judge, desk, one, value))


def _outcome(reader: Reader, result: bytes) -> str:
    return str(reader.value("SELECT outcome FROM check_result WHERE id = ?", (result,)) or "pass")


def _tick(desk: Desk, one: Standing, value: Value, outcome: str) -> None:
    command = "app.commands.runs:tick"
    desk.bridge.run(command, one.run, one.about, CheckOutcome(outcome), value=value.stored)


def _judged(reader: Reader, result: bytes) -> bool | None:
    holds = reader.value("SELECT holds FROM criterion_result WHERE id = ?", (result,))
    return None if holds is None else bool(holds)


def _judge(desk: Desk, one: Standing, value: Value, holds: bool | None) -> None:  # noqa: FBT001 - bound by partial
    command = "app.commands.gates:judge_criterion"
    if one.field == "holds":
        desk.bridge.run(command, one.run, one.about, holds=value.stored)
    else:
        desk.bridge.run(command, one.run, one.about, holds=holds, value=value.stored)
