"""How lines are typed and answered: options anywhere, help in both languages, words for people, exit codes."""

import functools
import getpass
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po

from app.i18n import set_language
from tests.conftest import ROOT
from tests.ui.cli.conftest import Shell
from ui.cli.arguments import globals_first, value_of
from ui.cli.columns import column, width
from ui.cli.helping import SECTIONS, first_sentence, sections, translate
from ui.cli.root import PARTS, application


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        ("show X --json", "--json show X"),
        ("show --run live X --as jun", "--run live --as jun show X"),
        ("--lang=zh show X --home=/h", "--lang=zh --home=/h show X"),
        ("note 1.1 -- --json", "note 1.1 -- --json"),
        ("show X --run", "--run show X"),
        ("", ""),
    ],
)
def test_global_options_go_in_front(typed: str, parsed: str) -> None:
    assert globals_first(typed.split()) == parsed.split()


def test_a_global_options_value_is_known_before_anything_is_parsed() -> None:
    assert value_of("--lang", ["--lang", "zh", "show"]) == "zh"
    assert value_of("--lang", ["--lang=zh"]) == "zh"
    assert value_of("--lang", ["show", "--", "--lang", "zh"]) is None
    assert value_of("--lang", ["--lang"]) is None


def test_columns_are_straight_in_chinese_too() -> None:
    assert width("任务a") == 5
    assert column("任务", 6) + "|" == "任务  |"
    assert column("longer than that", 4) == "longer than that"


# -- help ----------------------------------------------------------------------------------------------------------


def _whole() -> Any:
    """The command line with everything in it."""
    return typer.main.get_command(application(dict.fromkeys(PARTS.values())))


def _tree(command: Any, name: str = "launchbook") -> list[tuple[str, Any]]:
    found = [(name, command)]
    for word, one in getattr(command, "commands", {}).items():
        found += _tree(one, f"{name} {word}")
    return found


def _texts(command: Any) -> list[tuple[str, str]]:
    found = []
    for name, one in _tree(command):
        found.append((name, one.help or ""))
        found += [(f"{name} {each.name}", each.help or "") for each in one.params if each.name != "help"]
    return found


def test_every_command_has_its_place_in_the_help() -> None:
    commands = _whole().commands
    placed = [name for _title, names in SECTIONS for name in names]

    assert sorted(placed) == sorted(commands)
    assert sections({"import": None, "brand-new": None})[-1][1][-1] == "brand-new"


def test_every_command_argument_and_option_says_what_it_is_in_both_languages() -> None:
    english = _texts(_whole())
    set_language("zh")
    spoken = _whole()
    translate(spoken)

    assert [name for name, text in english if not text] == []
    same = [
        (name, text)
        for (name, text), (_name, other) in zip(english, _texts(spoken), strict=True)
        if text == other
    ]
    assert [name for name, text in same if text not in _waiting()] == []


@functools.cache
def _waiting() -> frozenset[str]:
    """Texts whose Chinese lies in a fragment, until `make translations` brings it into the catalogue."""
    found: set[str] = set()
    for path in (ROOT / "resources/locale").glob("*.zh.po"):
        with path.open("rb") as file:
            found |= {str(one.id) for one in read_po(file) if one.string}
    return frozenset(found)


def test_no_line_of_help_is_cut_off_or_wider_than_a_terminal(empty: Shell) -> None:
    for name, _command in _tree(_whole()):
        for language in ("en", "zh"):
            shown = empty.done(*name.split()[1:], "--help", "--lang", language)
            assert max(width(line) for line in shown.splitlines()) <= 120, name


def test_the_root_lists_the_first_sentence_of_each_command(empty: Shell) -> None:
    shown = empty.done("--help")

    assert "\nPlan:\n  import      Import a plan: Markdown, JSON, CSV or XLSX.\n" in shown
    assert first_sentence("It is 1.5 h. And more.") == "It is 1.5 h."
    assert first_sentence("一句。再一句。") == "一句。"
    assert first_sentence("No end") == "No end"


def test_a_group_alone_shows_what_it_can(empty: Shell) -> None:
    said = empty("step")

    assert said.code == 2
    assert "finish" in said.out + said.err


# -- answers -------------------------------------------------------------------------------------------------------


def test_an_empty_workspace_says_what_to_do_next(empty: Shell) -> None:
    assert empty.done("people") == "Nobody yet.\n"
    assert empty.done("projects") == "No project yet. Import a file or add one.\n"
    assert empty.done("conflicts") == "No conflicts.\n"
    refused = empty("sign", "x", "--role", "QA")
    assert (refused.code, refused.err) == (1, "There is no gate or task called x.\n")


