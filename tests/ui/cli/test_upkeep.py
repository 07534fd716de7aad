"""Files from outside, damage and newer versions on the command line: refused with a sentence, nothing touched."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.workspace import DATABASE
from tests.ui.cli.conftest import Shell


def _zip_bomb() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return buffer.getvalue()


HOSTILE: dict[str, bytes] = {
    "line.md": b"- [ ] " + b"x" * 10_000_000,
    "broken.md": b"\xff\xfe\xff\x00# Plan\xd8\x00",
    "broken.csv": b"Task,Owner\n\x80\x81\xfe\xff,\x00\x01\n",
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "cut.json": b'{"tasks": [{"title": ',
    "bomb.xlsx": _zip_bomb(),
    "no.xlsx": b"PK\x03\x04 this is none",
    "empty.md": b"",
    "words.txt": b"Dear all, see you on Saturday.",
    "table.csv": b"Colour,Shape\nred,round\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_and_the_workspace_untouched(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    rev = shell.rev

    refused = shell("import", tmp_path / name)

    assert (refused.code, refused.out) == (1, "")
    assert Path(name).stem in refused.err
    assert "Nothing was changed." in refused.err
    assert len(refused.err) < 500
    assert shell.rev == rev


def test_a_formula_comes_in_as_the_text_it_is(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "formula.csv").write_text("Task,Owner\n\"=cmd|' /C calc'!A0\",jun\n", "utf-8")
    shell.done("import", tmp_path / "formula.csv", "--project", "Sheet")
    shown = json.loads(shell.done("show", "Sheet", "--json"))

    assert [one["title"] for one in shown["tasks"]] == ["=cmd|' /C calc'!A0"]


def test_columns_are_named_where_they_are_not_guessed(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Was,Wer\nLaden,jun\n", "utf-8")
    shell.done("import", tmp_path / "odd.csv", "--project", "Odd", "--map", "title=Was", "--map", "owner=Wer")
    shown = json.loads(shell.done("show", "Odd", "--json"))

    assert [(one["title"], one["owner"]) for one in shown["tasks"]] == [("Laden", "Jun Sato")]


# -- doctor --------------------------------------------------------------------------------------------------------


def _write(shell: Shell, sql: str) -> None:
    raw = apsw.Connection(str(shell.folder / "launchbook.db"))
    raw.execute(sql)
    raw.close()


def test_doctor_finds_nothing_in_a_sound_workspace(shell: Shell) -> None:
    assert "every signature and chain holds" in shell.done("doctor")


def test_doctor_finds_a_flipped_byte_in_a_commit(shell: Shell) -> None:
    raw = apsw.Connection(str(shell.folder / "launchbook.db"))
    found: Any = raw.execute("SELECT body FROM entry WHERE rev = 4").fetchall()
    body = bytearray(found[0][0])
    body[60] ^= 1
    raw.execute("UPDATE entry SET body = ? WHERE rev = 4", (bytes(body),))
    raw.close()
    examined = shell("doctor", "--json")

    assert (examined.code, examined.err) == (1, "")
    assert json.loads(examined.out)["problems"] == ["A commit was changed after it was signed."]


def test_doctor_finds_rows_that_differ_from_the_log(shell: Shell) -> None:
    _write(shell, "UPDATE task SET minutes = 1")
    examined = shell("doctor")

    assert examined.code == 1
    assert examined.out.startswith("Rows and log do not say the same.")


def test_doctor_counts_files_that_are_not_here(shell: Shell, tmp_path: Path) -> None:
    shell.done("attach", "1.1", tmp_path / "cutover.md")
    next((shell.folder / "files").glob("??/*")).unlink()

    assert "1 files are not on this device." in shell.done("doctor")


# -- backup, restore, versions -------------------------------------------------------------------------------------


def test_a_restore_puts_things_back_and_says_where_the_rest_is(shell: Shell) -> None:
    made = shell.done("backup").splitlines()[0]
    shell.done("task", "set", "1.1", "title=Thaw the code")
    said = shell.done("restore", made).splitlines()

    assert said[0].startswith("Restored: revision ")
    assert said[1].startswith("What was there before is kept in ")
    assert "Freeze the code" in shell.done("show", "warehouse")


def test_an_owners_key_goes_along_where_a_recovery_passphrase_is_given(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "keyed.backup"
    monkeypatch.setenv("LAUNCHBOOK_RECOVERY", "a recovery passphrase")
    said = shell.done("backup", "--to", target).splitlines()
    monkeypatch.setenv("LAUNCHBOOK_PIN_MARA", "another pin")
    shell.done("restore", target)
    shell.done("person", "add", "Nina", "--id", "nina")

    assert said[-1] == "It holds the owner's key."
    assert not (shell.folder / "owner.key").exists()


def test_what_is_no_backup_is_refused_and_the_workspace_stays(shell: Shell, tmp_path: Path) -> None:
    rev = shell.rev
    refused = shell("restore", tmp_path / "cutover.md")

    assert (refused.code, refused.err) == (1, "cutover.md is no readable backup.\n")
    assert shell.rev == rev


def test_a_workspace_of_a_newer_version_is_refused_with_what_to_do(shell: Shell) -> None:
    _write(shell, "PRAGMA user_version = 2000")
    refused = shell("projects")

    assert refused.code == 1
    assert "written by a newer Launchbook" in refused.err
    assert "Install the newer version" in refused.err


def test_a_damaged_file_is_refused_with_what_to_do(shell: Shell) -> None:
    (shell.folder / "launchbook.db").write_bytes(b"no database" * 1000)
    refused = shell("projects")

    assert refused.code == 1
    assert "Use restore to go back to a backup." in refused.err


# -- verifying -----------------------------------------------------------------------------------------------------


def test_a_projects_log_is_verified_and_what_that_proves_is_said(shell: Shell) -> None:
    shell.done("step", "start", "1.1")
    said = shell.done("verify", "warehouse")

    assert said.startswith("Everything holds.\n  the workspace: ")
    assert "each signed by the device that made it" in said
    assert "This device gave the order in epoch 1 up to place " in said
    assert "Nobody but this device has seen “Warehouse cutover”" in said
    data = json.loads(shell.done("verify", "warehouse", "--json"))
    assert data["valid"]
    assert [one["not_sequenced"] for one in data["logs"]] == [0, 0]


def test_a_log_that_somebody_changed_is_refused_and_named(shell: Shell) -> None:
    raw = apsw.Connection(str(shell.folder / DATABASE))
    raw.execute("""UPDATE task SET title = '{"en":"Do nothing"}'""")
    raw.close()
    said = shell("verify", "warehouse")

    assert said.code == 1
    assert said.out.startswith("It does not hold.\n  What is shown of task ")


def test_statements_are_proved_in_files_that_verify_elsewhere(shell: Shell, tmp_path: Path) -> None:
    shell.done("gate", "add", "warehouse", "--name", "Launch", "--stage", "Go", "--require", "QA")
    shell.done("--as", "jun", "sign", "Launch", "--role", "QA")
    said = json.loads(shell.done("verify", "warehouse", "--proofs", tmp_path / "proofs", "--json"))
    (file,) = said["files"]

    assert shell.done("verify", file).startswith("It holds.\nJun Sato: sign-off approved QA\n")
    assert shell.done("verify", file).endswith("It is of this workspace.\n")
    assert said["fingerprint"] in shell.done("verify", "warehouse")
    Path(file).write_text(Path(file).read_text("utf-8").replace("index ", "index 1"), "utf-8")
    broken = shell("verify", file)
    assert (broken.code, broken.out.splitlines()[0]) == (1, "It does not hold.")
    assert "cannot be read" in shell("verify", tmp_path / "none.tlog-proof").err
