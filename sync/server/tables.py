"""The ledger's tables: each one's key is led by its log, so that a distributed database keeps a log in one place.

Its workspace comes second: another workspace may hold the same log, and neither can take a place in the other's. Only plain types, and no number that a database would count up: what CockroachDB, Citus and YugabyteDB have as well.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Executable,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import CreateIndex, CreateTable

metadata = MetaData()


def _log() -> "tuple[Column[bytes], Column[bytes]]":
    return (
        Column("log_id", LargeBinary, primary_key=True),
        Column("workspace_id", LargeBinary, primary_key=True),
    )


# One row a log: `length` counts its commits and leaves, `mark` is a hash over its chain ends and checkpoints.
head = Table(
    "head",
    metadata,
    *_log(),
    Column("length", BigInteger, nullable=False),
    Column("mark", LargeBinary, nullable=False),
)
head_workspace = Index("head_workspace", head.c.workspace_id)

# The last commit of each device in a log.
chain = Table(
    "chain",
    metadata,
    *_log(),
    Column("device_id", LargeBinary, primary_key=True),
    Column("dev_seq", BigInteger, nullable=False),
)

# `at` grows with the log: causes stand before what rests on them.
commit = Table(
    "commit",
    metadata,
    *_log(),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("device_id", LargeBinary, nullable=False),
    Column("dev_seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    UniqueConstraint("log_id", "workspace_id", "device_id", "dev_seq", name="commit_chain"),
)

# Erasable values by salted hash; an erased one is missing.
detached = Table(
    "detached",
    metadata,
    *_log(),
    Column("hash", LargeBinary, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
)

# The sequencer's order, leaf by leaf.
entry = Table(
    "entry",
    metadata,
    *_log(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("commit_hash", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("accepted", SmallInteger, nullable=False),
    Column("reason", Integer, nullable=False),
)

tree = Table(
    "tree",
    metadata,
    *_log(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("checkpoint", Text, nullable=False),
)

CREATION: tuple[Executable, ...] = (
    *(CreateTable(table, if_not_exists=True) for table in metadata.sorted_tables),
    CreateIndex(head_workspace, if_not_exists=True),
)
