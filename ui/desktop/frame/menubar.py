"""The menus, on Alt: made anew from what the screen and the frame offer each time one opens."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
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
        self.setFont(window.desk.theme.font("body"))
        self.setAccessibleName(_("Menus"))
        self.setNativeMenuBar(False)
        for name, text in MENUS:
            menu = self.addMenu(_(text))
            menu.setFont(window.desk.theme.font("body"))
            menu.aboutToShow.connect(partial(self._fill, menu, name))
            menu.aboutToHide.connect(partial(QTimer.singleShot, 0, self._leave))
        self.hide()
        self._alt = _AltAlone(self, window)

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
        """Shows the bar and gives it the keyboard, as Qt's own bar takes it: by a press of Alt it sees."""
        self.show()
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease)
        for kind in kinds:
            key = QKeyEvent(kind, Qt.Key.Key_Alt, Qt.KeyboardModifier.AltModifier)
            QCoreApplication.sendEvent(self._window.window(), key)

    def _leave(self) -> None:
        if QApplication.activePopupWidget() is None and not self.hasFocus():
            self.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        QTimer.singleShot(0, self._leave)


class _AltAlone(QObject):
    """Keys go to whoever has the focus: the one sure way to see Alt alone is to look at all of them."""

    def __init__(self, bar: MenuBar, window: "MainWindow") -> None:
        super().__init__(bar)
        self._bar, self._window = bar, window
        self._alone = False  # Alt went down, and nothing else since
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._alone = False
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._alone = event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat() and self._bar.isHidden()
            if event.key() == Qt.Key.Key_Escape and self._may_hide():
                self._bar.hide()
                self._window.focus_view()
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and self._alone:
            self._alone = False
            if event.key() == Qt.Key.Key_Alt and self._window.isActiveWindow():
                self._bar.begin()
        return False

    def _may_hide(self) -> bool:
        return self._bar.isVisible() and QApplication.activePopupWidget() is None
