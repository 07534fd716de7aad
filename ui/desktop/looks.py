"""What a window takes from the system: its language, Qt's own words in it; and a collector that leaves it in peace."""

import gc

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication


def system_language() -> str:
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def calm_collector() -> None:
    """What is loaded stays, so the collector need not walk it again and again.

    With ten thousand tasks each full collection held the window for about 100 ms; rows are tuples and die by counting.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


class QtTexts:
    """Qt's own words (context menus of fields, file dialogs) in the language of the window."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._loaded: QTranslator | None = None

    def speak(self, language: str) -> None:
        if self._loaded is not None:
            self._application.removeTranslator(self._loaded)
            self._loaded = None
        if language == "zh":
            translator = QTranslator(self._application)
            if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._application.installTranslator(translator)
                self._loaded = translator
