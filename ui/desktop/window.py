"""The window of the system: painted as an empty frame before anything is loaded; what stands in it is exchanged, it stays."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QWidget

from ui.desktop.theme.tokens import tokens

# Only classes that load at once are named here: the namespace `Qt` alone costs a tenth of an empty window's start.


class Window(QMainWindow):
    """Outlives what it shows: language, look and workspace change inside it."""

    painted = Signal()  # once, after the first paint: everything else begins then
    closing = Signal()

    def __init__(self, theme: str, scale: float, size: QSize) -> None:
        super().__init__()
        self._colors = tokens().color[theme]
        self._scale = scale
        self._is_new = True
        self.setWindowTitle("Launchbook")
        self.resize(size)

    def furnish(self, content: QWidget) -> None:
        """Shows a content in the place of the one before, which goes."""
        old = self.takeCentralWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._allow(content.minimumSize())
        self.setCentralWidget(content)
        self.setWindowTitle(content.windowTitle())
        content.windowTitleChanged.connect(self.setWindowTitle)

    def _allow(self, least: QSize) -> None:
        """No smaller than its content may be. The layout would say so itself at each change, also where nobody listens."""
        layout = self.layout()
        if layout is not None:
            layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        if QApplication.platformName() == "offscreen":
            self.resize(self.size().expandedTo(least))
        else:
            self.setMinimumSize(least)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.centralWidget() is None:
            self._paint_frame(QPainter(self))
        if self._is_new:
            self._is_new = False
            QTimer.singleShot(0, self.painted.emit)

    def _paint_frame(self, painter: QPainter) -> None:
        """Rail, head and foot, where they will stand, as bands of one pixel: pens and brushes would load `Qt`."""
        row = tokens().row
        rail, head, foot = (round(row[name] * self._scale) for name in ("rail", "topbar", "statusbar"))
        width, height = self.width(), self.height()
        for left, top, wide, high, meaning in (
            (0, 0, width, height, "canvas"),
            (0, 0, rail, height, "chrome"),
            (rail, 0, width - rail, head, "chrome"),
            (rail, height - foot, width - rail, foot, "chrome"),
            (rail, 0, 1, height, "soft"),
            (rail, head - 1, width - rail, 1, "soft"),
            (rail, height - foot, width - rail, 1, "soft"),
        ):
            pixel = QPixmap(1, 1)
            pixel.fill(QColor(self._colors[meaning]))
            painter.drawPixmap(left, top, wide, high, pixel)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
