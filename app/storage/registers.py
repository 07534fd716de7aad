"""Multi-value registers, pure: whoever saw the current value replaces it, whoever did not stands beside it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.codec import Value, pack


@dataclass(frozen=True, slots=True)
class Head:
    """One current value of a register: `op` wrote it at `hlc` (clamped to when it was received)."""

    op: bytes
    value: Value | list[bytes]
    hlc: int


def merge(heads: Iterable[Head], new: Head, base: Collection[bytes]) -> tuple[Head, ...]:
    """The heads after `new`, whose author saw `base`. Clocks have no say. Applying it twice changes nothing."""
    kept = tuple(head for head in heads if head.op not in base and head.op != new.op)
    return (*kept, new)


def winner(heads: Collection[Head], *, least: bool) -> Head | None:
    """The head that is shown: of claims the least finished, else the latest by clock, then by op id."""
    if not heads:
        return None
    if least:
        return min(heads, key=lambda head: (_rank(head.value), head.op))
    return max(heads, key=lambda head: (head.hlc, head.op))


def disagree(heads: Collection[Head]) -> bool:
    """A conflict is open: at least two different values stand."""
    return len(heads) > 1 and len({pack(head.value) for head in heads}) > 1


def _rank(value: object) -> int:
    # a claim nobody here knows (a newer version's) counts as the least finished of all
    return value if isinstance(value, int) else -1


def is_alive(life: Collection[Head], others: Collection[bytes]) -> bool:
    """Whether an object lives. A tombstone's value lists the ops it saw; an op in `others` it did not see revives."""
    if not life or any(head.value is True for head in life):
        return True
    seen: set[bytes] = set()
    for head in life:
        if isinstance(head.value, list):
            seen.update(head.value)
    return any(op not in seen for op in others)
