"""The workspace as it stood after an earlier entry: the commits up to it, projected into a database in memory.

Every query runs unchanged on it, so the past is judged by the same rules as the present. What came to be known later about
those commits (their official order, that one of them was refused) is taken as known; what was erased since stays erased.
"""

from collections.abc import Callable, Iterable
from typing import Any

import apsw

from app.clock import clamp_hlc
from app.storage.dbapi import keep_plans
from app.storage.engine import Reader, Writer
from app.storage.log import decode_body
from app.storage.row_values import Context
from app.storage.rows import project

_COPIED = 400  # entries read from the file at one go
_NEAR = (
    24  # so many earlier entries are one step back; further back the marks stand twice as far apart each time
)
Told = Callable[[int, int], object]  # so many entries of so many; raises to give up


class Past:
    """One thread's view of what was. Going forward adds entries; going back returns to a mark and goes on from there."""

    def __init__(self) -> None:
        self._raw: apsw.Connection | None = None
        self._marks: list[int] = []
        self._ground: tuple[Any, ...] = ()

    def go(self, source: Reader, rev: int, told: Told = lambda _done, _total: None) -> Reader:
        """A reader in which the entry `rev` is the newest; `source` reads the workspace itself."""
        try:
            raw = self._return(source, rev) or self._begin(source)
            writer = Writer(raw)
            _copy_texts(source, writer)
            self._forward(source, writer, rev, told)
            self._ground = _ground(source, rev)
        except BaseException:
            self.close()  # half a step is no moment
            raise
        return Reader(raw)

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()
        self._raw, self._marks, self._ground = None, [], ()

    def _begin(self, source: Reader) -> apsw.Connection:
        """The tables of the file, empty, within one transaction that is never ended."""
        self.close()
        self._raw = raw = apsw.Connection(":memory:")
        keep_plans(raw)
        raw.execute("PRAGMA trusted_schema=off")
        for (sql,) in source.rows(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'index'"
        ):
            raw.execute(sql)
        raw.execute("BEGIN")
        writer = Writer(raw)
        writer.many("INSERT INTO meta (key, value) VALUES (?, ?)", source.rows("SELECT key, value FROM meta"))
        self._mark(writer, 0)
        return raw

    def _mark(self, writer: Writer, rev: int) -> None:
        writer.execute(f"SAVEPOINT at_{rev}")
        self._marks.append(rev)

    def _return(self, source: Reader, rev: int) -> apsw.Connection | None:
        """To the last mark that is not after `rev`; None where everything has to be made anew."""
        raw = self._raw
        if raw is None or not self._still_holds(source):
            return None
        if Reader(raw).rev > rev:
            while self._marks[-1] > rev:
                raw.execute(f"ROLLBACK TO at_{self._marks[-1]}")
                raw.execute(f"RELEASE at_{self._marks.pop()}")
            raw.execute(f"ROLLBACK TO at_{self._marks[-1]}")
        return raw

    def _still_holds(self, source: Reader) -> bool:
        """Nothing that was copied is judged otherwise now, and nothing was erased."""
        assert self._raw is not None
        mine = Reader(self._raw)
        return _ground(source, self._ground[0]) == self._ground and _texts(mine) <= _texts(source)

    def _forward(self, source: Reader, writer: Writer, rev: int, told: Told) -> None:
        begun = here = writer.rev
        marks = _marks_before(rev)
        while here < rev:
            upto = min((*(mark for mark in marks if mark > here), here + _COPIED))
            _copy_beside(source, writer, here, upto)
            for row in source.rows(
                "SELECT * FROM entry WHERE rev > ? AND rev <= ? ORDER BY rev", (here, upto)
            ):
                _take(writer, row)
                told(row[0] - begun, rev - begun)
            here = upto
            if here in marks:
                self._mark(writer, here)


def _marks_before(rev: int) -> set[int]:
    near = {rev - back for back in range(_NEAR)}
    return near | {rev - _NEAR * 2**power for power in range(1, 40)}


def _take(writer: Writer, row: tuple[Any, ...]) -> None:
    """One entry as it lies in the file, and its ops where it was accepted."""
    writer.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(row))})", row)
    rev, _name, log, device, dev_seq, _action, _person, hlc, _wall, _verb, received, accepted, body, *_ = row
    if accepted:
        context = Context(log, rev, device, dev_seq, clamp_hlc(hlc, received), plain={})
        ops = decode_body(body).ops
        project(writer, context, enumerate(ops))


def _copy_beside(source: Reader, writer: Writer, after: int, upto: int) -> None:
    """What belongs to entries and is no op: receipts, and which of them are one action."""
    _copy(
        writer,
        "leaf",
        source.rows(
            "SELECT l.* FROM entry e JOIN leaf l ON l.hash = e.hash WHERE e.rev > ? AND e.rev <= ?",
            (after, upto),
        ),
    )
    _copy(writer, "action", source.rows("SELECT * FROM action WHERE rev > ? AND rev <= ?", (after, upto)))


def _copy(writer: Writer, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        writer.many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _texts(reader: Reader) -> set[bytes]:
    return {name for (name,) in reader.rows("SELECT hash FROM detached")}


def _copy_texts(source: Reader, writer: Writer) -> None:
    writer.many("INSERT OR IGNORE INTO erased (hash) VALUES (?)", source.rows("SELECT hash FROM erased"))
    missing: Iterable[bytes] = _texts(source) - _texts(writer)
    for name in missing:
        row = source.row("SELECT * FROM detached WHERE hash = ?", (name,))
        _copy(writer, "detached", [row] if row is not None else [])


def _ground(source: Reader, upto: int) -> tuple[Any, ...]:
    """What the copied entries rest on besides their bytes."""
    return (
        upto,
        *source.rows(
            "SELECT count(*), sum(e.accepted), sum(e.received), count(l.hash) FROM entry e "
            "LEFT JOIN leaf l ON l.hash = e.hash WHERE e.rev <= ?",
            (upto,),
        ),
    )
