"""Every sign and icon as data: paths on a grid of 16, what is filled, what is cut out of it."""

from typing import NamedTuple

_SEAL = (
    "M8 1.5l1.7 1.3 2.1-.1.6 2.1 1.8 1.2-.8 2 .8 2-1.8 1.2-.6 2.1-2.1-.1L8 14.5l-1.7-1.3-2.1.1-.6-2.1"
    "-1.8-1.2.8-2-.8-2 1.8-1.2.6-2.1 2.1.1z"
)
_OCTAGON = "M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z"
_RING = "circle 8 8 5.7"
_DISC = "circle 8 8 6.5"


class Part(NamedTuple):
    shape: str
    fill: bool = False
    cut: bool = False  # taken out of what was drawn before, so it holds on every background
    width: float = 0.0  # 0 means the drawing's own
    dash: tuple[float, float] | None = None
    stroke: bool = True


class Drawing(NamedTuple):
    parts: tuple[Part, ...]
    width: float = 1.5


def _disc() -> Part:
    return Part(_DISC, fill=True, stroke=False)


def _strokes(*shapes: str) -> Drawing:
    return Drawing(tuple(Part(shape) for shape in shapes))


def _sign(*parts: Part) -> Drawing:
    return Drawing(parts, 1.6)


def _dot(shape: str, width: float = 2.0) -> Part:
    return Part(shape, width=width)


# Signs of a state: discs and rings with a sign cut out; shape first, colour second.
SIGNS: dict[str, Drawing] = {
    "todo": _sign(Part(_RING)),
    "ready": _sign(Part(_RING), Part("M6.7 5.6v4.8l3.8-2.4z", fill=True, stroke=False)),
    "running": _sign(Part(_RING), Part("M8 8V4.1A3.9 3.9 0 1 1 5.71 11.16z", fill=True, stroke=False)),
    "waiting": _sign(Part(_RING), Part("M8 5.2V8l1.9 1.2", width=1.4)),
    "done": _sign(_disc(), Part("M5 8.2l2.1 2.1L11 6", cut=True)),
    "claimed": _sign(Part(_RING, dash=(2.3, 2.17)), Part("M5.5 8.2l1.8 1.8L10.6 6.3")),
    "blocked": _sign(_disc(), Part("M4.9 8h6.2", cut=True, width=2.2)),
    "failed": _sign(_disc(), Part("M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4", cut=True)),
    "skipped": _sign(Part(_RING), Part("M5.5 6l2 2-2 2M8.5 6l2 2-2 2", width=1.3)),
    "na": _sign(Part(_RING), Part("M5.8 8h4.4")),
    "conflict": _sign(
        Part("M8 1.5L14.5 8 8 14.5 1.5 8z"), Part("M8 1.5V14.5L1.5 8z", fill=True, stroke=False)
    ),
    "late": _sign(Part("circle 8 8 6"), Part("M8 4.8V8l2.3 1.6")),
    "seal_fits": _sign(Part(_SEAL, fill=True), Part("M5.4 7.8l1.9 1.9 3.3-3.5", cut=True)),
    "seal_stale": _sign(Part(_SEAL, dash=(3.2, 1.8)), Part("M9.3 3.5L6.7 7.4l2.7.9-2.6 3.9")),
    "seal_none": _sign(Part(_SEAL)),
    "seal_rejected": _sign(Part(_SEAL), Part("M6 6l4 4M10 6l-4 4")),
    "seal_withdrawn": _sign(Part(_SEAL, dash=(1.2, 1.8)), Part("M5.6 8h4.8")),
    "no_return": _sign(
        Part(_OCTAGON, fill=True), Part("M10.5 10V8.6a2 2 0 00-2-2H5.6M7.2 5L5.6 6.6 7.2 8.2", cut=True)
    ),
    "critical": Drawing((Part("M2 3.5h4.5V8h4v4.5H14"),), 2.2),
    "gate_open": _strokes("M2 14V2.5M14 14V2.5", "M2 4.5l3.5 1.5v6.5L2 12M14 4.5l-3.5 1.5v6.5l3.5-.5"),
    "gate_closed": _strokes("M2 14V2.5M14 14V2.5M2 5h12M2 11.5h12M5 5v6.5M8 5v6.5M11 5v6.5"),
}

