"""A word that only a later version knows breaks no list, no paper and no screen here: it is kept, and taken for the most careful one."""

import random
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.registry import SPECS
from app.queries.newer import newer_count
from tests.factories import a_workspace
from tests.storage import acts, night
from tests.ui.cli.conftest import Shell
from tests.ui.desktop.screen import Screen, open_for_test
from tests.versions.trees import Laptop, version
from ui.desktop.faces import Faces

pytestmark = pytest.mark.slow  # starts processes of another version

_NUMBERS = {"claim": 7, "least_level": 3}
_EACH = 3  # objects of each kind that get such a word


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night's work, then each closed list's new word in a few places, written by the next version."""
    home = tmp_path_factory.mktemp("words")
    folder = home / "workspaces" / "main"
    workspace = a_workspace(folder)
    one_night = night.Night(random.Random(3))
    for _act in range(150):
        one_night.act(workspace)
    workspace.close()
    laptop = Laptop(version(home, 1), folder)
    laptop.ask("act_as", acts.ADA)
    written = 0
    for spec in SPECS.values():
        for name, one in spec.fields.items():
            if one.mark.words is None:
                continue
            main = "AND kind <> 'main' " if spec.table == "run" else ""  # what a project has from its birth
            for (thing,) in laptop.rows(f'SELECT id FROM "{spec.table}" WHERE alive {main}LIMIT {_EACH}'):
                laptop.run("later:write_1", spec.table, thing, name, _NUMBERS.get(name, "new-1"))
                written += 1
    laptop.close()
    assert written >= 12
    return home


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("LAUNCHBOOK_PASSPHRASE", "a long enough passphrase")
    return Shell(home, capsys.readouterr)


def test_every_list_and_paper_of_the_command_line_stands(shell: Shell, tmp_path: Path) -> None:
    workspace = open_for_test(shell.folder)
    projects = [
        bytes(one)
        for (one,) in workspace.read(lambda reader: reader.rows("SELECT id FROM project WHERE alive"))
    ]
    assert workspace.read(newer_count) >= 12
    workspace.close()
    for project in projects:
        for words in (
            ("show", project.hex()),
            ("gate", "list", project.hex()),
            ("run", "list", project.hex()),
            ("exceptions", project.hex()),
            ("incident", "list", project.hex()),
            ("decision", "list", project.hex()),
            ("conflicts", project.hex()),
            ("log", project.hex()),
            ("people",),
            ("report", project.hex(), "situation"),
            ("report", project.hex(), "checklist", "--to", str(tmp_path / "checklist.pdf")),
            ("report", project.hex(), "protocol", "--to", str(tmp_path / "protocol.pdf")),
            ("export", project.hex(), "--to", str(tmp_path / "plan.json")),
            ("export", project.hex(), "--to", str(tmp_path / "plan.csv")),
            ("export", project.hex(), "--to", str(tmp_path / "plan.md")),
            ("verify", project.hex()),
        ):
            said = shell(*words)
            assert said.code in (0, 1), (words, said.err)  # a gate that is closed is refused with a reason
            assert "made a mistake" not in said.err, (words, said.err)
    assert "newer data present" in "".join(shell.done("show", project.hex()) for project in projects)
    assert "newer version" in shell.done("devices")


@pytest.mark.parametrize(
    ("place", "faces"),
    [
        ("plan", ("checklist", "board", "gantt")),
        ("run", ("cockpit", "checklist", "board", "gantt")),
        ("prove", ("gates", "evidence", "exceptions", "log")),
    ],
)
def test_every_screen_stands(qtbot: QtBot, home: Path, place: str, faces: tuple[str, ...]) -> None:
    workspace = open_for_test(home / "workspaces" / "main")
    workspace.act_as(acts.ADA)
    failed: list[object] = []
    screen = Screen(qtbot, workspace)
    screen.bridge.failed.connect(failed.append)
    try:
        for (project,) in workspace.read(lambda reader: reader.rows("SELECT id FROM project WHERE alive"))[
            :2
        ]:
            window = screen.open(bytes(project), place)
            for face in faces:
                view = window.current_view()
                assert isinstance(view, Faces)
                view.show_face(face)
                screen.settle()
            window.close()
        assert failed == []
    finally:
        screen.close()
