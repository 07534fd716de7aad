"""Three dots at the end of a line, with what one seldom wants of it: the menu also opens with a right click on the line."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import _
from ui.desktop.components.buttons import SignButton, add_choice
from ui.desktop.theme.theme import Theme

Act = Callable[[], object]


class MoreButton(SignButton):
    """`of` is the line it belongs to, `choices` its menu from the top."""

    def __init__(self, theme: Theme, of: QWidget, name: str, *choices: tuple[str, Act]) -> None:
        super().__init__(theme, "more", "text3", _("More of {name}").format(name=name[:60]), size=14)
        self.choices = choices
        self._font = theme.font("body")
        self.clicked.connect(lambda: self._open(self.mapToGlobal(self.rect().bottomLeft())))
        of.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        of.customContextMenuRequested.connect(lambda spot: self._open(of.mapToGlobal(spot)))

    def _open(self, spot: QPoint) -> None:
        menu = QMenu(self)
        menu.setFont(self._font)
        for text, act in self.choices:
            add_choice(menu, text, act)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)
