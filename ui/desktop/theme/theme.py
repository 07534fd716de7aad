"""One theme at one scale: colours by meaning, sizes, fonts and drawn signs, handed to whatever paints."""

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPalette

from ui.desktop.components.icons import Icons
from ui.desktop.components.pixmaps import Pixmaps
from ui.desktop.components.words import Words
from ui.desktop.theme.fonts import fixed_font, make_font
from ui.desktop.theme.tokens import THEMES, tokens


class Theme:
    def __init__(
        self,
        name: str,
        families: tuple[str, ...],
        scale: float = 1.0,
        language: str = "en",
        *,
        plain: bool = False,  # for pages: see make_font
    ) -> None:
        self.name = name if name in THEMES else THEMES[0]
        self.scale = scale
        self.families = families
        self.language = language
        self._plain = plain
        self.icons = Icons()
        self.pixmaps = Pixmaps()
        self.words = Words(self)
        self._colors = {key: QColor(value) for key, value in tokens().color[self.name].items()}
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        screen = QGuiApplication.primaryScreen()
        self._points_per_px = 72.0 / screen.logicalDotsPerInch() if screen is not None else 0.75

    def color(self, meaning: str) -> QColor:
        return self._colors[meaning]

    def px(self, size: float) -> int:
        return round(size * self.scale)

    def row(self, name: str) -> int:
        return self.px(tokens().row[name])

    def font(self, role: str) -> QFont:
        """The font of a type role; "fixed" is for codes and keys, "lead" for a first sentence, "caption" for a small head."""
        found = self._fonts.get(role)
        if found is None:
            if role == "fixed":
                found = fixed_font(self._points(11.5))
            elif role == "lead":  # the size of a section without its weight: a first sentence
                found = self._made(tokens().type["section"].size, 400)
            elif role == "caption":  # a second line that decides
                found = self._made(tokens().type["meta"].size, 600)
            else:
                kind = tokens().type[role]
                found = self._made(kind.size, kind.weight)
            self._fonts[role] = found
        return found

    def _made(self, px: float, weight: int) -> QFont:
        return make_font(self.families, self._points(px), weight, self.language, plain=self._plain)

    def metrics(self, role: str) -> QFontMetricsF:
        found = self._metrics.get(role)
        if found is None:
            found = self._metrics[role] = QFontMetricsF(self.font(role))
        return found

    def _points(self, px: float) -> float:
        return px * self.scale * self._points_per_px

    def palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        named = {
            role.Window: "canvas",
            role.WindowText: "text1",
            role.Base: "canvas",
            role.AlternateBase: "panel",
            role.Text: "text1",
            role.Button: "canvas",
            role.ButtonText: "text1",
            role.BrightText: "on_accent",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text1",
            role.PlaceholderText: "text3",
            role.Highlight: "accent",
            role.HighlightedText: "on_accent",
            role.Link: "accent",
            role.Light: "raised",
            role.Mid: "soft",
            role.Dark: "strong",
            role.Shadow: "strong",
            role.Accent: "accent",
        }
        for key, meaning in named.items():
            palette.setColor(key, self.color(meaning))
        off = QPalette.ColorGroup.Disabled
        for key in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(off, key, self.color("text3"))
        return palette
