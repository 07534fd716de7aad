"""A team by command line: one shares, one joins by an invitation, both exchange what they did through a real server."""

import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.platform import WINDOWS
from tests.sync.serving import Server, a_server
from tests.ui.cli.conftest import Shell

pytestmark = pytest.mark.slow  # each begins a server process


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path) as made:
        yield made


def invited(shell: Shell, server: Server, level: str = "editor") -> str:
    words = ("share", "warehouse", "--server", server.address, "--invite", level)
    said = json.loads(shell.done(*words, "--person", "Ben Lu", "--id", "ben", "--json"))
    assert said["server"] in server.address
    assert said["phase"] == "synced"
    return str(said["invite"])


def test_one_shares_one_joins_and_both_see_what_was_done(
    shell: Shell, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHBOOK_PIN_BEN", "2468")
    code = invited(shell, server)
    other = replace(shell, home=tmp_path / "another laptop")
    assert other.done("join", code) == "This device works in the workspace now, for Ben Lu.\n"
    assert other.done("show", "warehouse") == shell.done("show", "warehouse")

    other.done("step", "finish", "1.1")
    assert other.done("sync") == "Up to date with the server.\n"
    said = json.loads(shell.done("sync", "--json"))
    assert (said["phase"], said["waiting"], said["forged"]) == ("synced", 0, [])
    assert said["taken"] >= 2
    assert other.done("show", "warehouse") == shell.done("show", "warehouse")
    asked = shell.done("verify", "warehouse", "--witness", server.address)
    assert "shows the same history, up to place " in asked
    lines = shell.done("devices").splitlines()
    assert [line.endswith("gives the order") for line in lines] == [False, False, True]
    assert sum("Ben Lu" in line for line in lines) == sum("this one" in line for line in lines) == 1
    assert f"Hand the order over to {server.address.split('/#')[0]}" in shell.done("log")


def test_an_invitation_may_come_from_the_input(
    shell: Shell, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHBOOK_PIN_BEN", "2468")
    monkeypatch.setattr("sys.stdin", io.StringIO(invited(shell, server, "reader") + "\n"))
    other = replace(shell, home=tmp_path / "another laptop")
    other.done("join", "-")
    refused = other("step", "finish", "1.1")

    assert "editor" in refused.err


def test_a_lost_laptop_is_let_in_no_more_and_an_invitation_may_be_for_one_project(
    shell: Shell, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHBOOK_PIN_BEN", "2468")
    shell.done("project", "add", "Secret")
    words = ("share", "warehouse", "--server", server.address, "--invite", "editor", "--only-this-project")
    code = json.loads(shell.done(*words, "--person", "Ben Lu", "--id", "ben", "--json"))["invite"]
    other = replace(shell, home=tmp_path / "another laptop")
    other.done("join", code)
    assert "Secret" not in other.done("projects")
    shell.done("sync")
    laptop = next(
        one for one in json.loads(shell.done("devices", "--json"))["devices"] if one["persons"] == ["Ben Lu"]
    )
    assert "is taken out" in shell.done("devices", "revoke", laptop["key"])
    shell.done("sync")

    assert "may not read" in other("sync").err
    assert "taken out" in shell.done("devices")


def test_what_is_missing_is_asked_for(shell: Shell, server: Server) -> None:
    assert "server's address once" in shell("share", "warehouse").err
    assert (
        "who is invited" in shell("share", "warehouse", "--server", server.address, "--invite", "editor").err
    )
    assert "owner, manager" in shell("share", "warehouse", "--invite", "king").err
    assert "no whole invitation" in shell("join", "nonsense").err


def test_without_its_server_a_laptop_goes_on_and_says_so(shell: Shell, server: Server) -> None:
    shell.done("share", "warehouse", "--server", server.address)
    server.kill()
    shell.done("step", "finish", "1.1")

    assert shell.done("sync").startswith("The server cannot be reached.")


@pytest.mark.skipif(WINDOWS, reason="there a process is ended without being told")
def test_who_ends_the_command_ends_the_server(tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--folder", str(tmp_path / "server"))
    process = subprocess.Popen([sys.executable, "-m", "ui", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = str(json.loads(process.stdout.readline())["address"])
    port = int(address.split("/#", maxsplit=1)[0].rpartition(":")[2])
    process.terminate()
    process.wait(timeout=20)
    process.stdout.close()

    with socket.socket() as one, pytest.raises(ConnectionRefusedError):
        one.connect(("127.0.0.1", port))