def test_an_import_says_what_came_in(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "more.md").write_text("# More\n\n- [ ] One\n- [ ]\n", "utf-8")
    lines = shell.done("import", tmp_path / "more.md").splitlines()

    assert lines[0].endswith("  More")
    assert lines[1].startswith("Came in: stages 1, tasks 1, checks 0, links 0")


def test_steps_say_what_they_count_as_and_what_they_lack(shell: Shell) -> None:
    assert shell.done("step", "start", "1.1") == "1.1 Freeze the code: running\n"
    assert shell.done("step", "finish", "1.1") == "1.1 Freeze the code: done\n"
    assert shell.done("step", "finish", "1.2") == (
        "1.2 Export the stock: finished, but something is missing\n  0 of 1 checks passed.\n"
    )
    assert shell.done("step", "reset", "1.1") == "1.1 Freeze the code: may start\n"


def test_a_change_is_answered_in_the_words_of_the_log_and_none_as_such(shell: Shell) -> None:
    assert shell.done("task", "set", "1.1", "minutes=40") == "Change Freeze the code\n"
    assert shell.done("task", "set", "1.1", "minutes=40") == "Nothing changed.\n"
    assert shell.done("tick", "row", "pass") == "Check Row count agrees: pass\n"
    assert shell.done("undo") == "Undo: Check Row count agrees: pass\n"


def test_undo_says_what_it_left_alone(shell: Shell) -> None:
    shell.done("task", "set", "1.1", "minutes=40", "--as", "jun")
    shell.done("task", "set", "1.1", "minutes=50")

    said = shell.done("undo", "--as", "jun")

    assert said.splitlines()[-1] == "Left alone, changed since: task minutes"


def test_a_projects_times_are_wall_times_of_its_zone(shell: Shell) -> None:
    shell.done("project", "set", "warehouse", "zone=Asia/Shanghai", "t0=2026-03-06T22:00Z", "manager=jun")
    exported = json.loads(shell.done("project", "add", "Next", "--t0", "6 Mar 2026 22:00", "--json"))

    assert exported["project"]
    assert shell.done("project", "set", "warehouse", "t0=2026-03-07 06:00") == "Nothing changed.\n"
    assert (
        shell.done("project", "set", "warehouse", "t0=", "manager=") == "Change project Warehouse cutover\n"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("project set warehouse t0=tomorrow", "tomorrow is no date and time. Try 2026-03-06 22:00."),
        ("project set warehouse window_end=never", "never is no date and time. Try 2026-03-06 22:00."),
        (
            "project set warehouse zone=Nowhere",
            "Nowhere is no time zone. Try Europe/Berlin or Asia/Shanghai.",
        ),
        ("project add New --t0 soon", "soon is no date and time. Try 2026-03-06 22:00."),
        ("project set warehouse manager=nobody", "There is no person called nobody."),
        ("project set warehouse name=", "A project needs a name."),
    ],
)
def test_what_a_project_cannot_have_is_refused(shell: Shell, line: str, said: str) -> None:
    rev = shell.rev
    answer = shell(*line.split())

    assert (answer.code, answer.err) == (1, said + "\n")
    assert shell.rev == rev


def test_the_plan_is_shown_with_reasons_and_without_trailing_space(shell: Shell) -> None:
    shell.done("task", "link", "1.1", "1.2")
    shown = shell.done("show", "warehouse")

    assert "  1.1    may start  Freeze the code  30 min\n" in shown
    assert "  1.2    to do      Export the stock\n         “Freeze the code” is to do.\n" in shown
    assert not any(line != line.rstrip() for line in shown.splitlines())
    assert "待办" in shell.done("show", "warehouse", "--lang", "zh")


def test_a_gate_says_after_each_signature_what_it_is_now(shell: Shell) -> None:
    shell.done("gate", "add", "warehouse", "--name", "Ready", "--task", "1.1", "--require", "QA")
    shell.done("step", "finish", "1.1")
    signed = shell.done("sign", "Ready", "--role", "QA", "--as", "jun").splitlines()
    withdrawn = shell.done("withdraw", signed[0], "--as", "jun").splitlines()

    assert signed[1] == "Ready: final"
    assert withdrawn[1:3] == ["Ready: closed", "  - The signature of QA is missing."]
    assert withdrawn[3].endswith("withdrawn")
    assert shell.done("gate", "list", "warehouse").splitlines()[0] == "Ready: closed"
    step = shell.done("sign", "1.1", "--role", "QA", "--as", "jun").splitlines()
    assert len(step) == 1


