"""The one function that turns ops into registers and rows, whether they come from here, undo, an import or elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.codec import REGISTER, pack, sha256
from app.domain.entity import Value
from app.domain.registry import SPECS, EntitySpec
from app.storage.authority import take_certificate, take_statement
from app.storage.changes import Change
from app.storage.engine import Writer
from app.storage.epochs import begin_epoch
from app.storage.heads import current_ops, heads_of, initial_heads, register_hash, standing_base
from app.storage.newer import newer_in
from app.storage.ops import LIFE, Certify, Create, Delete, Found, Op, Put, State, op_id
from app.storage.redaction import carry_out
from app.storage.registers import Head, disagree, is_alive, merge, winner
from app.storage.row_values import Context, hash_or_none, insert_sql, known_among, new_row, plain_now
from app.storage.statements import AUTHORITY, Kind, decode_statement

_MODULUS = 1 << 256
_MAY_ERASE = AUTHORITY | {Kind.REDACTION, Kind.ACCEPTANCE}  # by which a redaction may come to count


def project(writer: Writer, context: Context, ops: Iterable[tuple[int, Op | None]]) -> None:
    """Applies ops (index in their commit, op) to registers and rows. Of what later versions wrote only the place is noted."""
    batch: list[tuple[bytes, Create]] = []
    delta = 0
    for index, op in ops:
        name = op_id(context.device, context.dev_seq, index)
        thing = newer_in(op)
        if thing is not None:
            _note_newer(writer, context, thing)
        if isinstance(op, Create):
            if op.entity in SPECS:
                batch.append((name, op))
            continue
        delta += _create_all(writer, context, batch)
        batch = []
        match op:
            case Put():
                delta += _put(writer, context, name, op)
            case Delete():
                delta += _delete(writer, context, name, op)
            case State() | Certify():
                delta += _state(writer, context, name, op)
            case Found():
                _found(writer, context.log, op)
    delta += _create_all(writer, context, batch)
    if delta:
        _add_to_digest(writer, context.log, delta)


def _note_newer(writer: Writer, context: Context, thing: bytes) -> None:
    """A version that knows more makes the rows anew from the log."""
    thing = thing or context.log
    writer.execute(
        "INSERT OR IGNORE INTO newer (object, log, rev) VALUES (?, ?, ?)", (thing, context.log, context.rev)
    )
    context.changes.append(Change("newer", thing, None, None))


def _found(writer: Writer, log: bytes, op: Found) -> None:
    writer.execute(
        "INSERT OR IGNORE INTO log (id, kind, sequencer, digest) VALUES (?, ?, ?, ?)",
        (log, op.kind, op.sequencer, bytes(32)),
    )
    begin_epoch(writer, log, 1, op.sequencer)


# -- creation ------------------------------------------------------------------------------------------------------


def _create_all(writer: Writer, context: Context, batch: Sequence[tuple[bytes, Create]]) -> int:
    delta = 0
    new: dict[int, list[tuple[Any, ...]]] = {}
    creations: list[tuple[Any, ...]] = []
    seen: set[bytes] = set()
    known = set() if context.fresh else known_among(writer, [op.object for _name, op in batch])
    for name, op in batch:
        if op.object in seen or op.object in known:
            _insert_rows(writer, new, creations)
            new, creations = {}, []
            delta += _create_again(writer, context, name, op)
            continue
        seen.add(op.object)
        creations.append((op.object, name, op.entity, context.rev, context.hlc, pack(op.values)))
        new.setdefault(op.entity, []).append(new_row(writer, context, SPECS[op.entity], op))
        delta += _creation_hash(op.object, [name])
        context.changes.append(Change(SPECS[op.entity].table, op.object, None, None))
    _insert_rows(writer, new, creations)
    for parent in {parent for _, op in batch if (parent := _parent_of(op))}:
        _recompute_parent(writer, context, parent)
    return delta


def _insert_rows(
    writer: Writer, new: Mapping[int, list[tuple[Any, ...]]], creations: list[tuple[Any, ...]]
) -> None:
    writer.many(
        "INSERT INTO creation (object, op, entity, rev, hlc, initial) VALUES (?, ?, ?, ?, ?, ?)", creations
    )
    for number, rows in new.items():
        writer.many(insert_sql(number), rows)


def _exists(writer: Writer, thing: bytes) -> bool:
    return writer.row("SELECT 1 FROM creation WHERE object = ? LIMIT 1", (thing,)) is not None


def _create_again(writer: Writer, context: Context, name: bytes, op: Create) -> int:
    """An object others know already: two devices made it apart, or what was written on it came before its creation.

    Fields that were written by somebody who had not seen this creation become conflicts.
    """
    before = [row[0] for row in writer.rows("SELECT op FROM creation WHERE object = ?", (op.object,))]
    if name in before:
        return 0
    spec = SPECS[op.entity]
    if not before:
        writer.many(insert_sql(op.entity), [new_row(writer, context, spec, op)])
        context.changes.append(Change(spec.table, op.object, None, None))
    writer.execute(
        "INSERT INTO creation (object, op, entity, rev, hlc, initial) VALUES (?, ?, ?, ?, ?, ?)",
        (op.object, name, op.entity, context.rev, context.hlc, pack(op.values)),
    )
    delta = _creation_hash(op.object, [*before, name]) - _creation_hash(op.object, before)
    for number, language, value in op.values:
        if number in spec.by_number:
            put = Put(op.entity, op.object, number, language, value, ())
            if _is_written(writer, put):
                delta += _put(writer, context, name, put)
            else:
                _show(writer, context, spec, put, heads_of(writer, op.object, number, language))
    if not before:
        _show_all(writer, context, spec, op.object)
    _recompute_life(writer, context, spec, op.object)
    return delta


def _show_all(writer: Writer, context: Context, spec: EntitySpec, thing: bytes) -> None:
    """Brings what was written before the creation came into the new row."""
    for number, language in writer.rows(
        "SELECT DISTINCT field, language FROM head WHERE object = ? AND field <> 0", (thing,)
    ):
        if number in spec.by_number:
            put = Put(spec.number, thing, number, language or None, None, ())
            _show(writer, context, spec, put, heads_of(writer, thing, number, language or None))


def _is_written(writer: Writer, put: Put) -> bool:
    return bool(
        writer.row(
            "SELECT 1 FROM head WHERE object = ? AND field = ? AND language = ? LIMIT 1",
            (put.object, put.field, put.language or ""),
        )
    )


# -- registers -----------------------------------------------------------------------------------------------------


def _put(writer: Writer, context: Context, name: bytes, op: Put) -> int:
    spec = SPECS.get(op.entity)
    if spec is None or (op.field != LIFE and op.field not in spec.by_number):
        return 0
    value: Value | list[bytes] = op.value
    return _write_head(writer, context, spec, op, Head(name, value, context.hlc))


def _write_head(writer: Writer, context: Context, spec: EntitySpec, op: Put, new: Head) -> int:
    key = (op.object, op.field, op.language or "")
    written = _is_written(writer, op)
    before = heads_of(writer, op.object, op.field, op.language)
    if any(head.op == new.op for head in before) and written:
        return 0
    if not written:
        writer.many(
            "INSERT INTO head (object, field, language, op, value, hlc, came) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (*key, i[0], pack(i[1]), i[2], i[3])
                for i in initial_heads(writer, op.object, op.field, op.language)
            ],
        )
    after = merge(before, new, standing_base(writer, context.log, op))
    gone = [head.op for head in before if head not in after]
    writer.many(
        "UPDATE head SET gone = ? WHERE object = ? AND field = ? AND language = ? AND op = ?",
        [(context.rev, *key, old) for old in gone],
    )
    writer.execute(
        "INSERT OR IGNORE INTO head (object, field, language, op, value, hlc, came) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, new.op, pack(new.value), new.hlc, context.rev),
    )
    if op.field != LIFE:
        _show(writer, context, spec, op, after)
    _recompute_life(writer, context, spec, op.object)
    return register_hash(*key, after) - (register_hash(*key, before) if written else 0)


def _show(writer: Writer, context: Context, spec: EntitySpec, op: Put, heads: Sequence[Head]) -> None:
    """Writes the visible value of a register into its row, and notes whether its heads disagree."""
    known = spec.by_number[op.field]
    shown = winner(heads, least=known.mark.least)
    if shown is None or not _exists(writer, op.object):
        return
    table, column = spec.table, known.name
    above = _parent_now(writer, spec, op.object) if known.mark.parent else None
    if known.mark.per_language:
        path = f'$."{op.language or "en"}"'
        writer.execute(
            f'UPDATE "{table}" SET "{column}" = json_set("{column}", ?, ?) WHERE id = ?',
            (path, shown.value, op.object),
        )
    elif known.mark.erasable:
        writer.execute(
            f'UPDATE "{table}" SET "{column}" = ?, "{column}_hash" = ? WHERE id = ?',
            (plain_now(writer, context, shown.value, known), hash_or_none(shown.value), op.object),
        )
    else:
        writer.execute(
            f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?',
            (shown.value, op.object),
        )
    key = (op.object, op.field, op.language or "")
    if disagree(heads):
        writer.execute(
            "INSERT OR IGNORE INTO conflict (object, field, language, entity, log) VALUES (?, ?, ?, ?, ?)",
            (*key, spec.number, context.log),
        )
    else:
        writer.execute("DELETE FROM conflict WHERE object = ? AND field = ? AND language = ?", key)
    context.changes.append(Change(table, op.object, column, op.language))
    if known.mark.parent and above != shown.value:
        _recompute_parent(writer, context, above)
        _recompute_parent(writer, context, shown.value)


def _parent_now(writer: Writer, spec: EntitySpec, thing: bytes) -> Any:
    return writer.value(f'SELECT "{spec.parent}" FROM "{spec.table}" WHERE id = ?', (thing,))


def show_conflicts_again(writer: Writer, log: bytes) -> None:
    """Writes the visible values of a log's conflicts anew, after the clocks of their heads were settled."""
    context = Context(log, 0, b"", 0, 0, {})
    for thing, number, language, entity in writer.rows(
        "SELECT object, field, language, entity FROM conflict WHERE log = ?", (log,)
    ):
        put = Put(entity, thing, number, language or None, None, ())
        _show(writer, context, SPECS[entity], put, heads_of(writer, thing, number, language or None))


