"""What the frame itself offers, as data: the menus and the search box are made from it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.i18n import N_
from ui.desktop.actions import Offer
from ui.desktop.faces import Faces
from ui.desktop.views import VIEWS

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow

MENUS = (
    ("file", N_("&File")),
    ("edit", N_("&Edit")),
    ("view", N_("&View")),
    ("go", N_("&Go")),
    ("run", N_("&Run")),
    ("here", N_("&Here")),
    ("help", N_("H&elp")),
)
_THEMES = (
    ("light", N_("Theme: light")),
    ("dark", N_("Theme: dark")),
    ("contrast", N_("Theme: high contrast")),
)
_RUN = (
    ("run", N_("Start a rehearsal…"), "R", "rehearsal"),
    ("run", N_("Start the live run…"), "", "live"),
    ("tick", N_("End the run…"), "", "end"),
    ("warning", N_("Raise an incident…"), "I", "incident"),
    ("flag", N_("Record a decision…"), "D", "decision"),
    ("people", N_("Hand the step over…"), "H", "hand-over"),
    ("note", N_("Situation report"), "G", "situation"),
    ("device", N_("Wallboard"), "F11", "wallboard"),
)
_TEAM = (
    ("people", N_("Share this workspace…"), "share"),
    ("plus", N_("Invite somebody…"), "invite"),
    ("people", N_("Members and devices…"), "members"),
    ("synced", N_("Exchange with the server…"), "exchange"),
    ("people", N_("War room…"), "room"),
)
_LANGUAGES = (("en", "English"), ("zh", "中文"))


def offers(window: "MainWindow") -> list[Offer]:
    """Those of the screen one is at first: they are the likeliest."""
    here = [replace(one, menu=one.menu or "here") for one in window.current_view().offers()]
    return [
        *here,
        *_edit(window),
        *_go(window),
        *_run(window),
        *_file(window),
        *_view(window),
        *_help(window),
    ]


def _edit(window: "MainWindow") -> Iterator[Offer]:
    yield Offer(N_("Undo"), window.undo, "Ctrl Z", "undo", "edit")
    yield Offer(N_("Redo"), window.redo, "Ctrl Y", "redo", "edit")
    yield Offer(N_("Search or do anything"), window.search, "Ctrl K", "search", "edit")


def _go(window: "MainWindow") -> Iterator[Offer]:
    for number, spec in enumerate(VIEWS, 1):
        yield Offer(spec.text, partial(window.go_to, spec.id), f"Ctrl {number}", spec.icon, "go")
    view = window.current_view()
    if isinstance(view, Faces):
        for number, face in enumerate(view.specs, 1):
            go = partial(window.go_to, f"{window.place()}/{face.id}")
            yield Offer(face.text, go, f"Alt {number}", "right", "go")
    yield Offer(N_("Next part of the window"), window.next_pane, "F6", "right", "go")


def _file(window: "MainWindow") -> Iterator[Offer]:
    desk, places = window.desk, window.places
    yield Offer(N_("New project…"), places.ask_project, "", "plus", "file")
    if desk.project_id is not None:
        yield Offer(N_("New stage…"), places.ask_stage, "", "plus", "file")
    yield Offer(N_("Open a plan file…"), desk.choose_file.emit, "Ctrl O", "file", "file")
    yield Offer(N_("Open the sample"), desk.open_sample.emit, "", "run", "file")
    if desk.workspaces is not None:
        yield Offer(N_("New workspace…"), places.ask_workspace, "", "plus", "file")
        yield Offer(N_("Open another workspace…"), desk.choose_workspace.emit, "", "library", "file")
        yield Offer(N_("Join a workspace…"), partial(desk.wished.emit, "join"), "", "people", "file")
    for icon, text, wish in _TEAM:
        yield Offer(text, partial(desk.wished.emit, wish), "", icon, "file")
    yield Offer(N_("Back up now"), places.back_up, "", "download", "file")
    yield Offer(N_("Close the window"), partial(_close, window), "Ctrl W", "cross", "file")


def _run(window: "MainWindow") -> Iterator[Offer]:
    """What belongs to a run, from wherever one stands: it opens in the cockpit."""
    if window.desk.project_id is not None:
        for icon, text, keys, wish in _RUN:
            yield Offer(text, partial(window.desk.wished.emit, wish), keys, icon, "run")


def _close(window: "MainWindow") -> None:
    window.window().close()


def _view(window: "MainWindow") -> Iterator[Offer]:
    yield Offer(N_("Larger"), partial(window.scale_by, 1), "Ctrl +", "plus", "view")
    yield Offer(N_("Smaller"), partial(window.scale_by, -1), "Ctrl −", "search", "view")
    yield Offer(N_("Normal size"), partial(window.scale_by, 0), "Ctrl 0", "search", "view")
    now = window.desk.theme.name
    for name, text in _THEMES:
        yield Offer(text, partial(window.change, theme=name), "", "eye", "view", is_on=name == now)
    for name, text in _LANGUAGES:
        chosen = name == window.desk.language
        yield Offer(text, partial(window.change, language=name), "", "comment", "view", is_on=chosen)


def _help(window: "MainWindow") -> Iterator[Offer]:
    yield Offer(N_("Keys of this screen"), window.helping.show_keys, "F1", "key", "help")
    yield Offer(N_("Show the hints again"), window.helping.show_again, "", "flag", "help")
    yield Offer(N_("Reports of faults…"), window.helping.show_reports, "", "warning", "help")
