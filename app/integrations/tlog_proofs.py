"""A statement with everything that proves it in one file (c2sp.org/tlog-proof), for verifiers that know nothing of us.

`extra` is msgpack [1, leaf, commit, signature, support, contents, texts]. `support` holds, each with its own place in a tree,
the commits it rests on: what founded the logs and handed their order over, introduced the devices, certified the keys, gave
the role and made the owners. `contents`: what was signed, where it stands unchanged; `texts`: [salt, value] of what was said.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from app import platform
from app.codec import CONTENT, pack, sha256, trusted
from app.domain.person import Person
from app.domain.project import Gate
from app.domain.registry import SPECS
from app.domain.run import Step
from app.errors import Refused, StorageError
from app.i18n import _
from app.process.digests import gate_bytes, step_bytes
from app.queries.content import gate_content, mandatory_tasks, step_content
from app.storage.engine import Reader
from app.storage.log import decode_body
from app.storage.ops import Certify, State, op_parts
from app.storage.proofs import inclusion, nodes_of
from app.storage.statements import AUTHORITY, Kind, Statement, decode_certificate, decode_statement
from app.storage.tlog import inclusion_text, leaf_at, leaf_bytes, tree_at
from resources.verifier import VERIFIER

SUFFIX = ".tlog-proof"


class Written(NamedTuple):
    """What was written: the proofs, what verifies them, and how many statements nobody has given a place yet."""

    files: tuple[Path, ...]
    verifier: Path
    unplaced: int


def write_proofs(reader: Reader, project: bytes, folder: Path) -> Written:
    """Writes one proof for each statement of a project's log, and the program that verifies them. Raises StorageError."""
    files, unplaced = [], 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, kind, meaning) in enumerate(
            reader.rows(
                "SELECT s.hash, s.kind, s.meaning FROM statement s WHERE s.log = ? ORDER BY s.rev", (project,)
            ),
            1,
        ):
            word = meaning or Kind(kind).name.lower().replace("_", "-")
            file = folder / f"{number:03}-{word}-{name.hex()[:8]}{SUFFIX}"
            try:
                platform.write_shared(file, proof_of(reader, name).encode())
            except NotPlaced:
                unplaced += 1
                continue
            files.append(file)
        verifier = folder / VERIFIER.name
        platform.write_shared(verifier, VERIFIER.read_bytes())
    except OSError as error:
        told = _("{file} cannot be written ({reason}). Nothing was changed. Choose another place.")
        raise StorageError(told.format(file=folder, reason=error.strerror or type(error).__name__)) from error
    return Written(tuple(files), verifier, unplaced)


class NotPlaced(Refused):
    """Something in it has no place in the official order, so that nothing is proven by that."""


def proof_of(reader: Reader, name: bytes) -> str:
    """The proof of a statement by its id, as text. Raises NotPlaced."""
    body, rev = reader.row("SELECT body, rev FROM statement WHERE hash = ?", (name,)) or (b"", 0)
    statement = decode_statement(body)
    support = _Support(reader)
    main = support.commit_at(rev)
    support.rest_on(main)
    support.role_of(statement)
    support.commits.pop(main)
    log, epoch, number = _place(reader, main)
    tree = tree_at(reader, log, epoch)
    leaf = leaf_at(reader, tree, number) if tree is not None else None
    if tree is None or leaf is None:
        raise NotPlaced(_("This has no place in the official order yet."))
    commit, signature = _stored(reader, main)
    extra = [1, leaf_bytes(leaf), commit, signature, [_entry(reader, one) for one in support.commits]]
    texts = [list(one) for one in _texts(reader, statement)]
    return inclusion_text(reader, tree, number, pack([*extra, _contents(reader, statement), texts]))


def _stored(reader: Reader, commit: bytes) -> tuple[bytes, bytes]:
    body, signature = reader.row("SELECT body, signature FROM entry WHERE hash = ?", (commit,)) or (b"", b"")
    return body, signature


def _place(reader: Reader, commit: bytes) -> tuple[bytes, int, int]:
    row = reader.row("SELECT log, epoch, number FROM standing_leaf WHERE hash = ? AND accepted", (commit,))
    if row is None:
        raise NotPlaced(_("This has no place in the official order yet."))
    return row[0], row[1], row[2]


def _entry(reader: Reader, commit: bytes) -> list[Any]:
    """A commit with its place, as support."""
    log, epoch, number = _place(reader, commit)
    tree = tree_at(reader, log, epoch)
    leaf = leaf_at(reader, tree, number) if tree is not None else None
    if tree is None or leaf is None:
        raise NotPlaced(_("This has no place in the official order yet."))
    path = inclusion(nodes_of(reader, log, epoch), number, tree.size)
    return [leaf_bytes(leaf), *_stored(reader, commit), number, path, tree.note]


# -- what it rests on ----------------------------------------------------------------------------------------------