# -- life and death ------------------------------------------------------------------------------------------------


def _delete(writer: Writer, context: Context, name: bytes, op: Delete) -> int:
    spec = SPECS.get(op.entity)
    if spec is None:
        return 0
    put = Put(op.entity, op.object, LIFE, None, None, op.base)
    return _write_head(writer, context, spec, put, Head(name, sorted(op.base), context.hlc))


def _recompute_life(writer: Writer, context: Context, spec: EntitySpec, thing: bytes) -> None:
    if not writer.row("SELECT 1 FROM head WHERE object = ? AND field = 0 LIMIT 1", (thing,)):
        return  # never deleted: the common case, answered by the index alone
    life = heads_of(writer, thing, LIFE, None)
    alive = is_alive(life, current_ops(writer, thing)) or _has_live_child(writer, thing)
    row = writer.row(f'SELECT alive FROM "{spec.table}" WHERE id = ?', (thing,))
    if row is None or bool(row[0]) == alive:
        return
    writer.execute(f'UPDATE "{spec.table}" SET alive = ? WHERE id = ?', (alive, thing))
    context.changes.append(Change(spec.table, thing, "alive", None))
    if spec.holds is not None:
        _recompute_parent(writer, context, _parent_now(writer, spec, thing))


def _has_live_child(writer: Writer, thing: bytes) -> bool:
    return any(
        writer.row(
            f'SELECT 1 FROM "{spec.table}" WHERE "{spec.holds}" = ? AND alive LIMIT 1',
            (thing,),
        )
        for spec in SPECS.values()
        if spec.holds is not None
    )


