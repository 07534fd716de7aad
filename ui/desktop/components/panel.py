"""A scrolling side panel that is filled anew, with headings, pairs of name and value, and lines between."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from ui.desktop.components.labels import Sign, label, line
from ui.desktop.theme.theme import Theme


class Panel(QScrollArea):
    def __init__(self, theme: Theme, width: int = 0, layer: str = "panel") -> None:
        super().__init__()
        self._theme = theme
        self._layer = layer
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if width:
            self.setFixedWidth(theme.px(width))
        self.body = self.begin()

    def begin(self) -> "Body":
        """An empty body; the old one goes."""
        where = self.verticalScrollBar().value()
        self.body = Body(self._theme, self._layer)
        self.setWidget(self.body)
        self.verticalScrollBar().setValue(where)
        return self.body


class Body(QWidget):
    def __init__(self, theme: Theme, layer: str = "panel", margin: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("layer", layer)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(margin), theme.px(14), theme.px(margin), theme.px(14))
        self.column.setSpacing(theme.px(6))
        self._pairs: QGridLayout | None = None

    def minimumSizeHint(self) -> QSize:
        """As high as its texts are at the width there is; asked without a width, they say how high they were in a column."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), 0) if self.hasHeightForWidth() else hint

    def add(self, widget: QWidget) -> QWidget:
        self._pairs = None
        self.column.addWidget(widget)
        return widget

    def add_layout(self, layout: QLayout) -> None:
        self._pairs = None
        self.column.addLayout(layout)

    def heading(self, text: str) -> None:
        """A thin line, then the name of what follows."""
        self.column.addSpacing(self._theme.px(6))
        self.add(line())
        self.column.addSpacing(self._theme.px(4))
        self.add(label(self._theme, text, "meta", "text3"))

    def text(self, text: str, role: str = "body", tone: str = "") -> None:
        self.add(label(self._theme, text, role, tone, wrap=True))

    def pair(self, name: str, value: QWidget | str) -> None:
        if self._pairs is None:
            self._pairs = QGridLayout()
            self._pairs.setHorizontalSpacing(self._theme.px(8))
            self._pairs.setVerticalSpacing(self._theme.px(5))
            self._pairs.setColumnMinimumWidth(0, self._theme.px(96))
            self._pairs.setColumnStretch(1, 1)
            self.column.addLayout(self._pairs)
        shown = label(self._theme, value, wrap=True) if isinstance(value, str) else value
        row = self._pairs.rowCount()
        caption = label(self._theme, name, "meta", "text3")
        self._pairs.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        self._pairs.addWidget(shown, row, 1)

    def signed(self, sign: str, tone: str, text: str, *, text_tone: str = "", second: str = "") -> None:
        """A sign, a sentence, and a quieter second line."""
        row = QHBoxLayout()
        row.setSpacing(self._theme.px(8))
        row.addWidget(Sign(self._theme, sign, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(self._theme, text, "body", text_tone, wrap=True))
        if second:
            words.addWidget(label(self._theme, second, "meta", "text3", wrap=True))
        row.addLayout(words, 1)
        self.add_layout(row)

    def box(self, tone: str, sign: str, title: str, sentences: tuple[str, ...] = ()) -> None:
        """A tinted message: the sign and title in the tone, the sentences below."""
        frame = QFrame()
        frame.setProperty("box", tone)
        row = QHBoxLayout(frame)
        row.setContentsMargins(*(self._theme.px(10),) * 4)
        row.setSpacing(self._theme.px(8))
        row.addWidget(Sign(self._theme, sign, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(self._theme.px(2))
        words.addWidget(label(self._theme, title, "strong", tone, wrap=True))
        for sentence in sentences:
            words.addWidget(label(self._theme, sentence, "body", tone, wrap=True))
        row.addLayout(words, 1)
        self.add(frame)

    def end(self) -> None:
        self.column.addStretch(1)
