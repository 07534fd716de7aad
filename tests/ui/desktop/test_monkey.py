"""Random input finds no warning, no exception, no crash and no damage; planted ones it does find."""

import sys
from typing import Any

import pytest

from tests.ui.desktop.monkey import STEPS, outcome, sent, told

SEEDS = range(7)  # about two minutes; `make prove` goes on for thirty

PLANTS = {
    "an exception in a slot": (
        (
            "from ui.desktop.main_window import MainWindow\n"
            "def broken(window): raise RuntimeError('planted')\n"
            "MainWindow.next_pane = MainWindow.search = MainWindow.undo = broken\n"
        ),
        "RuntimeError: planted",
    ),
    "a warning of Qt": (
        (
            "from PySide6.QtCore import qWarning\n"
            "from ui.desktop.main_window import MainWindow\n"
            "go_to = MainWindow.go_to\n"
            "def warned(window, place): qWarning('planted'); go_to(window, place)\n"
            "MainWindow.go_to = warned\n"
        ),
        "Qt says: planted",
    ),
    "an exception in a worker": (
        (
            "from app.workspace import Workspace\n"
            "def broken(workspace, *args, **kw): raise RuntimeError('planted')\n"
            "Workspace.undo = broken\n"
        ),
        "RuntimeError: planted",
    ),
    "a row written around the log": (
        (
            "import apsw\n"
            "close = monkey.Monkey.close\n"
            "def bent(one):\n"
            "    close(one)\n"
            "    raw = apsw.Connection(str(one.folder / 'workspace' / 'launchbook.db'))\n"
            '    raw.execute("UPDATE task SET minutes = 7777")\n'
            "    raw.close()\n"
            "monkey.Monkey.close = bent\n"
        ),
        "is not what its log says",
    ),
    "a crash": (
        (
            "import ctypes\n"
            "from ui.desktop.main_window import MainWindow\n"
            "MainWindow.go_to = lambda *_args: ctypes.string_at(0)\n"
        ),
        "the process ended with -11",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_random_input_breaks_nothing(seed: int) -> None:
    found = sent(seed)
    assert not found["faults"], told(found)
    assert sum(found["counts"].values()) >= STEPS


def planted(source: str, seed: int, steps: int) -> dict[str, Any]:
    code = f"from tests.ui.desktop import monkey\n{source}monkey.main(['{seed}', '--steps', '{steps}'])\n"
    return outcome([sys.executable, "-c", code], seed, steps)


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_is_found(plant: str) -> None:
    source, said = PLANTS[plant]
    found = planted(source, 3, 60)
    assert any(said in fault for fault in found["faults"]), told(found)


@pytest.mark.slow
def test_a_seed_does_the_same_again() -> None:
    first, again = sent(5, 60), sent(5, 60)
    assert (first["acts"], first["counts"]) == (again["acts"], again["counts"])
