"""The only place that draws on PDF pages: text, rules, signs, page codes and the attached file."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from app.reports.fonts import font
from app.reports.layout import INK, LABEL, SECOND, Block, Ink, Sign, Style
from app.reports.signs import SIGNS, Stroke
from app.reports.square import square_code

WIDTH, HEIGHT = 595.276, 841.89  # A4 in points
MARGIN = 42.52  # 15 mm
INNER = WIDTH - 2 * MARGIN

_COLOURS = {INK: ".086 .102 .133", SECOND: ".263 .290 .345", LABEL: ".365 .396 .451"}
_RULES = {
    "ink": ".75 w .086 .102 .133 RG [] 0 d",
    "heavy": "1.5 w .086 .102 .133 RG [] 0 d",
    "soft": ".5 w .788 .808 .847 RG [] 0 d",
    "dotted": ".6 w .788 .808 .847 RG [.6 1.8] 0 d",
}
_START = f"q 1 0 0 1 {MARGIN} {HEIGHT} cm"
_BAND = ".945 .949 .961"


class Sheet:
    """One PDF being drawn page by page; y runs downwards from the upper edge."""

    def __init__(self, out: BinaryIO, *, title: str, author: str, language: str, created: datetime) -> None:
        from reportlab import rl_config
        from reportlab.pdfgen.canvas import Canvas

        rl_config.useA85 = 0  # binary streams: a fifth smaller
        self._canvas: Any = Canvas(
            out,
            pagesize=(WIDTH, HEIGHT),
            pageCompression=1,
            invariant=1,
            lang=language,
            initialFontName="Courier",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("Launchbook")
        self._canvas.setSubject(title)
        self._date(created.astimezone(UTC))
        self._document: Any = self._canvas._doc
        self._strings: dict[tuple[str, bool], str] = {}
        self._parts: list[str] = []
        self._origin = 0.0
        self._used_signs: set[str] = set()
        self._fonts: tuple[Any, Any] = (_drawn(bold=False), _drawn(bold=True))

    def _date(self, created: datetime) -> None:
        # Equal papers give equal bytes, so the file carries the moment of the paper, not of the drawing.
        stamp = self._canvas._doc._timeStamp
        stamp.YMDhms = tuple(created.timetuple())[:6]

    def _draw_signs(self) -> None:
        for name in sorted(self._used_signs):
            self._canvas.beginForm(name, -1, -1, 17, 17)
            self._canvas._code += ["1 J 1 j", *map(_stroke, SIGNS[name])]
            self._canvas.endForm()

    def _text(self, x: float, y: float, text: str, style: Style) -> str:
        found = self._strings.get((text, style.bold))
        if found is None:
            found = self._strings[text, style.bold] = self._encode(text, bold=style.bold)
        shown = found.replace("\0", f"{style.size:g}")
        return f"BT {_COLOURS[style.grey]} rg {_n(x)} {_n(y)} Td {shown} ET"

    def _encode(self, text: str, *, bold: bool) -> str:
        """Operators that select the fonts and show the text; the size is left open as a NUL."""
        drawn = self._fonts[bold]
        squeezed = font(bold=bold).squeezed
        if not any(stand_in in text for stand_in in squeezed):
            return " ".join(f"{name} \0 Tf ({escaped})Tj" for name, escaped in self._runs(drawn, text))
        parts = []
        for piece in _between(text, squeezed):
            squeeze = squeezed.get(piece)
            for name, escaped in self._runs(drawn, squeeze.character if squeeze else piece):
                shown = (
                    f"[{squeeze.left}({escaped}){1000 - squeeze.left - squeeze.advance}]TJ"
                    if squeeze
                    else f"({escaped})Tj"
                )
                parts.append(f"{name} \0 Tf {shown}")
        return " ".join(parts)

    def _runs(self, drawn: Any, text: str) -> list[tuple[str, str]]:
        escape = self._canvas._escape
        return [
            (drawn.getSubsetInternalName(subset, self._document), escape(run))
            for subset, run in drawn.splitString(text, self._document)
        ]

    def _sign(self, sign: Sign, x: float, y: float) -> str:
        self._canvas._formsinuse.append(sign.name)
        self._used_signs.add(sign.name)
        inner = self._document.getXObjectName(sign.name)
        scale = sign.size / 16
        bottom = y + sign.centre - sign.size / 2
        return f"q {_n(scale)} 0 0 {_n(scale)} {_n(x)} {_n(bottom)} cm /{inner} Do Q"

    def code(self, text: str, y: float, size: float) -> None:
        """A square code at the left edge, as a mask of one bit a module, with the white that scanners want around it."""
        modules = square_code(text)
        count = len(modules)
        rows = (sum(dark << 31 - at for at, dark in enumerate(row)) for row in modules)
        bits = "".join(f"{row:08X}" for row in rows)
        self._move_to(y)
        self._parts.append(
            f"q 0 g {_n(size)} 0 0 {_n(size)} 0 {_n(-size)} cm "
            f"BI /W {count} /H {count} /IM true /D [1 0] /F /AHx ID {_padless(bits, count)}> EI Q"
        )

    def stamp(self, text: str) -> None:
        """Large slanted words over the whole page, light enough to read through."""
        self._flush()
        self._canvas.saveState()
        self._canvas.setFillGray(0, alpha=0.1)
        self._canvas.translate(WIDTH / 2, HEIGHT / 2)
        self._canvas.rotate(52)
        size = min(110.0, 620 / max(1e-3, font(bold=True).width(text, 1)))
        self._canvas.setFont(self._fonts[1].fontName, size)
        self._canvas.drawCentredString(0, -size / 3, text)
        self._canvas.restoreState()

    def block(self, block: Block, y: float) -> None:
        self._move_to(y)
        self._parts += self._block(block)

    def store(self, name: str, blocks: Sequence[tuple[float, Block]]) -> None:
        """Keeps in the file once what is the same on many pages; before the first page is begun."""
        for y, block in blocks:
            self.block(block, y)
        self._canvas.beginForm(name, 0, 0, WIDTH, HEIGHT)
        self._flush()
        self._canvas._formsinuse = sorted({sign.name for sign in _signs(block for _y, block in blocks)})
        self._canvas.endForm()

    def stored(self, name: str, y: float = 0.0) -> None:
        """Draws what was stored, moved down by `y`."""
        self._move_to(y)
        self._canvas._formsinuse.append(name)
        self._parts.append(f"q 1 0 0 1 {-MARGIN} {-HEIGHT} cm /{self._document.getXObjectName(name)} Do Q")

    def _move_to(self, y: float) -> None:
        """Blocks are drawn from their own upper left corner: rows then differ in little and pages pack well."""
        if not self._parts:
            self._parts.append(_START)
        if y != self._origin:
            self._parts.append(f"1 0 0 1 0 {_n(self._origin - y)} cm")
            self._origin = y

    def _block(self, block: Block) -> list[str]:
        parts = []
        if block.shaded:
            parts.append(_rectangle(0, -block.height, INNER, block.height - 0.4, _BAND))
        if block.framed:
            box = f"0 {_n(2 - block.height)} {_n(INNER)} {_n(block.height - 4)}"
            parts.append(f"1.1 w {_COLOURS[INK]} RG [] 0 d {box} re S")
        if block.bar:
            parts.append(_rectangle(0, 2 - block.height, 2.2, block.height - 2, _COLOURS[INK]))
        baseline = -block.above - block.leading * 0.76
        for line in block.lines:
            for item in line:
                if isinstance(item, Ink):
                    parts.append(self._text(item.x, baseline, item.text, item.style))
                elif isinstance(item, Sign):
                    parts.append(self._sign(item, item.x, baseline))
                else:
                    parts.append(_line(item.x, baseline - 2, item.width, "ink"))
            baseline -= block.leading
        if block.rule:
            parts.append(_line(block.rule_x, -block.height, INNER - block.rule_x, block.rule))
        return parts

    def _flush(self) -> None:
        if self._parts:
            self._canvas._code += [*self._parts, "Q"]
        self._parts, self._origin = [], 0.0

    def end_page(self) -> None:
        self._flush()
        self._canvas.showPage()

    def attach(self, name: str, data: bytes) -> None:
        """Embeds a file that readers list beside the pages and programs read."""
        from reportlab.pdfbase import pdfdoc

        stream = pdfdoc.PDFStream(content=data, filters=[pdfdoc.PDFZCompress])
        stream.dictionary["Type"] = pdfdoc.PDFName("EmbeddedFile")
        stream.dictionary["Subtype"] = pdfdoc.PDFName("application#2Fjson")
        stream.dictionary["Params"] = pdfdoc.PDFDictionary({"Size": len(data)})
        inner = self._document.Reference(stream, "attached-stream")
        described = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Filespec"),
                "F": pdfdoc.PDFString(name),
                "UF": pdfdoc.PDFString(name),
                "AFRelationship": pdfdoc.PDFName("Data"),
                "EF": pdfdoc.PDFDictionary({"F": inner, "UF": inner}),
            }
        )
        reference = self._document.Reference(described, "attached-file")
        names = pdfdoc.PDFArray([pdfdoc.PDFString(name), reference])
        tree = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": names})})
        self._document.Catalog.Names = tree

    def close(self) -> None:
        self._draw_signs()
        self._canvas.save()


def _signs(blocks: Iterable[Block]) -> list[Sign]:
    return [item for block in blocks for line in block.lines for item in line if isinstance(item, Sign)]


def _line(x: float, y: float, width: float, rule: str) -> str:
    return f"{_RULES[rule]} {_n(x)} {_n(y)} m {_n(x + width)} {_n(y)} l S"


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f"{colour} rg {_n(x)} {_n(y)} {_n(width)} {_n(height)} re f"


def _n(number: float) -> str:
    """A number with at most two decimals, a hundredth of a point."""
    return f"{round(number, 2):g}"


def _padless(bits: str, count: int) -> str:
    """Rows of whole bytes: four hexadecimal pairs hold up to 32 modules, fewer suffice for smaller codes."""
    kept = (count + 7) // 8 * 2
    return "".join(bits[at : at + kept] for at in range(0, len(bits), 8))


def _drawn(*, bold: bool) -> Any:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(font(bold=bold).name)


def _between(text: str, marks: Sequence[str] | dict[str, Any]) -> list[str]:
    """The text cut before and after each mark."""
    found = [""]
    for character in text:
        if character in marks:
            found += [character, ""]
        else:
            found[-1] += character
    return [piece for piece in found if piece]


def _stroke(stroke: Stroke) -> str:
    colour = "1 1 1" if stroke.white else _COLOURS[INK]
    dash = stroke.dash or "[] 0 d"
    return f"q {colour} RG {colour} rg {stroke.width:g} w {dash} {stroke.path} {stroke.paint} Q"
