"""When a gate is open: a pure function of its rule, its criteria, its steps and the statements about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.words import GateState, Meaning, Presence, Status


@dataclass(frozen=True, slots=True)
class Rule:
    """What a gate asks of its sign-offs. `needs` are (role, how many persons)."""

    needs: tuple[tuple[str, int], ...]
    different_persons: bool = True
    author_may_sign: bool = False
    least_level: int = 0
    scripts_allowed: bool = True
    different_devices: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """Each once, in their order."""
        return tuple(dict.fromkeys(role for role, _needed in self.needs))

    def asks(self, role: str) -> bool:
        """Whether the role may speak here; a rule without roles takes any."""
        return not self.needs or role in self.roles


@dataclass(frozen=True, slots=True)
class SignOff:
    """A sign-off with everything that decides whether it counts; `id` is the statement's hash.

    saw: the sign-offs its author knew, of which it replaces those of the same person in the same role.
    """

    id: bytes
    person: bytes
    role: str
    meaning: str
    level: int
    presence: str
    device: bytes
    verifies: bool
    withdrawn: bool
    stale: bool
    sequenced: bool
    expired: bool = False
    saw: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a gate is closed; the words are made where it is shown."""

    kind: str  # criterion | step | conflict | sign-off | rejected
    subject: bytes | None = None
    text: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    state: GateState
    obstacles: tuple[Obstacle, ...]
    counting: frozenset[bytes] = field(default=frozenset())  # ids of the sign-offs the state rests on


def judge_gate(
    rule: Rule,
    *,
    criteria: Mapping[bytes, bool],
    steps: Mapping[bytes, Status],
    conflicts: Collection[bytes] = (),
    waived: Collection[bytes] = (),
    sign_offs: Sequence[SignOff] = (),
    authors: Collection[bytes] = (),
    ground_sequenced: bool = True,
) -> Judgement:
    """The gate's state and every reason against it.

    criteria: criterion -> holds. steps: mandatory task -> status. conflicts: objects with an open conflict on a signed
    field. waived: tasks whose skipped step a waiver lets pass (`waives`). authors: who performed the finishes that
    count. ground_sequenced: the roles and keys the statements rest on have receipts.
    """
    obstacles = [Obstacle("criterion", one) for one, holds in criteria.items() if not holds]
    obstacles += [
        Obstacle("step", task, status.value)
        for task, status in steps.items()
        if status is not Status.DONE and not (status is Status.SKIPPED and task in waived)
    ]
    obstacles += [Obstacle("conflict", thing) for thing in conflicts]
    in_force = _in_force(sign_offs)
    obstacles += [
        Obstacle("rejected", one.id, one.role) for one in in_force if one.meaning == Meaning.REJECTED
    ]
    counting = [one for one in in_force if counts(rule, one, authors)]
    chosen = _assign(rule, counting)
    for role, needed in rule.needs:
        given = sum(1 for one in chosen if one.role == role)
        if given < needed:
            obstacles.append(Obstacle("sign-off", None, role, needed - given))
    if obstacles:
        return Judgement(GateState.CLOSED, tuple(obstacles), frozenset(one.id for one in chosen))
    final = ground_sequenced and all(one.sequenced for one in chosen)
    return Judgement(
        GateState.FINAL if final else GateState.OPEN_HERE, (), frozenset(one.id for one in chosen)
    )


def counts(rule: Rule, one: SignOff, authors: Collection[bytes]) -> bool:
    """Whether a sign-off in force meets the rule."""
    return (
        one.meaning == Meaning.APPROVED
        and one.verifies
        and not one.withdrawn
        and not one.stale
        and not one.expired
        and one.level >= rule.least_level
        and (rule.scripts_allowed or one.presence != Presence.SCRIPT)
        and (rule.author_may_sign or one.person not in authors)
    )


def waives(rule: Rule, one: SignOff, skippers: Collection[bytes]) -> bool:
    """Whether a waiver lets a skipped step pass a gate: given in a role the gate asks for, not by who skipped the step."""
    return (
        one.verifies
        and not one.withdrawn
        and not one.stale
        and not one.expired
        and rule.asks(one.role)
        and one.level >= rule.least_level
        and (rule.scripts_allowed or one.presence != Presence.SCRIPT)
        and (rule.author_may_sign or one.person not in skippers)
    )


def _in_force(sign_offs: Sequence[SignOff]) -> list[SignOff]:
    """The last word of each person in each role: a later approval takes the place of an earlier rejection.

    Of two words of one person said on devices that did not know of each other, a rejection counts.
    """
    words: dict[tuple[bytes, str], list[SignOff]] = {}
    for one in sign_offs:
        if one.verifies and not one.withdrawn and one.meaning in (Meaning.APPROVED, Meaning.REJECTED):
            words.setdefault((one.person, one.role), []).append(one)
    in_force: list[SignOff] = []
    for said in words.values():
        seen = frozenset().union(*(one.saw for one in said))
        last = [one for one in said if one.id not in seen]
        in_force += [one for one in last if one.meaning == Meaning.REJECTED] or last
    return sorted(in_force, key=lambda one: one.id)


def _assign(rule: Rule, counting: Sequence[SignOff]) -> list[SignOff]:
    """Gives each required signature one sign-off, no person twice where that is asked: a bipartite matching."""
    places = [(role, number) for role, needed in rule.needs for number in range(needed)]
    taken: dict[bytes, tuple[tuple[str, int], SignOff]] = {}

    def key(one: SignOff, place: tuple[str, int]) -> bytes:
        if rule.different_persons:
            return one.person
        return one.person + place[0].encode()

    def place_for(place: tuple[str, int], tried: set[bytes]) -> bool:
        for one in counting:
            who = key(one, place)
            if one.role != place[0] or who in tried:
                continue
            tried.add(who)
            if who not in taken or place_for(taken[who][0], tried):
                taken[who] = (place, one)
                return True
        return False

    for place in places:
        place_for(place, set())
    chosen = [one for _, one in taken.values()]
    if rule.different_devices and len({one.device for one in chosen}) < len(chosen):
        seen: set[bytes] = set()
        chosen = [one for one in chosen if not (one.device in seen or seen.add(one.device))]  # type: ignore[func-returns-value]
    return chosen
