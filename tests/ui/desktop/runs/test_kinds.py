"""Rehearsal and live run differ in words, shape and colour wherever a run is shown."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from app.commands.runs import start_run
from app.domain.words import RunKind
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.pages import Pages
from ui.desktop.workspaces import OpenWorkspace


@pytest.fixture
def runs(workspace: OpenWorkspace, plan: Plan) -> dict[str, bytes]:
    rehearsal = workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    live = workspace.run(start_run, plan.project, RunKind.LIVE, "Weekend", reason="Test").result
    return {"rehearsal": rehearsal, "live": live}


def look_at(screen: Screen, plan: Plan, run: bytes | None) -> None:
    screen.desk.look_at(plan.project, run)
    screen.settle()


def test_the_window_names_the_kind_in_its_title_bar_and_band(
    screen: Screen, plan: Plan, runs: dict[str, bytes]
) -> None:
    window = screen.open(plan.project, "run")
    look_at(screen, plan, runs["rehearsal"])
    assert window.windowTitle() == "REHEARSAL · Dress – Go-live – Launchbook"
    assert window.topbar.run.text() == "REHEARSAL · Dress"
    assert window.band.isVisible()
    assert "Nothing here is the go-live." in window.band.accessibleName()
    wide = window.band.height()
    look_at(screen, plan, runs["live"])
    assert window.windowTitle() == "LIVE · Weekend – Go-live – Launchbook"
    assert window.topbar.run.text() == "LIVE · Weekend"
    assert window.band.height() < wide


def test_the_main_run_bears_no_mark(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project, "run")
    assert window.windowTitle() == "Go-live – Launchbook"
    assert not window.band.isVisible()


def ground(screen: Screen) -> set[str]:
    """The colours at the left edge of what the window shows."""
    image = screen.window.framed.grab().toImage()
    return {QColor(image.pixel(1, y)).name() for y in range(0, image.height(), 3)}


def test_a_rehearsal_has_an_edge_round_it_on_every_screen(
    screen: Screen, plan: Plan, runs: dict[str, bytes]
) -> None:
    window = screen.open(plan.project, "run")
    late = screen.desk.theme.color("late_soft").name()
    for place in ("run/cockpit", "run/checklist", "prove/gates", "plan/checklist"):
        look_at(screen, plan, runs["rehearsal"])
        window.go_to(place)
        screen.settle()
        assert late in ground(screen), place
        look_at(screen, plan, runs["live"])
        assert late not in ground(screen), place


@pytest.mark.needs("pdftotext", "poppler-utils")
def test_every_page_says_which_kind_of_run_it_shows(
    screen: Screen, plan: Plan, runs: dict[str, bytes], tmp_path: Path
) -> None:
    import subprocess

    screen.open(plan.project, "run")
    for kind, word in (("rehearsal", "REHEARSAL"), ("live", "LIVE")):
        look_at(screen, plan, runs[kind])
        to = tmp_path / f"{kind}.pdf"
        with Pages(screen.window, 1, to) as pages:
            pages.paint(screen.window.current_view())
        text = subprocess.run(
            ["pdftotext", str(to), "-"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert word in text
