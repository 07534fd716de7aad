"""Undo, redo and revert: the inverse of an action, restoring a field only while the undone op still stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.codec import trusted
from app.domain.entity import Value
from app.domain.registry import SPECS, EntitySpec
from app.storage.engine import Reader
from app.storage.heads import current_ops, heads_of, standing_base
from app.storage.log import Commit, decode_body
from app.storage.ops import LIFE, Certify, Create, Delete, Op, Put, State, op_id, op_parts
from app.storage.stacks import DO
from app.storage.transaction import Transaction

RegisterKey = tuple[bytes, int, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that was left alone because somebody changed it since; `field` is None for a whole object."""

    table: str
    object: bytes
    field: str | None


@dataclass(slots=True)
class _Register:
    """What an action did to one register: what stood before, and its own last op there."""

    first: Put | Delete
    last: bytes
    last_op: Put | Delete


@dataclass(slots=True)
class _Effect:
    created: list[tuple[bytes, Create]] = field(default_factory=list)
    registers: dict[RegisterKey, _Register] = field(default_factory=dict)
    log_of: dict[bytes, bytes] = field(default_factory=dict)
    stated: bool = False
    device: bytes = b""
    person: bytes | None = None
    held: set[bytes] | None = None


# -- what it did ---------------------------------------------------------------------------------------------------


def commits_of(reader: Reader, action: bytes) -> list[Commit]:
    """The commits of an action, oldest first."""
    rows = reader.rows("SELECT body FROM entry WHERE action = ? AND accepted = 1 ORDER BY rev", (action,))
    return [decode_body(body) for (body,) in rows]


def _named_ops(commit: Commit) -> Iterator[tuple[bytes, Op]]:
    for index, op in enumerate(commit.ops):
        if op is not None:
            yield op_id(commit.device, commit.dev_seq, index), op


def _key(op: Put | Delete) -> RegisterKey:
    return (op.object, op.field, op.language or "") if isinstance(op, Put) else (op.object, LIFE, "")


def _effect(reader: Reader, action: bytes) -> _Effect:
    effect = _Effect()
    for commit in commits_of(reader, action):
        effect.device, effect.person = commit.device, commit.person
        for name, op in _named_ops(commit):
            match op:
                case Create():
                    effect.created.append((name, op))
                    effect.log_of[op.object] = commit.log
                case Put() | Delete():
                    effect.log_of[op.object] = commit.log
                    known = effect.registers.get(_key(op))
                    effect.registers[_key(op)] = _Register(known.first if known else op, name, op)
                case State() | Certify():
                    effect.stated = True
    return effect


def has_statement(reader: Reader, action: bytes) -> bool:
    """Statements are withdrawn, never undone."""
    return _effect(reader, action).stated


# -- taking it back ------------------------------------------------------------------------------------------------


def take_back(tx: Transaction, action: bytes) -> list[Kept]:
    """Notes the inverse of an action; returns what was left because others changed it since."""
    effect = _effect(tx.writer, action)
    origins = _Origins(tx.writer)
    kept: list[Kept] = []
    gone: set[bytes] = set()
    for _, create in reversed(effect.created):
        if left := _unmake(tx, effect, create):
            kept += left
        else:
            gone.add(create.object)
    for key, register in reversed(effect.registers.items()):
        if key[0] not in gone:
            kept += _restore(tx, effect, origins, key, register)
    if tx.empty and effect.log_of:
        # all of it was changed since: noted all the same, so that the next undo goes further back
        tx.record(next(iter(effect.log_of.values())))
    return kept


def _restore(
    tx: Transaction, effect: _Effect, origins: "_Origins", key: RegisterKey, register: _Register
) -> list[Kept]:
    thing, number, language = key
    op, log = register.last_op, effect.log_of[thing]
    tx.flush()
    standing = [head.op for head in heads_of(tx.writer, thing, number, language or None)]
    ours = tuple(head for head in standing if register.last in origins.of(log, head))
    spec = SPECS[op.entity]
    if not ours or (number != LIFE and _is_gone(tx, effect, spec, thing)):
        name = spec.by_number[number].name if number in spec.by_number else None
        return [Kept(spec.table, thing, name)]
    if number == LIFE:
        if isinstance(op, Delete):
            tx.put(log, Put(op.entity, thing, LIFE, None, value=True, base=ours))
        else:
            tx.put(log, Delete(op.entity, thing, (*current_ops(tx.writer, thing), *standing)))
        return []
    first = register.first
    base = standing_base(tx.writer, log, first) if isinstance(first, Put) else set(first.base)
    before = _values_of(tx.writer, thing, number, language, sorted(base))
    known = spec.by_number[number]
    empty = None if known.mark.per_language or known.mark.erasable else known.default
    for value in before or [empty]:
        tx.put(log, Put(op.entity, thing, number, language or None, value, ours))
    return []