class _Support:
    """The commits that a proof needs, found from one to the next."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.commits: dict[bytes, None] = {}
        self._keys: set[bytes] = set()
        self._owners: set[bytes] = set()
        workspace = reader.value("SELECT value FROM meta WHERE key = 'workspace'")
        self.rest_on(self.founding(workspace))

    def commit_at(self, rev: int) -> bytes:
        return bytes(self.reader.value("SELECT hash FROM entry WHERE rev = ?", (rev,)))

    def founding(self, log: bytes) -> bytes:
        return bytes(self.reader.value("SELECT hash FROM entry WHERE log = ? ORDER BY rev LIMIT 1", (log,)))

    def rest_on(self, commit: bytes) -> None:
        """The commit, and whatever shows that it is what it claims to be."""
        if commit in self.commits:
            return
        self.commits[commit] = None
        found = decode_body(_stored(self.reader, commit)[0])
        self.rest_on(self.founding(found.log))
        for (rev,) in self.reader.rows(
            "SELECT rev FROM statement WHERE log = ? AND kind = ? AND counts = 1", (found.log, Kind.SEQUENCER)
        ):
            self.rest_on(self.commit_at(rev))
        self.made(found.device)
        for op in found.ops:
            if isinstance(op, State):
                self.stated(decode_statement(op.body))
            elif isinstance(op, Certify):
                self.issued(decode_certificate(op.body).issuer)

    def made(self, thing: bytes) -> None:
        """The commit that introduced a device or a person; a device's is its own."""
        rows = self.reader.rows("SELECT op FROM creation WHERE object = ? ORDER BY rev", (thing,))
        for (op,) in sorted(rows, key=lambda row: row[0][:16] != thing)[:1]:
            device, dev_seq, _index = op_parts(op)
            commit = self.reader.value(
                "SELECT hash FROM entry WHERE log = (SELECT value FROM meta WHERE key = 'workspace') AND device = ? "
                "AND dev_seq = ?",
                (device, dev_seq),
            )
            if commit is not None:
                self.rest_on(bytes(commit))

    def stated(self, statement: Statement) -> None:
        self.certified(statement.key)
        self.made(statement.person)
        if statement.kind in AUTHORITY:
            self.made_owner(statement.person)

    def certified(self, key: bytes) -> None:
        if key in self._keys:
            return
        self._keys.add(key)
        for (rev,) in self.reader.rows("SELECT rev FROM certificate WHERE key = ? AND level >= 0", (key,)):
            self.rest_on(self.commit_at(rev))

    def issued(self, key: bytes) -> None:
        """A certificate's issuer: its own certificates, and that its person is an owner."""
        self.certified(key)
        person = self.reader.value("SELECT person FROM certificate WHERE key = ?", (key,))
        if person is not None:
            self.made_owner(bytes(person))

    def made_owner(self, person: bytes) -> None:
        if person in self._owners:
            return
        self._owners.add(person)
        for (rev,) in self.reader.rows(
            "SELECT rev FROM statement WHERE kind = ? AND subject = ? AND meaning = 'owner' AND counts = 1",
            (Kind.ACCESS, person),
        ):
            self.rest_on(self.commit_at(rev))

    def role_of(self, statement: Statement) -> None:
        for (rev,) in self.reader.rows(
            "SELECT rev FROM statement WHERE kind = ? AND subject = ? AND role = ? AND counts = 1",
            (Kind.ROLE, statement.person, statement.role),
        ):
            self.rest_on(self.commit_at(rev))


# -- what was signed and said --------------------------------------------------------------------------------------


def _contents(reader: Reader, statement: Statement) -> list[bytes]:
    """What was signed, where it is what it was then; a gate's is followed by those of its steps."""

    def seen(one: Any) -> bool:
        return statement.covers(statement.log, one.op)

    run, language = statement.run or b"", statement.language
    if statement.subject_entity == Gate.NUMBER:
        found = [gate_bytes(gate_content(reader, run, statement.subject, language, seen))]
        tasks = mandatory_tasks(reader, statement.subject)
        found += [step_bytes(step_content(reader, run, task, language, seen)) for task in tasks]
    elif statement.subject_entity == Step.NUMBER:
        task = reader.value("SELECT task FROM step WHERE id = ?", (statement.subject,)) or b""
        found = [step_bytes(step_content(reader, run, task, language, seen))]
    else:
        return []
    return found if sha256(CONTENT + found[0]) == statement.digest else []


def _texts(reader: Reader, statement: Statement) -> Iterator[tuple[bytes, bytes]]:
    """What was said, and the name of who said it, as far as they are not erased."""
    name = reader.value("SELECT name_hash FROM person WHERE id = ?", (statement.person,))
    first = _first_name(reader, statement.person)
    for one in dict.fromkeys((statement.reason, first if first == name else None)):
        row = reader.row("SELECT salt, value FROM detached WHERE hash = ?", (one,)) if one else None
        if row is not None:
            yield row[0], row[1]


def _first_name(reader: Reader, person: bytes) -> bytes | None:
    """The name a person was added with: a later one stands in a commit that the proof does not hold."""
    number = SPECS[Person.NUMBER].field("name").mark.number
    for (initial,) in reader.rows("SELECT initial FROM creation WHERE object = ?", (person,)):
        for field, _language, value in trusted(initial):
            if field == number and isinstance(value, bytes):
                return value
    return None