# Commands and places: open strokes.
ICONS: dict[str, Drawing] = {
    "plan": Drawing((Part("M2.5 3.5h5M5.5 8h6M9 12.5h4.5"), _dot("M2.5 8h.01M2.5 12.5h.01M6 12.5h.01"))),
    "run": Drawing((Part("circle 8 8 6"), Part("M6.6 5.6v4.8l3.9-2.4z", fill=True))),
    "prove": _strokes(_SEAL, "M5.6 7.8l1.7 1.7 3.2-3.4"),
    "library": _strokes("M3 2.5v11M6 2.5v11M9 3l3.6 10.2"),
    "settings": _strokes("M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7", "circle 11 4.5 1.8", "circle 5 11.5 1.8"),
    "down": _strokes("M4.5 6.5L8 10l3.5-3.5"),
    "right": _strokes("M6.5 4.5L10 8l-3.5 3.5"),
    "filter": _strokes("M2.5 4h11M4.5 8h7M6.5 12h3"),
    "search": _strokes("circle 7 7 4.3", "M10.3 10.3L14 14"),
    "warning": _strokes("M8 2.3l6.2 11H1.8z", "M8 6.4v3.2M8 11.5v.01"),
    "file": _strokes("M4 1.8h5l3.2 3.2v9.2H4z", "M9 1.8V5h3.2"),
    "note": _strokes("M3 2.5h10v8l-3 3H3z", "M5.5 5.8h5M5.5 8.6h3.5"),
    "people": _strokes(
        "circle 6 5.5 2.3",
        "M1.5 13.2c.4-2.6 2.2-3.8 4.5-3.8s4.1 1.2 4.5 3.8M10.5 3.4a2.3 2.3 0 010 4.2M12 9.8c1.5.5 2.3 1.7 2.5 3.4",
    ),
    "person": _strokes("circle 8 5.3 2.6", "M2.8 13.8c.5-3 2.6-4.4 5.2-4.4s4.7 1.4 5.2 4.4"),
    "tick": _strokes("M3 8.5l3.3 3.3L13 4.8"),
    "synced": _strokes("M5 13V4", "M2.4 6.6L5 4l2.6 2.6", "M11 3v9", "M8.4 9.4L11 12l2.6-2.6"),
    "offline": _strokes(
        "M5 13V4", "M2.4 6.6L5 4l2.6 2.6", "M11 3v9", "M8.4 9.4L11 12l2.6-2.6", "M2 14.5L14 1.5"
    ),
    "cross": _strokes("M4 4l8 8M12 4l-8 8"),
    "plus": _strokes("M8 3v10M3 8h10"),
    "undo": _strokes("M6 3L3 6l3 3", "M3 6h6a3.6 3.6 0 010 7.2H6"),
    "redo": _strokes("M10 3l3 3-3 3", "M13 6H7a3.6 3.6 0 000 7.2h3"),
    "comment": _strokes("M2.5 3h11v7.5H7L4 13v-2.5H2.5z"),
    "flag": _strokes("M3.5 14V2.5h8.5l-2 3 2 3H3.5"),
    "print": _strokes("M4.5 6V2.5h7V6M4.5 11h-2V6h11v5h-2", "M4.5 9.5h7v4h-7z"),
    "eye": _strokes("M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z", "circle 8 8 1.9"),
    "template": _strokes("rect 2.5 2.5 11 11 1.2", "M2.5 6h11M6.5 6v7.5"),
    "lock": _strokes("rect 3.5 7 9 6.5 1.2", "M5.5 7V5a2.5 2.5 0 015 0v2"),
    "key": _strokes("circle 5 11 2.7", "M7 9l6-6M10.5 5.5l2 2"),
    "link": _strokes("M3 4.5h4a2 2 0 012 2v3a2 2 0 002 2h2", "M11 9.5l2 2-2 2"),
    "more": Drawing((_dot("M3.5 8h.01M8 8h.01M12.5 8h.01", 2.4),)),
    "download": _strokes("M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.5h10"),
    "value": _strokes("M3 13.5h10M4.5 11V7M8 11V3.5M11.5 11V8.5"),
    "device": _strokes("rect 3 3 10 7.5 1", "M1.5 13h13"),
    "clock": _strokes("circle 8 8 6", "M8 4.8V8l2.3 1.6"),
    "mark": Drawing((Part("M4.2 3.4v8.2h4.4M6.4 7.6l2 2 4.2-4.6"),), 1.9),
}

DRAWINGS = {**ICONS, **SIGNS}
