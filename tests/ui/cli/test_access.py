"""Access, deputies and devices on the command line: everywhere, in one project, until a moment, taken away."""

import json

import pytest

from tests.ui.cli.conftest import Shell


def test_access_may_be_for_one_project_and_be_taken(shell: Shell) -> None:
    assert shell.done("access", "jun", "none") == "Jun Sato has no access any more.\n"
    said = shell.done("access", "jun", "manager", "--project", "warehouse")
    assert said == "Jun Sato is manager of Warehouse cutover now.\n"
    people = {one["id"]: one for one in json.loads(shell.done("people", "--json"))["people"]}

    assert people["jun"]["access"] == "none"
    assert [access for _project, access in people["jun"]["projects"]] == ["manager"]
    assert "Warehouse cutover: manager" in shell.done("people")
    assert "owns the whole workspace" in shell("access", "jun", "owner", "--project", "warehouse").err
    shell.done("access", "jun", "none", "--project", "warehouse")
    assert "manager" not in shell.done("people")


def test_who_may_change_one_project_changes_nothing_else(shell: Shell) -> None:
    shell.done("access", "jun", "none")
    shell.done("access", "jun", "editor", "--project", "warehouse")

    shell.done("--as", "jun", "task", "set", "1.1", "minutes=45")
    assert "single projects" in shell("--as", "jun", "project", "add", "Another one").err


def test_a_deputy_holds_the_role_until_a_moment(shell: Shell) -> None:
    shell.done("person", "role", "jun", "Ops", "--until", "2099-03-08T23:00+01:00")

    assert "Ops" in shell.done("people")
    assert "in the future" in shell("person", "role", "jun", "DBA", "--until", "2001-01-01T00:00Z").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("devices", "revoke", "nothing"), "no device called nothing"),
        (("late", "--accept", "abcdef"), "No late signature"),
    ],
)
def test_what_is_not_there_is_said(shell: Shell, words: tuple[str, ...], told: str) -> None:
    assert told in shell(*words).err


def test_the_device_one_works_on_is_not_taken_out(shell: Shell) -> None:
    (device,) = json.loads(shell.done("devices", "--json"))["devices"]

    assert "device you work on" in shell("devices", "revoke", device["key"]).err
    assert shell.done("late") == "Nothing came late.\n"
