"""The whole way by the command line, each command a process of its own, as people and scripts call it."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # keys are unwrapped at full cost, some fifty times

PASSPHRASE = "passphrase-of-this-laptop"
PINS = {"mara": "mara-pin-8152", "jun": "jun-pin-7734", "kim": "kim-pin-9921", "ann": "ann-pin-6613"}
CHECKLIST = """# Warehouse cutover

## Prepare

- [ ] Freeze the code (30 min)
- [ ] Export the stock (60 min)
  - [ ] Row count agrees

## Go

- [ ] Switch over
"""


@dataclass(frozen=True)
class Answer:
    """What a process said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Typist:
    """One process for many command lines; those that show how a process begins and ends have their own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.typist"],
            cwd=ROOT,
            env=_clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, words: list[str], environment: dict[str, str]) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"words": words, "environment": environment}) + "\n")
        self.process.stdin.flush()
        return Answer(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@dataclass
class Shell:
    """Runs launchbook with a data folder of its own; secrets come from the environment."""

    home: Path
    typist: Typist
    answers: dict[str, Answer] = field(default_factory=dict)

    def __call__(self, *words: str | Path, pins: str = "mara jun kim ann", **secrets: str) -> Answer:
        line = ["--home", str(self.home), *(str(word) for word in words)]
        return self.typist(line, _environment(pins) | secrets)

    def alone(
        self, *words: str | Path, pins: str = "mara jun kim ann", program: tuple[str, ...] = ()
    ) -> Answer:
        """In a process of its own."""
        line = ["--home", str(self.home), *(str(word) for word in words)]
        done = subprocess.run(
            [*(program or (sys.executable, "-m", "ui")), *line],
            cwd=ROOT,
            env=_environment(pins),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str | Path, alone: bool = False) -> Any:
        """The answer of a command that is done, as data."""
        answer = (self.alone if alone else self)(*words, "--json")
        assert answer.code == 0, answer.err
        self.answers[" ".join(str(word) for word in words)] = answer
        return answer.data

    def gate(self) -> Any:
        return self.json("gate", "show", "Warehouse", "Ready")

    @property
    def folder(self) -> Path:
        return self.home / "workspaces" / "main"


def _environment(pins: str) -> dict[str, str]:
    secrets = {f"LAUNCHBOOK_PIN_{name.upper()}": PINS[name] for name in pins.split()}
    return _clean_environment() | {"LAUNCHBOOK_PASSPHRASE": PASSPHRASE} | secrets


def _clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAUNCHBOOK_")}
    return kept | {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONWARNINGS": "error",
        "PYTHONUTF8": "1",
    }


# -- the story, told once; every test looks at a part of it --------------------------------------------------------


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("command line")
    typist = Typist()
    told = Shell(folder / "home", typist)
    (folder / "cutover.md").write_text(CHECKLIST, "utf-8")
    (folder / "export.txt").write_text("1200 rows", "utf-8")
    try:
        _people(told)
        _plan(told, folder)
        _run(told, folder)
        _prove(told)
        yield told
    finally:
        typist.close()


def _people(told: Shell) -> None:
    told.json(
        *("person", "add", "Mara Lind", "--email", "mara@example.org", "--id", "mara", "--role", "Lead"),
        alone=True,
    )
    told.json("person", "add", "Jun Sato", "--email", "jun@example.org", "--id", "jun", "--role", "QA")
    told.json("person", "add", "Kim Berg", "--email", "kim@example.org", "--id", "kim", "--role", "Ops")
    told.json("person", "add", "Ann Weiss", "--id", "ann", "--access", "editor")
    told.json("people")


def _plan(told: Shell, folder: Path) -> None:
    told.json(
        *("import", folder / "cutover.md", "--project", "Warehouse", "--t0", "2026-03-06T22:00"), alone=True
    )
    told.json("projects")
    added = told.json("task", "add", "Warehouse", "Tell the shops", "--stage", "Prepare", "--minutes", "1h30")
    told.json("task", "set", "1.2", "requires=comment,file,checks", "owner=ann")
    told.json("task", "link", "1.1", "1.2", "--type", "FS", "--lag", "0")
    told.json("gate", "add", "Warehouse", "--name", "Ready", "--stage", "Prepare", "--require", "QA")
    told.json("undo")
    told.json(
        *("gate", "add", "Warehouse", "--name", "Ready", "--stage", "Prepare"),
        *("--require", "QA", "--require", "Ops"),
    )
    told.json("gate", "criterion", "Ready", "add", "No open incident")
    told.json("task", "delete", added["task"])


def _run(told: Shell, folder: Path) -> None:
    told.json("step", "start", "1.1", "--as", "ann", alone=True)
    told.json("step", "fail", "1.1", "--reason", "Somebody merged", "--as", "ann")
    told.json("step", "start", "1.1", "--as", "ann", "--at", "2026-03-06T21:00+01:00")
    told.json("step", "remaining", "1.1", "20", "--as", "ann")
    told.json("step", "wait", "1.1", "--reason", "for the mail", "--as", "ann")
    told.json("step", "block", "1.1", "--reason", "by the build", "--as", "ann")
    told.json("step", "finish", "1.1", "--on-behalf-of", "ann", "--at", "2026-03-06T21:30+01:00")
    told.json("step", "finish", "1.2", "--as", "ann")
    told.json("show", "Warehouse")
    told.json("note", "1.2", "Exported without errors", "--as", "ann")
    told.json("attach", "1.2", folder / "export.txt", "--as", "ann")
    told.json("tick", "Row count", "pass", "--value", "1200", "--as", "ann")
    told.json("step", "skip", "2.1", "--reason", "not tonight")
    told.json("gate", "criterion", "Ready", "set", "No open incident", "--holds", "yes", "--value", "0")


def _prove(told: Shell) -> None:
    told.json("sign", "Ready", "--role", "QA", "--meaning", "approved", "--as", "jun", alone=True)
    told.json("sign", "Ready", "--role", "Ops", "--meaning", "approved", "--as", "kim")
    told.json("gate", "list", "Warehouse")


STORY_KEYS = {
    "import": {"projects", "stages", "tasks", "checks", "links", "skipped"},
    "projects": {"projects"},
    "show Warehouse": {"tasks", "checks"},
    "gate add": {"gate"},
    "gate list": {"gates"},
    "people": {"people"},
    "person add": {"person", "id"},
    "task add": {"task"},
    "task set": {"task"},
    "task link": {"link"},
    "step start": {"task", "status"},
    "step finish": {"task", "status", "why_not"},
    "note": {"evidence"},
    "attach": {"evidence", "sha256"},
    "tick": {"check", "outcome"},
    "gate criterion": {"criterion"},
    "sign": {"statement"},
    "undo": {"done"},
}


@pytest.mark.parametrize("command", STORY_KEYS)
def test_every_command_answers_with_the_keys_it_promises(shell: Shell, command: str) -> None:
    answer = next(one for words, one in shell.answers.items() if words.startswith(command))

    assert STORY_KEYS[command] <= set(answer.data)
    assert answer.err == ""


def _answer(shell: Shell, start: str) -> Any:
    return next(one.data for words, one in shell.answers.items() if words.startswith(start))


def test_an_import_counts_what_came_in(shell: Shell) -> None:
    report = _answer(shell, "import")

    assert {name: report[name] for name in ("stages", "tasks", "checks", "links", "skipped")} == {
        "stages": 2,
        "tasks": 3,
        "checks": 1,
        "links": 0,
        "skipped": [],
    }
    assert _answer(shell, "projects") == {
        "projects": [{"id": report["projects"][0], "name": "Warehouse"}],
    }


def test_show_tells_of_every_task_what_it_counts_as_and_why_not(shell: Shell) -> None:
    shown = _answer(shell, "show Warehouse")
    freeze, export, switch = shown["tasks"]

    assert {"id", "title", "stage", "owner", "minutes", "claim", "status", "why_not"} <= set(freeze)
    assert (freeze["stage"], freeze["claim"], freeze["status"], freeze["minutes"]) == (
        "Prepare",
        "done",
        "done",
        30,
    )
    assert (export["owner"], export["claim"], export["status"]) == ("Ann Weiss", "done", "claimed")
    assert export["why_not"] == ["A note is missing.", "A file is missing.", "0 of 1 checks passed."]
    assert switch["why_not"] == ["The gate “Ready” is closed."]
    assert [one["text"] for one in shown["checks"]] == ["Row count agrees"]


def test_the_log_names_who_typed_who_did_it_and_why(shell: Shell) -> None:
    lines = shell.json("log")["log"]

    finish = next(one for one in lines if one["what"] == "Finish Freeze the code")
    failed = next(one for one in lines if one["what"] == "Freeze the code failed")
    assert (finish["person"], finish["on_behalf_of"]) == ("Mara Lind", "Ann Weiss")
    assert (failed["person"], failed["reason"]) == ("Ann Weiss", "Somebody merged")
    assert {"action", "at", "hash", "seq"} <= set(finish)


def test_two_signatures_open_the_gate_and_what_moves_its_ground_closes_it(
    shell: Shell, tmp_path: Path
) -> None:
    """Signed content changes -> both stale -> undo -> open -> withdrawn -> closed -> signed again -> on paper."""
    opened = shell.gate()
    assert (opened["state"], opened["missing"]) == ("final", [])
    assert [
        {name: one[name] for name in ("person", "role", "meaning", "stale")} for one in opened["signoffs"]
    ] == [
        {"person": "jun", "role": "QA", "meaning": "approved", "stale": False},
        {"person": "kim", "role": "Ops", "meaning": "approved", "stale": False},
    ]
    assert {one["presence"] for one in opened["signoffs"]} == {"script"}
    assert {one["level"] for one in opened["signoffs"]} == {"vouched"}

    shell.json("task", "set", "1.2", "title=Export the stock twice")
    changed = shell.gate()
    assert (changed["state"], [one["stale"] for one in changed["signoffs"]]) == ("closed", [True, True])

    shell.json("undo")
    assert shell.gate()["state"] == "final"
    shell.json("redo")
    assert shell.gate()["state"] == "closed"
    shell.json("undo")

    shell.json("withdraw", "Ready", "--as", "kim", "--reason", "The count was rushed")
    withdrawn = shell.gate()
    assert (withdrawn["state"], withdrawn["missing"]) == ("closed", ["The signature of Ops is missing."])

    _printed(shell, tmp_path / "ready.pdf", "closed")
    shell.json("sign", "Ready", "--role", "Ops", "--as", "kim")
    assert shell.gate()["state"] == "final"


def _printed(shell: Shell, pdf: Path, state: str) -> None:
    printed = shell.json("report", "Warehouse", "approval", "--gate", "Ready", "--to", pdf)
    assert (printed["file"], pdf.read_bytes()[:5]) == (str(pdf), b"%PDF-")
    verified = shell.json("verify", pdf)
    assert (verified["valid"], verified["current"]) == (True, True)
    damaged = bytearray(pdf.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    pdf.write_bytes(damaged)
    assert shell("verify", pdf, "--json").code == 1


def test_a_printed_checklist_verifies_until_its_content_changes(shell: Shell, tmp_path: Path) -> None:
    pdf = tmp_path / "list.pdf"
    shell.json("report", "Warehouse", "checklist", "--to", pdf)

    assert shell.json("verify", pdf)["current"]
    shell.json("task", "set", "2.1", "instruction=Call the carrier first")
    assert not shell.json("verify", pdf)["current"]


@pytest.mark.skipif(
    importlib.util.find_spec("app.integrations.exports") is None, reason="exports are not built yet"
)
def test_a_project_goes_out_as_json_csv_and_markdown(shell: Shell, tmp_path: Path) -> None:
    for suffix in ("json", "csv", "md"):
        target = tmp_path / f"out.{suffix}"
        answer = shell.json("export", "Warehouse", "--to", target)

        assert answer["tasks"] == 3
        assert "Freeze the code" in target.read_text("utf-8-sig")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))


def test_a_verdict_against_a_closed_gate_needs_a_reason_and_is_told_in_the_log(shell: Shell) -> None:
    shell.json("gate", "add", "Warehouse", "--name", "Last call", "--stage", "Go", "--require", "Lead")
    refused = shell("verdict", "Last call", "go")
    shell.json("verdict", "Last call", "go", "--reason", "The window closes")
    gate = shell.json("gate", "show", "Warehouse", "Last call")

    assert (refused.code, refused.err) == (1, "The gate is closed. A go against it needs a reason.\n")
    assert gate["go"]
    assert shell.json("verdict", "Last call", "no-go")["statement"]
    assert shell.json("exceptions", "Warehouse")["exceptions"] is not None


def test_runs_are_started_listed_and_finished(shell: Shell) -> None:
    run = shell.json("run", "start", "Warehouse", "--kind", "rehearsal", "--name", "First night")["run"]
    shell.json("step", "finish", "1.1", "--run", "First night")
    shown = shell.json("show", "Warehouse", "--run", "First night")
    shell.json("run", "finish", "Warehouse", "First night")
    listed = shell.json("run", "list", "Warehouse")["runs"]

    assert shown["run"] == run
    assert [one["status"] for one in shown["tasks"]] == ["done", "ready", "todo"]
    assert [(one["kind"], one["name"]) for one in listed] == [("main", ""), ("rehearsal", "First night")]
    assert listed[1]["finished_at"] is not None


def test_a_manager_takes_somebody_elses_action_back(shell: Shell) -> None:
    shell.json("task", "set", "2.1", "minutes=99", "--as", "ann")
    action = shell.json("log", "--limit", "1")["log"][0]["action"]
    refused = shell("revert", action, "--as", "jun")
    reverted = shell.json("revert", action[-8:], "--reason", "a typo")

    assert (refused.code, refused.err) == (
        1,
        "This needs the access manager. Ask an owner of the workspace.\n",
    )
    assert reverted == {"done": True, "kept": []}
    assert shell.json("conflicts", "Warehouse") == {"conflicts": []}


def test_a_backup_restores_elsewhere_and_the_restored_workspace_works(shell: Shell, tmp_path: Path) -> None:
    made = shell.json("backup", "--to", tmp_path / "ready.backup")
    elsewhere = Shell(tmp_path / "other", shell.typist)
    restored = elsewhere.json("restore", tmp_path / "ready.backup")
    new = elsewhere("task", "add", "Warehouse", "One more", "--as", "mara", "--json")

    assert made["commits"] > 30
    assert restored["rev"] == made["commits"] + 1  # the new device makes itself known
    assert restored["before"] is None
    assert new.code == 0
    examined = elsewhere.json("doctor")
    assert examined["problems"] == []
    assert examined["notes"] == []


# -- who may, and with which secret --------------------------------------------------------------------------------


def _rev(shell: Shell) -> int:
    lines = shell.json("log", "--limit", "1")["log"]
    return int(lines[0]["rev"])


def test_without_terminal_and_variable_the_refusal_names_the_variable(shell: Shell) -> None:
    for words in (
        ("projects", "--as", "jun"),
        ("sign", "Ready", "--role", "Lead"),
        ("task", "add", "Warehouse", "X", "--as", "kim"),
    ):
        refused = shell.alone(*words, pins="ann")
        person = words[-1].upper() if "--as" in words else "MARA"

        assert refused.code == 1
        assert f"LAUNCHBOOK_PIN_{person}" in refused.err
        assert refused.out == ""


def test_a_wrong_pin_is_refused_and_stands_in_the_log(shell: Shell) -> None:
    refused = shell("sign", "Ready", "--role", "Lead", "--as", "ann", LAUNCHBOOK_PIN_ANN="wrong-one")

    assert (refused.code, refused.err) == (1, "The PIN is wrong.\n")
    assert shell.json("log", "--limit", "1")["log"][0]["what"] == "A wrong PIN for Ann Weiss"


def test_a_wrong_passphrase_opens_no_key(shell: Shell) -> None:
    refused = shell("projects", "--as", "jun", LAUNCHBOOK_PASSPHRASE="another passphrase")

    assert (refused.code, refused.err) == (1, "The installation's passphrase is wrong.\n")


def test_one_person_does_not_give_both_signatures_and_nobody_signs_without_the_role(shell: Shell) -> None:
    rev = _rev(shell)
    twice = shell("sign", "Ready", "--role", "QA", "--as", "jun")
    not_held = shell("sign", "Ready", "--role", "Ops", "--as", "jun")

    assert (twice.code, "comes from another person" in twice.err) == (1, True)
    assert (not_held.code, not_held.err) == (1, "You do not hold the role Ops. An owner can give it.\n")
    assert _rev(shell) == rev


def test_nobody_approves_their_own_work(shell: Shell) -> None:
    shell.json("person", "role", "ann", "QA")

    refused = shell("sign", "Ready", "--role", "QA", "--as", "ann")

    assert (refused.code, refused.err) == (
        1,
        "You performed work that this covers. Somebody else signs it.\n",
    )


def test_what_ones_access_does_not_allow_is_refused_and_changes_nothing(shell: Shell) -> None:
    shell.json("person", "add", "Ray Ader", "--id", "ray", "--access", "reader")
    rev = _rev(shell)
    pin = {"LAUNCHBOOK_PIN_RAY": "ray-pin-1111"}
    for words, needed in (
        (("task", "add", "Warehouse", "X", "--as", "ray"), "editor"),
        (("gate", "add", "Warehouse", "--name", "X", "--stage", "Go", "--as", "ann"), "manager"),
        (("person", "add", "Zed", "--id", "zed", "--as", "kim"), "owner"),
        (("run", "start", "Warehouse", "--as", "kim"), "manager"),
    ):
        refused = shell(*words, **pin)
        assert (refused.code, f"This needs the access {needed}." in refused.err) == (1, True), refused.err

    assert _rev(shell) == rev + 1  # Ray's own first key on this device


# -- how it is typed and answered ----------------------------------------------------------------------------------


def test_global_options_stand_before_or_after_the_command(shell: Shell) -> None:
    before = shell("--json", "--lang", "zh", "--run", "main", "show", "Warehouse")
    after = shell("show", "Warehouse", "--run=main", "--lang=zh", "--json")
    beside = shell("show", "--json", "Warehouse", "--run", "main", "--lang", "zh")

    assert before.code == 0
    assert before.out == after.out == beside.out


def test_the_installed_script_is_the_same_program(shell: Shell) -> None:
    script = Path(sys.executable).with_name("launchbook")
    if not script.exists():
        pytest.skip("the package is not installed")

    assert shell.alone("projects", program=(str(script),)).out == shell("projects").out


def test_wrong_usage_ends_with_2_and_a_refusal_with_1(shell: Shell) -> None:
    wrong = [
        shell.alone(*words).code
        for words in (
            ("nonsense",),
            ("show",),
            ("tick", "Row count", "perhaps"),
            ("verdict", "Ready", "maybe"),
            ("projects", "--lang", "xx"),
            ("gate", "add", "Warehouse", "--name", "X"),
        )
    ]
    refused = shell.alone("show", "nothing", "--json")

    assert wrong == [2] * 6
    assert (refused.code, refused.data) == (1, {"error": "There is no project called nothing."})
    assert refused.err == "There is no project called nothing.\n"


def test_chinese_is_spoken_where_it_is_asked_for(shell: Shell) -> None:
    shown = shell("show", "Warehouse", "--lang", "zh")
    refused = shell("show", "nothing", "--lang", "zh")
    helped = shell("step", "--help", "--lang", "zh")

    assert "完成" in shown.out
    assert refused.err == "没有名为“nothing”的上线项目。\n"
    assert "执行步骤" in helped.out
    assert "选项:" in helped.out


def test_no_secret_is_in_any_answer_nor_in_any_file(shell: Shell, tmp_path: Path) -> None:
    """Database, write-ahead log, key file, evidence and backups are searched byte by byte."""
    shell.json("backup", "--to", tmp_path / "search.backup")
    with zipfile.ZipFile(tmp_path / "search.backup") as archive:
        contents = [archive.read(name) for name in archive.namelist()]
    contents += [path.read_bytes() for path in shell.home.rglob("*") if path.is_file()]
    contents += [(one.out + one.err).encode() for one in shell.answers.values()]
    contents.append(shell("log", "--limit", "500").out.encode())

    for secret in (PASSPHRASE, *PINS.values()):
        assert not any(secret.encode() in content for content in contents)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders private itself")
def test_database_keys_and_backups_are_the_owners_alone(shell: Shell) -> None:
    shell.json("backup")
    private = [
        shell.folder / "launchbook.db",
        shell.folder / "keys.json",
        *(shell.folder / "backups").iterdir(),
    ]

    assert [path.stat().st_mode & 0o777 for path in private] == [0o600] * len(private)
    assert shell.folder.stat().st_mode & 0o777 == 0o700
