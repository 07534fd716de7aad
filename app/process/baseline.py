"""The planned times a run began with, frozen: packed in parts that fit a commit, known together by one hash.

SYNC 2.4 asks for an immutable blob by hash. Its bytes travel as ops of the commit that starts the run and not as a file of
the store: a replica that has the run then has its baseline too, without waiting for a transfer, and "late" says the same
on every device; undo takes the parts away with the run and redo brings them back; a backup and a rebuild need nothing of
their own. About 26 bytes a task: a quarter of a megabyte at 10,000 tasks, once a run. The times are kept and not computed
anew from an old state of the plan, because a later engine or time zone table might compute others.
"""

from collections.abc import Iterable, Mapping, Sequence

from app.codec import pack, sha256, trusted

Times = Mapping[bytes, tuple[int, int]]
"""Task -> planned start and finish in UTC ms."""

_PREFIX = b"launchbook/baseline/1\n"
_ID_BYTES = 16
_TASKS_A_PART = 2_000  # about 52 KB


def parts_of(times: Times) -> list[bytes]:
    """The times as packed parts: [format, ids one behind the other, first start, starts after it, lengths]."""
    tasks = sorted(times)
    found = []
    for first in range(0, len(tasks), _TASKS_A_PART):
        some = tasks[first : first + _TASKS_A_PART]
        begin = min(times[task][0] for task in some)
        starts = [times[task][0] - begin for task in some]
        lengths = [times[task][1] - times[task][0] for task in some]
        found.append(pack([1, b"".join(some), begin, starts, lengths]))
    return found


def hash_of(parts: Iterable[bytes]) -> bytes:
    """What a run names its baseline by."""
    return sha256(_PREFIX + b"".join(parts))


def times_of(parts: Sequence[bytes], name: bytes) -> dict[bytes, tuple[int, int]]:
    """The times of a baseline; none while a part of it is missing, and none that its name does not cover."""
    if hash_of(parts) != name:
        return {}
    found = {}
    for part in parts:
        revision, ids, begin, starts, lengths = trusted(part)
        if revision != 1:
            return {}
        for at, (start, length) in enumerate(zip(starts, lengths, strict=True)):
            task = ids[at * _ID_BYTES : (at + 1) * _ID_BYTES]
            found[task] = (begin + start, begin + start + length)
    return found
