"""The sample is a story that could have happened: it refers to itself without gaps, speaks both languages and keeps time."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.words import (
    Access,
    CheckKind,
    CheckOutcome,
    LinkType,
    Meaning,
    Requirement,
    RunKind,
    VerdictWord,
)

FOLDER = Path(__file__).parents[2] / "resources" / "sample"
DOC: dict[str, Any] = json.loads((FOLDER / "cutover.json").read_text("utf-8"))
PEOPLE: dict[str, dict[str, Any]] = {person["id"]: person for person in DOC["people"]}
STAGES: list[str] = [stage["key"] for stage in DOC["stages"]]
TASKS: dict[str, dict[str, Any]] = {task["key"]: task for stage in DOC["stages"] for task in stage["tasks"]}
STAGE_OF: dict[str, str] = {task["key"]: stage["key"] for stage in DOC["stages"] for task in stage["tasks"]}
GATES: dict[str, dict[str, Any]] = {gate["key"]: gate for gate in DOC["gates"]}
RUNS: dict[str, dict[str, Any]] = {run["key"]: run for run in DOC["runs"]}
WINDOW = DOC["project"]["window_end"] - DOC["project"]["window_start"]
HAN = re.compile("[一-鿿]")


def test_sixty_tasks_over_three_streams() -> None:
    assert 55 <= len(TASKS) <= 65
    assert 7 <= len(STAGES) <= 8
    streams = [stream["key"] for stream in DOC["project"]["streams"]]
    assert streams == ["data", "interfaces", "business"]
    assert {task["stream"] for task in TASKS.values()} == set(streams)
    assert min(Counter(task["stream"] for task in TASKS.values()).values()) >= 15


def test_keys_are_unique() -> None:
    assert len(PEOPLE) == len(DOC["people"])
    assert len(TASKS) == sum(len(stage["tasks"]) for stage in DOC["stages"])
    assert len(GATES) == len(DOC["gates"])
    assert len(RUNS) == len(DOC["runs"])
    for task in TASKS.values():
        keys = [check["key"] for check in task["checks"]]
        assert len(set(keys)) == len(keys), task["key"]
    for gate in GATES.values():
        keys = [criterion["key"] for criterion in gate["criteria"]]
        assert len(set(keys)) == len(keys), gate["key"]


def _texts(node: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if "en" in node:
            yield path, node
        else:
            for key, value in node.items():
                yield from _texts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _texts(value, f"{path}[{number}]")


def test_every_text_speaks_both_languages() -> None:
    texts = list(_texts(DOC, ""))
    assert len(texts) > 300
    for path, text in texts:
        assert set(text) == {"en", "zh"}, path
        assert text["en"], path
        assert not HAN.search(text["en"]), path
        assert HAN.search(text["zh"]), path


def test_nothing_a_person_reads_is_left_in_one_language() -> None:
    for name in ("title", "instruction"):
        assert all(set(task[name]) == {"en", "zh"} for task in TASKS.values())
    for stage in DOC["stages"]:
        assert set(stage["title"]) == {"en", "zh"}
    for run in RUNS.values():
        for event in run["events"]:
            for name in ("reason", "text", "title", "question", "options", "why"):
                assert name not in event or set(event[name]) == {"en", "zh"}, event
    roles = {role["key"] for role in DOC["roles"]}
    assert {role for person in PEOPLE.values() for role in person["roles"]} == roles
    assert {task["role"] for task in TASKS.values()} - {None} <= roles
    assert {stage["owner_role"] for stage in DOC["stages"]} <= roles


def test_people_are_invented_and_of_every_access() -> None:
    assert 10 <= len(PEOPLE) <= 14
    assert {person["access"] for person in PEOPLE.values()} == {"owner", "manager", "editor", "reader"}
    for person in PEOPLE.values():
        assert Access[person["access"].upper()]
        assert re.fullmatch("[a-z0-9_]+", person["id"])
        assert person["email"].endswith(".example.com")


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_a_task_says_only_what_exists(task: dict[str, Any]) -> None:
    assert {task["owner"], task["accountable"], task["deputy"]} - {None} <= set(PEOPLE)
    assert task["owner"] != task["deputy"]
    assert 5 <= task["minutes"] <= 300
    assert task["priority"] in range(1, 6)
    assert set(task["requires"]) <= {str(word) for word in Requirement}
    assert ("checks" in task["requires"]) == bool(task["checks"])
    assert (task["rollback"] is None) == (task["rollback_minutes"] is None)
    for check in task["checks"]:
        kind = CheckKind(check["kind"])
        assert (kind is CheckKind.VALUE) == (check["target"] is not None)
        assert (kind is CheckKind.TICK) == (check["tolerance"] is None)
        assert (kind is CheckKind.TICK) == (check["unit"] is None)
        assert check["unit"] is None or set(check["unit"]) == {"en", "zh"}


def test_the_plan_shows_every_kind_of_thing_and_some_gaps() -> None:
    checks = [check for task in TASKS.values() for check in task["checks"]]
    assert {check["kind"] for check in checks} == {str(kind) for kind in CheckKind}
    assert {word for task in TASKS.values() for word in task["requires"]} == {
        str(word) for word in Requirement
    }
    assert any(task["owner"] is None for task in TASKS.values())
    assert any(task["rollback"] is None for task in TASKS.values())
    assert {link["type"] for link in DOC["links"]} >= {"FS", "SS"}
    assert any(link["lag"] for link in DOC["links"])


def _planned() -> dict[str, tuple[int, int]]:
    """Start and finish of each task after the window's start; the file lists tasks after those they wait for."""
    base = DOC["project"]["window_start"]
    when: dict[str, tuple[int, int]] = {}
    for task in TASKS.values():
        start = 0 if task["start"] is None else task["start"] - base
        for link in DOC["links"]:
            if link["after"] == task["key"]:
                before = when[link["before"]]  # a KeyError here is a cycle or a task listed too early
                start = max(start, before[link["type"] == "FS"] + link["lag"])
        when[task["key"]] = (start, start + task["minutes"])
    return when


