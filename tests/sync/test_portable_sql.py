"""The ledger speaks only the SQL that CockroachDB, Citus and YugabyteDB share with PostgreSQL.

What is allowed is written here: statements, parts of statements, functions and types. Anything else is found.
"""

from collections.abc import Iterator

import pytest
import sqlglot
from sqlalchemy import Connection, Engine, Table, UniqueConstraint, event
from sqlalchemy.dialects import postgresql
from sqlglot import exp

from app.commands import projects, tasks
from app.commands.redacting import redact
from sync.server.ledger import Moved
from sync.server.position import positions_of
from sync.server.tables import CREATION, metadata
from tests.simulation.world import ADA, World, signer, world_of
from tests.sync.postgres import a_database, a_postgres, processes

STATEMENTS = (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Create)
TYPES = {"BYTEA", "BIGINT", "INT", "SMALLINT", "TEXT", "VARCHAR"}
# No function is among them: AND and OR are two to the parser, and so is CAST.
PARTS = (
    "Add And Cast Column ColumnConstraint ColumnDef Constraint Create DataType Delete Distinct EQ From GT GTE Identifier In "
    "Index IndexParameters Insert LT Limit Lock NotNullColumnConstraint OnConflict Or Order Ordered Paren Placeholder "
    "PrimaryKey Schema Select Table Tuple UniqueColumnConstraint Update Values Var Where"
)
NAMES = {
    "excluded",
    *metadata.tables,
    *(column.name for table in metadata.tables.values() for column in table.columns),
}


def objections(statement: str) -> list[str]:
    """What in a statement is not on the list; empty for what every one of the databases runs."""
    try:
        trees = sqlglot.parse(statement, dialect="postgres")
    except sqlglot.ParseError as error:
        return [f"cannot be read: {error}"]
    found: list[str] = []
    for tree in trees:
        if not isinstance(tree, STATEMENTS):
            found.append(f"a statement of kind {type(tree).__name__}")
            continue
        found += [one for node in tree.walk() for one in _of(node)]
    return found


def _of(node: exp.Expr) -> Iterator[str]:
    name = type(node).__name__
    if name not in PARTS.split():
        yield f"a {name}: {node.sql('postgres')}"
    if isinstance(node, exp.DataType) and node.sql("postgres") not in TYPES:
        yield f"the type {node.sql('postgres')}"
    if isinstance(node, exp.Lock) and node.args.get("wait") is not None:
        yield "a lock that does not simply wait"
    if isinstance(node, exp.Create) and (node.kind not in ("TABLE", "INDEX") or node.args.get("properties")):
        yield f"the making of a special {node.kind}"
    if isinstance(node, exp.IndexParameters) and node.args.get("using") is not None:
        yield "an index of a special kind"
    if isinstance(node, exp.Table | exp.Column) and node.name not in NAMES:
        yield f"the name {node.name}, which is not of our tables"


@pytest.fixture(scope="module")
def spoken() -> Iterator[list[str]]:
    """Every statement of a run that uses all that a ledger can do."""
    with a_postgres() as postgres, a_database(postgres) as url, world_of(5, "a") as world:
        yield sorted(set(_run(world, url)))


def _run(world: World, url: str) -> list[str]:
    said: list[str] = []

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if connection.dialect.name == "postgresql":  # and not the replicas' own
            said.append(statement)

    ada = world.replica("a")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        with processes(world, url) as server:
            first = server.begin("first")
            first.take(ada.workspace.give(first.held()))
            late = first.workspace.read(positions_of)
            task = ada.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
            ada.workspace.run(tasks.set_task, task, {"minutes": 41, "instruction": "Ask Ops first"})
            ada.workspace.run(projects.create_project, "Second wave")
            delivery = ada.workspace.give(first.held())
            with first.ledger.turn(ada.workspace.id) as turn, pytest.raises(Moved):
                first.ledger.append(ada.workspace.id, {}, delivery, turn)
            first.take(delivery)
            with pytest.raises(Moved):
                first.ledger.append(ada.workspace.id, late, delivery)
            said_once = ada.workspace.run(tasks.set_task, task, {"minutes": 42}, reason="Call Eva").changes
            assert said_once is not None
            first.take(ada.workspace.give(first.held()))
            ada.workspace.run(redact, said_once.action, signer=signer(ADA))
            first.take(ada.workspace.give(first.held()))
            server.begin("second").catch_up()
            first.ledger.workspaces()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return said


