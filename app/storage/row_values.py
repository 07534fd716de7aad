"""Where ops come from, and what a new row of theirs holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.codec import trusted
from app.domain.entity import Value
from app.domain.registry import SPECS, EntitySpec, FieldSpec
from app.storage.changes import Change
from app.storage.engine import Writer
from app.storage.erased import MARK, is_erased
from app.storage.ops import Create

_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ASKED = 256  # objects in one question


@dataclass(slots=True)
class Context:
    """Where ops come from: their commit's place in the log, and the plain values of erasable fields by salted hash."""

    log: bytes
    rev: int
    device: bytes
    dev_seq: int
    hlc: int
    plain: Mapping[bytes, Value]
    fresh: bool = False  # every created id was drawn here and now: no twin can exist
    changes: list[Change] = field(default_factory=list)


def known_among(writer: Writer, things: Sequence[bytes]) -> set[bytes]:
    """Those created already, or written before their creation came."""
    found: set[bytes] = set()
    for start in range(0, len(things), _ASKED):
        part = things[start : start + _ASKED]
        if len(things) > 1:
            part = [*part, *[b""] * (_ASKED - len(part))]  # one question, whatever the number
        rows = writer.rows(_known_sql(len(part)), (*part, *part))
        found.update(thing for (thing,) in rows)
    return found


@lru_cache(maxsize=2)
def _known_sql(count: int) -> str:
    marks = ", ".join("?" * count)
    return (
        f"SELECT object FROM creation WHERE object IN ({marks}) UNION ALL "
        f"SELECT object FROM head WHERE object IN ({marks})"
    )


@lru_cache(maxsize=64)
def insert_sql(number: int) -> str:
    spec = SPECS[number]
    names = ["id", "log", "alive", *_columns(number)]
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{spec.table}" ({columns}) VALUES ({", ".join("?" * len(names))})'


@lru_cache(maxsize=64)
def _columns(number: int) -> tuple[str, ...]:
    spec = SPECS[number]
    erasable = [f"{name}_hash" for name, one in spec.fields.items() if one.mark.erasable]
    return (*spec.fields, *erasable)


@lru_cache(maxsize=64)
def _layout(number: int) -> tuple[tuple[Any, ...], Mapping[int, tuple[int, int, FieldSpec]]]:
    """A new row's values before anything is said, and by field where its value stands, and its salted hash."""
    columns, spec = _columns(number), SPECS[number]
    before = {name: "{}" if one.mark.per_language else one.default for name, one in spec.fields.items()}
    places = {
        one.mark.number: (
            columns.index(name),
            columns.index(f"{name}_hash") if one.mark.erasable else -1,
            one,
        )
        for name, one in spec.fields.items()
    }
    return tuple(before.get(name) for name in columns), places


def new_row(writer: Writer, context: Context, spec: EntitySpec, op: Create) -> tuple[Any, ...]:
    before, places = _layout(spec.number)
    values = list(before)
    texts: dict[int, dict[str, Any]] = {}
    for number, language, value in op.values:
        place = places.get(number)
        if place is None:
            continue
        at, hash_at, known = place
        if known.mark.per_language:
            texts.setdefault(at, {})[language or "en"] = value
        elif known.mark.erasable:
            values[at] = plain_now(writer, context, value, known)
            values[hash_at] = value if isinstance(value, bytes) else None
        else:
            values[at] = value
    for at, by_language in texts.items():
        values[at] = _AS_JSON(by_language)
    return (op.object, context.log, True, *values)


def _plain(context: Context, value: Value | list[bytes], known: FieldSpec) -> Any:
    """An erasable field's value; its default once it is erased, or before it came."""
    if not isinstance(value, bytes):
        return value if value is not None else known.default
    return context.plain.get(value, known.default)


def hash_or_none(value: Value | list[bytes]) -> bytes | None:
    return value if isinstance(value, bytes) else None


def plain_now(writer: Writer, context: Context, value: Value | list[bytes], known: FieldSpec) -> Any:
    if isinstance(value, bytes) and value not in context.plain:
        stored = writer.row("SELECT value FROM detached WHERE hash = ?", (value,))
        if stored is None:
            return MARK if is_erased(writer, value) else known.default
        return trusted(stored[0])
    return _plain(context, value, known)
