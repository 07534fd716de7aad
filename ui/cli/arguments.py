"""Global options may stand anywhere on the line, as people type them; the parser wants them in front."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from app.i18n import LANGUAGES
from app.settings import home_folder

HOME = "LAUNCHBOOK_HOME"
# Those with True take a value.
_EVERYWHERE = {"--home": True, "--as": True, "--run": True, "--lang": True, "--json": False}


def globals_first(arguments: Sequence[str]) -> list[str]:
    """The same arguments with the global options in front of the subcommand; what follows `--` stays as it is."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*front, *rest, word, *waiting]
        name, equals, _value = word.partition("=")
        if name not in _EVERYWHERE:
            rest.append(word)
            continue
        front.append(word)
        if _EVERYWHERE[name] and not equals and waiting:
            front.append(waiting.pop(0))
    return [*front, *rest]


def command_of(words: Sequence[str]) -> str | None:
    """The first word behind the global options in front; None when there is none."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, _value = word.partition("=")
        if name not in _EVERYWHERE:
            return word
        if _EVERYWHERE[name] and not equals and waiting:
            waiting.pop(0)
    return None


def value_of(name: str, words: Sequence[str]) -> str | None:
    """The value a global option has on the line, before anything is parsed: help speaks the language it asks for."""
    for place, word in enumerate(words):
        if word == "--":
            return None
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name and place + 1 < len(words):
            return words[place + 1]
    return None


class DesktopLine(NamedTuple):
    """What a line says that opens the window; without a language the window keeps its own."""

    home: Path
    language: str | None
    sample: bool


def opens_desktop(arguments: Sequence[str]) -> DesktopLine | None:
    """The plain ways to open the window, known without the parser, which takes longer than the rest of the start.

    None for everything else, odd or wrong lines among them: those are the parser's.
    """
    words = sorted(arguments)
    language, home = value_of("--lang", arguments), value_of("--home", arguments)
    plain = ["--home", home] if home else []
    plain += ["--lang", language] if language in LANGUAGES else []
    sample = words == sorted([*plain, "demo"])
    if not sample and words != sorted(plain):
        return None
    given = home or os.environ.get(HOME)
    folder = Path(given) if given else home_folder()
    return DesktopLine(folder, language or ("en" if sample else None), sample)