def _is_gone(tx: Transaction, effect: _Effect, spec: EntitySpec, thing: bytes) -> bool:
    """Whether the object was deleted since: to write a field of it would bring it back, which nobody asked for."""
    alive = tx.writer.value(f'SELECT alive FROM "{spec.table}" WHERE id = ?', (thing,))
    return not alive and (thing, LIFE, "") not in effect.registers


def _values_of(
    reader: Reader, thing: bytes, number: int, language: str, base: Sequence[bytes]
) -> list[Value]:
    values: list[Value] = []
    for op in base:
        stored = reader.value(
            "SELECT value FROM head WHERE object = ? AND field = ? AND language = ? AND op = ?",
            (thing, number, language, op),
        )
        if stored is not None:
            values.append(trusted(stored))
    return values


def _unmake(tx: Transaction, effect: _Effect, create: Create) -> list[Kept]:
    """Deletes what the action made; what is held, or lives on through what others put into it, is told."""
    spec = SPECS[create.entity]
    if effect.held is None:
        effect.held = _held(tx, effect)
    if create.object not in effect.held:
        tx.flush()
        ops = current_ops(tx.writer, create.object)
        life = {head.op for head in heads_of(tx.writer, create.object, LIFE, None)}
        tx.put(effect.log_of[create.object], Delete(create.entity, create.object, tuple(ops | life)))
        tx.flush()
        if not tx.writer.value(f'SELECT alive FROM "{spec.table}" WHERE id = ?', (create.object,)):
            return []
    return [Kept(spec.table, create.object, None)]


def _held(tx: Transaction, effect: _Effect) -> set[bytes]:
    """What the action made and undo leaves: signed or written on by somebody else since, and what belongs to that."""
    tx.flush()
    held: set[bytes] = set()
    for _, create in effect.created:
        thing, spec = create.object, SPECS[create.entity]
        above = spec.fields[spec.parent].mark.number if spec.parent else None
        if (
            any(number == above and value in held for number, _language, value in create.values)
            or tx.writer.row("SELECT 1 FROM statement WHERE subject = ?", (thing,)) is not None
            or _others_wrote(tx, effect, effect.log_of[thing], current_ops(tx.writer, thing))
        ):
            held.add(thing)
    return held


def _others_wrote(tx: Transaction, effect: _Effect, log: bytes, ops: set[bytes]) -> bool:
    """Whether an op comes from another device, or from another person at this one."""
    persons = {effect.person, tx.author.person}
    for op in ops:
        device, dev_seq, _index = op_parts(op)
        if device not in (effect.device, tx.author.device.id):
            return True
        row = tx.writer.row(
            "SELECT person FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", (log, device, dev_seq)
        )
        if row is not None and row[0] not in persons:
            return True
    return False


class _Origins:
    """Which op a head stands for: an undo's op stands for what it brought back."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._commits: dict[bytes, Commit | None] = {}
        self._effects: dict[bytes, _Effect] = {}

    def of(self, log: bytes, op: bytes) -> set[bytes]:
        """The op itself, and the ops whose values it restored."""
        found = {op}
        commit = self._commit(log, op)
        index = op_parts(op)[2]
        if commit is None or index >= len(commit.ops) or not commit.args:
            return found
        mine = commit.ops[index]
        target = commit.args[0]
        row = self.reader.row("SELECT kind FROM action WHERE id = ?", (commit.action,))
        if row is None or row[0] == DO or not isinstance(target, bytes) or not isinstance(mine, Put | Delete):
            return found
        register = self._effect(target).registers.get(_key(mine))
        for base in register.first.base if register else ():
            found |= self.of(log, base)
        return found

    def _commit(self, log: bytes, op: bytes) -> Commit | None:
        place = log + op[:20]
        if place not in self._commits:
            device, dev_seq, _ = op_parts(op)
            body = self.reader.value(
                "SELECT body FROM entry WHERE log = ? AND device = ? AND dev_seq = ?", (log, device, dev_seq)
            )
            self._commits[place] = decode_body(body) if body is not None else None
        return self._commits[place]

    def _effect(self, action: bytes) -> _Effect:
        if action not in self._effects:
            self._effects[action] = _effect(self.reader, action)
        return self._effects[action]
