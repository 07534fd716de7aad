"""A DBAPI module (PEP 249) on apsw: SQLAlchemy and SQLModel write through the one SQLite library of the process.

The stdlib's sqlite3 is a second copy of SQLite: it can neither open a VFS registered in apsw nor be watched by an apsw
session, so fault tests and the completeness oracle would not run on the path the product writes through.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import apsw

apilevel = "2.0"
threadsafety = 1
paramstyle = "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
Binary = bytes


class Error(Exception): ...


class InterfaceError(Error): ...


class DatabaseError(Error): ...


class DataError(DatabaseError): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class InternalError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


class NotSupportedError(DatabaseError): ...


# SQLAlchemy finds its own error class by these names; what is not listed is an OperationalError (busy, full, I/O ...).
_KINDS: tuple[tuple[type[Exception], type[Error]], ...] = (
    (apsw.ConstraintError, IntegrityError),
    (apsw.CorruptError, DatabaseError),
    (apsw.NotADBError, DatabaseError),
    (apsw.BindingsError, ProgrammingError),
    (apsw.MisuseError, ProgrammingError),
)


@contextmanager
def dbapi_errors() -> Iterator[None]:
    """Apsw's errors as the classes PEP 249 names."""
    try:
        yield
    except apsw.Error as error:
        kind = next((ours for theirs, ours in _KINDS if isinstance(error, theirs)), OperationalError)
        raise kind(str(error) or type(error).__name__) from error
    except TypeError as error:  # a value SQLite has no type for
        raise ProgrammingError(str(error)) from error


class Cursor:
    """Rows are fetched whole when executed: a statement left open would hold a read lock."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._cursor = connection.raw.cursor()
        self._cursor.exec_trace = self._describe

    def _describe(self, cursor: apsw.Cursor, _sql: str, _bindings: object) -> bool:
        """Runs before the first row: apsw forgets the columns of a statement that returned no row."""
        self.description = tuple((column[0], *(None,) * 6) for column in cursor.get_description()) or None
        return True

    def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        self.description = None
        before = self.connection.raw.total_changes()
        with dbapi_errors():
            self._rows = iter(self._cursor.execute(sql, parameters).fetchall())
        return self._finished(before)

    def executemany(self, sql: str, parameters: Sequence[Any]) -> "Cursor":
        self.description = None
        before = self.connection.raw.total_changes()
        with dbapi_errors():
            self._rows = iter(self._cursor.executemany(sql, parameters).fetchall())
        return self._finished(before)

    def _finished(self, changes_before: int) -> "Cursor":
        self.rowcount = -1 if self.description else self.connection.raw.total_changes() - changes_before
        self.lastrowid = self.connection.raw.last_insert_rowid()
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def close(self) -> None:
        self._cursor.close(True)


class Connection:
    """Begins no transaction by itself: the engine's begin event does, and takes the write lock at once."""

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        return self.cursor().execute(sql, parameters)

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:  # SQLite has already rolled back by itself after some errors
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close()

    def create_function(
        self, name: str, narg: int, function: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        self.raw.create_scalar_function(name, function, narg, deterministic=deterministic)


def connect(path: str, *, flags: int = 0, vfs: str | None = None) -> Connection:
    with dbapi_errors():
        raw = apsw.Connection(path, flags=flags or _READ_WRITE, vfs=vfs)
        keep_plans(raw)
        return Connection(raw)


def keep_plans(raw: apsw.Connection) -> None:
    """A statement is planned once: by itself SQLite plans it anew for each value that is bound, which took most time."""
    raw.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


_READ_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
READ_ONLY = apsw.SQLITE_OPEN_READONLY
