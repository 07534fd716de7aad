"""A file written by a version with other fields: its rows are made anew from the log, and nothing is lost."""

from pathlib import Path

import apsw
import pytest

from app.commands.projects import create_project
from app.commands.tasks import add_task
from app.errors import NewerVersion, StorageError
from app.queries.checklist import checklist
from app.storage import schema
from app.storage.engine import Database
from app.workspace import DATABASE, Workspace


def written(folder: Path) -> tuple[bytes, tuple[str, ...]]:
    """A project with two tasks, in a closed file."""
    workspace = Workspace.open(folder)
    project = workspace.run(create_project, "Wave 1").result
    for title in ("Lock the clients", "Load the ledger"):
        workspace.run(add_task, project, title)
    titles = tuple(task.title for task in workspace.read(checklist, project).tasks)
    workspace.close()
    return project, titles


def test_rows_of_another_version_are_made_anew(tmp_path: Path) -> None:
    """A column that an older version did not have appears, and one that a newer one had is left out."""
    project, titles = written(tmp_path)
    raw = apsw.Connection(str(tmp_path / DATABASE))
    raw.execute("ALTER TABLE task DROP COLUMN stream")
    raw.execute("ALTER TABLE task ADD COLUMN of_a_newer_version TEXT NOT NULL DEFAULT ''")
    raw.execute("UPDATE meta SET value = ? WHERE key = 'schema_rev'", (schema.SCHEMA_REV + 1,))
    raw.close()

    workspace = Workspace.open(tmp_path)

    assert tuple(task.title for task in workspace.read(checklist, project).tasks) == titles
    workspace.run(add_task, project, "And go on")
    workspace.close()


def test_a_newer_major_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    """The message says what to do, and not a byte of the file changes."""
    written(tmp_path)
    raw = apsw.Connection(str(tmp_path / DATABASE))
    raw.execute(f"PRAGMA user_version = {(schema.MAJOR + 1) * 1000}")
    raw.execute("PRAGMA wal_checkpoint(truncate)")
    raw.close()
    before = (tmp_path / DATABASE).read_bytes()

    with pytest.raises(NewerVersion, match="Install the newer version"):
        Workspace.open(tmp_path)

    assert (tmp_path / DATABASE).read_bytes() == before


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """A file that is a database, but not one of ours, is not written to."""
    raw = apsw.Connection(str(tmp_path / "other.db"))
    raw.execute("CREATE TABLE notes (text TEXT)")
    raw.close()

    with pytest.raises(StorageError, match="no Launchbook workspace"):
        Database(tmp_path / "other.db").open()
