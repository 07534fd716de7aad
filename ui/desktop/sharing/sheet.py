"""What the sheets of sharing have in common: secrets, work on the network that is told of, and their place in the window."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.errors import LaunchbookError, SecretError
from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk
from ui.desktop.runs.sheet import Sheet
from ui.desktop.sharing.errand import Errand, Tell

_SHOWN_AFTER_MS = 600
_WIDEST = 760


class SharingSheet(Sheet):
    """As high as what it says; its errands live as long as the window, not as long as the sheet."""

    followed = Signal(object)  # another sheet that takes its place

    def __init__(self, desk: Desk, owner: QObject, title: str, do: str, icon: str = "") -> None:
        super().__init__(desk, None, title, do, icon)
        self._owner = owner
        self.pin: QLineEdit | None = None
        self.passphrase: QLineEdit | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setMaximumWidth(self.theme.px(_WIDEST))
        self.progress = label(self.theme, "", "body", "text2")
        self._waited = QTimer(self)
        self._waited.setSingleShot(True)
        self._waited.setInterval(_SHOWN_AFTER_MS)
        self._waited.timeout.connect(self.progress.show)
        self.buttons.insertWidget(self.buttons.count() - 1, self.progress)
        self.progress.hide()

    # Height.

    def sizeHint(self) -> QSize:
        """All that it says without scrolling, where the window is high enough."""
        width = self.width() if self.isVisible() else self.maximumWidth()
        inside = self.body.column.totalHeightForWidth(width - self.theme.px(16))
        high = inside if inside > 0 else self.body.column.totalSizeHint().height()
        return QSize(self.maximumWidth(), high + self.buttons.sizeHint().height() + self.theme.px(8))

    def end_body(self) -> None:
        super().end_body()
        QTimer.singleShot(0, self, self.updateGeometry)  # when what was added is shown

    def say_wrong(self, sentence: str, field: QWidget | None = None) -> None:
        super().say_wrong(sentence, field)
        self.updateGeometry()

    # Parts.

    def secret_field(self, name: str) -> QLineEdit:
        """Shows dots."""
        edit = self.field(name)
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        edit.setMaximumWidth(self.theme.px(320))
        edit.returnPressed.connect(self._on_do)
        return edit

    def ask_secrets(self, pin: str, *, passphrase: bool) -> None:
        """The PIN, and where the machine has no key store the installation's passphrase."""
        self.pin = self.secret_field(pin)
        if passphrase:
            self.passphrase = self.secret_field(_("Passphrase of this installation, 12 characters or more"))

    def has_secrets(self) -> bool:
        """Says what is missing."""
        for edit, told in (
            (self.pin, _("The PIN is missing.")),
            (self.passphrase, _("The passphrase is missing.")),
        ):
            if edit is not None and not edit.text():
                self.say_wrong(told, edit)
                return False
        return True

    # Work.

    def begin(self, words: str, job: Callable[[Tell], Any], then: Callable[[Any], object]) -> None:
        """Off the window's thread; everything typed stays until it has worked. `then` comes also once this is closed."""
        self.be_busy()
        self.progress.setText(words)
        self._waited.start()
        errand = Errand(job, then, self._owner)
        errand.told.connect(self.on_told)
        errand.over.connect(self.rest)
        errand.failed.connect(self.on_failed)
        errand.start()

    def be_busy(self) -> None:
        self._busy = True
        self.say_wrong("")
        self.do.setEnabled(False)

    @Slot(object)
    def on_told(self, _news: Any) -> None:
        """How far it is."""

    @Slot()
    def rest(self) -> None:
        """It worked, or did not."""
        self._busy = False
        self._waited.stop()
        self.progress.hide()
        self.do.setEnabled(True)

    @Slot(object)
    def on_failed(self, error: Exception) -> None:
        self.rest()
        if not isinstance(error, LaunchbookError):
            self.desk.bridge.failed.emit(error)
            return
        self.say_wrong(str(error), self.pin if isinstance(error, SecretError) else None)


class ExchangeTold(SharingSheet):
    """A sheet that shows how an exchange stands: `of` names the window's part that tells it."""

    of = "exchanging"

    @Slot(object)
    def note_exchange(self, _status: Any) -> None:
        """None while nothing is known yet."""


class SheetPage(QFrame):
    """A sheet in the middle of the window, in place of the view."""

    closed = Signal()

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.hints = sheet.hints()
        self.setProperty("layer", "panel")
        margin = sheet.theme.px(24)
        row = QHBoxLayout(self)
        row.setContentsMargins(margin, margin, margin, margin)
        row.addStretch(1)
        row.addWidget(sheet, 100, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        sheet.closed.connect(self.closed)

    def take_focus(self) -> None:
        self.sheet.take_focus()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.sheet,)


def quiet_button(
    sheet: Sheet, text: str, icon: str, act: Callable[[], object], *, large: bool = False
) -> KeyButton:
    """A further way on, in the body of a sheet."""
    button = KeyButton(sheet.theme, text, icon=icon, large=large)
    button.clicked.connect(lambda _on=False: act())
    return button