def test_a_skipped_step_is_waived_on_the_command_line(shell: Shell) -> None:
    shell.done("gate", "add", "warehouse", "--name", "Ready", "--task", "1.1", "--require", "QA")
    shell.done("step", "skip", "1.1", "--reason", "frozen already")
    shell.done("sign", "Ready", "--role", "QA", "--as", "jun")
    closed = shell.done("gate", "show", "warehouse", "Ready").splitlines()
    assert closed[:2] == ["Ready: closed", "  - “Freeze the code” is skipped. It needs a waiver."]
    assert shell("waive", "1.1", "--role", "QA", "--as", "jun").err == "A waiver needs a reason.\n"
    shell.done("waive", "1.1", "--role", "QA", "--reason", "It is frozen", "--as", "jun")
    opened = shell.done("gate", "show", "warehouse", "Ready")
    assert opened.startswith("Ready: final")
    assert "Jun Sato, QA: lets it pass undone" in opened
    shell.done("withdraw", "1.1", "--as", "jun")
    assert shell.done("gate", "show", "warehouse", "Ready").startswith("Ready: closed")


def test_what_changed_after_go_is_accepted_on_the_command_line(shell: Shell) -> None:
    shell.done("gate", "add", "warehouse", "--name", "Ready", "--task", "1.1", "--require", "QA")
    shell.done("step", "finish", "1.1")
    shell.done("sign", "Ready", "--role", "QA", "--as", "jun")
    assert shell("accept", "Ready", "--reason", "so").err == "Nothing at this gate waits to be accepted.\n"
    shell.done("verdict", "Ready", "go")
    shell.done("step", "reset", "1.1", "--reason", "once more")
    assert shell("accept", "Ready").err == "Who accepts says why. Give a reason.\n"
    made = shell.done("accept", "Ready", "--kind", "changed after go", "--reason", "It is frozen").split()
    said = shell.done("exceptions", "warehouse").splitlines()

    assert len(made) == 1
    assert "now. Accepted by Mara Lind, 20" in said[-1]
    assert said[-1].endswith("Z: It is frozen")
    assert not said[0].endswith("It is frozen")  # what is answered stands last
    shell.done("withdraw", made[0])
    assert "It is frozen" not in shell.done("exceptions", "warehouse")


def test_the_run_that_is_on_is_the_one_that_is_finished(shell: Shell) -> None:
    refused = shell("run", "finish", "warehouse")
    shell.done("run", "start", "warehouse", "--name", "First")
    finished = shell.done("run", "finish", "warehouse")

    assert refused.err == "Say which run to finish. Not finished: -.\n"
    assert finished == "Finish run First\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tick row maybe", "It is pass, fail or na."),
        ("verdict x maybe", "It is go or no-go."),
        (
            "accept x --kind maybe",
            "It is one of: no-go ignored, changed after go, stale signature, late signature, signature does not count.",
        ),
        ("run start warehouse --kind main", "It is rehearsal or live."),
        ("sign 1.1 --role QA --meaning ok", "It is prepared, reviewed, approved or rejected."),
        ("gate add warehouse --name x", "Give either --stage or --task."),
        ("gate criterion x change y", "It is add or set."),
        ("gate criterion x set y --holds perhaps", "It is yes or no."),
        ("report warehouse letter --to x.pdf", "It is one of: checklist, approval, situation, protocol."),
        ("projects --lang fr", "It is en or zh."),
    ],
)
def test_a_word_that_is_none_of_the_few_is_wrong_usage(shell: Shell, line: str, said: str) -> None:
    answer = shell(*line.split())

    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("task set 1.1 minutes", "minutes is not of the form FIELD=VALUE."),
        ("step start 1.1 --at yesterday", "yesterday is no ISO date and time. Try 2026-03-06T22:00+01:00."),
        ("step remaining 1.1 soon", "soon is no duration. Try 90, 1h30 or 1.5h."),
        ("task unlink 1.1 2.1", "There is no link between these tasks."),
        ("person access jun king", "Access is owner, manager, editor or reader."),
        ("import x.csv --map owner", "owner is not of the form FIELD=HEADER."),
        ("attach 1.1 nowhere.txt", "nowhere.txt is no file."),
        ("projects --as nobody", "There is no person called nobody."),
        ("show warehouse --run night", "There is no run called night."),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(shell: Shell, line: str, said: str) -> None:
    rev = shell.rev
    answer = shell(*line.split())
    as_data = shell(*line.split(), "--json")

    assert (answer.code, answer.out, answer.err) == (1, "", said + "\n")
    assert json.loads(as_data.out) == {"error": said}
    assert shell.rev == rev


