"""What every screen shares: the bridge, the theme, the language, and which project and run are looked at."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal

from app.domain.words import RunKind
from ui.desktop.bridge import Bridge
from ui.desktop.preferences import Preferences
from ui.desktop.runs.entry import Entry
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from app.queries.projects import RunRow
    from ui.desktop.folders import Choice

# The tuple reader behind the queries is imported when something is read: the window's frame needs none.


class Message(NamedTuple):
    text: str
    tone: str = "done"
    action: str = ""
    act: Callable[[], object] | None = None


class Question(NamedTuple):
    """Asked in place; `then` gets the answer."""

    text: str
    verb: str
    then: Callable[[str], object]
    hint: str = ""
    needed: bool = True
    secret: bool = False


class Erasing(NamedTuple):
    """What somebody wishes to erase for good. `kind`: object, entry, person or due; `id` of it, and how it is called.

    text: what is erased, as it is shown now. field: of an object the one field, "" for all of it. is_file: its file goes too.
    """

    kind: str
    id: bytes
    name: str
    text: str = ""
    field: str = ""
    is_file: bool = False


def best_run(found: "Sequence[RunRow]") -> "RunRow | None":
    """Where things happen now: the open live run, else an open rehearsal, else the main run."""
    is_open = [run for run in found if run.kind != RunKind.MAIN and run.finished_at is None]
    live = [run for run in is_open if run.kind == RunKind.LIVE]
    return next(iter((*live, *reversed(is_open), *found)), None)


class Workspaces(Protocol):
    """Goes from one workspace to another; what is typed is kept before."""

    folder: Path

    def choices(self) -> "list[Choice]": ...

    def open(self, folder: Path | None = None, *, sample: bool = False) -> None: ...

    def create(self, name: str) -> None: ...

    def adopt(self, folder: Path, name: str) -> None: ...

    def rename(self, name: str) -> None: ...

    def forget(self, folder: Path) -> None: ...


class Desk(QObject):
    place_changed = Signal()  # another project or run
    said = Signal(object)  # a Message for the bar
    shared = Signal()  # the workspace has a server from now on
    asked = Signal(object)  # a Question
    task_chosen = Signal(object, object)  # the task all faces stand on, and who chose it
    selected = Signal(str)  # what the status bar says of the selection
    hinted = Signal(object)  # the keys that matter here: pairs of keys and word
    wished = Signal(
        str
    )  # something of a run to open in its cockpit: "rehearsal", "live", "end", "incident", ...
    go_to = Signal(str)  # the id of a place in the rail, or of one of its faces: "plan/board"
    open_sample = Signal()
    counted = Signal(str, int)  # a place of the rail, and how much there must be acted on
    told = Signal(int)  # how far the sample is told, in percent
    choose_workspace = Signal()  # a folder to open
    choose_file = Signal()  # a plan to import
    import_file = Signal(object)  # its path
    rebuild = Signal()  # language, theme or scale changed

    def __init__(self, bridge: Bridge, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.preferences = preferences
        self.language = preferences.language or "en"
        self.project_id: bytes | None = None
        self.run_id: bytes | None = None
        self.task_id: bytes | None = None  # the one selection, the same on every face
        self.gate_wanted: tuple[bytes, str] | None = None  # a gate to show, and the sheet to open there
        self.erasing: Erasing | None = None  # what the sheet for it is to be about
        self.zone = "UTC"
        self.entry = Entry()  # for whom and when one types
        self.run_marks: dict[
            bytes, str
        ] = {}  # "REHEARSAL 2", "LIVE": said before every question about the run
        self.home: Path | None = None  # where reports of faults are kept
        self.workspace_name = ""
        self.workspaces: Workspaces | None = None  # none where a single workspace is pictured or tested

    def choose(self, project_id: bytes, run_id: bytes | None = None) -> None:
        """Without a run the one in which things happen now; a few milliseconds, and every view needs the answer."""
        from app.queries.projects import runs

        run = None if run_id is not None else best_run(self.bridge.read(runs, project_id))
        if project_id != self.project_id:
            self.task_id = None
        self.project_id = project_id
        self.run_id = run.id if run is not None else run_id

    def look_at(self, project_id: bytes, run_id: bytes | None = None) -> None:
        self.choose(project_id, run_id)
        self.place_changed.emit()

    def look_elsewhere(self) -> None:
        """The project or run looked at may be gone: its project's best run, another project, or the ways to begin."""
        from app.queries.projects import projects, runs

        found = [one.id for one in self.bridge.read(projects)]
        project = self.project_id if self.project_id in found else next(iter(found), None)
        if project is None:
            self.project_id = self.run_id = self.task_id = None
            self.rebuild.emit()
        elif self.run_id not in [one.id for one in self.bridge.read(runs, project)]:
            self.look_at(project)  # no project has another one's run

    def choose_task(self, task_id: bytes | None, origin: QObject | None = None) -> None:
        """Moves the one selection; `origin` is the face that asks, so that it can ignore its own echo."""
        if task_id != self.task_id:
            self.task_id = task_id
            self.task_chosen.emit(task_id, origin)

    def layout(self, name: str) -> Mapping[str, Any]:
        """How a list was laid out here last: what `keep_layout` was given in this workspace."""
        kept = self.preferences.layouts.get(self._layout_key(name))
        return kept if isinstance(kept, dict) else {}

    def keep_layout(self, name: str, layout: Mapping[str, Any]) -> None:
        layouts = {**self.preferences.layouts, self._layout_key(name): dict(layout)}
        self.preferences = self.preferences.changed(layouts=layouts)

    def _layout_key(self, name: str) -> str:
        return f"{self.bridge.workspace.id.hex()}/{name}"

    def say(
        self, text: str, tone: str = "done", action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self.said.emit(Message(text, tone, action, act))

    def erase(self, what: Erasing) -> None:
        """Opens the sheet in which an owner erases for good."""
        self.erasing = what
        self.wished.emit("erase")

    def ask(
        self,
        text: str,
        verb: str,
        then: Callable[[str], object],
        *,
        hint: str = "",
        needed: bool = True,
        secret: bool = False,
    ) -> None:
        self.asked.emit(Question(text, verb, then, hint, needed, secret))
