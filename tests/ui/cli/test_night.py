"""The night on the command line: incidents, decisions, hand-overs, readiness, and how the run stands."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.cli.conftest import Shell

PROJECT = "Warehouse"


def told(shell: Shell, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell.done("--json", *words))
    return found


# -- incidents -----------------------------------------------------------------------------------------------------


def test_an_incident_is_raised_listed_and_solved(shell: Shell) -> None:
    shell.done(
        *("incident", "raise", PROJECT, "The gateway refuses us", "--severity", "p2", "--task", "1.2"),
        *("--text", "Its certificate has expired", "--owner", "jun", "--for", "jun"),
    )
    [one] = told(shell, "incident", "list", PROJECT)["incidents"]
    assert (one["severity"], one["title"]) == ("P2", "The gateway refuses us")
    assert (one["owner"], one["raised_by"], one["typed_by"]) == ("Jun Sato", "Jun Sato", "Mara Lind")
    assert "P2  The gateway refuses us  (1.2, Jun Sato)" in shell.done("incident", "list", PROJECT)

    shell.done("incident", "solve", "The gate", "A new certificate", "--lost", "1h30")
    [one] = told(shell, "incident", "list", PROJECT)["incidents"]
    assert (one["solution"], one["minutes_lost"]) == ("A new certificate", 90)
    assert one["solved_at"]
    shell.done("incident", "reopen", "The gate", "--reason", "it came back")
    assert told(shell, "incident", "list", PROJECT)["incidents"][0]["solved_at"] is None


def test_an_incident_that_happened_earlier_says_both_times(shell: Shell) -> None:
    shell.done("incident", "raise", PROJECT, "A lock", "--at", "2026-03-06T22:00+01:00")
    [one] = told(shell, "incident", "list", PROJECT)["incidents"]

    assert one["happened_at"] == "2026-03-06T21:00:00Z"
    assert one["typed_at"] > one["happened_at"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("incident", "raise", PROJECT, "x", "--at", "2999-01-01T00:00"), "has not come yet"),
        (("incident", "raise", PROJECT, " "), "Say in a few words what happened."),
        (("incident", "solve", "nothing", "x"), "There is no incident called nothing."),
        (("handover", "take", "1.1"), "Nobody has handed 1.1 over in this run."),
        (("handover", "give", "1.1", "mara"), "A step is handed over to somebody else."),
        (("decision", "record", PROJECT, "Go on?", ""), "Say what was decided."),
    ],
)
def test_what_is_refused_says_why(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    said = shell(*words)

    assert said.code == 1
    assert sentence in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("incident", "raise", PROJECT, "x", "--severity", "P9"),
        ("decision", "record", PROJECT, "a", "b", "--kind", "perhaps"),
        ("run", "ready", PROJECT, "--kind", "main"),
        ("report", PROJECT, "novel"),
        ("report", PROJECT, "protocol"),
    ],
)
def test_what_cannot_be_is_wrong_usage(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words).code == 2


# -- decisions and hand-overs --------------------------------------------------------------------------------------


def test_a_decision_is_recorded_and_listed(shell: Shell) -> None:
    shell.done("incident", "raise", PROJECT, "A lock")
    shell.done(
        *("decision", "record", PROJECT, "Go on without the bank?", "Yes, by hand", "--kind", "workaround"),
        *("--decider", "jun", "--why", "Nothing is due", "--incident", "A lock", "--options", "wait"),
    )
    [one] = told(shell, "decision", "list", PROJECT)["decisions"]

    assert (one["decider"], one["typed_by"], one["kind"]) == ("Jun Sato", "Mara Lind", "workaround")
    assert (one["decided"], one["reason"], one["options"]) == ("Yes, by hand", "Nothing is due", "wait")
    assert "Yes, by hand (Nothing is due)" in shell.done("decision", "list", PROJECT)


def test_a_step_is_handed_over_and_taken(shell: Shell) -> None:
    shell.done("step", "start", "1.1")
    shell.done("handover", "give", "1.1", "jun", "One table is left")
    assert "Mara Lind → Jun Sato" in shell.done("handover", "list", PROJECT)
    assert "Only the person it is offered to takes it" in shell("handover", "take", "1.1").err
    assert "Say why you take it on their behalf" in shell("handover", "take", "1.1", "--for", "jun").err
    shell.done("handover", "take", "1.1", "--for", "jun", "--reason", "he has no laptop")

    [one] = told(shell, "handover", "list", PROJECT)["handovers"]
    assert (one["from"], one["to"], one["note"]) == ("Mara Lind", "Jun Sato", "One table is left")
    assert one["taken_at"]


def test_an_offer_is_taken_back(shell: Shell) -> None:
    shell.done("handover", "give", "1.1", "jun")
    shell.done("handover", "withdraw", "1.1")

    assert "taken back" in shell.done("handover", "list", PROJECT)


# -- readiness -----------------------------------------------------------------------------------------------------


def test_the_live_run_asks_why_it_is_started_unready(shell: Shell) -> None:
    listed = shell.done("run", "ready", PROJECT)
    assert "must be answered: No rehearsal was finished." in listed
    assert "should be looked at: " in listed
    refused = shell("run", "start", PROJECT, "--kind", "live")
    assert (refused.code, "Give a reason to start it all the same." in refused.err) == (1, True)
    shell.done("run", "start", PROJECT, "--kind", "live", "--reason", "a small change")
    assert "a small change" in shell.done("log")


def test_ending_a_run_says_what_is_unfinished(shell: Shell) -> None:
    shell.done("run", "start", PROJECT, "--kind", "live", "--reason", "a small change")
    shell.done("--run", "live", "step", "start", "1.1")
    found = told(shell, "--run", "live", "run", "ready", PROJECT)["findings"]
    assert [one["kind"] for one in found if one["severity"] == "must"] == ["running", "to-do"]
    assert "not through" in shell("run", "finish", PROJECT, "live").err
    shell.done("run", "finish", PROJECT, "live", "--reason", "rolled back")


def test_a_rehearsal_asks_for_no_reason(shell: Shell) -> None:
    shell.done("run", "start", PROJECT)
    shell.done("run", "finish", PROJECT)


# -- on paper ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "title"), [("en", "Situation report"), ("zh", "Warehouse cutover")])
def test_the_situation_is_text_for_a_chat(shell: Shell, language: str, title: str) -> None:
    shell.done("step", "start", "1.1", "--reason", "go")
    text = shell.done("--lang", language, "report", PROJECT, "situation")

    assert title in text
    assert "1.1 Freeze the code" in text


def test_a_rehearsal_says_so_first(shell: Shell) -> None:
    shell.done("run", "start", PROJECT)

    assert shell.done("--run", "rehearsal", "report", PROJECT, "situation").startswith("[REHEARSAL] ")


@pytest.mark.parametrize("kind", ["situation", "protocol"])
def test_papers_of_a_run_are_sealed_and_can_be_verified(shell: Shell, tmp_path: Path, kind: str) -> None:
    shell.done("step", "start", "1.1")
    paper = tmp_path / f"{kind}.pdf"
    shell.done("report", PROJECT, kind, "--to", paper)
    assert "Valid and current." in shell.done("verify", paper)
    shell.done("step", "finish", "1.1")
    said = shell.done("verify", paper)

    assert "Valid, but not current." in said
    assert kind in said


# -- at another time, for somebody ---------------------------------------------------------------------------------


def test_ticks_files_and_remaining_minutes_take_a_moment(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    early = "2026-03-06T22:00+01:00"
    shell.done("step", "start", "1.2", "--at", early, "--reason", "go")
    shell.done("tick", "Row count", "pass", "--at", early, "--for", "jun")
    shell.done("attach", "1.2", tmp_path / "a.txt", "--at", early)
    shell.done("step", "remaining", "1.2", "20", "--at", early)

    refused = shell("tick", "Row count", "pass", "--at", "2999-01-01T00:00")
    assert "has not come yet" in refused.err
    assert "cannot have ended" in shell("step", "finish", "1.2", "--at", "2026-03-06T20:00+01:00").err
