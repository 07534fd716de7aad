"""Texts that are too long: they break or end in an ellipsis, and never push what stands beside them out of sight."""

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.desktop.components.labels import ElidedLabel, WrappedLabel, breakable, label
from ui.desktop.theme.fonts import load_families
from ui.desktop.theme.theme import Theme

CLIENT = "DE_HALBRUNN_PRODUCTION_CLIENT_0100_INTERCOMPANY_RECONCILIATION_PROTOCOL"


def test_only_words_that_are_too_long_may_break_inside() -> None:
    assert breakable("Lock the users of all company codes") == "Lock the users of all company codes"
    assert breakable("任务" * 40) == "任务" * 40
    pieces = breakable(CLIENT).split("\u200b")
    assert "".join(pieces) == CLIENT
    assert max(map(len, pieces)) <= 12


def test_a_wrapped_label_keeps_what_it_was_given_and_stays_narrow(qtbot: QtBot) -> None:
    theme = Theme("light", load_families())
    made = label(theme, f"Seal {CLIENT}", wrap=True)
    qtbot.addWidget(made)
    assert isinstance(made, WrappedLabel)
    assert made.text() == made.accessibleName() == f"Seal {CLIENT}"
    assert made.minimumSizeHint().width() < 200
    made.setText("Seal")
    assert made.text() == "Seal"


def test_a_name_takes_what_it_needs_and_no_more_than_there_is(qtbot: QtBot) -> None:
    theme = Theme("light", load_families())
    row = QWidget()
    qtbot.addWidget(row)
    line = QHBoxLayout(row)
    line.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    short, long = (ElidedLabel(theme, name, fills=False) for name in ("Ada", CLIENT))
    line.addStretch(1)
    line.addWidget(short)
    line.addWidget(long)
    row.resize(300, 40)
    row.show()
    assert row.width() == 300
    assert short.width() <= short.sizeHint().width()
    assert long.geometry().right() <= 300