# -- people and secrets --------------------------------------------------------------------------------------------


def test_a_bad_id_is_refused_before_a_pin_is_asked(empty: Shell) -> None:
    refused = empty("person", "add", "Mara", "--id", "Mara Lind")

    assert refused.err == "An id is made of a-z, 0-9 and _, at most 40 of them.\n"


def test_the_first_person_needs_a_pin_and_later_ones_may_set_theirs_later(shell: Shell) -> None:
    shell.done("person", "add", "Nina Ruiz", "--id", "nina", "--role", "Ops")
    people = json.loads(shell.done("people", "--json"))["people"]

    assert [(one["id"], one["has_key"], one["level"]) for one in people] == [
        ("jun", True, "vouched"),
        ("mara", True, "self_declared"),
        ("nina", False, "self_declared"),
    ]
    assert shell.done("people").splitlines()[0] == "jun          Jun Sato                 editor   QA"


def test_a_contact_of_the_plan_is_admitted_under_its_own_name(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "more.md").write_text("# More\n\n- [ ] One @nina\n", "utf-8")
    shell.done("import", tmp_path / "more.md")
    shell.done("person", "add", "Nina", "--id", "nina", "--role", "Ops")
    people = json.loads(shell.done("people", "--json"))["people"]

    assert [(one["id"], one["access"], one["roles"]) for one in people if one["id"] == "nina"] == [
        ("nina", "editor", ["Ops"])
    ]


def test_roles_and_access_are_given_and_taken(shell: Shell) -> None:
    assert shell.done("person", "role", "jun", "Ops") == "Jun Sato may sign as Ops.\n"
    assert shell.done("person", "role", "jun", "Ops", "--take") == "Jun Sato no longer signs as Ops.\n"
    assert shell.done("person", "access", "jun", "manager") == "Jun Sato is manager now.\n"


def test_a_pin_typed_at_a_terminal_is_marked_as_such(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return "jun-4712"

    monkeypatch.delenv("LAUNCHBOOK_PIN_JUN")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", typed)
    shell.done("gate", "add", "warehouse", "--name", "Ready", "--task", "1.1", "--require", "QA")
    shell.done("sign", "Ready", "--role", "QA", "--as", "jun")
    gate = json.loads(shell.done("gate", "show", "warehouse", "Ready", "--json"))

    assert gate["signoffs"][0]["presence"] == "pin"
    assert set(asked) == {"PIN of jun: "}


def test_stopping_at_the_prompt_changes_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.delenv("LAUNCHBOOK_PIN_JUN")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", stopped)
    rev = shell.rev

    assert shell("task", "set", "1.1", "minutes=7", "--as", "jun").code != 0
    assert shell.rev == rev


def test_the_passphrase_is_asked_at_a_terminal(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "twelve letters and more")

    assert empty.done("person", "add", "Mara", "--id", "mara") == "Mara is in.\n"


def test_reading_does_not_load_what_only_writing_needs(shell: Shell) -> None:
    script = "import sys; from ui.cli.root import run; run(sys.argv[1:]); print('sqlmodel' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, "--home", str(shell.home), "show", "warehouse"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "False"


def test_two_laptops_exchange_what_they_did_by_a_file(shell: Shell, tmp_path: Path) -> None:
    other = replace(shell, home=tmp_path / "another laptop")
    there, back = tmp_path / "there.stick", tmp_path / "back.stick"
    wrote = shell.done("sync", "--to", str(there)).splitlines()
    joined = other.done("sync", "--from", str(there))
    assert wrote[0] == str(there)
    assert wrote[1].endswith("commits are on it.")
    assert joined == "This workspace begins with what the file held.\n"
    assert other.done("show", "warehouse") == shell.done("show", "warehouse")

    shell.done("step", "finish", "1.1")
    other.done("sync", "--to", str(back), "--since", str(there))
    shell.done("sync", "--from", str(back))
    shell.done("sync", "--to", str(there), "--since", str(back))
    assert "taken in" in other.done("sync", "--from", str(there))
    assert other.done("show", "warehouse") == shell.done("show", "warehouse")
    there.write_bytes(there.read_bytes()[:-5])
    refused = other("sync", "--from", str(there))
    assert (refused.code, refused.err) == (
        1,
        "there.stick is not whole. Nothing was taken. Copy it again.\n",
    )
    assert "Give either --to or --from." in other("sync", "--to", str(there), "--from", str(back)).err
    assert "shared through no server yet" in other("sync").err
