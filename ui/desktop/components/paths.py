"""Turns the small path language of the drawings (M L H V C S A Z and their relative forms) into QPainterPath."""

import math
import re
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d*\.\d+|\d+\.?)")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
_FLAGS = re.compile(r"([aA])([^a-zA-Z]*)")


def parse_path(text: str) -> QPainterPath:
    """A path of this language; `circle x y r` and `rect x y w h r` stand for themselves."""
    word, _, rest = text.partition(" ")
    if word in ("circle", "rect"):
        return _named_shape(word, [float(part) for part in rest.split()])
    path = QPainterPath()
    pen = _Pen(path)
    for command, numbers in _commands(text):
        pen.draw(command, numbers)
    return path


def _named_shape(word: str, numbers: list[float]) -> QPainterPath:
    path = QPainterPath()
    if word == "circle":
        x, y, radius = numbers
        path.addEllipse(QPointF(x, y), radius, radius)
    else:
        x, y, width, height, radius = numbers
        path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    parts = _TOKEN.findall(_FLAGS.sub(_spread_flags, text))
    command = ""
    numbers: list[float] = []
    for part in parts:
        if part.isalpha():
            command = part
            numbers = []
            if command in "zZ":
                yield command, []
            continue
        numbers.append(float(part))
        if len(numbers) == _ARITY[command.upper()]:
            yield command, numbers
            numbers = []
            command = {"M": "L", "m": "l"}.get(command, command)


def _spread_flags(match: re.Match[str]) -> str:
    """Arc flags may be written without a gap ("2 2 0 012 2"): one digit each."""
    letter, rest = match.group(1), match.group(2)
    number = r"(-?(?:\d*\.\d+|\d+))[\s,]*"
    arc = re.compile(number * 3 + r"([01])[\s,]*([01])[\s,]*" + number * 2)
    return letter + arc.sub(r"\1 \2 \3 \4 \5 \6 \7 ", rest)


class _Pen:
    def __init__(self, path: QPainterPath) -> None:
        self._path = path
        self._control: QPointF | None = None

    def draw(self, command: str, numbers: list[float]) -> None:
        here = self._path.currentPosition()
        base = here if command.islower() else QPointF(0, 0)
        kind = command.upper()
        control = None
        points = [base + QPointF(x, y) for x, y in zip(numbers[0::2], numbers[1::2], strict=False)]
        if kind == "M":
            self._path.moveTo(points[0])
        elif kind == "L":
            self._path.lineTo(points[0])
        elif kind == "H":
            self._path.lineTo(base.x() + numbers[0], here.y())
        elif kind == "V":
            self._path.lineTo(here.x(), base.y() + numbers[0])
        elif kind == "C":
            self._path.cubicTo(points[0], points[1], points[2])
            control = points[1]
        elif kind == "S":
            first = here * 2 - self._control if self._control is not None else here
            self._path.cubicTo(first, points[0], points[1])
            control = points[0]
        elif kind == "A":
            self._arc(here, numbers, base + QPointF(numbers[5], numbers[6]))
        else:
            self._path.closeSubpath()
        self._control = control

    def _arc(self, start: QPointF, numbers: list[float], end: QPointF) -> None:
        """Only circles occur in the drawings, so the radii are equal."""
        radius, large, sweep = numbers[0], bool(numbers[3]), bool(numbers[4])
        chord = end - start
        length = math.hypot(chord.x(), chord.y())
        radius = max(radius, length / 2)
        height = math.sqrt(max(radius * radius - length * length / 4, 0.0))
        side = 1 if large != sweep else -1
        middle = (start + end) / 2
        centre = middle + QPointF(-chord.y(), chord.x()) * (side * height / length)
        first = math.degrees(math.atan2(-(start.y() - centre.y()), start.x() - centre.x()))
        last = math.degrees(math.atan2(-(end.y() - centre.y()), end.x() - centre.x()))
        turn = last - first
        if sweep and turn > 0:
            turn -= 360
        elif not sweep and turn < 0:
            turn += 360
        box = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        self._path.arcTo(box, first, turn)
