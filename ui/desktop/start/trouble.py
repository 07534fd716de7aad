"""A workspace that does not open: what happened, what was kept, and where one can go from here."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.views import View

_MOST = 4


class TroubleView(View):
    def __init__(self, desk: Desk, sentence: str, folder: Path) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.buttons: list[KeyButton] = []
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        column.addWidget(Sign(theme, "warning", "late", 32), 0, middle)
        column.addWidget(label(theme, _("This workspace does not open"), "section"), 0, middle)
        told = label(theme, sentence, "body", "text2", wrap=True)
        told.setFixedWidth(theme.px(560))
        told.setAlignment(middle)
        row = QHBoxLayout()  # aligned in the column itself it would be as high as one line
        row.addStretch(1)
        row.addWidget(told)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(theme.px(10))
        if (ways := desk.workspaces) is not None:
            self._add(_("Try again"), partial(ways.open, folder), kind="primary")
            for one in [one for one in ways.choices() if one.folder != folder][:_MOST]:
                self._add(_("Open {name}").format(name=one.name), partial(ways.open, one.folder))
            self._add(_("Open another workspace…"), desk.choose_workspace.emit)
            self._add(_("Open the sample"), desk.open_sample.emit)
        for button in self.buttons:
            column.addWidget(button, 0, middle)
        column.addStretch(3)

    def _add(self, text: str, act: object, kind: str = "") -> None:
        button = KeyButton(self.desk.theme, text, kind=kind)
        button.clicked.connect(lambda _on=False: act())  # type: ignore[operator]  # any way on
        self.buttons.append(button)

    def take_focus(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