def _parent_of(op: Create) -> bytes | None:
    """A child made by somebody who had not seen its parent's deletion brings the parent back."""
    spec = SPECS[op.entity]
    number = spec.fields[spec.holds].mark.number if spec.holds else -1
    return next(
        (v for field_number, _, v in op.values if field_number == number and isinstance(v, bytes)), None
    )


def _recompute_parent(writer: Writer, context: Context, parent: Any) -> None:
    if not isinstance(parent, bytes):
        return
    entity = writer.value("SELECT entity FROM creation WHERE object = ? LIMIT 1", (parent,))
    if entity in SPECS:
        _recompute_life(writer, context, SPECS[entity], parent)


# -- statements and digest -----------------------------------------------------------------------------------------


def _state(writer: Writer, context: Context, name: bytes, op: State | Certify) -> int:
    """A statement or key certificate, kept once; returns its summand of the digest, 0 when it stands already."""
    if isinstance(op, Certify):
        subject = take_certificate(writer, context.rev, name, op)
    else:
        subject = take_statement(writer, context.log, context.rev, name, op)
    if subject is None:
        return 0
    context.changes.append(Change("statement", subject, None, None))
    if isinstance(op, Certify) or decode_statement(op.body).kind in _MAY_ERASE:
        context.changes += carry_out(writer)
    return int.from_bytes(sha256(REGISTER + pack([op.body, op.signature])), "big")


def _creation_hash(thing: bytes, ops: Sequence[bytes]) -> int:
    return int.from_bytes(sha256(REGISTER + pack([thing, sorted(ops)])), "big") if ops else 0


def _add_to_digest(writer: Writer, log: bytes, delta: int) -> None:
    old = int.from_bytes(writer.value("SELECT digest FROM log WHERE id = ?", (log,)), "big")
    writer.execute(
        "UPDATE log SET digest = ? WHERE id = ?", (((old + delta) % _MODULUS).to_bytes(32, "big"), log)
    )
