"""Columns of text in which Chinese stands as straight as English."""

import unicodedata


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def column(text: str, cells: int) -> str:
    """The text, filled with spaces to at least so many cells."""
    return text + " " * (cells - width(text))
