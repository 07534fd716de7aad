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
from ui.desktop.components.buttons import add_choice
from ui.desktop.desk import Desk
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
    undo: str
    redo: str


def frame(reader: Reader, project_id: bytes | None, language: str) -> Frame:
    found = tuple(runs(reader, project_id)) if project_id is not None else ()
    return Frame(
        tuple(projects(reader, language)), found, names(reader), is_sample(reader), reader.rev, project_id
    )


def history(reader: Reader, person: bytes | None, device: bytes, language: str) -> History:
    """What undo and redo would do, in words."""
    from app.queries.log import log_lines
    from app.storage.stacks import next_redo, next_undo

    said = {line.action: line.sentence for line in log_lines(reader, language=language, limit=60)}
    undo, redo = next_undo(reader, person, device), next_redo(reader, person, device)
    earlier = _("an earlier action")
    return History(said.get(undo, earlier) if undo else "", said.get(redo, earlier) if redo else "")


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
            add_choice(menu, one.name, self._look(one.id), checked=one.id == self._desk.project_id)
        menu.addSeparator()
        add_choice(menu, _("New project…"), self.ask_project)
        add_choice(menu, _("Open a plan file…"), self._desk.choose_file.emit)
        add_choice(menu, _("Open the sample"), self._desk.open_sample.emit)
        if self._desk.project_id is not None:
            menu.addSeparator()
            add_choice(menu, _("New stage…"), self.ask_stage)

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

    def _act_as(self, person: bytes) -> None:
        """Who types; a signature still asks for this person's own PIN."""
        self._desk.bridge.workspace.act_as(person)
        self.reload()
