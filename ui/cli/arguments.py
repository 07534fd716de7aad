"""Global options may stand anywhere on the line, as people type them; the parser wants them in front."""

from collections.abc import Sequence

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
