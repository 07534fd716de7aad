"""The audit log to look through: every action of a log with what it is about, kept once read, and asked for by filter.

A commit's bytes say most of it; so that a hundred thousand entries answer at once they are read once and only what is new
is read again.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.codec import trusted
from app.queries.about import Owners
from app.queries.acts import did_word, kind_of, what_words
from app.queries.checklist import task_numbers
from app.queries.devices import device_labels
from app.queries.log import named
from app.queries.people import names
from app.storage.engine import Reader
from app.storage.ops import CREATE, PUT, STATE
from app.storage.plain import plain_text

_APART_MS = 60_000  # closer than that is the same time
_QUARTER_MS = 900_000
_RETURNS = (1, 2, 3)  # kinds of action: undo, redo, revert
_ATTEMPT, _EVIDENCE = 12, 15
_INSTANTS = {_ATTEMPT: (4, 5), _EVIDENCE: (8,)}  # fields that say when something happened
_TEXTS = {_ATTEMPT: (7,), _EVIDENCE: (4, 3)}  # fields that say why, or what was brought
_SHORT = 40  # ops: an action of more says nothing in one line


class Filter(NamedTuple):
    """Which entries are wanted; what is empty asks for all. `day` is (from, to) in UTC ms."""

    text: str = ""
    person: bytes | None = None
    kind: str = ""
    run: bytes | None = None
    task: bytes | None = None
    day: tuple[int, int] | None = None
    device: bytes | None = None
    unusual: bool = False


class Act(NamedTuple):
    """One action as the commits say it. `unusual` holds words of `UNUSUAL`; `happened_ms` where another time was given."""

    action: bytes
    rev: int
    last_rev: int
    when_ms: int
    arrived_ms: int
    person: bytes | None
    device: bytes
    verb: int
    args: tuple[Any, ...]
    behalf: bytes | None
    reason: bytes | None
    commits: int
    ops: int
    runs: frozenset[bytes]
    tasks: frozenset[bytes]
    happened_ms: int | None
    unusual: tuple[str, ...]


UNUSUAL = ("script", "behalf", "other time", "return", "late", "refused")


class AuditLine(NamedTuple):
    """One line to show. `seq` is the official number, None while it waits for it; `tail` what was said or brought."""

    act: Act
    seq: int | None
    hash: bytes
    who: str
    behalf: str
    device: str
    did: str
    what: str
    tail: str
    undoable: bool


class Facets(NamedTuple):
    """What there is to choose among, most frequent first: (id, name, how many entries)."""

    people: tuple[tuple[bytes, str, int], ...]
    devices: tuple[tuple[bytes, str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    moments: tuple[
        int, ...
    ]  # quarters of an hour in which something was done, newest first: days are made of them
    unusual: int


class AuditPage(NamedTuple):
    lines: tuple[AuditLine, ...]
    found: int
    total: int
    facets: Facets


@dataclass(slots=True)
class LogIndex:
    """What was read of one log, oldest first; belongs to one thread."""

    log: bytes | None
    upto: int = 0
    judged: int = 0  # how many entries were refused when it was read
    acts: list[Act] = field(default_factory=list)
    facets: Facets | None = None
    said: dict[bytes, str] = field(default_factory=dict)  # what each line says, for words that are looked for
    said_at: tuple[str, int] = ("", 0)
    _places: dict[bytes, int] = field(default_factory=dict)

    def catch_up(self, reader: Reader) -> None:
        refused = int(reader.value("SELECT count(*) FROM entry WHERE accepted = 0"))
        if refused != self.judged:
            self.acts.clear()
            self._places.clear()
            self.upto, self.judged = 0, refused
        owners = Owners(reader)
        for row in reader.rows(
            "SELECT e.rev, e.action, e.device, e.person, e.wall, e.received, e.accepted, e.verb, e.body, a.kind "
            "FROM entry e LEFT JOIN action a ON a.id = e.action WHERE e.rev > ? AND (? IS NULL OR e.log = ?) "
            "ORDER BY e.rev",
            (self.upto, self.log, self.log),
        ):
            self._take(_act(owners, row))
            self.facets = None
        self.upto = reader.rev

    def _take(self, act: Act) -> None:
        place = self._places.get(act.action)
        if place is None:
            self._places[act.action] = len(self.acts)
            self.acts.append(act)
            return
        before = self.acts[place]
        self.acts[place] = before._replace(
            last_rev=act.rev,
            commits=before.commits + 1,
            ops=before.ops + act.ops,
            runs=before.runs | act.runs,
            tasks=before.tasks | act.tasks,
            unusual=tuple(one for one in UNUSUAL if one in (*before.unusual, *act.unusual)),
        )


def _act(owners: Owners, row: tuple[Any, ...]) -> Act:
    rev, action, device, person, wall, received, accepted, verb, body, kind = row
    commit = trusted(body)
    args, reason, behalf, ops = commit[15], commit[16], commit[17], commit[18]
    runs, tasks = owners.of(ops, args)
    happened = None if kind in _RETURNS else _happened(ops, wall)
    said = {
        "script": _by_script(ops),
        "behalf": behalf is not None,
        "other time": happened is not None,
        "return": kind in _RETURNS,
        "late": received - wall > _APART_MS,
        "refused": not accepted,
    }
    return Act(
        *(action, rev, rev, wall, max(wall, received), person, device, verb, tuple(args), behalf, reason),
        *(1, len(ops), runs, tasks, happened, tuple(one for one in UNUSUAL if said[one])),
    )


def _values(ops: list[Any], wanted: dict[int, tuple[int, ...]]) -> Iterator[tuple[int, Any]]:
    """(field, value) of the fields wanted of each entity."""
    for op in ops:
        if op[0] == PUT and op[3] in wanted.get(op[1], ()):
            yield op[3], op[5]
        elif op[0] == CREATE and op[1] in wanted:
            yield from ((number, value) for number, _lang, value in op[3] if number in wanted[op[1]])


def _happened(ops: list[Any], wall: int) -> int | None:
    moments = (value for _field, value in _values(ops, _INSTANTS) if isinstance(value, int))
    return next((one for one in moments if abs(one - wall) > _APART_MS), None)


def _by_script(ops: list[Any]) -> bool:
    return any(op[0] == STATE and trusted(op[1])[18] == "script" for op in ops)


# -- asking --------------------------------------------------------------------------------------------------------


def audit(
    reader: Reader, index: LogIndex, wanted: Filter, language: str, limit: int, offset: int = 0
) -> AuditPage:
    """The newest entries that are wanted, `limit` of them after the first `offset`, with how many there are of all."""
    index.catch_up(reader)
    words = _Words(reader, index.log, language)
    found = [act for act in reversed(index.acts) if _is_wanted(act, wanted)]
    if asked := wanted.text.casefold().split():
        found = _saying(reader, index, words, found, asked)
    lines = tuple(words.line(act) for act in found[offset : offset + limit])
    if index.facets is None:
        index.facets = _facets(index.acts, words)
    return AuditPage(lines, len(found), len(index.acts), index.facets)


def _saying(reader: Reader, index: LogIndex, words: "_Words", acts: list[Act], asked: list[str]) -> list[Act]:
    """Those in whose line all the words stand; what a line says is kept until something changes."""
    if index.said_at != (words.language, reader.rev):
        index.said.clear()
        index.said_at = (words.language, reader.rev)
    found = []
    for act in acts:
        said = index.said.get(act.action)
        if said is None:
            said = index.said[act.action] = words.said(act)
        if all(one in said for one in asked):
            found.append(act)
    return found


def place_of(reader: Reader, index: LogIndex, wanted: Filter, language: str, action: bytes) -> int:
    """How many wanted entries are newer than this one."""
    page = audit(reader, index, wanted, language, 1 << 40)
    return next((n for n, line in enumerate(page.lines) if line.act.action == action), 0)


def _is_wanted(act: Act, wanted: Filter) -> bool:
    return (
        (wanted.person is None or wanted.person in (act.person, act.behalf))
        and (not wanted.kind or kind_of(act.verb) == wanted.kind)
        and (wanted.run is None or wanted.run in act.runs)
        and (wanted.task is None or wanted.task in act.tasks)
        and (wanted.day is None or wanted.day[0] <= act.when_ms < wanted.day[1])
        and (wanted.device is None or act.device == wanted.device)
        and (not wanted.unusual or bool(act.unusual))
    )


def _facets(acts: list[Act], words: "_Words") -> Facets:
    people = Counter(act.person for act in acts)
    devices = Counter(act.device for act in acts)
    kinds = Counter(kind_of(act.verb) for act in acts)
    return Facets(
        tuple((one, words.person(one), count) for one, count in people.most_common() if one is not None),
        tuple((one, words.device(one), count) for one, count in devices.most_common()),
        tuple(kinds.most_common()),
        tuple(sorted({act.when_ms // _QUARTER_MS * _QUARTER_MS for act in acts}, reverse=True)),
        sum(bool(act.unusual) for act in acts),
    )


class _Words:
    """What ids are called, each asked for once."""

    def __init__(self, reader: Reader, log: bytes | None, language: str) -> None:
        self._reader, self.language = reader, language
        self._people = names(reader)
        self._devices: dict[bytes, str] = device_labels(reader)
        self._numbers = task_numbers(reader, log) if log is not None else {}
        self._known: dict[bytes, str] = {}
        self._did: dict[int, str] = {}

    def person(self, one: bytes | None) -> str:
        return self._people.get(one, "") if one is not None else ""

    def device(self, one: bytes) -> str:
        return self._devices.get(one) or one.hex()[-6:]

    def named(self, arg: object) -> str:
        if not isinstance(arg, bytes):
            return str(arg)
        if arg not in self._known:
            number = self._numbers.get(arg, "")
            self._known[arg] = f"{number} {named(self._reader, arg, self.language)}".strip()
        return self._known[arg]

    def what(self, act: Act) -> str:
        """With the task's number, also where a check or a signature is named."""
        said = what_words(act.verb, act.args, self.named, self.language)
        if len(act.tasks) == 1 and not act.tasks.intersection(act.args):
            return f"{self._numbers.get(next(iter(act.tasks)), '')} {said}".strip()
        return said

    def said(self, act: Act) -> str:
        """All of a line in small letters."""
        parts = [self.person(act.person), self.person(act.behalf), self.device(act.device)]
        parts += [self.did(act.verb), self.what(act), str(act.rev)]
        if act.reason is not None:
            parts.append(plain_text(self._reader, act.reason))
        return " ".join(parts).casefold()

    def did(self, verb: int) -> str:
        if verb not in self._did:
            self._did[verb] = did_word(verb)
        return self._did[verb]

    def line(self, act: Act) -> AuditLine:
        name, body = self._reader.row("SELECT hash, body FROM entry WHERE rev = ?", (act.rev,)) or (b"", b"")
        kind = self._reader.value("SELECT kind FROM action WHERE id = ?", (act.action,))
        return AuditLine(
            act,
            self._reader.value("SELECT number FROM standing_leaf WHERE hash = ?", (name,)),
            name,
            self.person(act.person) or self.device(act.device),
            self.person(act.behalf),
            self.device(act.device),
            self.did(act.verb),
            self.what(act),
            self._tail(act, body),
            undoable=kind in (0, 3) and "refused" not in act.unusual,
        )

    def _tail(self, act: Act, body: bytes) -> str:
        """What was said or brought: the name of a file, the words of a note, the reason."""
        if act.ops <= _SHORT:
            for _number, value in sorted(_values(trusted(body)[18], _TEXTS), key=_first_name):
                if isinstance(value, bytes) and (text := plain_text(self._reader, value)):
                    return text
        return plain_text(self._reader, act.reason)


def _first_name(found: tuple[int, Any]) -> int:
    return -found[0]
