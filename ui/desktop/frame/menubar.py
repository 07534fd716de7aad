"""The menus, on Alt: made anew from what the screen and the frame offer each time one opens."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar

from app.i18n import _
from ui.desktop.components.buttons import add_choice
from ui.desktop.frame.offers import MENUS, offers

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


class MenuBar(QMenuBar):
    """Hidden until Alt is pressed and let go; Esc, a choice or a look elsewhere hides it again."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._alone = False  # Alt went down, and nothing else since
        self.setFont(window.desk.theme.font("body"))
        self.setAccessibleName(_("Menus"))
        self.setNativeMenuBar(False)
        for name, text in MENUS:
            menu = self.addMenu(_(text))
            menu.setFont(window.desk.theme.font("body"))
            menu.aboutToShow.connect(partial(self._fill, menu, name))
            menu.aboutToHide.connect(self._on_hidden)
        self.hide()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def _fill(self, menu: QMenu, name: str) -> None:
        menu.clear()
        if name == "edit":
            self._window.places.fill_history(menu)
        for one in offers(self._window):
            if one.menu == name and not (name == "edit" and one.text in ("Undo", "Redo")):
                keys = f"\t{one.key}" if one.key else ""
                add_choice(menu, _(one.text) + keys, one.act, checked=one.is_on)
        if menu.isEmpty():
            menu.addAction(_("Nothing to do here")).setEnabled(False)

    def _on_hidden(self) -> None:
        if self.activeAction() is None:
            self.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keys go to whoever has the focus: the one sure way to see Alt alone is to look at all of them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if (
                self.isVisible()
                and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Alt)
                and not self._is_open()
            ):
                self.hide()
                self._alone = False
                return event.key() == Qt.Key.Key_Escape
            self._alone = event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat()
        elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if self._alone and event.key() == Qt.Key.Key_Alt and self._window.isActiveWindow():
                self._alone = False
                self.show()
                self.setActiveAction(self.actions()[0])
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._alone = False
        return False

    def _is_open(self) -> bool:
        return QApplication.activePopupWidget() is not None
