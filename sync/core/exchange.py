"""The client's side of an exchange as a state machine: `step(event)` gives effects, and nothing else happens in it.

One round trip both pushes and pulls: what goes is a head that says what this side holds, and what the other side lacks as
far as is known; what comes back is the other side's head, and what is lacking here. Whatever is lost on the way is sent
again, because both sides say what they hold and taking in twice changes nothing. Time and chance come with the events.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.storage.delivery import Delivery, Held

POLL_MS = 30_000  # how long to wait for news that nobody told of
LISTENING_MS = 300_000  # the same while live news come
FIRST_WAIT_MS, LONGEST_WAIT_MS = 1_000, 60_000
REFUSED_WAIT_MS = 300_000  # a refusal does not pass by itself soon
EMPTY = Delivery()


# -- events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Woken:
    """Started, or the time that was asked for is over."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was done here, or came from elsewhere."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The other side has news, or can be reached again. Live news say what it holds now, and small ones come along."""

    theirs: Held | None = None
    delivery: Delivery = EMPTY


@dataclass(frozen=True, slots=True)
class Listening:
    """Whether live news come in, so that polling is needed only in case."""

    live: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What is held here, and what the other side lacks of it; more than a message takes is left for the next."""

    held: Held
    delivery: Delivery = EMPTY


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: what the other side holds now, and what this side lacks."""

    theirs: Held
    delivery: Delivery
    at_ms: int


@dataclass(frozen=True, slots=True)
class Applied:
    """The answer is in the database; `news` counts what was new in it."""

    news: int


@dataclass(frozen=True, slots=True)
class Unreached:
    """No answer came: nobody knows whether what was sent arrived. `wait_ms` is how long the other side asks to wait."""

    at_ms: int
    wait_ms: int = 0


@dataclass(frozen=True, slots=True)
class Denied:
    """The other side says no to this device, for a reason that is shown."""

    reason: str
    at_ms: int


Event = Woken | Changed | Heard | Listening | Looked | Answered | Applied | Unreached | Denied


# -- effects -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """Read what is held and what the other side lacks; None while nobody knows what it holds. Comes back as Looked."""

    theirs: Held | None


@dataclass(frozen=True, slots=True)
class Ask:
    """One round trip. Comes back as Answered, Unreached or Denied."""

    held: Held
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Apply:
    """Take an answer in. Comes back as Applied."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Wake:
    """Send Woken after this time, and not for an earlier Wake any more."""

    after_ms: int


class Phase(StrEnum):
    """What the status bar says."""

    SYNCING = "syncing"
    SYNCED = "synced"
    OFFLINE = "offline"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands: commits that wait to be sent, when the other side was last reached (UTC ms); why it says no, or is in doubt."""

    phase: Phase
    waiting: int = 0
    reached_ms: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Show how it stands."""

    status: Status


Effect = Look | Ask | Apply | Wake | Tell


# -- the machine ---------------------------------------------------------------------------------------------------


class _At(StrEnum):
    REST = "rest"
    LOOKING = "looking"
    ASKING = "asking"
    APPLYING = "applying"


