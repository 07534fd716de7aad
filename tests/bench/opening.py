"""One process of the bench: opens a window and says, at its first paint, when that was and what was imported by then.

`python -m tests.bench.opening empty` shows a window with nothing in it; any other words are a Launchbook command line.
"""

import json
import sys
import time
from typing import Any

UNWANTED = ("sqlmodel", "sqlalchemy", "reportlab", "numpy", "pyhanko", "httpx")


_found: dict[str, object] = {}


def note(moment: str) -> None:
    _found[moment] = time.time()
    _found.setdefault("heavy", [name for name in UNWANTED if name in sys.modules])
    _found.setdefault("modules", len(sys.modules))


def report() -> None:
    sys.stdout.write(json.dumps(_found) + "\n")
    sys.stdout.flush()


def open_empty() -> int:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Empty(QMainWindow):
        painted = False

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if not self.painted:
                self.painted = True
                QTimer.singleShot(0, self.end)

        def end(self) -> None:
            note("painted")
            report()
            QApplication.quit()

    application = QApplication(["empty"])
    window = Empty()
    window.resize(1440, 900)
    window.show()
    return application.exec()


def open_product(words: list[str]) -> int:
    """The product's own way in; only that its window, once painted, laid out and filled, ends it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from ui.__main__ import main
    from ui.desktop import entrance, window

    class Watched(window.Window):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.painted.connect(self.on_painted)
            self.waiting = QTimer(self)
            self.waiting.setInterval(2)
            self.waiting.timeout.connect(self.look)

        def on_painted(self) -> None:
            note("painted")
            self.waiting.start()

        def look(self) -> None:
            content: Any = self.centralWidget()
            if content is not None and content.is_painted() and "framed" not in _found:
                note("framed")
            if content is not None and content.is_settled() and content.desk.bridge.is_idle():
                self.waiting.stop()
                self.repaint()
                note("filled")
                report()
                QApplication.exit()

    vars(entrance)["Window"] = Watched
    sys.argv = ["launchbook", *words]
    return main()


if __name__ == "__main__":
    sys.exit(open_empty() if sys.argv[1:] == ["empty"] else open_product(sys.argv[1:]))
