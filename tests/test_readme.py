"""The README tells the truth: its commands run, in its order, and end where it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TOUR = re.findall(r"^    launchbook (.*)$", README, re.MULTILINE)
SECRETS = {
    "LAUNCHBOOK_PASSPHRASE": "correct horse battery",
    "LAUNCHBOOK_PIN_ADA": "246810",
    "LAUNCHBOOK_PIN_BEN": "135791",
    "LAUNCHBOOK_PIN_CLEO": "112358",
}


def launchbook(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    home = {"LAUNCHBOOK_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "ui", *shlex.split(line)],
        cwd=folder,
        env={**os.environ, **SECRETS, **home},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
def test_the_tour_of_the_readme_ends_with_a_valid_record_of_an_open_gate(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "resources/templates", tmp_path / "resources/templates")
    said = {}
    for line in TOUR:
        done = launchbook(line, tmp_path)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said[line] = done.stdout

    assert len(TOUR) > 15
    assert "final" in next(text for line, text in said.items() if line.startswith("gate show"))
    assert "Valid and current." in said["verify record.pdf"]


def test_every_file_and_folder_the_readme_names_is_there() -> None:
    named = re.findall(r"`([\w./]+/|[A-Z]+\.md|LICENSE)`|^    (\w+/[\w/]*)", README, re.MULTILINE)

    missing = [name for pair in named for name in pair if name and not (ROOT / name).exists()]
    assert missing == []
