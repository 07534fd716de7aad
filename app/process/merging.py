"""The three-way comparison of a second import, pure: what the source said last time, what it says now, what stands here.

Only the source changed: take it. Only we changed: keep ours. Both to the same: nothing. Both differently: a difference to
decide, ours kept until somebody does. New in the source comes in, gone from it stays and is said, removed here stays
removed. Nothing of ours is ever replaced that nobody was shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.process.matching import match
from app.process.origins import FIELDS, PERSONS, Kind, Known, Said, Value, Values, plain

_PARTS = frozenset({Kind.CHECK, Kind.CRITERION})
_NAMED = frozenset({Kind.STAGE, Kind.TASK})  # what others name by its key


class Change(StrEnum):
    NEW = "new"  # in the source, not here
    THEIRS = "theirs"  # changed by the source alone
    BOTH = "both"  # changed by the source and here, differently
    GONE = "gone"  # here, no longer in the source
    REMOVED = "removed"  # in the source, but removed here or never wanted


TAKEN = frozenset({Change.NEW, Change.THEIRS})  # what is taken unless somebody says otherwise


class Difference(NamedTuple):
    """One thing to decide: a field, or with `field` "" a whole object. `token` names it in every reading of it."""

    token: str
    change: Change
    kind: Kind
    field: str
    base: Value
    ours: Value
    theirs: Value
    known: Known | None
    place: int  # in what was said; -1 for what is gone

    @property
    def is_taken(self) -> bool:
        """What happens when nobody says otherwise."""
        return self.change in TAKEN


class Comparison(NamedTuple):
    """`pairs` stands beside `said`: the object each one means, None for a new one."""

    said: Sequence[Said]
    pairs: Sequence[Known | None]
    left: Sequence[Known]  # known, alive, and no longer said
    differences: tuple[Difference, ...]


def compare(
    known: Sequence[Known],
    said: Sequence[Said],
    *,
    says: frozenset[str] | None = None,
    person: Callable[[str], str] = str,
) -> Comparison:
    """`says` names the fields of a task the source speaks of, `person` gives what names of one person have in common."""
    pairs = match(known, said)
    met = {one.origin for one in pairs if one is not None}
    left = _in_order([one for one in known if one.origin not in met and one.alive], known)
    comparing = _Comparing(known, said, pairs, says, person)
    differences = (*comparing.of_said(), *comparing.of_left(left))
    return Comparison(said, pairs, left, differences)


def _in_order(left: Sequence[Known], known: Sequence[Known]) -> list[Known]:
    """As they stand in the plan: each behind what holds it."""
    of = {one.id: one for one in known if one.id}

    def way(one: Known | None) -> tuple[tuple[str, bytes], ...]:
        return (*way(of.get(one.under or b"")), (one.place, one.id)) if one is not None else ()

    return sorted(left, key=way)


class _Comparing:
    def __init__(
        self,
        known: Sequence[Known],
        said: Sequence[Said],
        pairs: Sequence[Known | None],
        says: frozenset[str] | None,
        person: Callable[[str], str],
    ) -> None:
        self.said, self.pairs, self.says, self.person = said, pairs, says, person
        named = [one for one in known if one.kind in _NAMED]
        named.sort(key=lambda one: one.alive and not one.gone)  # what is still there wins its key
        self.id_of_key = {(one.kind, one.key): one.id for one in named}
        self.met = {one.id.hex() for one in pairs if one is not None and one.id}
        self.now = {
            (one.kind, one.key): pair.id.hex() if pair is not None and pair.id else f"+{one.key}"
            for one, pair in zip(said, pairs, strict=True)
            if one.kind in _NAMED
        }
        self.names: dict[str, str] = {}
        # As long as every key still means what it meant, equal words of the source mean that it changed nothing.
        self.keys_stand = all(
            pair is None or pair.key == one.key for one, pair in zip(said, pairs, strict=True)
        ) and len(self.id_of_key) == len(named)

    # -- what is said ----------------------------------------------------------------------------------------------

    def of_said(self) -> Iterator[Difference]:
        holds_tasks = {one.under for one in self.said if one.kind is Kind.TASK}
        for place, (one, pair) in enumerate(zip(self.said, self.pairs, strict=True)):
            above = self.pairs[one.under] if one.under >= 0 else None
            if one.kind in _PARTS and (above is None or not above.alive):
                continue  # comes and stays away with what it is a part of
            if pair is not None and pair.alive:
                yield from self._fields(place, one, pair)
            elif one.kind is not Kind.STAGE or place not in holds_tasks:  # else it comes with its first task
                yield self._whole(place, one, pair, above)

    def _whole(self, place: int, one: Said, pair: Known | None, above: Known | None) -> Difference:
        change = Change.NEW if pair is None else Change.REMOVED
        holder = above.id.hex() if above is not None and one.kind in _PARTS else ""
        token = f"{one.kind}:{holder}+{one.key}"
        return Difference(token, change, one.kind, "", None, None, one.title, pair, place)

    def _fields(self, place: int, one: Said, pair: Known) -> Iterator[Difference]:
        if self.keys_stand and _same(pair.base, one.values):
            return
        for name in FIELDS[one.kind]:
            if one.kind is Kind.TASK and self.says is not None and name not in self.says:
                continue
            base = self._base(name, pair.base.get(name))
            ours = self._ours(name, pair.ours.get(name))
            theirs = self._theirs(name, one.values.get(name))
            if theirs in (ours, base) or (theirs is None and one.kind is Kind.PROJECT):
                continue
            change = Change.THEIRS if ours == base else Change.BOTH
            token = f"{one.kind}:{pair.id.hex()}#{name}"
            yield Difference(token, change, one.kind, name, base, ours, theirs, pair, place)

    # -- what is no longer said ------------------------------------------------------------------------------------

    def of_left(self, left: Sequence[Known]) -> Iterator[Difference]:
        gone = {one.id for one in left}
        unsaid = self.says is not None and "checks" not in self.says
        for one in left:
            if one.gone or one.kind is Kind.PROJECT or (one.kind in _PARTS and one.under in gone):
                continue
            if unsaid and one.kind is Kind.CHECK:
                continue
            token = f"{one.kind}:{one.id.hex()}"
            ours = one.ours.get("title") or one.ours.get("text") or one.ours.get("name")
            yield Difference(token, Change.GONE, one.kind, "", one.title, ours, None, one, -1)

    # -- one form for each side ------------------------------------------------------------------------------------

    def _base(self, name: str, value: Value) -> Value:
        if name == "stage":
            return self._known(Kind.STAGE, value)
        if name == "after":
            links = ((self._known(Kind.TASK, key), kind, lag) for key, kind, lag in _links(value))
            return self._met_only(tuple(links))
        return self._person(value) if name in PERSONS else value

    def _ours(self, name: str, value: Value) -> Value:
        if name == "after":
            return self._met_only(tuple(_links(value)))
        return self._person(value) if name in PERSONS else value

    def _theirs(self, name: str, value: Value) -> Value:
        if name == "stage":
            return self.now.get((Kind.STAGE, str(value)))
        if name == "after":
            links = ((self.now.get((Kind.TASK, str(key)), ""), kind, lag) for key, kind, lag in _links(value))
            return tuple(sorted(one for one in links if one[0])) or None
        return self._person(value) if name in PERSONS else value

    def _known(self, kind: Kind, key: Value) -> str | None:
        found = self.id_of_key.get((kind, str(key)))
        return found.hex() if found else None

    def _met_only(self, links: tuple[tuple[Value, str, int], ...]) -> Value:
        """Links to what the source does not have are ours alone: it can say nothing of them."""
        return tuple(sorted((str(task), kind, lag) for task, kind, lag in links if task in self.met)) or None

    def _person(self, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        if value not in self.names:
            self.names[value] = self.person(value)
        return self.names[value]


def _links(value: Value) -> Iterator[tuple[str, str, int]]:
    for one in value if isinstance(value, tuple) else ():
        if isinstance(one, tuple) and len(one) == 3:
            yield str(one[0]), str(one[1]), one[2] if isinstance(one[2], int) else 0


def _same(base: Values, said: Values) -> bool:
    return base == said


# -- deciding ------------------------------------------------------------------------------------------------------


def accepted(
    differences: Sequence[Difference], choices: Mapping[str, bool], *, default: bool | None = None
) -> dict[str, Difference]:
    """What is taken of the source, by token: as chosen, else as `default` says for all, else as each one is by itself."""
    return {
        one.token: one
        for one in differences
        if choices.get(one.token, one.is_taken if default is None else default)
    }


def known_values(stored: Mapping[str, object]) -> dict[str, Value]:
    """What an origin keeps, in the form it is compared in; it was written in that form, but for its tuples."""
    return {
        name: given if isinstance(given, str | int) else plain(given)
        for name, given in stored.items()
        if given is not None
    }
