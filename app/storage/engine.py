"""One SQLite engine a process: a write connection under SQLAlchemy, read connections that hand out tuples."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

from app import platform
from app.errors import NewerVersion, StorageError
from app.i18n import _
from app.storage import dbapi, schema

if TYPE_CHECKING:
    from sqlalchemy import Engine

Row = tuple[Any, ...]
_BUSY_MS = 10_000
ANEW = (
    ".anew"  # added to a file's name: the replica of what holds, where the file was found not to (`anew.py`)
)


class Reader:
    """Reads tuples; inside `Workspace.read` all of them come from one snapshot."""

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.raw.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        found = self.raw.execute(sql, parameters).fetchone()
        return tuple(found) if found is not None else None

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        found = self.row(sql, parameters)
        return found[0] if found else None

    @property
    def rev(self) -> int:
        """The newest revision in this snapshot."""
        return int(self.value("SELECT coalesce(max(rev), 0) FROM entry"))


class Writer(Reader):
    """The one write transaction: tuples in and out."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self.raw.execute(sql, parameters)

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        if parameters:
            self.raw.executemany(sql, parameters)


class Database:
    """A workspace file. `vfs` and `exclusive` serve fault tests: WAL without shared memory on a simulated disk."""

    def __init__(
        self,
        path: Path | str,
        *,
        vfs: str | None = None,
        pragmas: Sequence[str] = (),
        exclusive: bool = False,
    ) -> None:
        self.path = str(path)
        self._vfs = vfs
        self._exclusive = exclusive
        self._pragmas = (
            f"busy_timeout={_BUSY_MS}",
            *(("locking_mode=exclusive",) if exclusive else ()),
            "journal_mode=wal",
            "synchronous=full",
            "foreign_keys=off",
            "trusted_schema=off",
            *pragmas,
        )
        self._writer: Any = None
        self._engine: Engine | None = None
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._lock = threading.Lock()
        # one thread at a time: the exchange with a server writes beside people
        self._writing = threading.RLock()

    # -- opening -------------------------------------------------------------------------------------------------

    def _connect(self) -> dbapi.Connection:
        connection = dbapi.connect(self.path, vfs=self._vfs)
        try:
            for pragma in self._pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except dbapi.Error:
            connection.close()  # a file that is no database must not stay open
            raise
        return connection

    def open(self) -> None:
        """Creates or checks the file; raises NewerVersion or StorageError and leaves the file as it was."""
        with storage_errors(_("opening the workspace")):
            if self._vfs is None and not Path(self.path).exists():
                platform.create_private(Path(self.path))
            reader = self.reader()
            major, minor = divmod(int(reader.value("PRAGMA user_version")), 1000)
            if major > schema.MAJOR:
                raise NewerVersion(
                    _(
                        "This workspace was written by a newer Launchbook (format {theirs}, this one reads {ours}). "
                        "Nothing was changed. Install the newer version to open it."
                    ).format(theirs=major, ours=schema.MAJOR)
                )
            if (major, minor) < (schema.MAJOR, schema.MINOR):
                self._create(major * 1000 + minor)
            elif int(reader.value("SELECT value FROM meta WHERE key = 'schema_rev'")) != schema.SCHEMA_REV:
                self._make_rows_anew()

    def _create(self, version: int) -> None:
        with self.transaction() as writer:
            if version == 0:
                if writer.value("SELECT count(*) FROM sqlite_master"):
                    raise StorageError(
                        _("{path} is a database, but no Launchbook workspace.").format(path=self.path)
                    )
                for step in schema.STEPS:
                    writer.execute(step)
                create_entity_tables(writer)
                writer.execute("INSERT INTO meta (key, value) VALUES ('schema_rev', ?)", (schema.SCHEMA_REV,))
            writer.execute(f"PRAGMA user_version = {schema.MAJOR * 1000 + schema.MINOR}")

    def _make_rows_anew(self) -> None:
        """The file's rows were made by a version with other fields: the log is replayed into this one's tables."""
        from app.domain.registry import SPECS
        from app.storage.upgrading import make_anew

        with self.transaction() as writer:
            made_by = int(writer.value("SELECT value FROM meta WHERE key = 'schema_rev'"))
            for spec in SPECS.values():
                writer.execute(f'DROP TABLE IF EXISTS "{spec.table}"')
            create_entity_tables(writer)
            make_anew(writer, made_by)
            writer.execute("UPDATE meta SET value = ? WHERE key = 'schema_rev'", (schema.SCHEMA_REV,))

    # -- reading -------------------------------------------------------------------------------------------------

    def reader(self) -> Reader:
        """This thread's reader. In exclusive mode there is one connection for everything."""
        if self._exclusive:
            return Reader(self._raw_writer())
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            raw = self._connect().raw
            raw.execute("PRAGMA query_only=on")
            with self._lock:
                self._readers.append(raw)
            reader = self._local.reader = Reader(raw)
        return reader

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """A reader whose reads all see one state."""
        reader = self.reader()
        if reader.raw.in_transaction:
            yield reader
            return
        with storage_errors(_("reading the workspace")):
            reader.raw.execute("BEGIN")
            try:
                yield reader
            finally:
                # by then SQLite may have ended it itself, after an error
                with contextlib.suppress(apsw.SQLError):
                    reader.raw.execute("ROLLBACK")

    # -- writing -------------------------------------------------------------------------------------------------

    def _raw_writer(self) -> apsw.Connection:
        if self._engine is None:
            self._open_engine()
        raw: apsw.Connection = self._writer.connection.driver_connection.raw
        return raw

    def _open_engine(self) -> None:
        # sqlalchemy and sqlmodel come with the first write: 0.6 s that no first screen waits for
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import StaticPool

        self._engine = create_engine(
            "sqlite://", module=sys.modules[dbapi.__name__], creator=self._connect, poolclass=StaticPool
        )
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self._writer = self._engine.connect()

    @contextmanager
    def transaction(self) -> Iterator[Writer]:
        """The write lock from the first statement on; commits at the end, or rolls all of it back."""
        with self._writing, storage_errors(_("writing to the workspace")):
            raw = self._raw_writer()
            transaction = self._writer.begin()
            try:
                yield Writer(raw)
                transaction.commit()
            except BaseException:
                self._roll_back(transaction)
                raise

    def _roll_back(self, transaction: Any) -> None:
        try:
            transaction.rollback()  # after a failed COMMIT too: SQLAlchemy begins no other one before
            self._writer.connection.driver_connection.rollback()  # where SQLite kept it open
        except Exception:  # noqa: BLE001 - the disk is gone; SQLite rolls back when the file is opened again
            self.close()

    def scrub(self) -> None:
        """Writes the file anew, so that nothing of what was erased is left between its pages or in its log.

        A reader that is under way keeps the log from being cut; then the next one, or closing the file, does it.
        """
        with self._writing, storage_errors(_("writing to the workspace")):
            raw = self._raw_writer()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Closes every connection; the database can be opened again."""
        with self._lock:
            for raw in self._readers:
                raw.close()
            self._readers.clear()
        self._local = threading.local()
        if self._engine is not None:
            try:
                self._writer.close()
                self._engine.dispose()
            except Exception as error:  # noqa: BLE001 - closing on a dead disk reports what is known already
                del error
            self._engine = self._writer = None


def create_entity_tables(writer: Writer) -> None:
    """Creates what is missing of the projection's tables."""
    for sql in _entity_tables():
        writer.execute(sql)


