"""The connection to PostgreSQL: opened without its driver being required elsewhere, its errors as sentences."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from app.errors import Refused, StorageError
from app.i18n import _

T = TypeVar("T")

_TURN_MS = 60_000  # the longest that a process may rest within a transaction
_PAUSES_S = (0.0, 0.02, 0.1, 0.5)  # before each try
# serialization failure, deadlock, outcome unknown, server going down, a turn that took too long; whatever begins with 08 is a lost connection
_PASSING = ("40001", "40P01", "40003", "57P01", "57P02", "57P03", "25P03")
MADE_ALREADY = ("23505", "42P07", "42710")  # another process made the table, or its type, at the same moment


def open_engine(url: str, *, pool: int = 10) -> Engine:
    """An engine on `postgresql://...`; connects to nothing yet. Raises Refused for what is no such address."""
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.get_backend_name() != "postgresql":
        raise Refused(
            _("This is no address of a PostgreSQL database. Write it as postgresql://USER@HOST/DATABASE.")
        )
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=pool,
            max_overflow=2 * pool,
            # a process that stalls in its turn ends with it, and holds nobody up for longer
            connect_args={
                "connect_timeout": 10,
                "options": f"-c idle_in_transaction_session_timeout={_TURN_MS}",
            },
            use_native_hstore=False,  # it asks PostgreSQL's own catalogue
        )
    except ModuleNotFoundError as error:
        raise Refused(
            _(
                "PostgreSQL cannot be used: its driver psycopg is not installed. Nothing was changed. Install it with "
                "pip install 'launchbook[postgresql]'."
            )
        ) from error


def is_passing(error: DBAPIError, also: Collection[str] = ()) -> bool:
    """Whether the same may succeed a moment later; with no SQLSTATE the database did not even answer."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError)
    return state in _PASSING or state in also or state.startswith("08")


def repeated(engine: Engine, work: Callable[[Connection], T], also: Collection[str] = ()) -> T:
    """Runs work in a transaction, again after what passes; so work must tell by itself that it was done before."""
    for pause_s in _PAUSES_S:
        time.sleep(pause_s)
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not is_passing(error, also):
                raise sentence(error) from error
            last = error
    raise sentence(last) from last


@contextmanager
def sentences() -> Iterator[None]:
    """The database's errors as sentences."""
    try:
        yield
    except DBAPIError as error:
        raise sentence(error) from error


def sentence(error: DBAPIError) -> StorageError:
    detail = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
    return StorageError(
        _(
            "The database did not answer as it should: {detail}. Whatever was acknowledged is kept. Check that it runs, "
            "and send the rest again."
        ).format(detail=detail)
    )
