"""Translated texts through gettext: `_` now, `N_` for constants translated where they are shown, `NC_` with a context."""

import gettext
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "zh")
LOCALE = Path(__file__).parent.parent / "resources" / "locale"
_CATALOGUE = {"zh": "zh_CN"}
_CONTEXT = "\x04"  # as in the catalogues of GNU gettext
_current = ["en"]  # one language a process: the desktop rebuilds its window when it changes


@lru_cache(maxsize=4)
def _translations(language: str) -> gettext.NullTranslations:
    name = _CATALOGUE.get(language)
    if name is None:
        return gettext.NullTranslations()
    return gettext.translation("launchbook", LOCALE, [name], fallback=True)


def set_language(language: str) -> None:
    """Sets the language of this process; unknown ones mean English."""
    _current[0] = language if language in LANGUAGES else "en"


def language() -> str:
    return _current[0]


def _(message: str) -> str:
    return _bare(_translations(_current[0]).gettext(message))


def ngettext(one: str, many: str, number: int) -> str:
    return _translations(_current[0]).ngettext(one, many, number)


def counted(one: str, many: str, number: int, **others: object) -> str:
    """A text about a number `{n}`, which is written as all numbers are, with whatever else stands in it."""
    return ngettext(one, many, number).format(n=f"{number:,}", **others)


def in_language(message: str, wanted: str) -> str:
    """The message in a named language, whatever the process speaks: for papers that carry both."""
    return _bare(_translations(wanted).gettext(message))


def _bare(text: str) -> str:
    """Without the context that a text keeps where it has no translation."""
    return text.rpartition(_CONTEXT)[2]


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools know
    return message


def NC_(context: str, message: str) -> str:  # noqa: N802 - the name gettext tools know
    """A text that one English word has and Chinese has several for: "Finish" is a time, and something one does."""
    return f"{context}{_CONTEXT}{message}"