@pytest.mark.slow
def test_every_statement_of_the_ledger_is_on_the_list(spoken: list[str]) -> None:
    assert [(one, objections(one)) for one in spoken if objections(one)] == []
    kinds = {type(sqlglot.parse_one(one, dialect="postgres")) for one in spoken}
    assert kinds == set(STATEMENTS)
    assert any(one.startswith("DELETE FROM detached") for one in spoken)
    for table in metadata.tables:
        assert any(f"INSERT INTO {table} " in one for one in spoken), table
        assert any(f"FROM {table} " in one for one in map(_one_line, spoken)), table
    assert any(one.endswith("FOR SHARE") for one in spoken)
    assert any(one.endswith("FOR UPDATE") for one in spoken)
    assert any("DO UPDATE SET" in one for one in spoken)
    assert any("DO NOTHING" in one for one in spoken)


@pytest.mark.slow
def test_nothing_on_the_list_is_there_for_nobody(spoken: list[str]) -> None:
    used = {
        type(node).__name__ for one in spoken for node in sqlglot.parse_one(one, dialect="postgres").walk()
    }
    assert used == set(PARTS.split())


def _one_line(statement: str) -> str:
    return " ".join(statement.split()) + " "


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_is_led_by_its_log(table: Table) -> None:
    keys = [table.primary_key, *(one for one in table.constraints if isinstance(one, UniqueConstraint))]
    assert [[one.name for one in key.columns][:2] for key in keys] == [["log_id", "workspace_id"]] * len(keys)
    assert not table.foreign_keys


def test_every_step_that_makes_a_table_is_on_the_list() -> None:
    steps = [str(step.compile(dialect=postgresql.dialect())) for step in CREATION]  # type: ignore[attr-defined, no-untyped-call]  # steps of DDL
    assert len(steps) == len(metadata.tables) + 1
    assert [objections(step) for step in steps] == [[]] * len(steps)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT nextval('place')",
        "SELECT setval('place', 1)",
        "CREATE SEQUENCE place",
        "CREATE TABLE head (log_id BYTEA, length SERIAL)",
        "CREATE TABLE head (log_id BYTEA, length BIGSERIAL)",
        "CREATE TABLE head (log_id BYTEA, length BIGINT GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE head (log_id BYTEA, length BIGINT GENERATED BY DEFAULT AS IDENTITY)",
        "CREATE TABLE head (log_id BYTEA, length BIGINT DEFAULT nextval('place'))",
        "CREATE TABLE head (log_id BYTEA REFERENCES tree (log_id))",
        "CREATE TABLE head (log_id JSONB)",
        "CREATE TABLE head (log_id BYTEA[])",
        'CREATE TABLE head (log_id TEXT COLLATE "C")',
        "CREATE TEMP TABLE head (log_id BYTEA)",
        "CREATE TEMPORARY TABLE head (log_id BYTEA)",
        "CREATE UNLOGGED TABLE head (log_id BYTEA)",
        "CREATE TABLE head (log_id BYTEA) PARTITION BY HASH (log_id)",
        "CREATE INDEX head_log ON head USING gin (log_id)",
        "CREATE TRIGGER told AFTER INSERT ON head FOR EACH ROW EXECUTE FUNCTION tell()",
        "CREATE FUNCTION tell() RETURNS BIGINT AS $$ SELECT 1 $$ LANGUAGE sql",
        "CREATE PROCEDURE tell() LANGUAGE sql AS $$ SELECT 1 $$",
        "CALL tell()",
        "DO $$ BEGIN NULL; END $$",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_notify('head', '')",
        "LISTEN head",
        "UNLISTEN head",
        "NOTIFY head",
        "NOTIFY head, 'moved'",
        "SELECT head.length FROM head FOR UPDATE SKIP LOCKED",
        "SELECT head.length FROM head FOR UPDATE NOWAIT",
        "SELECT head.length FROM head; NOTIFY head",
        "LOCK TABLE head",
        "COPY head FROM STDIN",
        "SELECT ctid FROM head",
        "SELECT relname FROM pg_class",
        "SELECT now()",
        "SELECT head.log_id FROM head WHERE head.mark ~ 'a'",
        "INSERT INTO head (log_id) SELECT log_id FROM unnest(%(logs)s)",
        "INSERT INTO head (log_id) VALUES (%(log)s) RETURNING length",
        "MERGE INTO head USING tree ON head.log_id = tree.log_id WHEN MATCHED THEN DELETE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SAVEPOINT here",
        "VACUUM head",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_not_all_of_them_have_is_found(statement: str) -> None:
    assert objections(statement) != []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE head (log_id BYTEA, length BIGINT)",
        "CREATE INDEX head_log ON head (log_id)",
        "SELECT head.length FROM head FOR UPDATE",
        "INSERT INTO head (log_id) VALUES (%(log)s)",
    ],
)
def test_what_all_of_them_have_is_not_found(statement: str) -> None:
    """A check that cries wolf is soon switched off."""
    assert objections(statement) == []