@dataclass
class Client:
    """One workspace's exchange with one other side. `chance` gives numbers from 0 to 1, for waits that do not meet."""

    chance: Callable[[], float]
    theirs: Held | None = None
    failures: int = 0
    live: bool = False
    status: Status = field(default_factory=lambda: Status(Phase.SYNCING))
    _at: _At = _At.REST
    _again: bool = False  # something happened meanwhile
    _moved: bool = True  # the last round trip brought one of the sides further
    _sure: bool = False  # what the other side holds was heard just now

    def step(self, event: Event) -> list[Effect]:
        """What to do next. An answer that was not asked for, or came too late, does nothing."""
        match event:
            case Woken() | Changed() | Heard():
                return self._begin(event)
            case Listening(live):
                return self._listen(live=live)
            case Looked() if self._at is _At.LOOKING:
                return self._looked(event)
            case Answered() if self._at is _At.ASKING:
                return self._answered(event)
            case Applied(news) if self._at is _At.APPLYING:
                self._moved |= news > 0
                return self._look()
            case Unreached() | Denied() if self._at is _At.ASKING:
                return self._failed(event)
        return []

    def _begin(self, event: Woken | Changed | Heard) -> list[Effect]:
        if self._at is not _At.REST:
            self._again = True
            return []
        if isinstance(event, Changed) and self.failures:
            return self._count()  # it goes with the next try
        self._moved = True
        self._sure = isinstance(event, Changed)  # nothing is asked unless something has to go
        if isinstance(event, Heard) and event.theirs is not None:
            self._sure, self.theirs, self.failures = True, event.theirs, 0
            if event.delivery.packets or event.delivery.receipts:
                self._at = _At.APPLYING
                return [Apply(event.delivery)]
        return self._look()

    def _listen(self, *, live: bool) -> list[Effect]:
        was_live, self.live = self.live, live
        if was_live != live:
            # the line broke: is the other side still there? Or it stands again: what was missed meanwhile?
            return self._begin(Woken())
        return []

    def _look(self) -> list[Effect]:
        self._at, self._again = _At.LOOKING, False
        return [Look(self.theirs)]

    def _count(self) -> list[Effect]:
        """Only looks how much waits: nothing is asked while the other side cannot be reached."""
        self._moved = False
        return self._look()

    def _looked(self, event: Looked) -> list[Effect]:
        delivery = event.delivery
        waiting = len(delivery.packets) + delivery.left
        unknown = self.theirs is None or lacks(event.held, self.theirs)
        if self._moved and (not self._sure or unknown or delivery.packets or delivery.receipts):
            self._at, self._moved = _At.ASKING, False
            return [*self._tell(Phase.SYNCING, waiting), Ask(event.held, delivery)]
        return self._rest(waiting)

    def _answered(self, event: Answered) -> list[Effect]:
        self._moved |= event.theirs != self.theirs
        self._at, self.theirs, self.failures, self._sure = _At.APPLYING, event.theirs, 0, True
        self.status = Status(Phase.SYNCING, self.status.waiting, event.at_ms)
        return [Apply(event.delivery)]

    def _rest(self, waiting: int) -> list[Effect]:
        self._at = _At.REST
        if self.failures:  # it was only counted; the time of the next try stands
            return self._tell(self.status.phase, waiting)
        told = self._tell(Phase.SYNCED, waiting)
        if self._again:
            return [*told, *self._begin(Woken())]
        return [*told, Wake(self._pause())]

    def _failed(self, event: Unreached | Denied) -> list[Effect]:
        self._at = _At.REST
        self.failures += 1
        if isinstance(event, Denied):
            wait, told = REFUSED_WAIT_MS, self._tell(Phase.DENIED, self.status.waiting, event.reason)
        else:
            longest = min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(self.failures - 1, 10))
            wait = max(event.wait_ms, int(longest * (0.5 + self.chance() / 2)))
            told = self._tell(Phase.OFFLINE, self.status.waiting)
        return [*told, Wake(wait), *(self._count() if self._again else [])]

    def _pause(self) -> int:
        longest = LISTENING_MS if self.live else POLL_MS
        return int(longest * (0.5 + self.chance() / 2))

    def _tell(self, phase: Phase, waiting: int, reason: str = "") -> list[Effect]:
        if phase is Phase.DENIED:
            reason = reason or self.status.reason
        before, self.status = self.status, Status(phase, waiting, self.status.reached_ms, reason)
        return [Tell(self.status)] if self.status != before else []


def lacks(one: Held, other: Held) -> bool:
    """Whether the other side holds something that this one does not."""
    return any(upto > one.commits.get(chain, 0) for chain, upto in other.commits.items()) or any(
        size > one.leaves.get(tree, 0) for tree, size in other.leaves.items()
    )
