"""What a line asks for before the parser reads it: which parts it needs, and whether it only opens the window."""

from pathlib import Path

import pytest
import typer

from app.settings import home_folder
from ui.cli.arguments import HOME, DesktopLine, command_of, globals_first, opens_desktop
from ui.cli.root import PARTS, application, parts_for


def test_every_command_is_found_in_its_own_part() -> None:
    for name, part in PARTS.items():
        assert name in typer.main.get_command(application([part])).commands  # type: ignore[attr-defined]  # a group
    everything = typer.main.get_command(application(parts_for(["--help"])))
    assert set(PARTS) == set(everything.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ([], None),
        (["--home", "show"], None),
        (["show", "--home=x", "p"], "show"),
        (["--lang", "zh", "--json", "log"], "log"),
        (["-h"], "-h"),
    ],
)
def test_the_command_is_the_first_word_that_no_global_option_takes(
    line: list[str], command: str | None
) -> None:
    assert command_of(globals_first(line)) == command


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ([], DesktopLine(Path("kept"), None, sample=False)),
        (["--home", "here"], DesktopLine(Path("here"), None, sample=False)),
        (["demo", "--lang", "zh"], DesktopLine(Path("kept"), "zh", sample=True)),
        (["--home", "demo", "demo"], DesktopLine(Path("demo"), "en", sample=True)),
        (["--lang", "fr"], None),
        (["--home"], None),
        (["demo", "--picture", "p.png"], None),
        (["projects"], None),
        (["--json"], None),
    ],
)
def test_only_a_plain_line_opens_the_window_without_the_parser(
    line: list[str], opened: DesktopLine | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME, "kept")
    assert opens_desktop(line) == opened


def test_without_any_word_the_platform_says_where_home_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME, raising=False)
    assert opens_desktop([]) == DesktopLine(home_folder(), None, sample=False)
