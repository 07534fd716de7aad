"""The menus, on Alt: made anew from what the screen and the frame offer each time one opens."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar

from app.i18n import _
from ui.desktop.components.buttons import add_choice
from ui.desktop.frame.offers import MENUS, offers

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


# A shortcut eats the press of its key: only the question before it, whether anybody overrides it, is seen.
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
_ENDS = (QEvent.Type.MouseButtonPress, QEvent.Type.ApplicationDeactivate)


class MenuBar(QMenuBar):
    """Hidden until Alt is pressed and let go; it goes with the last of its menus."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.setFont(window.desk.theme.font("body"))
        self.setAccessibleName(_("Menus"))
        self.setNativeMenuBar(False)
        for name, text in MENUS:
            menu = self.addMenu(_(text))
            menu.setFont(window.desk.theme.font("body"))
            menu.aboutToShow.connect(partial(self._fill, menu, name))
            menu.aboutToHide.connect(partial(QTimer.singleShot, 0, self._leave))
        self.hide()
        self.alt = AltAlone(self, window)

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

    def begin(self) -> None:
        """Shows the bar and opens its first menu: arrows go on from there."""
        self.show()
        self.setActiveAction(self.actions()[0])

    def _leave(self) -> None:
        if QApplication.activePopupWidget() is None:
            self.hide()


class AltAlone(QObject):
    """Sees Alt pressed and let go with nothing between; it looks at the keys of the program only while Alt is down."""

    def __init__(self, bar: MenuBar, window: "MainWindow") -> None:
        super().__init__(bar)
        self._bar, self._window = bar, window

    def press(self, event: QKeyEvent) -> None:
        """A key that nobody in the window wanted."""
        application = QApplication.instance()
        if event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat() and application is not None:
            application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _ENDS or (isinstance(event, QKeyEvent) and kind in _KEYS and not _is_repeat(event)):
            application = QApplication.instance()
            if application is not None:
                application.removeEventFilter(self)
            let_go = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt
            if kind == QEvent.Type.KeyRelease and let_go and self._window.isActiveWindow():
                self._bar.begin()
        return False


def _is_repeat(event: QKeyEvent) -> bool:
    """Alt itself, held: the same press goes up from widget to widget."""
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Alt