def test_links_resolve_without_a_cycle() -> None:
    pairs = [(link["before"], link["after"]) for link in DOC["links"]]
    assert len(set(pairs)) == len(pairs)
    for link in DOC["links"]:
        assert {link["before"], link["after"]} <= set(TASKS)
        assert LinkType(link["type"])
    assert len(_planned()) == len(TASKS)


def test_the_plan_fits_the_window() -> None:
    project = DOC["project"]
    back = project["no_return"]
    assert max(finish for _, finish in _planned().values()) <= WINDOW
    assert project["window_start"] < back["at"] < project["window_end"]
    assert back["at"] + back["rollback_minutes"] <= project["window_end"]
    assert back["decider"] in PEOPLE


def test_gates_ask_for_two_different_people() -> None:
    assert len(GATES) == 4
    for gate in GATES.values():
        assert gate["stage"] in STAGES
        roles = [rule["role"] for rule in gate["requires"]]
        assert len(set(roles)) == 2
        holders = [{person["id"] for person in PEOPLE.values() if role in person["roles"]} for role in roles]
        assert len(holders[0] | holders[1]) >= 2
        assert 3 <= len(gate["criteria"]) <= 4
        for criterion in gate["criteria"]:
            if criterion["kind"] == "check":
                assert STAGE_OF[criterion["task"]] == gate["stage"]
                assert criterion["check"] in {check["key"] for check in TASKS[criterion["task"]]["checks"]}
            else:
                assert criterion["kind"] == "judgement"


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_events_name_what_exists(run: dict[str, Any]) -> None:
    assert RunKind(run["kind"])
    assert [event["at"] for event in run["events"]] == sorted(event["at"] for event in run["events"])
    for event in run["events"]:
        for name in ("by", "on_behalf_of"):
            assert name not in event or PEOPLE[event[name]]["access"] != "reader", event
        assert event.get("task", "open_bridge") in TASKS, event
        if "gate" in event:
            criteria = {criterion["key"] for criterion in GATES[event["gate"]]["criteria"]}
            assert event.get("criterion", next(iter(criteria))) in criteria
        if event["do"] == "attach":
            assert 0 < (FOLDER / event["file"]).stat().st_size < 1000


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_registers_name_what_was_there_before(run: dict[str, Any]) -> None:
    known: set[str] = set()
    for event in run["events"]:
        do = event["do"]
        if do in {"incident", "hand_over"}:
            assert event["key"] not in known, event
            known.add(event["key"])
        if do in {"incident", "solve", "decide"}:
            assert event.get("happened", 0) <= event["at"]
            assert {event.get("incident"), event.get("hand_over")} - {None} <= known, event
            assert {event.get("owner"), event.get("decider")} - {None} <= set(PEOPLE)
        if do == "hand_over":
            assert event["to"] in PEOPLE
            assert event["to"] != event["by"]
        if do == "take_over":
            given = next(one for one in run["events"] if one.get("key") == event["hand_over"])
            assert given["to"] == event["by"]


