"""A fault of the program: a sentence and exit code 1 for the person, a report on this machine, no traceback."""

import stat
from pathlib import Path

import pytest

from app import platform
from ui.cli import root


def test_a_fault_is_told_in_a_sentence_and_kept_in_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ui.cli.session.Session.projects", broken)

    code = root.run(["--home", str(tmp_path), "projects"])

    said = capsys.readouterr()
    reports = list((tmp_path / "reports").iterdir())
    assert code == root.EXIT_REFUSED
    assert "The program made a mistake (ZeroDivisionError)" in said.err
    assert "Traceback" not in said.err + said.out
    assert "ZeroDivisionError" in reports[0].read_text()
    if not platform.WINDOWS:
        assert stat.S_IMODE(reports[0].stat().st_mode) == platform.PRIVATE_FILE
