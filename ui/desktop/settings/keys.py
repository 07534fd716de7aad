"""All keys on one page: those of the frame, those that act on a step."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.i18n import N_, _
from ui.desktop.actions import STEP_ACTIONS
from ui.desktop.components.keycap import KeyCap
from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme

_FRAME = (
    ("Ctrl K", N_("search or do anything")),
    ("Ctrl 1 … 4", N_("places of the rail")),
    ("Alt 1 … 4", N_("faces of a place")),
    ("Ctrl Z", N_("undo")),
    ("Ctrl Y", N_("redo")),
    ("F1", N_("keys of this screen")),
    ("F6", N_("next part of the window")),
    ("Alt", N_("menus")),
    ("Space", N_("details")),
    ("Esc", N_("back")),
    ("Ctrl + −", N_("larger, smaller")),
    ("Ctrl 0", N_("normal size")),
)
_COLUMNS = 2


class KeysPanel(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(6))
        steps = tuple((action.key, action.text) for action in STEP_ACTIONS)
        for column, keys in enumerate((_FRAME, steps)):
            for row, (key, word) in enumerate(keys):
                grid.addWidget(_caps(theme, key), row, 2 * column)
                grid.addWidget(label(theme, _(word), "body", "text2"), row, 2 * column + 1)
        grid.setColumnStretch(2 * _COLUMNS, 1)
        grid.setColumnMinimumWidth(1, theme.px(240))


def _caps(theme: Theme, keys: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(3))
    for key in keys.split(" "):
        row.addWidget(KeyCap(theme, key))
    row.addStretch(1)
    return holder
