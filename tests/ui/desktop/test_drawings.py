"""The drawn signs: every path parses, nothing leaves its grid, and no two states share a shape."""

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.domain.words import Status
from ui.desktop.components.drawings import DRAWINGS, SIGNS
from ui.desktop.components.icons import draw
from ui.desktop.components.paths import parse_path


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_every_drawing_stays_inside_its_grid(name: str) -> None:
    for part in DRAWINGS[name].parts:
        box = parse_path(part.shape).boundingRect()
        assert min(box.left(), box.top()) >= 0, part.shape
        assert max(box.right(), box.bottom()) <= 16, part.shape


def test_an_arc_ends_where_it_says() -> None:
    path = parse_path("M13 6.5A5.2 5.2 0 003.6 5")
    assert path.currentPosition().x() == pytest.approx(3.6, abs=1e-3)
    assert path.currentPosition().y() == pytest.approx(5, abs=1e-3)


def test_every_status_has_a_sign_of_its_own_without_colour(qtbot: QtBot) -> None:
    grey = QColor("#555555")
    pictures: dict[bytes, str] = {}
    for status in Status:
        assert status.value in SIGNS
        image = draw(status.value, 16, grey, 2.0).toImage().convertToFormat(QImage.Format.Format_ARGB32)
        data = bytes(image.constBits())
        assert data not in pictures, (status, pictures.get(data))
        pictures[data] = status.value
