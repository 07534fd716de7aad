"""The look comes from one file, is complete in three themes, and readable in each."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ui.desktop.theme.sheet import style_sheet
from ui.desktop.theme.theme import Theme
from ui.desktop.theme.tokens import THEMES, tokens


def _luminance(color: QColor) -> float:
    channels = (color.redF(), color.greenF(), color.blueF())
    parts = [float(c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4) for c in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_all_themes_name_the_same_meanings() -> None:
    assert {frozenset(tokens().color[name]) for name in THEMES} == {frozenset(tokens().color["light"])}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["canvas", "panel", "chrome", "raised", "hover", "selected"])
def test_texts_are_readable_on_every_layer(qtbot: QtBot, name: str, ground: str) -> None:
    theme = Theme(name, ("Sans",))
    for text in ("text1", "text2", "text3"):
        assert _contrast(theme.color(text), theme.color(ground)) >= 4.5, (text, ground)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    "tone", ["done", "running", "waiting", "blocked", "late", "conflict", "stale", "pnr"]
)
def test_a_tone_is_readable_on_its_own_soft_tone(qtbot: QtBot, name: str, tone: str) -> None:
    theme = Theme(name, ("Sans",))
    assert _contrast(theme.color(tone), theme.color("canvas")) >= 4.5
    assert _contrast(theme.color(tone), theme.color(f"{tone}_soft")) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_the_sheet_stays_short_and_whole(qtbot: QtBot, name: str) -> None:
    sheet = style_sheet(Theme(name, ("Sans",)), "arrow.png")
    assert len(sheet.splitlines()) < 200
    assert sheet.count("{") == sheet.count("}")


def test_sizes_follow_the_scale(qtbot: QtBot) -> None:
    assert Theme("light", ("Sans",), 2.0).row("normal") == 2 * Theme("light", ("Sans",)).row("normal")
    assert Theme("light", ("Sans",), 3.0).px(16) == 48
