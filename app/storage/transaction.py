"""What a command writes through: it notes ops, reads its own writes, and ends as one or more signed commits."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.clock import Clock, clamp_hlc, next_hlc
from app.codec import SALT_BYTES, pack, salted_hash, trusted
from app.domain.entity import Entity, Value
from app.domain.registry import BY_MODEL, EntitySpec, FieldSpec
from app.errors import NotFound
from app.i18n import _
from app.storage.authority import judge_placed
from app.storage.changes import Change
from app.storage.engine import Row, Writer
from app.storage.entities import entity_of
from app.storage.epochs import authority_seen, server_of
from app.storage.erasable import hashes_in
from app.storage.heads import current_ops, heads_of
from app.storage.keys import Device
from app.storage.log import (
    FULL_AT_BYTES,
    Commit,
    chain_end,
    commit_hash,
    detached_root,
    encode_body,
    frontier,
    sign_body,
)
from app.storage.ops import Certify, Create, Delete, Found, Op, Put, State, encode, is_language, op_id
from app.storage.ordering import begin_all, order_given
from app.storage.proofs import Leaf, root_of, sequence, tree_of
from app.storage.registers import Head
from app.storage.row_values import Context
from app.storage.rows import project
from app.storage.schema import SCHEMA_REV

AnyEntity = TypeVar("AnyEntity", bound=Entity)
PROJECT_LOG, WORKSPACE_LOG = 2, 1


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: person (None before identity is given), on which device, and how their secret was given."""

    person: bytes | None
    device: Device
    presence: str = "pin"


@dataclass(slots=True)
class _Draft:
    """A commit in the making."""

    log: bytes
    rev: int
    dev_seq: int
    prev: bytes
    hlc: int
    packed: list[bytes] = field(default_factory=list)
    size: int = 0
    hashes: list[bytes] = field(default_factory=list)
    waiting: list[tuple[int, Op]] = field(default_factory=list)


