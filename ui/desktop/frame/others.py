"""The initials of whoever else is here, in the head of the window."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme

_MOST = 4


class OthersHere(QWidget):
    """The last to have moved stand first; more than a few are a number."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(2))
        self.words: list[str] = []
        self.hide()

    def show_others(self, others: list[tuple[str, str]]) -> None:
        """Name, and where that one looks."""
        words = [
            _("{name} looks at {place}").format(name=name, place=place)
            if place
            else _("{name} is here").format(name=name)
            for name, place in others
        ]
        if words == self.words:
            return
        self.words = words
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for (name, _place), said in zip(others[:_MOST], words, strict=False):
            avatar = Avatar(self._theme, name, 22)
            avatar.setToolTip(said)
            self._row.addWidget(avatar)
        if len(others) > _MOST:
            self._row.addWidget(label(self._theme, f"+{len(others) - _MOST}", "meta", "text3"))
        self.setToolTip("\n".join(words))
        self.setAccessibleName("; ".join(words))
        self.setVisible(bool(others))
