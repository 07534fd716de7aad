"""What a server counts, as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from collections import Counter
from collections.abc import Mapping

_COUNTED = {
    "sessions": ("counter", "Devices that asked for a token."),
    "exchanges": ("counter", "Answers given."),
    "exchange seconds": ("counter", "Time from a request that was read to its answer, in all."),
    "commits": ("counter", "Commits that came, new or not."),
    "forged": ("counter", "Commits and receipts that did not hold."),
    "refused": ("counter", "Messages that were none."),
    "file bytes": ("counter", "Bytes of files of evidence that came."),
    "slowed down": ("counter", "Requests of who asked too often."),
    "turned away": ("counter", "Requests of devices without access."),
    "listening": ("gauge", "Sockets that hear the news now."),
}
_ASKED = {
    "workspaces": "Workspaces that are open now.",
    "waiting": "Requests whose commits wait to be stored.",
    "logs ordered elsewhere": "Logs in open workspaces to which another key gives the order.",
    "disk free bytes": "Room where the server's data is.",
    "last backup seconds": "When the last backup was made (Unix time); 0 while there is none.",
    "started seconds": "When this process began (Unix time).",
}


class Metrics:
    """Counted on the event loop alone."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, name: str, number: int = 1) -> None:
        self._counts[name] += number

    def spend(self, seconds: float) -> None:
        """On an exchange."""
        self._seconds += seconds

    def move(self, name: str, by: int) -> None:
        """Of what goes up and down."""
        self._counts[name] += by

    def text(self, state: Mapping[str, float]) -> str:
        """`state`: what is asked for at the moment, each under its name."""
        lines = []
        for name, (kind, told) in _COUNTED.items():
            value = self._seconds if name == "exchange seconds" else self._counts[name]
            lines += _lines(name, kind, told, value)
        for name, told in _ASKED.items():
            lines += _lines(name, "gauge", told, state[name])
        return "\n".join(lines) + "\n"


def _lines(name: str, kind: str, told: str, value: float) -> list[str]:
    full = f"launchbook_{name.replace(' ', '_')}" + ("_total" if kind == "counter" else "")
    return [f"# HELP {full} {told}", f"# TYPE {full} {kind}", f"{full} {value:.15g}"]
