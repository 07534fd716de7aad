"""Font families: the system's own first, then the bundled Noto Sans SC, so that both languages look alike."""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FONTS = Path(__file__).parents[3] / "resources" / "fonts"
CJK_FAMILY = "Noto Sans SC"
# What fontconfig answers when no user interface font is installed: too wide for a grid.
_POOR_FAMILIES = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "Sans", "Nimbus Sans", "")
_GOOD_FAMILIES = (
    "Inter",
    "Cantarell",
    "Ubuntu Sans",
    "Ubuntu",
    "Noto Sans",
    "Roboto",
    "Open Sans",
    "Liberation Sans",
)


def load_families() -> tuple[str, ...]:
    """Loads the bundled fonts and names the families to ask for, in order."""
    known = set(QFontDatabase.families())
    if CJK_FAMILY not in known:
        for path in sorted(FONTS.glob("NotoSansSC*.[ot]tf")):
            QFontDatabase.addApplicationFont(str(path))
        known = set(QFontDatabase.families())
    own = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if own in _POOR_FAMILIES:
        good = [family for family in _GOOD_FAMILIES if family in known]
        return (*good[:1], CJK_FAMILY, own)
    return (own, CJK_FAMILY)


def make_font(
    families: tuple[str, ...], points: float, weight: int, language: str = "en", *, plain: bool = False
) -> QFont:
    """A font with tabular digits, so that columns of numbers stand still.

    A plain one has each letter's own shape only: in a PDF other shapes could neither be searched nor copied.
    """
    font = QFont()
    font.setFamilies(list(families))
    font.setPointSizeF(points)
    # 600 is drawn with the bundled Bold: a synthetic half bold would blur Chinese strokes.
    font.setWeight(QFont.Weight(weight))
    if plain:
        for feature in ("liga", "locl"):
            font.setFeature(QFont.Tag(feature), 0)
        return font
    font.setFeature(QFont.Tag("tnum"), 1)
    if families[0] == CJK_FAMILY and language == "en":
        font.setFeature(
            QFont.Tag("pwid"), 1
        )  # “ ” and ’ as wide as Latin ones, where no Latin font is installed
    return font


def fixed_font(points: float) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(points)
    return font
