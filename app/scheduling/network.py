"""The network of a plan on plain integers: one forward and one backward pass over FS, SS, FF and SF links with lag.

Critical path method without calendars (Kelley and Walker, 1959; the four link types as in the precedence diagram
method). Times and lengths may be in any one unit; a task is its place in the lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Edge = tuple[int, str, int]  # the other task, FS|SS|FF|SF, lag


@dataclass(frozen=True, slots=True)
class Network:
    """Who waits for whom, in an order in which every task stands behind those it waits for.

    `cut` lists links left out because they would close a loop: two people apart can make one without knowing.
    """

    order: tuple[int, ...]
    into: tuple[tuple[Edge, ...], ...]
    out: tuple[tuple[Edge, ...], ...]
    cut: tuple[tuple[int, int], ...] = ()


def network(count: int, links: Iterable[tuple[int, int, str, int]]) -> Network:
    """Links are (before, after, type, lag); those from a task to itself are cut."""
    into: list[list[Edge]] = [[] for _task in range(count)]
    out: list[list[Edge]] = [[] for _task in range(count)]
    cut: list[tuple[int, int]] = []
    for before, after, kind, lag in links:
        if before == after:
            cut.append((before, after))
            continue
        into[after].append((before, kind, lag))
        out[before].append((after, kind, lag))
    order = _sorted(count, into, out, cut)
    return Network(
        order, tuple(tuple(edges) for edges in into), tuple(tuple(edges) for edges in out), tuple(cut)
    )


def _sorted(
    count: int, into: list[list[Edge]], out: list[list[Edge]], cut: list[tuple[int, int]]
) -> tuple[int, ...]:
    """Kahn's order; where only loops are left, the first task of one is freed of the links that still hold it."""
    waiting = [len(edges) for edges in into]
    free = [task for task in range(count) if not waiting[task]]
    placed = [False] * count
    order: list[int] = []
    next_held = 0
    while len(order) < count:
        while free:
            task = free.pop()
            placed[task] = True
            order.append(task)
            for after, _kind, _lag in out[task]:
                waiting[after] -= 1
                if not waiting[after]:
                    free.append(after)
        while next_held < count and placed[next_held]:
            next_held += 1
        if next_held < count:
            _free(next_held, into, out, placed, cut)
            waiting[next_held] = 0
            free.append(next_held)
    return tuple(order)


def _free(
    task: int,
    into: list[list[Edge]],
    out: list[list[Edge]],
    placed: list[bool],
    cut: list[tuple[int, int]],
) -> None:
    held = {before for before, _kind, _lag in into[task] if not placed[before]}
    cut.extend((before, task) for before in sorted(held))
    into[task] = [edge for edge in into[task] if edge[0] not in held]
    for before in held:
        out[before] = [edge for edge in out[before] if edge[0] != task]


def forward(
    net: Network,
    lengths: Sequence[int],
    not_before: Sequence[int],
    started: Sequence[int | None] | None = None,
    finished: Sequence[int | None] | None = None,
) -> tuple[list[int], list[int]]:
    """Earliest starts and finishes. What has `started` or `finished` stands where it happened, whatever its links say.

    A started task's length counts from its start.
    """
    count = len(lengths)
    starts, finishes = [0] * count, [0] * count
    for task in net.order:
        begun = started[task] if started is not None else None
        ended = finished[task] if finished is not None else None
        if begun is None or ended is None:
            start, least_finish = _earliest(net.into[task], not_before[task], starts, finishes)
            if begun is not None:
                start = begun
            finish = start + lengths[task]
            if least_finish is not None and finish < least_finish:
                finish = least_finish
                if begun is None:
                    start = finish - lengths[task]
        if ended is not None:
            finish = ended
            start = begun if begun is not None else ended - lengths[task]
        starts[task], finishes[task] = start, finish
    return starts, finishes


def _earliest(
    edges: Sequence[Edge], not_before: int, starts: Sequence[int], finishes: Sequence[int]
) -> tuple[int, int | None]:
    """The earliest start that the links allow, and the earliest finish that FF and SF links ask for."""
    start = not_before
    least_finish: int | None = None
    for before, kind, lag in edges:
        moment = (finishes[before] if kind[0] == "F" else starts[before]) + lag
        if kind[1] == "S":
            start = max(start, moment)
        elif least_finish is None or moment > least_finish:
            least_finish = moment
    return start, least_finish


def backward(
    net: Network, starts: Sequence[int], finishes: Sequence[int], end: int | None = None
) -> list[int]:
    """Slack of each task: how much later it may finish without moving `end` (by default the latest finish)."""
    if not starts:
        return []
    end = max(finishes) if end is None else end
    slacks = [end - finish for finish in finishes]
    for task in reversed(net.order):
        slack = slacks[task]
        for after, kind, lag in net.out[task]:
            mine = finishes[task] if kind[0] == "F" else starts[task]
            theirs = starts[after] if kind[1] == "S" else finishes[after]
            slack = min(slack, slacks[after] + theirs - mine - lag)
        slacks[task] = slack
    return slacks
