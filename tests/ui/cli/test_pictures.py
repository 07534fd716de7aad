"""A view of a project as a picture or as pages, from the command line and without a display."""

import json
import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from tests.ui.cli.conftest import Shell
from ui.desktop.pictures import FACES, SIZE


def words_of(pdf: Path) -> list[str]:
    """The text of each page."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout.split("\f")[:-1]


def export(shell: Shell, face: str, file: Path) -> None:
    answer = shell("export", "Warehouse", "--view", face, "--to", file)
    if "There is no view" in answer.err:
        pytest.skip(f"the window has no {face} yet")
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("face", FACES)
def test_every_view_becomes_a_picture_as_large_as_the_window(
    qtbot: QtBot, shell: Shell, tmp_path: Path, face: str
) -> None:
    file = tmp_path / "view.png"
    export(shell, face, file)
    image = QImage(str(file))
    assert (image.width(), image.height()) == SIZE
    colours = {image.pixel(x, y) for x in range(0, SIZE[0], 7) for y in range(0, SIZE[1], 7)}
    assert len(colours) > 20  # there is something on it


@pytest.mark.needs("pdftotext", "poppler-utils")
@pytest.mark.parametrize("face", FACES)
def test_every_view_becomes_pages_of_letters(qtbot: QtBot, shell: Shell, tmp_path: Path, face: str) -> None:
    file = tmp_path / "view.pdf"
    export(shell, face, file)
    pages = words_of(file)
    assert "Warehouse cutover" in pages[0]
    if face == "checklist":
        assert all(title in pages[0] for title in ("Freeze the code", "Export the stock", "Switch over"))


@pytest.mark.needs("pdftotext", "poppler-utils")
@pytest.mark.slow
def test_a_long_list_is_a_high_picture_and_many_pages(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    lines = "".join(f"- [ ] Move plant {n:03}\n" for n in range(300))
    (tmp_path / "long.md").write_text(f"# Long\n\n## Move\n\n{lines}", "utf-8")
    shell.done("import", tmp_path / "long.md")
    said = json.loads(
        shell.done("--json", "export", "Long", "--view", "checklist", "--to", tmp_path / "l.pdf")
    )
    pages = words_of(tmp_path / "l.pdf")
    assert said["pages"] == len(pages) > 5
    text = "\n".join(pages)
    assert [n for n in range(300) if f"Move plant {n:03}" not in text] == []
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))

    said = json.loads(
        shell.done("--json", "export", "Long", "--view", "checklist", "--to", tmp_path / "l.png")
    )
    assert said["whole"]
    assert QImage(str(tmp_path / "l.png")).height() > 300 * 20


def test_a_look_and_a_language_may_be_chosen(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    light, dark = tmp_path / "light.png", tmp_path / "dark.png"
    shell.done("export", "Warehouse", "--view", "checklist", "--to", light)
    shell.done("--lang", "zh", "export", "Warehouse", "--view", "checklist", "--theme", "dark", "--to", dark)
    set_language("en")
    corner = [QImage(str(file)).pixelColor(700, 880).lightness() for file in (light, dark)]
    assert corner[0] > 200
    assert corner[1] < 60


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("Warehouse", "--view", "kanban", "--to", "a.png"),
            "There is no view kanban. Choose one of: checklist",
        ),
        (("Warehouse", "--view", "gates", "--to", "a.md"), "let a.md end in one of: .png, .pdf"),
        (("Warehouse", "--view", "gates", "--theme", "pink", "--to", "a.png"), "There is no look pink"),
        (("Warehouse", "--to", "a.png"), "say which one with --view"),
        (("nothing", "--view", "gates", "--to", "a.png"), "no project"),
        (("Warehouse", "--view", "gates", "--to", "nowhere/a.pdf"), "The folder nowhere is not there"),
    ],
)
def test_what_cannot_be_pictured_is_refused_in_words(shell: Shell, words: tuple[str, ...], said: str) -> None:
    answer = shell("export", *words)
    assert answer.code == 1
    assert said in answer.err
    assert not Path(words[-1]).exists()