def test_the_live_run_has_open_and_solved_incidents_decisions_and_hand_overs() -> None:
    done = Counter(event["do"] for event in RUNS["live"]["events"])
    assert done["incident"] > done["solve"] > 0
    assert done["decide"] >= 2
    assert done["hand_over"] > done["take_over"] > 0


def _holds(check: dict[str, Any], value: Any) -> bool:
    given = float(value["source"] if check["kind"] == "pair" else check["target"])
    found = float(value["target"] if check["kind"] == "pair" else value)
    return abs(given - found) <= float(check["tolerance"]) + 1e-9


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_check_results_agree_with_target_and_tolerance(run: dict[str, Any]) -> None:
    for event in run["events"]:
        if event["do"] != "tick":
            continue
        check = next(check for check in TASKS[event["task"]]["checks"] if check["key"] == event["check"])
        assert CheckOutcome(event["outcome"])
        if check["kind"] == "tick":
            assert "value" not in event
        else:
            assert (event["outcome"] == "pass") == _holds(check, event["value"]), event


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_criteria_over_checks_say_what_the_check_says(run: dict[str, Any]) -> None:
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for event in run["events"]:
        if event["do"] == "tick":
            last[event["task"], event["check"]] = event
        elif event["do"] == "criterion":
            criterion = next(c for c in GATES[event["gate"]]["criteria"] if c["key"] == event["criterion"])
            if criterion["kind"] == "check":
                tick = last[criterion["task"], criterion["check"]]
                assert event["value"] == tick["value"]
                assert event["holds"] == (tick["outcome"] == "pass")


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_nobody_signs_before_every_criterion_is_answered(run: dict[str, Any]) -> None:
    answered: dict[str, set[str]] = {gate: set() for gate in GATES}
    for event in run["events"]:
        if event["do"] == "criterion":
            answered[event["gate"]].add(event["criterion"])
        elif event["do"] == "sign":
            assert answered[event["gate"]] == {c["key"] for c in GATES[event["gate"]]["criteria"]}, event


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_attempts_begin_before_they_end(run: dict[str, Any]) -> None:
    open_since: dict[str, int] = {}
    for event in run["events"]:
        task, do = event.get("task"), event["do"]
        if do == "start":
            assert task not in open_since, event
            open_since[task] = event["at"]
        elif do in {"finish", "fail"}:
            assert event["at"] > open_since.pop(task), event
        elif do in {"tick", "remaining", "wait", "block"}:
            assert task in open_since, event
        elif do == "skip":
            assert task not in open_since, event
            assert event["reason"]
    if run["finished"]:
        assert open_since == {}


def _lacks(task: dict[str, Any], seen: set[tuple[str, str]]) -> set[str]:
    """Which requirements of the task have nothing behind them yet; `seen` holds (task, what)."""
    missing = {
        word
        for word in ("comment", "file", "second")
        if word in task["requires"] and (task["key"], word) not in seen
    }
    if any((task["key"], f"check {check['key']}") not in seen for check in task["checks"]):
        missing.add("checks")
    return missing


