"""How wide texts are and in how many lines they fit, without asking Qt for each: thousands of cards are laid out at once."""

from collections.abc import Mapping

_WIDE = "\u2e80"  # from here on signs are as wide as they are high


class Ruler:
    """Widths of signs in px; what is not among them counts as a letter, or as a Chinese sign."""

    def __init__(self, widths: Mapping[str, float], letter: float, wide: float) -> None:
        self._widths = dict(widths)
        self._letter, self._wide = letter, wide

    def width(self, text: str) -> float:
        found = self._widths
        try:
            return sum([found[sign] for sign in text])
        except KeyError:
            return sum([self._of(sign) for sign in text])

    def _of(self, sign: str) -> float:
        found = self._widths.get(sign)
        if found is None:
            found = self._widths[sign] = self._wide if sign >= _WIDE else self._letter
        return found

    def lines(self, text: str, width: float, room: float, most: int, *, exact: bool) -> int:
        """Lines that `text`, so many px wide, takes in `room`; not exact it may be one too few for long words."""
        if width <= room:
            return 1
        if width > room * (most - 1) or room <= 0:
            return most
        return min(most, self._wrapped(text, room) if exact else int(width / room * 1.12) + 1)

    def _wrapped(self, text: str, room: float) -> int:
        lines, left = 1, room
        for word in text.split(" "):
            wide = self.width(word)
            if any(sign >= _WIDE for sign in word):  # Chinese breaks anywhere
                lines, left = self._broken(word, lines, left, room)
            elif wide <= left:
                left -= wide
            else:
                if left < room:
                    lines, left = lines + 1, room
                lines += int(wide // room)
                left -= wide % room
            left -= self._of(" ")
        return lines

    def _broken(self, word: str, lines: int, left: float, room: float) -> tuple[int, float]:
        for sign in word:
            wide = self._of(sign)
            if wide > left:
                lines, left = lines + 1, room
            left -= wide
        return lines, left
