"""The command line within this process: a data folder of its own, and keys that cost nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.storage.keys import CHEAP
from app.workspace import Workspace
from tests.factories import PASSPHRASE, PINS
from ui.cli.root import run

CHECKLIST = """# Warehouse cutover

## Prepare

- [ ] Freeze the code (30 min)
- [ ] Export the stock
  - [ ] Row count agrees

## Go

- [ ] Switch over
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Types a command line; `folder` is the workspace's own."""

    home: Path
    capture: Callable[[], Any]

    def __call__(self, *words: str | Path) -> Said:
        self.capture()
        code = run(["--home", str(self.home), *(str(word) for word in words)])
        out, err = self.capture()
        return Said(code, out, err)

    def done(self, *words: str | Path) -> str:
        said = self(*words)
        assert said.code == 0, said.err
        return said.out

    @property
    def folder(self) -> Path:
        return self.home / "workspaces" / "main"

    @property
    def rev(self) -> int:
        workspace = Workspace.open(self.folder)
        try:
            return workspace.rev
        finally:
            workspace.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Nobody known, nothing planned, no secret given."""
    monkeypatch.setattr("app.workspace.Cost", lambda: CHEAP)
    monkeypatch.delenv("LAUNCHBOOK_HOME", raising=False)
    return Shell(tmp_path / "home", capsys.readouterr)


@pytest.fixture
def shell(empty: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Mara (owner, Lead) and Jun (QA) with an imported plan; passphrase and PINs are in the environment."""
    monkeypatch.setenv("LAUNCHBOOK_PASSPHRASE", PASSPHRASE)
    for name, pin in PINS.items():
        monkeypatch.setenv(f"LAUNCHBOOK_PIN_{name.upper()}", pin)
    (tmp_path / "cutover.md").write_text(CHECKLIST, "utf-8")
    empty.done("person", "add", "Mara Lind", "--id", "mara", "--role", "Lead")
    empty.done("person", "add", "Jun Sato", "--id", "jun", "--role", "QA")
    empty.done("import", tmp_path / "cutover.md")
    return empty
