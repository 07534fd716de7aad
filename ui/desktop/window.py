"""The window of the system: painted as an empty frame before anything is loaded; what stands in it is exchanged, it stays."""

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
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
        """Rail, head, foot and the sign of the program, where they will stand."""
        colors, row = self._colors, tokens().row
        rail, head, foot = (round(row[name] * self._scale) for name in ("rail", "topbar", "statusbar"))
        width, height = self.width(), self.height()
        painter.fillRect(0, 0, width, height, QColor(colors["canvas"]))
        for left, top, wide, high in (
            (0, 0, rail, height),
            (rail, 0, width - rail, head),
            (rail, height - foot, width - rail, foot),
        ):
            painter.fillRect(left, top, wide, high, QColor(colors["chrome"]))
        soft = QColor(colors["soft"])
        painter.fillRect(rail, 0, 1, height, soft)
        painter.fillRect(rail, head - 1, width - rail, 1, soft)
        painter.fillRect(rail, height - foot, width - rail, 1, soft)
        side = 28 * self._scale
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        accent = QColor(colors["accent"])
        painter.setPen(accent)
        painter.setBrush(accent)
        radius = 6 * self._scale
        painter.drawRoundedRect(QRectF((rail - side) / 2, (head - side) / 2, side, side), radius, radius)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
