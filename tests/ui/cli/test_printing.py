"""Reports, verifying and exports as somebody types them."""

import json
from pathlib import Path
from typing import Any

import pytest

from ui.cli.root import run

PLAN = """# Warehouse go-live

## Prepare

- [ ] Freeze the code
  - Duration: 30 min

## Go

- [ ] Switch over
"""


class Typed:
    """One installation; every line is a command of its own, as in a shell."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys

    def __call__(self, *words: str, code: int = 0) -> Any:
        self._capsys.readouterr()
        assert run(["--home", str(self.home), "--json", *words]) == code, self._capsys.readouterr()
        return json.loads(self._capsys.readouterr().out.splitlines()[0])


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setenv("LAUNCHBOOK_PASSPHRASE", "twelve or more chars")
    monkeypatch.setenv("LAUNCHBOOK_PIN_MARA", "1234")
    return Typed(tmp_path / "home", capsys)


@pytest.fixture
def project(typed: Typed, tmp_path: Path) -> str:
    (tmp_path / "plan.md").write_text(PLAN, "utf-8")
    return str(typed("import", str(tmp_path / "plan.md"))["projects"][0])


def test_without_a_person_a_checklist_is_printed_unsealed(typed: Typed, project: str, tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    done = typed("report", project, "checklist", "--to", str(path))
    found = typed("verify", str(path), code=1)

    assert "not sealed" in done["warnings"][0]
    assert path.read_bytes().startswith(b"%PDF")
    assert (found["valid"], found["current"]) == (False, False)
    assert found["reasons"] == ["The file carries no seal."]


def test_a_sealed_record_verifies_until_a_byte_or_the_content_changes(
    typed: Typed, project: str, tmp_path: Path
) -> None:
    typed("person", "add", "Mara Lind", "--id", "mara", "--role", "QA")
    gate = typed("gate", "add", project, "--name", "Ready", "--stage", "Prepare", "--require", "QA")["gate"]
    path = tmp_path / "record.pdf"
    assert typed("report", project, "approval", "--to", str(path)) == {"file": str(path), "warnings": []}
    found = typed("verify", str(path))
    assert (found["valid"], found["current"], found["signer"], found["kind"]) == (
        True,
        True,
        "Mara Lind",
        "gate",
    )
    assert len(found["digest"]) == 64

    typed("gate", "criterion", gate, "add", "No open incident")
    found = typed("verify", str(path))
    assert (found["valid"], found["current"]) == (True, False)
    assert "The gate “Ready” has changed since" in found["reasons"][0]
    assert "criterion added" in found["changes"][0]

    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert not typed("verify", str(path), code=1)["valid"]


def test_a_wrong_pin_prints_nothing(
    typed: Typed, project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("person", "add", "Mara Lind", "--id", "mara")
    monkeypatch.setenv("LAUNCHBOOK_PIN_MARA", "9999")

    assert "PIN" in typed("report", project, "checklist", "--to", str(tmp_path / "x.pdf"), code=1)["error"]
    assert not (tmp_path / "x.pdf").exists()


def test_a_project_without_or_with_several_gates_says_what_to_give(
    typed: Typed, project: str, tmp_path: Path
) -> None:
    to = ("--to", str(tmp_path / "x.pdf"))
    assert "no gate" in typed("report", project, "approval", *to, code=1)["error"]
    typed("gate", "add", project, "--name", "A", "--stage", "Prepare")
    typed("gate", "add", project, "--name", "B", "--stage", "Go")
    assert "(--gate): A, B" in typed("report", project, "approval", *to, code=1)["error"]
    assert typed("report", project, "approval", "--gate", "B", *to)["file"]


def test_places_that_cannot_be_read_or_written_are_named(typed: Typed, project: str, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "x.pdf")
    assert "cannot be written" in typed("report", project, "checklist", "--to", nowhere, code=1)["error"]
    assert "cannot be read" in typed("verify", nowhere, code=1)["error"]


@pytest.mark.parametrize("suffix", ["json", "csv", "md"])
def test_an_export_says_how_many_tasks_went_out(
    typed: Typed, project: str, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"out.{suffix}"

    assert typed("export", project, "--to", str(path)) == {"file": str(path), "tasks": 2}
    assert "Freeze the code" in path.read_text("utf-8")


def test_the_language_decides_what_stands_first(typed: Typed, project: str, tmp_path: Path) -> None:
    typed("--lang", "zh", "report", project, "checklist", "--to", str(tmp_path / "zh.pdf"))
    typed("report", project, "checklist", "--to", str(tmp_path / "en.pdf"))

    assert b"(zh" in (tmp_path / "zh.pdf").read_bytes()
    assert b"(en" in (tmp_path / "en.pdf").read_bytes()