def _early_starts(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The start events that a link or a closed gate of an earlier stage forbids."""
    started: dict[str, int] = {}
    ended: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    signed: dict[str, set[str]] = {gate: set() for gate in GATES}
    early = []
    for event in run["events"]:
        task, do = event.get("task", ""), event["do"]
        if do == "start":
            blocked = any(
                (found := (ended if link["type"] == "FS" else started).get(link["before"])) is None
                or found + link["lag"]
                >= event["at"]  # seconds are not told: the same minute may be too early
                or (
                    link["type"] == "FS"
                    and (link["before"], "skipped") not in seen
                    and _lacks(TASKS[link["before"]], seen)
                )
                for link in DOC["links"]
                if link["after"] == task
            )
            closed = any(
                STAGES.index(gate["stage"]) < STAGES.index(STAGE_OF[task])
                and signed[key] != {rule["role"] for rule in gate["requires"]}
                for key, gate in GATES.items()
            )
            started[task] = event["at"]
            if blocked or closed:
                early.append(event)
        elif do in {"finish", "skip"}:
            ended[task] = event["at"]
            started.setdefault(task, event["at"])
            if do == "skip":
                seen.add((task, "skipped"))
        elif do == "sign" and event["meaning"] != "rejected":
            signed[event["gate"]].add(event["role"])
        elif do in {"note", "attach", "second", "tick"}:
            word = {
                "note": "comment",
                "attach": "file",
                "second": "second",
                "tick": f"check {event.get('check')}",
            }[do]
            (seen.discard if event.get("outcome") == "fail" else seen.add)((task, word))
    return early


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_whoever_starts_too_early_says_why(run: dict[str, Any]) -> None:
    assert [event for event in _early_starts(run) if "reason" not in event] == []


def test_some_event_starts_early_with_a_reason() -> None:
    assert any(_early_starts(run) for run in RUNS.values())


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_signatures_follow_the_rules_of_the_gate(run: dict[str, Any]) -> None:
    finished: dict[str, set[str]] = {stage: set() for stage in STAGES}
    performer: dict[str, str] = {}
    for event in run["events"]:
        who = event.get("on_behalf_of", event["by"])
        if event["do"] == "finish":
            performer[event["task"]] = who
            finished[STAGE_OF[event["task"]]].add(who)
        elif event["do"] == "second":
            assert who != performer[event["task"]], event
        elif event["do"] == "sign":
            gate = GATES[event["gate"]]
            assert Meaning(event["meaning"])
            assert event["role"] in PEOPLE[event["by"]]["roles"], event
            assert event["role"] in {rule["role"] for rule in gate["requires"]}
            assert event["by"] not in finished[gate["stage"]], event
            assert "on_behalf_of" not in event
        elif event["do"] == "verdict":
            assert VerdictWord(event["outcome"])


def test_two_rehearsals_ended_and_one_step_was_repeated() -> None:
    first, second, live = DOC["runs"]
    assert [run["kind"] for run in DOC["runs"]] == ["rehearsal", "rehearsal", "live"]
    assert first["start"] < second["start"] < live["start"]
    for run in (first, second):
        done = {event["task"] for event in run["events"] if event["do"] in {"finish", "skip"}}
        assert done == set(TASKS)
        assert run["events"][-1]["at"] <= WINDOW
    assert any(event["do"] == "fail" for event in first["events"])


def test_the_live_run_stands_in_the_middle() -> None:
    events = RUNS["live"]["events"]
    now = -RUNS["live"]["start"]
    assert 0 <= now - events[-1]["at"] <= 10
    last = {
        event["task"]: event
        for event in events
        if event["do"] in {"start", "finish", "wait", "block", "skip"}
    }
    words = Counter(event["do"] for event in last.values())
    assert words["block"] == 1
    assert words["wait"] == 1
    assert 2 <= words["start"] <= 4
    early = {key for key, stage in STAGE_OF.items() if stage in STAGES[:2]}
    assert early <= {task for task, event in last.items() if event["do"] == "finish"}
    failed = next(event["task"] for event in events if event["do"] == "fail")
    assert last[failed]["do"] == "finish"
    seen = {(event["task"], "file") for event in events if event["do"] == "attach"}
    claimed = [
        task
        for task in last
        if last[task]["do"] == "finish" and "file" in TASKS[task]["requires"] and (task, "file") not in seen
    ]
    assert len(claimed) == 1


def test_one_running_step_will_end_half_an_hour_late() -> None:
    now = -RUNS["live"]["start"]
    planned = _planned()
    finished = {event["task"] for event in RUNS["live"]["events"] if event["do"] == "finish"}
    remaining = {e["task"]: e["at"] + e["minutes"] for e in RUNS["live"]["events"] if e["do"] == "remaining"}
    late = {task: max(end, now) - planned[task][1] for task, end in remaining.items() if task not in finished}
    assert 30 <= late["load_partners"] <= 40
    assert all(minutes < 30 for task, minutes in late.items() if task != "load_partners")


def test_every_evidence_file_is_used() -> None:
    used = {event["file"] for run in RUNS.values() for event in run["events"] if event["do"] == "attach"}
    assert used == {f"evidence/{path.name}" for path in (FOLDER / "evidence").iterdir()}