class Transaction:
    """Given to every command. `seen` is the revision the view had painted; `first_rev` the first one of this action."""

    def __init__(
        self, writer: Writer, author: Author, clock: Clock, workspace: bytes, *, seen: int | None = None
    ) -> None:
        self.writer = writer
        self.author = author
        self.clock = clock
        self.workspace = workspace
        self.action = clock.new_id()
        self.seen = seen
        self.now, self.offset = clock.now_ms(), clock.offset_ms()
        self.first_rev = writer.rev + 1
        self.verb = 0
        self.args: list[Any] = []
        self.reason: str = ""
        self.on_behalf_of: bytes | None = None
        self.changes: list[Change] = []
        self._drafts: dict[bytes, _Draft] = {}
        self._done: list[tuple[bytes, bytes]] = []
        self._plain: dict[bytes, Value] = {}
        self._salts: dict[bytes, tuple[bytes, Value]] = {}
        self._fresh: set[bytes] = set()
        self._hlc = int(trusted(writer.value("SELECT value FROM meta WHERE key = 'hlc'") or pack(0)))
        self._next_rev = self.first_rev

    @property
    def logs(self) -> frozenset[bytes]:
        """The logs in which something was noted."""
        return frozenset(self._drafts) | {log for log, _ in self._done}

    # -- reading -------------------------------------------------------------------------------------------------

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        self.flush()
        return self.writer.rows(sql, parameters)

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        self.flush()
        return self.writer.row(sql, parameters)

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        self.flush()
        return self.writer.value(sql, parameters)

    def find(self, model: type[AnyEntity], thing: bytes) -> AnyEntity | None:
        """The live or dead object, or None."""
        self.flush()
        return entity_of(self.writer, model, thing)

    def get(self, model: type[AnyEntity], thing: bytes) -> AnyEntity:
        """The live object; raises NotFound."""
        found = self.find(model, thing)
        if found is None or not found.alive:
            raise NotFound(_("There is no {kind} {id}.").format(kind=model.__name__.lower(), id=thing.hex()))
        return found

    # -- noting ops ----------------------------------------------------------------------------------------------

    def about(self, *args: bytes | int | str) -> None:
        """What the audit sentence names: ids and numbers, never free text."""
        self.args = list(args)

    def create(
        self, model: type[Entity], values: Mapping[str, Any], *, log: bytes, id: bytes | None = None
    ) -> bytes:
        """A new object with its initial values; per-language fields take {language: text}. Returns its id."""
        spec = BY_MODEL[model]
        if id is None:
            id = self.clock.new_id()
            self._fresh.add(id)
        initial = []
        for name, value in values.items():
            known = spec.field(name)
            if known.mark.per_language:
                texts = value if isinstance(value, Mapping) else {"en": value}
                initial += [self._signed(known, text, language) for language, text in texts.items() if text]
            elif value != known.default:
                initial.append(self._signed(known, value, None))
        self._note(log, Create(spec.number, id, tuple(initial)))
        return id

    def _signed(self, known: FieldSpec, value: Any, language: str | None) -> tuple[int, str | None, Value]:
        if language is not None and not is_language(language):
            raise NotFound(_("{language} is no language.").format(language=language))
        good = known.checked(value)
        return known.mark.number, language, self._salted(good) if known.mark.erasable else good

    def _salted(self, value: Value, earlier: Iterable[Value] = ()) -> Value:
        """The salted hash that stands for an erasable value; a value written again keeps its hash."""
        if value in (None, ""):
            return None
        for old in earlier:
            if isinstance(old, bytes) and self._plain_of(old) == value:
                return old
        salt = self.clock.random_bytes(SALT_BYTES)
        name = salted_hash(salt, value)
        self._salts[name] = (salt, value)
        self._plain[name] = value
        return name

    def _plain_of(self, name: bytes) -> Value:
        if name in self._plain:
            return self._plain[name]
        stored = self.writer.row("SELECT value FROM detached WHERE hash = ?", (name,))
        return trusted(stored[0]) if stored else None

    def salted(self, text: str) -> bytes | None:
        """The salted hash of a text that goes into a statement; its plain value is stored beside the log."""
        name = self._salted(unicodedata.normalize("NFC", text))
        return name if isinstance(name, bytes) else None

    def set(
        self, model: type[Entity], thing: bytes, name: str, value: Any, language: str | None = None
    ) -> bool:
        """Replaces what the author saw of a field; False when it already stands there alone."""
        spec = BY_MODEL[model]
        known = spec.field(name)
        if known.mark.per_language:
            language = language or "en"
            if not is_language(language):
                raise NotFound(_("{language} is no language.").format(language=language))
        else:
            language = None
        good = known.checked(value)
        heads = self._heads(thing, known.mark.number, language)
        if known.mark.erasable:
            good = self._salted(good, self._earlier(thing, known, language))
        if self._stands(known, heads, good):
            return False
        base = tuple(head.op for head in heads)
        self._note(
            self._log_of(spec, thing), Put(spec.number, thing, known.mark.number, language, good, base)
        )
        return True

    def _stands(self, known: FieldSpec, heads: Sequence[Head], value: Value) -> bool:
        if not heads:
            default = None if known.mark.per_language or known.mark.erasable else known.default
            return value in (default, None, "") and value == (default if value is None else value)
        return len(heads) == 1 and pack(heads[0].value) == pack(value)

    def _heads(self, thing: bytes, number: int, language: str | None) -> tuple[Head, ...]:
        self.flush()
        return heads_of(self.writer, thing, number, language, self.seen, self.first_rev)

    def _earlier(self, thing: bytes, known: FieldSpec, language: str | None) -> list[Value]:
        self.flush()
        rows = self.writer.rows(
            "SELECT value FROM head WHERE object = ? AND field = ? AND language = ?",
            (thing, known.mark.number, language or ""),
        )
        heads = heads_of(self.writer, thing, known.mark.number, language)
        return [trusted(value) for (value,) in rows] + [
            head.value for head in heads if not isinstance(head.value, list)
        ]

    def delete(self, model: type[Entity], thing: bytes) -> None:
        """Marks an object deleted, naming what the author saw of it: an edit it did not see brings it back."""
        self.flush()
        spec = BY_MODEL[model]
        seen = current_ops(self.writer, thing, self.seen, self.first_rev)
        life = heads_of(self.writer, thing, 0, None, self.seen, self.first_rev)
        base = tuple(seen | {head.op for head in life})
        self._note(self._log_of(spec, thing), Delete(spec.number, thing, base))

    def put(self, log: bytes, op: Put | Delete | Create) -> bytes:
        """An op with a base of its own: undo, redo and revert name the undone op. Returns the op's id."""
        draft, index = self._note(log, op)
        return op_id(self.author.device.id, draft.dev_seq, index)

    def state(self, log: bytes, body: bytes, signature: bytes) -> None:
        """A signed statement."""
        self._note(log, State(body, signature))

    def certify(self, body: bytes, signature: bytes) -> None:
        """A signed key certificate, in the workspace log."""
        self._note(self.workspace, Certify(body, signature))

    def record(self, log: bytes) -> None:
        """A commit without ops: something that happened and changed nothing."""
        if log not in self._drafts:
            self._open(log)

    def found(self, log: bytes, kind: int) -> None:
        """A new log; the server gives it its order where the workspace has one, else this device."""
        server = None if kind == WORKSPACE_LOG else server_of(self.writer, self.workspace)
        self._note(log, Found(kind, server or self.author.device.public, self.workspace))
        self.flush()

    def frontier(self, *logs: bytes) -> tuple[tuple[bytes, bytes, int], ...]:
        """What this device holds of the logs."""
        return frontier(self.writer, logs)

    def _log_of(self, spec: EntitySpec, thing: bytes) -> bytes:
        log = self.writer.value(f'SELECT log FROM "{spec.table}" WHERE id = ?', (thing,))
        if log is None:
            raise NotFound(_("There is no {kind} {id}.").format(kind=spec.table, id=thing.hex()))
        return bytes(log)

    def _note(self, log: bytes, op: Op) -> tuple[_Draft, int]:
        draft = self._drafts.get(log)
        data = pack(encode(op, self.author.device.id))
        if draft is not None and (draft.size + len(data) > FULL_AT_BYTES or len(draft.packed) > 60_000):
            self._seal(draft)
            draft = None
        if draft is None:
            draft = self._open(log)
        draft.waiting.append((len(draft.packed), op))
        draft.packed.append(data)
        draft.size += len(data)
        draft.hashes += hashes_in(op)
        return draft, len(draft.packed) - 1

    def _open(self, log: bytes) -> _Draft:
        dev_seq, prev = chain_end(self.writer, log, self.author.device.id)
        self._hlc = next_hlc(self._hlc, self.now)
        draft = _Draft(log, self._next_rev, dev_seq + 1, prev, self._hlc)
        self._next_rev += 1
        self._drafts[log] = draft
        return draft

    def op_id(self, log: bytes) -> bytes:
        """The id the next op of a log will have."""
        draft = self._drafts.get(log) or self._open(log)
        return op_id(self.author.device.id, draft.dev_seq, len(draft.packed))

    def flush(self) -> None:
        """Projects what was noted so far, so that the command reads it."""
        for draft in self._drafts.values():
            self._project(draft)

    def _project(self, draft: _Draft) -> None:
        if not draft.waiting:
            return
        waiting, draft.waiting = draft.waiting, []
        fresh = all(op.object in self._fresh for _, op in waiting if isinstance(op, Create))
        context = Context(
            *(draft.log, draft.rev, self.author.device.id, draft.dev_seq, clamp_hlc(draft.hlc, self.now)),
            plain=self._plain,
            fresh=fresh,
        )
        project(self.writer, context, waiting)
        self.changes += context.changes

    # -- ending --------------------------------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """Nothing was noted: no commit, no line in the log."""
        return not self._drafts and not self._done

    def seal(self, kind: int = 0, target: bytes | None = None) -> None:
        """Signs and stores the commits; the action becomes one line of the audit log."""
        for draft in list(self._drafts.values()):
            self._seal(draft)
        if not self._done:
            return
        self.writer.execute(
            "INSERT INTO action (id, rev, person, device, verb, kind, target) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.action, self.first_rev, self.author.person, self.author.device.id, self.verb, kind, target),
        )
        self._sequence()
        self.writer.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('hlc', ?)", (pack(self._hlc),))

    def _seal(self, draft: _Draft) -> None:
        self._project(draft)
        reason = self.salted(self.reason) if self.reason else None
        self._store_detached()
        body = encode_body(self._commit(draft, reason), draft.packed)
        name = commit_hash(body)
        self.writer.execute(
            "INSERT INTO entry (rev, hash, log, device, dev_seq, action, person, hlc, wall, verb, received, accepted, "
            "body, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
            (
                draft.rev,
                name,
                draft.log,
                self.author.device.id,
                draft.dev_seq,
                self.action,
                self.author.person,
            )
            + (draft.hlc, self.now - self.offset, self.verb, self.now, body)
            + (sign_body(self.author.device.private, body),),
        )
        self._done.append((draft.log, name))
        del self._drafts[draft.log]

    def _commit(self, draft: _Draft, reason: bytes | None) -> Commit:
        hashes = draft.hashes + ([reason] if reason else [])
        epoch, number, root = self._tree(draft.log)
        return Commit(
            log=draft.log,
            device=self.author.device.id,
            dev_seq=draft.dev_seq,
            prev=draft.prev,
            person=self.author.person,
            action=self.action,
            hlc=draft.hlc,
            wall=self.now - self.offset,
            offset=self.offset,
            schema_rev=SCHEMA_REV,
            acl_seq=authority_seen(self.writer, self.workspace),
            seen_seq=(epoch, number),
            seen_root=root,
            verb=self.verb,
            args=tuple(self.args),
            reason=reason,
            on_behalf_of=self.on_behalf_of,
            ops=(),
            detached_root=detached_root(hashes),
        )

    def _tree(self, log: bytes) -> tuple[int, int, bytes]:
        """Epoch, size and root of the log's tree as verified here; zeros when it has none yet."""
        epoch = self.writer.value("SELECT epoch FROM log WHERE id = ?", (log,)) or 0
        size, subtrees = tree_of(self.writer, log, epoch)
        return (epoch, size, root_of(subtrees)) if size else (0, 0, root_of([]))

    def _store_detached(self) -> None:
        self.writer.many(
            "INSERT OR IGNORE INTO detached (hash, salt, value) VALUES (?, ?, ?)",
            [(name, salt, pack(value)) for name, (salt, value) in self._salts.items()],
        )
        self._salts.clear()

    def _sequence(self) -> None:
        """Where this device is the sequencer, order and receipt come with the commit itself."""
        device = self.author.device
        by_log: dict[bytes, list[Leaf]] = {}
        for log, name in self._done:
            by_log.setdefault(log, []).append(Leaf(name, self.now, accepted=True))
        for log, leaves in by_log.items():
            epoch = order_given(self.writer, device, log)
            if epoch is not None:
                sequence(self.writer, device.private, log, epoch, leaves)
                if any(change.table == "statement" for change in self.changes):
                    judge_placed(self.writer, log, {leaf.hash for leaf in leaves})
        begin_all(self.writer, device, self.now)


Command = Callable[..., Any]
