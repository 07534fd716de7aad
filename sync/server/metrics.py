"""What a server counts, as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from collections import Counter

_TOLD = {
    "sessions": ("counter", "Devices that asked for a token."),
    "exchanges": ("counter", "Answers given."),
    "commits": ("counter", "Commits that came, new or not."),
    "forged": ("counter", "Commits and receipts that did not hold."),
    "refused": ("counter", "Messages that were none."),
    "file bytes": ("counter", "Bytes of files of evidence that came."),
    "turned away": ("counter", "Requests of devices without access."),
    "listening": ("gauge", "Sockets that hear the news now."),
}


class Metrics:
    """Counted on the event loop alone."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, name: str, number: int = 1) -> None:
        self._counts[name] += number

    def move(self, name: str, by: int) -> None:
        """Of what goes up and down."""
        self._counts[name] += by

    def text(self) -> str:
        lines = []
        for name, (kind, told) in _TOLD.items():
            ending = "_total" if kind == "counter" else ""
            full = f"launchbook_{name.replace(' ', '_')}{ending}"
            lines += [f"# HELP {full} {told}", f"# TYPE {full} {kind}", f"{full} {self._counts[name]}"]
        return "\n".join(lines) + "\n"
