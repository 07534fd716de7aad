"""A war room by command line: a laptop that was never shared opens one, another joins there and both exchange."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.sync.team import wait_for
from tests.ui.cli.conftest import Shell

pytestmark = pytest.mark.slow  # a process that stays


@pytest.fixture
def opened(shell: Shell) -> Iterator[tuple[Any, "subprocess.Popen[str]"]]:
    words = ("room", "warehouse", "--port", "0", "--json", "--invite", "editor", "--person", "Ben Lu", "--id")
    process = subprocess.Popen(
        [sys.executable, "-m", "ui", "--home", str(shell.home), *words, "ben"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_room_is_opened_joined_and_left(
    shell: Shell, opened: tuple[Any, "subprocess.Popen[str]"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, process = opened
    monkeypatch.setenv("LAUNCHBOOK_PIN_BEN", "2468")
    other = replace(shell, home=tmp_path / "another laptop")
    other.done("join", said["invite"], "--room", said["words"])
    other.done("step", "finish", "1.1")
    assert json.loads(other.done("sync", "--room", said["addresses"][0], "--json"))["phase"] == "synced"
    shell.done("sync", "--room", said["addresses"][0])
    assert other.done("show", "warehouse") == shell.done("show", "warehouse")
    process.terminate()  # however it ends, its server ends with it
    process.wait(20)

    wait_for(lambda: "cannot be reached" in other("sync", "--room", said["addresses"][0]).err)
    assert "six words" in other("sync", "--room", "open sesame").err
