"""Evidence by the hash of its whole content, and what a check of the workspace finds."""

import hashlib
from pathlib import Path

import apsw
import pytest

from app.errors import Invalid, NewerVersion, NotFound, StorageError
from app.storage.checks import check
from app.storage.files import FileStore
from tests.factories import Plan, Team, a_workspace


def test_a_file_is_kept_once_and_read_back_by_its_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"the same")
    first, second = store.keep(tmp_path / "a.txt"), store.keep(tmp_path / "b.txt")

    assert first.sha256 == second.sha256 == hashlib.sha256(b"the same").digest()
    assert (first.size, first.name, second.name) == (8, "a.txt", "b.txt")
    assert store.read(first.sha256) == b"the same"
    assert sum(1 for path in (tmp_path / "files").rglob("*") if path.is_file()) == 1


def test_what_is_no_file_absent_or_damaged_is_said(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    (tmp_path / "a.txt").write_bytes(b"content")
    kept = store.keep(tmp_path / "a.txt")

    with pytest.raises(Invalid, match="is no file"):
        store.keep(tmp_path)
    with pytest.raises(NotFound, match="is not on this device"):
        store.read(bytes(32))
    store.path_of(kept.sha256).write_bytes(b"CONTENT")
    with pytest.raises(StorageError, match="is damaged on this device"):
        store.read(kept.sha256)


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"content")
    (tmp_path / "files").write_bytes(b"in the way")

    with pytest.raises(StorageError, match=r"a\.txt could not be kept .* Nothing was changed"):
        FileStore(tmp_path / "files").keep(tmp_path / "a.txt")


# -- checks --------------------------------------------------------------------------------------------------------


def _change(team: Team, sql: str, *parameters: object) -> list[str]:
    """The problems found after somebody wrote into the file past the program."""
    raw = apsw.Connection(team.workspace.database.path)
    raw.execute(sql, parameters)
    raw.close()
    return team.workspace.read(check).problems


def test_an_untouched_workspace_has_no_problems(team: Team, plan: Plan) -> None:
    findings = team.workspace.read(check)

    assert findings.problems == []
    assert (findings.commits, findings.logs) == (team.workspace.rev, 2)
    assert findings.statements == 7  # four accesses, three roles


def test_one_flipped_byte_of_a_commit_is_found(team: Team, plan: Plan) -> None:
    body = bytearray(team.value("SELECT body FROM entry WHERE rev = 12"))
    body[-3] ^= 1

    assert "A commit was changed after it was signed." in _change(
        team, "UPDATE entry SET body = ? WHERE rev = 12", bytes(body)
    )


def test_every_flipped_byte_of_a_commit_is_found(team: Team, plan: Plan) -> None:
    body = bytes(team.value("SELECT body FROM entry WHERE rev = 12"))

    for place in range(0, len(body), 7):
        flipped = body[:place] + bytes([body[place] ^ 0x41]) + body[place + 1 :]
        assert _change(team, "UPDATE entry SET body = ? WHERE rev = 12", flipped)


def test_a_commit_that_is_none_any_more_ends_no_examination(team: Team, plan: Plan) -> None:
    founding = team.value("SELECT min(rev) FROM entry WHERE log = ?", plan.project)

    problems = _change(team, "UPDATE entry SET body = x'90' WHERE rev = ?", founding)

    assert problems[0] == "A commit was changed after it was signed."


def test_a_flipped_signature_and_a_missing_commit_are_found(team: Team, plan: Plan) -> None:
    signature = bytes(team.value("SELECT signature FROM entry WHERE rev = 12"))
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    assert "A commit's signature does not hold." in _change(
        team, "UPDATE entry SET signature = ? WHERE rev = 12", flipped
    )
    _change(team, "UPDATE entry SET signature = ? WHERE rev = 12", signature)

    problems = _change(team, "DELETE FROM entry WHERE rev = 12")
    assert "A commit is missing or stands twice in a chain." in problems


def test_an_order_that_was_rewritten_is_found(team: Team, plan: Plan) -> None:
    problems = _change(team, "UPDATE leaf SET received = received + 1 WHERE number = 3")

    assert set(problems) == {"The sequencer's checkpoint does not cover the log."}


def test_a_database_of_something_else_or_none_at_all_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    raw = apsw.Connection(str(folder / "launchbook.db"))
    raw.execute("CREATE TABLE somebody_elses (x)")
    raw.close()
    with pytest.raises(StorageError, match="no Launchbook workspace"):
        a_workspace(folder)
    (folder / "launchbook.db").write_bytes(b"this is no database at all, and long enough to be read" * 100)
    with pytest.raises(StorageError, match="damaged"):
        a_workspace(folder)


def test_a_workspace_of_a_newer_major_version_is_refused_and_left_alone(team: Team) -> None:
    team.workspace.close()
    path = Path(team.workspace.database.path)
    raw = apsw.Connection(str(path))
    raw.execute("PRAGMA user_version = 2001")
    raw.execute("PRAGMA journal_mode = delete")
    raw.close()
    before = path.read_bytes()

    with pytest.raises(NewerVersion, match=r"written by a newer Launchbook .* Nothing was changed. Install"):
        a_workspace(team.workspace.folder)
    raw = apsw.Connection(str(path))
    assert raw.execute("PRAGMA user_version").fetchone() == (2001,)
    raw.close()
    assert before[100:] == path.read_bytes()[100:]
