"""The signs of states, checks and seals as strokes on a grid of 16, the same as on screen."""

from typing import NamedTuple


class Stroke(NamedTuple):
    """Path operators of PDF with y upwards; `paint` is S (stroke) or f (fill), `white` cuts into a disc."""

    path: str
    paint: str = "S"
    width: float = 1.6
    white: bool = False
    dash: str = ""


def _circle(radius: float) -> str:
    k = radius * 0.5523
    r = radius
    return (
        f"{8 + r:.3f} 8 m {8 + r:.3f} {8 + k:.3f} {8 + k:.3f} {8 + r:.3f} 8 {8 + r:.3f} c "
        f"{8 - k:.3f} {8 + r:.3f} {8 - r:.3f} {8 + k:.3f} {8 - r:.3f} 8 c "
        f"{8 - r:.3f} {8 - k:.3f} {8 - k:.3f} {8 - r:.3f} 8 {8 - r:.3f} c "
        f"{8 + k:.3f} {8 - r:.3f} {8 + r:.3f} {8 - k:.3f} {8 + r:.3f} 8 c h"
    )


def _lines(*runs: tuple[tuple[float, float], ...], closed: bool = False) -> str:
    """Runs of points with y downwards, as the drawings have them."""
    parts = [
        " ".join(f"{x:g} {16 - y:g} {'l' if at else 'm'}" for at, (x, y) in enumerate(run)) for run in runs
    ]
    return " ".join(parts) + (" h" if closed else "")


_QUARTER = ((1.7, 1.3), (2.1, -0.1), (0.6, 2.1), (1.8, 1.2), (-0.8, 2.0))
_NEXT = ((0.8, 2.0), (-1.8, 1.2), (-0.6, 2.1), (-2.1, -0.1), (-1.7, 1.3))
_SEAL_STEPS = (*_QUARTER, *_NEXT, *((-x, -y) for x, y in (*_QUARTER, *_NEXT)))


def _seal() -> str:
    x, y = 8.0, 1.5
    points = [(x, y)]
    for across, down in _SEAL_STEPS:
        x, y = round(x + across, 2), round(y + down, 2)
        points.append((x, y))
    return _lines(tuple(points), closed=True)


_RING, _DISC, _SEAL = _circle(5.7), _circle(6.5), _seal()
_BOX = _lines(((1.6, 1.6), (14.4, 1.6), (14.4, 14.4), (1.6, 14.4)), closed=True)
_CROSS = _lines(((5.8, 5.8), (10.2, 10.2)), ((10.2, 5.8), (5.8, 10.2)))
_PIE = "8 8 m 8 11.9 l 10.154 11.9 11.9 10.154 11.9 8 c 11.9 5.846 10.154 4.1 8 4.1 c 7.1 4.1 6.3 4.4 5.71 4.84 c h"

SIGNS: dict[str, tuple[Stroke, ...]] = {
    "waiting": (Stroke(_RING),),
    "todo": (Stroke(_RING),),
    "ready": (Stroke(_RING), Stroke(_lines(((6.7, 5.6), (6.7, 10.4), (10.5, 8)), closed=True), "f")),
    "running": (Stroke(_RING), Stroke(_PIE, "f")),
    "done": (Stroke(_DISC, "f"), Stroke(_lines(((5, 8.2), (7.1, 10.3), (11, 6))), white=True)),
    "claimed": (
        Stroke(_RING, dash="[2.3 2.17] 0 d"),
        Stroke(_lines(((5.5, 8.2), (7.3, 10), (10.6, 6.3)))),
    ),
    "blocked": (Stroke(_DISC, "f"), Stroke(_lines(((4.9, 8), (11.1, 8))), width=2.2, white=True)),
    "failed": (Stroke(_DISC, "f"), Stroke(_CROSS, white=True)),
    "skipped": (
        Stroke(_RING),
        Stroke(_lines(((5.5, 6), (7.5, 8), (5.5, 10)), ((8.5, 6), (10.5, 8), (8.5, 10))), width=1.3),
    ),
    "open": (Stroke(_RING),),
    "tick": (Stroke(_lines(((3, 8.5), (6.3, 11.8), (13, 4.8))), width=1.5),),
    "flag": (Stroke(_lines(((3.5, 14), (3.5, 2.5), (12, 2.5), (10, 5.5), (12, 8.5), (3.5, 8.5)))),),
    "box": (Stroke(_BOX, width=1.2),),
    "box-pass": (Stroke(_BOX, width=1.2), Stroke(_lines(((4.2, 8.4), (7, 11.2), (12, 5))), width=2)),
    "box-fail": (
        Stroke(_BOX, width=1.2),
        Stroke(_lines(((4.8, 4.8), (11.2, 11.2)), ((11.2, 4.8), (4.8, 11.2))), width=2),
    ),
    "box-na": (Stroke(_BOX, width=1.2), Stroke(_lines(((4.6, 8), (11.4, 8))), width=2)),
    "seal": (Stroke(_SEAL, "B"), Stroke(_lines(((5.4, 7.8), (7.3, 9.7), (10.6, 6.2))), white=True)),
    "seal-none": (Stroke(_SEAL),),
    "seal-stale": (
        Stroke(_SEAL, dash="[3.2 1.8] 0 d"),
        Stroke(_lines(((9.3, 3.5), (6.7, 7.4), (9.4, 8.3), (6.8, 12.2))), width=1.3),
    ),
    "seal-gone": (Stroke(_SEAL), Stroke(_lines(((6, 6), (10, 10)), ((10, 6), (6, 10))))),
    "gate-open": (
        Stroke(_lines(((2, 14), (2, 2.5)), ((14, 14), (14, 2.5))), width=1.3),
        Stroke(
            _lines(
                ((2, 4.5), (5.5, 6), (5.5, 12.5), (2, 12)), ((14, 4.5), (10.5, 6), (10.5, 12.5), (14, 12))
            ),
            width=1.3,
        ),
    ),
    "gate-closed": (
        Stroke(
            _lines(((2, 14), (2, 2.5)), ((14, 14), (14, 2.5)), ((2, 5), (14, 5)), ((2, 11.5), (14, 11.5))),
            width=1.3,
        ),
        Stroke(_lines(((5, 5), (5, 11.5)), ((8, 5), (8, 11.5)), ((11, 5), (11, 11.5))), width=1.3),
    ),
    "remark": (
        Stroke(_lines(((8, 1.8), (14.8, 13.8), (1.2, 13.8)), closed=True), width=1.4),
        Stroke(_lines(((8, 6), (8, 9.6)), ((8, 11.5), (8, 11.7))), width=1.5),
    ),
}
