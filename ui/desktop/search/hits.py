"""What the search box can find: a sign, its words in both languages, and what Enter does with it."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from app.i18n import N_, _, in_language, language
from ui.desktop.search.spelling import Spelling, score, spell

MOST = 40
_OF_A_KIND = 8
_SCORED = 150  # of one key: ten thousand tasks hold an "a", and nobody reads the last of them

KINDS = {  # in the order shown where nothing else decides
    "recent": N_("Last used"),
    "do": N_("Do"),
    "task": N_("Tasks"),
    "gate": N_("Gates and stages"),
    "place": N_("Projects and runs"),
    "person": N_("People"),
    "moment": N_("Moments"),
    "workspace": N_("Workspaces"),
    "line": "",  # of a report: no heading
}


class Hit(NamedTuple):
    """`other` is the same in the other language: found by it, and shown in grey. `target` is opened where `act` is None."""

    icon: str
    tone: str
    text: str
    other: str = ""
    keys: str = ""
    act: Callable[[], object] | None = None
    kind: str = "line"
    fact: str = ""
    target: bytes = b""
    name: str = ""  # the same in every language, for the list of what was used last
    spelling: Spelling | None = None


def spelled(hit: Hit) -> Hit:
    return hit._replace(spelling=spell(hit.text, hit.other)) if hit.spelling is None else hit


def other_language() -> str:
    return "en" if language() == "zh" else "zh"


def hit(icon: str, message: str, keys: str, act: Callable[[], object]) -> Hit:
    """An action by its untranslated text."""
    text, other = _(message), in_language(message, other_language())
    return Hit(icon, "text2", text, other if other != text else "", keys, act, "do", name=message)


class Found(NamedTuple):
    """`matched` is all that fits, `hits` what is shown of it: those of a kind together, the best kind first."""

    hits: tuple[Hit, ...]
    matched: Sequence[Hit]


def find(text: str, hits: Sequence[Hit]) -> Found:
    """Ranked by fit; a kind stands where its best hit does. `hits` are spelled."""
    words = text.casefold().split()
    if not words:
        return Found(tuple(hits[:MOST]), hits)
    matched = hits
    for word in words:
        matched = [one for one in matched if word in one.spelling.hay]  # type: ignore[union-attr]  # see above
    begun: Sequence[Hit] = matched
    if len(matched) > _SCORED:
        line, gap = f"\n{words[0]}", f" {words[0]}"
        fitting = (
            one
            for one in matched
            if line in one.spelling.hay or gap in one.spelling.hay  # type: ignore[union-attr]  # see above
        )
        begun = list(islice(fitting, _SCORED))
    scored = [
        (score(words, one.spelling), one) for one in (begun or matched)[:_SCORED] if one.spelling is not None
    ]
    kinds: dict[str, list[tuple[int, Hit]]] = {}
    for each in sorted(scored, key=lambda pair: -pair[0]):
        if each[0] > 0:
            kinds.setdefault(each[1].kind, []).append(each)
    shown: list[Hit] = []
    for group in kinds.values():
        most = _OF_A_KIND if len(kinds) > 1 else MOST
        shown += [one for _score, one in group[:most]]
    return Found(tuple(shown[:MOST]), matched)