@cache
def _entity_tables() -> tuple[str, ...]:
    """SQL of the projection's tables and indexes; working it out takes longer than making them."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

    from app.domain.registry import ENTITIES

    tables = [model.__table__ for model in ENTITIES]  # type: ignore[attr-defined]  # SQLModel adds it
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda one: one.name)]
    steps: list[ExecutableDDLElement] = [
        *(CreateTable(table, if_not_exists=True) for table in tables),
        *(CreateIndex(index, if_not_exists=True) for index in indexes),
    ]
    return tuple(str(step.compile(dialect=dialect())) for step in steps)


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """SQLite's errors as sentences: what happened, what was kept, what to do."""
    try:
        yield
    except (apsw.Error, dbapi.Error) as error:
        raise _sentence(error, doing) from error
    except Exception as error:
        # sqlalchemy.exc.DBAPIError, without importing sqlalchemy where nothing was written
        cause = getattr(error, "orig", None)
        if isinstance(cause, dbapi.Error):
            raise _sentence(cause, doing) from error
        raise


def _sentence(error: BaseException, doing: str) -> StorageError:
    cause = error.__cause__ if isinstance(error.__cause__, apsw.Error) else error
    if isinstance(cause, apsw.FullError):
        text = _("The disk is full while {doing}. Nothing was changed. Free some space and do it again.")
    elif isinstance(cause, apsw.BusyError | apsw.LockedError):
        text = _(
            "Another program holds the workspace while {doing}. Nothing was changed. Try again in a moment."
        )
    elif isinstance(cause, apsw.CorruptError | apsw.NotADBError):
        text = _(
            "The workspace file is damaged ({detail}). Nothing was changed. Use restore to go back to a backup."
        )
    elif isinstance(cause, apsw.CantOpenError | apsw.ReadOnlyError | apsw.PermissionsError):
        text = _("The workspace file cannot be opened for {doing}. Check the folder and its rights.")
    else:
        text = _("{doing} failed: {detail}. Nothing was changed. Check the disk and do it again.")
    return StorageError(text.format(doing=doing, detail=str(cause) or type(cause).__name__))
