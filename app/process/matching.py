"""Which object of a plan a source means, when it says it again: by key, by title, by likeness and place.

A key out of a column of numbers or ids names the same task wherever it stands and whatever it is called. Where the numbers
only count the rows, 1, 2, 3, an inserted row would rename all behind it, so there the title goes first. Without numbers the
key is the title within its stage; a changed title is found by likeness among what is left of the stage, and between
neighbours that are known a weaker likeness is enough. A stage that was renamed is known by its tasks.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from app.process.origins import Kind, Known, Said

ALIKE = 0.6  # two titles of the same task, anywhere in a stage
ALIKE_IN_PLACE = 0.3  # when both stand alone between the same neighbours
_MOST_PAIRS = 60_000  # compared by likeness: beyond, only place and key decide
_Thing = TypeVar("_Thing")
_Name = TypeVar("_Name", bound=Hashable)
_Naming = Callable[[Known | Said], object]
_NUMBER = re.compile(r"(?P<above>(?:.*/)?#?(?:\d{1,6}\.)*)(?P<last>\d{1,6})")


def match(known: Sequence[Known], said: Sequence[Said]) -> list[Known | None]:
    """For each thing said the object meant, or None for what is new."""
    return _Matching(known, said).run()


def likeness(first: str, second: str) -> float:
    """How many pairs of neighbouring letters two titles share, 0 to 1: the same in Chinese and English."""
    return _shared(_pairs(first), _pairs(second))


def _pairs(text: str) -> Counter[str]:
    letters = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return Counter(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))


def _shared(first: Counter[str], second: Counter[str]) -> float:
    both = sum((first & second).values())
    return 2 * both / (first.total() + second.total())


class _Matching:
    def __init__(self, known: Sequence[Known], said: Sequence[Said]) -> None:
        self.said = said
        self.found: list[Known | None] = [None] * len(said)
        self.taken: set[bytes] = set()  # origins
        self.of: dict[Kind, list[Known]] = {kind: [] for kind in Kind}
        for one in sorted(known, key=lambda one: (one.place, one.origin)):
            self.of[one.kind].append(one)
        self.places = {kind: [n for n, one in enumerate(said) if one.kind is kind] for kind in Kind}
        stages = sorted(self.of[Kind.STAGE], key=_is_left, reverse=True)  # what is still there wins its key
        self.stage_of_key = {one.key: one.origin for one in stages}
        self.stage_of_id = {one.id: one.origin for one in stages}

    def run(self) -> list[Known | None]:
        self._pair_all(self.of[Kind.PROJECT], self.places[Kind.PROJECT])
        for kind in (Kind.STAGE, Kind.GATE):
            self._by(self.of[kind], self.places[kind], _key_of)
        self._tasks()
        self._near(self.of[Kind.GATE], self.places[Kind.GATE])
        for kind in (Kind.CHECK, Kind.CRITERION):
            self._parts(kind)
        return self.found

    def _take(self, place: int, one: Known) -> None:
        self.found[place] = one
        self.taken.add(one.origin)

    def _left(self, known: Iterable[Known], places: Iterable[int]) -> tuple[list[Known], list[int]]:
        return (
            [one for one in known if one.origin not in self.taken],
            [place for place in places if self.found[place] is None],
        )

    def _pair_all(self, known: Sequence[Known], places: Sequence[int]) -> None:
        for one, place in zip(known, places, strict=False):
            self._take(place, one)

    def _by(
        self, known: Iterable[Known], places: Iterable[int], name: _Naming, *, once: bool = False
    ) -> None:
        """Pairs what has the same name, the first with the first; `once`: only where both sides have it once."""
        left, open_places = self._left(known, places)
        groups: defaultdict[object, list[Known]] = defaultdict(list)
        for one in left:
            groups[name(one)].append(one)
        wanted: defaultdict[object, list[int]] = defaultdict(list)
        for place in open_places:
            wanted[name(self.said[place])].append(place)
        for title, some in wanted.items():
            candidates = groups.get(title, [])
            if title is None or (once and len(candidates) + len(some) != 2):
                continue
            self._pair_all(sorted(candidates, key=_is_left), some)

    # -- tasks ---------------------------------------------------------------------------------------------------

    def _tasks(self) -> None:
        known, places = self.of[Kind.TASK], self.places[Kind.TASK]
        keys = [self.said[place].key for place in places]
        counted = _count_rows(keys) and _count_rows([one.key for one in known if not _is_left(one)])
        if counted:
            self._by(known, places, lambda one: (one.key, one.title))
        else:
            self._by(known, places, _key_of)
        self._by(known, places, self._place_and_title)
        self._by(known, places, _title_of, once=True)
        self._stages_by_tasks()
        self._near(self.of[Kind.STAGE], self.places[Kind.STAGE])
        self._by(known, places, self._place_and_title)
        siblings = _grouped(known, self._stage)
        for stage, some in _grouped(places, lambda place: self._stage(self.said[place])).items():
            self._near(siblings.get(stage, []), some)
        if counted:
            self._by(known, places, _key_of)

    def _stage(self, one: Known | Said) -> bytes | None:
        """The known stage a task was or is said to be in, None for a new one."""
        if isinstance(one, Known):
            return self.stage_of_key.get(
                str(one.base.get("stage") or ""), self.stage_of_id.get(one.under or b"")
            )
        found = self.found[one.under]
        return found.origin if found is not None else None

    def _place_and_title(self, one: Known | Said) -> tuple[bytes, str] | None:
        stage = self._stage(one)
        return (stage, one.title) if stage is not None else None

    def _stages_by_tasks(self) -> None:
        """A renamed stage is the one most of whose tasks it holds."""
        votes: defaultdict[int, Counter[bytes]] = defaultdict(Counter)
        for place in self.places[Kind.TASK]:
            one = self.found[place]
            stage = self.stage_of_key.get(str(one.base.get("stage") or "")) if one is not None else None
            if stage is not None and stage not in self.taken and self.found[self.said[place].under] is None:
                votes[self.said[place].under][stage] += 1
        by_origin = {one.origin: one for one in self.of[Kind.STAGE]}
        best = sorted(
            ((count, place, stage) for place, some in votes.items() for stage, count in some.items()),
            key=lambda entry: (-entry[0], entry[1]),
        )
        for _count, place, stage in best:
            if stage not in self.taken and self.found[place] is None:
                self._take(place, by_origin[stage])

    # -- what stands in something ---------------------------------------------------------------------------------

    def _parts(self, kind: Kind) -> None:
        """Checks of a task and criteria of a gate, each within what holds it."""
        siblings = _grouped(self.of[kind], lambda one: one.under)
        for under, places in _grouped(self.places[kind], lambda place: self.said[place].under).items():
            above = self.found[under]
            known = siblings.get(above.id, []) if above is not None and above.id else []
            if [one.key for one in known] == [self.said[place].key for place in places]:
                self._pair_all(known, places)  # as it was: nearly always
            elif known:
                self._by(known, places, _key_of)
                self._by(known, places, _title_of)
                self._near(known, places)

    # -- likeness and place ----------------------------------------------------------------------------------------

    def _near(self, known: Sequence[Known], places: Sequence[int]) -> None:
        """Pairs what is alike, the most alike first; then what stands alone between the same neighbours."""
        left, open_places = self._left(known, places)
        if not left or not open_places:
            return
        if len(left) * len(open_places) <= _MOST_PAIRS:
            old = [(one, _pairs(one.title)) for one in left]
            new = [(place, _pairs(self.said[place].title)) for place in open_places]
            scores = [
                (score, place, one)
                for place, letters in new
                for one, its in old
                if (score := _shared(letters, its)) >= ALIKE
            ]
            for _score, place, one in sorted(scores, key=lambda entry: (-entry[0], entry[1], entry[2].place)):
                if one.origin not in self.taken and self.found[place] is None:
                    self._take(place, one)
        self._in_place(known, places)

    def _in_place(self, known: Sequence[Known], places: Sequence[int]) -> None:
        gaps: defaultdict[tuple[bytes, bytes], tuple[list[Known], list[int]]] = defaultdict(lambda: ([], []))
        met = {one.origin for place in places if (one := self.found[place]) is not None}
        for one, gap in _gaps([(one, one.origin if one.origin in met else None) for one in known]):
            if one.origin not in self.taken:
                gaps[gap][0].append(one)
        said = [(place, one.origin if (one := self.found[place]) is not None else None) for place in places]
        for place, gap in _gaps(said):
            gaps[gap][1].append(place)
        for old, new in gaps.values():
            if (
                len(old) == len(new) == 1
                and likeness(old[0].title, self.said[new[0]].title) >= ALIKE_IN_PLACE
            ):
                self._take(new[0], old[0])


def _gaps(things: Sequence[tuple[_Thing, bytes | None]]) -> list[tuple[_Thing, tuple[bytes, bytes]]]:
    """Each thing that is not met, with the met neighbours before and behind it; things stand in their order."""
    behind: list[bytes] = []
    last = b""
    for _thing, met in reversed(things):
        behind.append(last)
        last = met or last
    found = []
    before = b""
    for (thing, met), after in zip(things, reversed(behind), strict=True):
        if met is None:
            found.append((thing, (before, after)))
        before = met or before
    return found


def _count_rows(keys: Sequence[str]) -> bool:
    """Whether numbers only count the rows (1, 2, 3, or 1.1, 1.2, 2.1): then they are places, not names."""
    if not keys or not all(_NUMBER.fullmatch(key) for key in keys):
        return False
    numbers = {(found["above"], int(found["last"])) for key in keys if (found := _NUMBER.fullmatch(key))}
    if len(numbers) < len(keys):
        return False
    begins = [(above, last) for above, last in numbers if (above, last - 1) not in numbers]
    return len(begins) <= len({above for above, _last in numbers})


def _grouped(things: Iterable[_Thing], name: Callable[[_Thing], _Name]) -> dict[_Name, list[_Thing]]:
    groups: defaultdict[_Name, list[_Thing]] = defaultdict(list)
    for one in things:
        groups[name(one)].append(one)
    return groups


def _key_of(one: Known | Said) -> str:
    return one.key


def _title_of(one: Known | Said) -> str | None:
    return one.title or None


def _is_left(one: Known) -> bool:
    """Deleted here, or gone from the source before."""
    return one.gone or not one.alive
