"""Erasing by command line: said twice, by an owner, and kept off by a hold."""

import json
import time

import pytest

from tests.ui.cli.conftest import Shell


def _noted(shell: Shell) -> str:
    """A note somebody should not have typed; the id of its line in the log."""
    shell.done("note", "1.1", "Call Eva at 0176 5550")
    log = json.loads(shell.done("log", "--json"))["log"]
    return str(log[0]["action"])


def test_the_texts_of_an_entry_are_erased_once_it_is_said_twice(shell: Shell) -> None:
    action = _noted(shell)
    assert "--yes" in shell("redact", action).err
    assert json.loads(shell.done("redact", action, "--yes", "--reason", "asked for", "--json"))["erased"] == 1
    assert "0176" not in json.dumps(json.loads(shell.done("show", "warehouse", "--json")))
    assert "Erase the texts of an entry" in shell.done("log")
    assert not any(b"0176 5550" in path.read_bytes() for path in shell.folder.rglob("*") if path.is_file())


def test_a_hold_keeps_it_until_it_is_ended(shell: Shell) -> None:
    action = _noted(shell)
    shell.done("hold", "warehouse", "--reason", "Audit 2026")
    assert "Audit 2026" in shell("redact", action, "--yes").err
    assert "--end" in shell("hold", "warehouse").err
    shell.done("hold", "warehouse", "--end")
    shell.done("redact", action, "--yes")


def test_a_person_is_erased_by_name_and_what_is_missing_is_asked_for(shell: Shell) -> None:
    assert "an entry of the log, a person" in shell("redact", "--yes").err
    shell.done("redact", "--person", "jun", "--yes")
    assert "▮▮▮" in shell.done("people")


def test_what_is_due_is_listed_and_erased_once_the_period_is_over(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.done("run", "start", "warehouse", "--kind", "live", "--reason", "in a hurry")
    shell.done("note", "1.1", "Call Eva at 0176 5550")
    shell.done("run", "finish", "warehouse", "--reason", "over")
    assert "Kept for 30 days" in shell.done("retain", "warehouse", "--days", "30")
    assert "Nothing has fallen due" in shell.done("retain", "warehouse")
    assert "fallen due" in shell("redact", "--due", "warehouse", "--yes").err
    later = time.time() + 31 * 86_400
    monkeypatch.setattr("app.clock.time.time_ns", lambda: int(later * 1e9))
    monkeypatch.setattr("app.clock.time.time", lambda: later)
    listed = json.loads(shell.done("retain", "warehouse", "--json"))
    assert [(one["what"], one["text"]) for one in listed["texts"]] == [
        ("evidence.text", "Call Eva at 0176 5550")
    ]
    assert "retention period is over" in shell.done("exceptions", "warehouse")
    assert "because it is due" in shell("redact", "--due", "warehouse", "--right", "mistake", "--yes").err
    shell.done("redact", "--due", "warehouse", "--yes")
    assert "Nothing has fallen due" in shell.done("retain", "warehouse")
    assert "nothing falls due" in shell.done("retain", "warehouse", "--none")
