"""Which projects, runs and people there are, for the menus of the top bar, and what the frame says of the present one."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.words import RunKind
from app.i18n import _
from app.queries.people import names
from app.queries.projects import ProjectRow, RunRow, is_sample, projects, runs
from app.storage.engine import Reader
from ui.desktop.backing_up import back_up_now
from ui.desktop.components.buttons import add_choice
from ui.desktop.desk import Desk
from ui.desktop.moments import instant
from ui.desktop.runs.kinds import run_mark, run_name


class Frame(NamedTuple):
    """What the frame shows, read in one snapshot."""

    projects: tuple[ProjectRow, ...]
    runs: tuple[RunRow, ...]
    names: dict[bytes, str]
    sample: bool
    rev: int
    project: bytes | None = None  # whose runs these are


class History(NamedTuple):
    """What undo and redo would do, and what further undos would take back, the newest first."""

    undo: str
    redo: str
    further: tuple[str, ...] = ()


_FURTHER = 10


def frame(reader: Reader, project_id: bytes | None, language: str) -> Frame:
    found = tuple(runs(reader, project_id)) if project_id is not None else ()
    return Frame(
        tuple(projects(reader, language)), found, names(reader), is_sample(reader), reader.rev, project_id
    )


def history(reader: Reader, person: bytes | None, device: bytes, language: str) -> History:
    """What undo and redo would do, in words."""
    from app.queries.log import log_lines
    from app.storage.stacks import next_redo, undoable

    said = {line.action: line.sentence for line in log_lines(reader, language=language, limit=60)}
    earlier = _("an earlier action")
    stack = [said.get(one, earlier) for one in undoable(reader, person, device)[:_FURTHER]]
    redo = next_redo(reader, person, device)
    return History(stack[0] if stack else "", said.get(redo, earlier) if redo else "", tuple(stack))


class Travelled(NamedTuple):
    """`name` is what was taken or brought back; `kept` is how many values others changed since."""

    name: str
    kept: int


def travel(workspace: Any, which: str, steps: int, language: str) -> Travelled:
    """Runs in the writer thread: names what goes before it goes."""
    now = workspace.read(history, workspace.person, workspace.device.id, language)
    kept = 0
    for _step in range(steps):
        done = workspace.undo() if which == "undo" else workspace.redo()
        kept += len(done.kept)
    name = now.redo if which == "redo" else now.further[steps - 1] if steps <= len(now.further) else now.undo
    return Travelled(name, kept)


def _plain(text: str) -> str:
    """In a menu an ampersand would become a key."""
    return text.replace("&", "&&")


def since(run: RunRow, zone: str) -> str:
    """Since when it runs, or when it ended."""
    if run.finished_at is not None:
        return _("finished {when}").format(when=instant(run.finished_at, zone))
    if run.started_at is None:
        return ""
    return _("since {when}").format(when=instant(run.started_at, zone))


class Places(QObject):
    shown = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.frame = Frame((), (), {}, sample=False, rev=0)
        self.history = History("", "")
        self._after_paint = False

    def begin_history(self) -> None:
        """The window is painted: what needs the data layer may be read now."""
        self._after_paint = True
        self.reload()

    def reload(self) -> None:
        bridge = self._desk.bridge
        if bridge.workspace.is_open:
            bridge.fetch(frame, self._desk.project_id, self._desk.language, then=self._take)
            if self._after_paint:
                who = (bridge.workspace.person, bridge.workspace.device.id)
                bridge.fetch(history, *who, self._desk.language, then=self._take_history)

    def _take(self, found: Frame) -> None:
        self.frame = found
        self._desk.run_marks = {run.id: mark for run in found.runs if (mark := run_mark(run))}
        self.shown.emit()
        is_present = found.project is not None and found.project == self._desk.project_id
        if is_present and (self.project() is None or self.run() is None):
            self._desk.look_elsewhere()  # taken back here or elsewhere

    def _take_history(self, found: History) -> None:
        self.history = found
        self.shown.emit()

    # What is looked at.

    def project(self) -> ProjectRow | None:
        return next((one for one in self.frame.projects if one.id == self._desk.project_id), None)

    def run(self) -> RunRow | None:
        return next((one for one in self.frame.runs if one.id == self._desk.run_id), None)

    def me(self) -> str:
        person = self._desk.bridge.workspace.person
        return self.frame.names.get(person, "") if person is not None else ""

    # Menus.

    def fill_projects(self, menu: QMenu) -> None:
        for one in self.frame.projects:
            name = _("{name}  (legal hold)").format(name=one.name) if one.legal_hold else one.name
            add_choice(menu, name, self._look(one.id), checked=one.id == self._desk.project_id)
        menu.addSeparator()
        add_choice(menu, _("New project…"), self.ask_project)
        add_choice(menu, _("Open a plan file…"), self._desk.choose_file.emit)
        add_choice(menu, _("Open the sample"), self._desk.open_sample.emit)
        if self._desk.project_id is not None:
            menu.addSeparator()
            add_choice(menu, _("New stage…"), self.ask_stage)
        self._fill_workspaces(menu)

    def _fill_workspaces(self, menu: QMenu) -> None:
        ways = self._desk.workspaces
        if ways is None:
            return
        menu.addSeparator()
        inner = menu.addMenu(_("Workspace: {name}").format(name=self._desk.workspace_name))
        inner.setFont(menu.font())
        for one in ways.choices():
            add_choice(inner, one.name, partial(ways.open, one.folder), checked=one.is_here)
        inner.addSeparator()
        add_choice(inner, _("New workspace…"), self.ask_workspace)
        add_choice(inner, _("Join a workspace…"), partial(self._desk.wished.emit, "join"))
        add_choice(inner, _("Open another workspace…"), self._desk.choose_workspace.emit)

    def ask_workspace(self) -> None:
        ways = self._desk.workspaces
        if ways is not None:
            hint = _("Plant north, ERP")
            self._desk.ask(_("What is the new workspace called?"), _("Create it"), ways.create, hint=hint)

    def back_up(self) -> None:
        """Into the workspace's own rotating folder."""
        workspace = self._desk.bridge.workspace
        self._desk.bridge.write(partial(back_up_now, workspace), then=self._backed_up)

    def _backed_up(self, backup: Any) -> None:
        self._desk.say(_("Backed up and verified: {file}.").format(file=backup.path.name))

    def fill_history(self, menu: QMenu) -> None:
        """Undo and redo by name, and the last ten to go back to."""
        now = self.history
        for word, name, keys, act in (
            (_("Undo"), now.undo, "Ctrl Z", self.undo),
            (_("Redo"), now.redo, "Ctrl Y", self.redo),
        ):
            text = _("{word}: {name}").format(word=word, name=name) if name else word
            add_choice(menu, f"{_plain(text)}\t{keys}", act).setEnabled(bool(name))
        if len(now.further) > 1:
            inner = menu.addMenu(_("Undo back to"))
            inner.setFont(menu.font())
            for steps, name in enumerate(now.further, 1):
                add_choice(inner, _plain(name), partial(self.undo, steps))
        menu.addSeparator()

    def undo(self, steps: int = 1) -> None:
        self._travel("undo", steps)

    def redo(self) -> None:
        self._travel("redo", 1)

    def _travel(self, which: str, steps: int) -> None:
        bridge = self._desk.bridge
        job = partial(travel, bridge.workspace, which, steps, self._desk.language)
        bridge.write(job, then=partial(self._on_travelled, which))

    def _on_travelled(self, which: str, done: Travelled) -> None:
        if which == "undo":
            text = _("Taken back: {name}. Ctrl Y brings it back.").format(name=done.name)
        else:
            text = _("Brought back: {name}. Ctrl Z takes it back.").format(name=done.name)
        if done.kept:
            left = _("Others changed {n} of these values since; those were left as they are.")
            text = f"{text} {left.format(n=done.kept)}"
        self._desk.say(text, "late" if done.kept else "done")

    def _look(self, project: bytes) -> Callable[[], None]:
        return lambda: self._desk.look_at(project)

    def ask_project(self) -> None:
        self._desk.ask(
            _("What goes live?"), _("Create the project"), self._create, hint=_("ERP go-live, north plant")
        )

    def _create(self, name: str) -> None:
        command = "app.commands.projects:create_project"
        self._desk.bridge.run(command, name, language=self._desk.language, then=self._created)

    def _created(self, done: Any) -> None:
        self._desk.look_at(done.result)

    def ask_stage(self) -> None:
        self._desk.ask(_("What is the new stage called?"), _("Add the stage"), self._add_stage)

    def _add_stage(self, title: str) -> None:
        command = "app.commands.projects:add_stage"
        self._desk.bridge.run(command, self._desk.project_id, title, language=self._desk.language)

    def fill_runs(self, menu: QMenu) -> None:
        for run in self.frame.runs:
            ended = (
                _("{run} (finished)").format(run=run_name(run))
                if run.finished_at is not None
                else run_name(run)
            )
            add_choice(
                menu,
                ended,
                partial(self._look_at_run, run.id),
                checked=run.id == self._desk.run_id,
            )
        menu.addSeparator()
        add_choice(menu, _("Start a rehearsal…"), partial(self._desk.wished.emit, "rehearsal"))
        add_choice(menu, _("Start the live run…"), partial(self._desk.wished.emit, "live"))
        here = self.run()
        if here is not None and here.kind != RunKind.MAIN and here.finished_at is None:
            add_choice(
                menu, _("Finish “{run}”…").format(run=run_name(here)), partial(self._desk.wished.emit, "end")
            )

    def _look_at_run(self, run: bytes) -> None:
        if self._desk.project_id is not None:
            self._desk.look_at(self._desk.project_id, run)

    def fill_people(self, menu: QMenu) -> None:
        workspace = self._desk.bridge.workspace
        for person in workspace.keys.persons():
            name = self.frame.names.get(person, "?")
            add_choice(menu, name, partial(self._act_as, person), checked=person == workspace.person)
        menu.addSeparator()
        add_choice(menu, _("People…"), lambda: self._desk.go_to.emit("settings"))
        add_choice(menu, _("Members and devices…"), partial(self._desk.wished.emit, "members"))
        add_choice(menu, _("Invite somebody…"), partial(self._desk.wished.emit, "invite"))

    def _act_as(self, person: bytes) -> None:
        """Who types; a signature still asks for this person's own PIN."""
        self._desk.bridge.workspace.act_as(person)
        self.reload()
