"""Erasing for good in the window: where a text stands, by an owner with the PIN, and nothing under a legal hold."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu

from app.commands import runs
from app.commands.pasting import paste_draft
from app.commands.redacting import set_hold, set_retention
from app.domain.draft import Draft, ProjectDraft, StageDraft, TaskDraft
from app.domain.words import RunKind
from app.queries.facts import main_run
from app.queries.people import people
from app.storage.engine import Reader
from app.storage.erased import MARK
from app.storage.statements import Kind, decode_statement
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from tests.ui.desktop.test_exceptions import open_exceptions
from tests.ui.desktop.test_sharing import sheet, shown
from ui.desktop.checklist.parts import AttemptLine, EvidenceLine
from ui.desktop.components.more import MoreButton
from ui.desktop.evidence.pieces import PieceLine
from ui.desktop.log.view import LogView
from ui.desktop.settings.view import SettingsView
from ui.desktop.sharing.erase import EraseSheet
from ui.desktop.sharing.members import MembersSheet
from ui.desktop.workspaces import OpenWorkspace

SECRET = "Call Eva at 0176 5550"
PIN = "4711"


@pytest.fixture
def owned(workspace: OpenWorkspace) -> OpenWorkspace:
    workspace.act_as(with_owner(workspace))
    return workspace


@pytest.fixture
def noted(owned: OpenWorkspace, plan: Plan, tmp_path: Path) -> OpenWorkspace:
    """A note, a file, and a reason at the step that is selected first."""
    run = owned.read(main_run, plan.project)
    owned.run(runs.start_step, run, plan.lock)
    owned.run(runs.fail_step, run, plan.lock, reason="Eva broke it")
    owned.run(runs.add_note, run, plan.lock, SECRET)
    (tmp_path / "dump.txt").write_text("names")
    kept = owned.files.keep(tmp_path / "dump.txt")
    owned.run(runs.attach_file, run, plan.lock, kept.sha256, kept.size, kept.name)
    return owned


def more_of(
    screen: Screen, line: type[EvidenceLine] | type[AttemptLine] | type[PieceLine], text: str
) -> MoreButton:
    """The three dots of the line that says a text."""
    found = [
        one
        for one in screen.window.findChildren(line)
        if any(text in part.text() for part in one.findChildren(QLabel))
    ]
    (button,) = found[0].findChildren(MoreButton)
    return button


def choose(screen: Screen, button: MoreButton, word: str) -> EraseSheet:
    act = next(act for text, act in button.choices if word in text)
    act()
    screen.settle()
    return sheet(screen.window, EraseSheet)


def erase(screen: Screen, form: EraseSheet, reason: str = "asked for") -> None:
    form.reason.setText(reason)
    assert form.pin is not None
    form.pin.setText(PIN)
    screen.press(Qt.Key.Key_Return, ctrl=True, on=form)


def column(workspace: OpenWorkspace, sql: str) -> list[object]:
    def query(reader: Reader) -> list[object]:
        return [value for (value,) in reader.rows(sql)]

    return workspace.read(query)


def at_lock(screen: Screen, plan: Plan) -> None:
    screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.settle()


def test_a_note_is_erased_where_it_stands(screen: Screen, plan: Plan, noted: OpenWorkspace) -> None:
    at_lock(screen, plan)
    form = choose(screen, more_of(screen, EvidenceLine, SECRET), "text")
    assert SECRET in shown(screen.window)
    for words in ("What goes", "What stays", "cannot be undone", "every signature"):
        assert words in shown(screen.window)
    erase(screen, form, "")
    assert "Say why" in form.wrong.text()
    form.reason.setText("asked for")
    assert form.pin is not None
    form.pin.setText("0000")
    screen.press(Qt.Key.Key_Return, ctrl=True, on=form)
    assert "PIN is wrong" in form.wrong.text()
    assert SECRET in column(noted, "SELECT text FROM evidence")
    screen.press(Qt.Key.Key_Up, on=form)
    erase(screen, form)

    assert screen.window.sheet is None
    assert "1 value is erased" in screen.message()
    assert sorted(map(str, column(noted, "SELECT text FROM evidence"))) == ["", MARK]
    (body,) = column(noted, f"SELECT body FROM statement WHERE kind = {Kind.REDACTION.value}")
    assert isinstance(body, bytes)
    assert decode_statement(body).meaning == "erased: asked for"
    screen.settle()
    assert not [
        one
        for one in screen.window.findChildren(EvidenceLine)
        if one.evidence.text == MARK and one.findChildren(MoreButton)
    ]


def test_a_file_and_a_reason_are_erased_where_they_stand(
    screen: Screen, plan: Plan, noted: OpenWorkspace
) -> None:
    at_lock(screen, plan)
    erase(screen, choose(screen, more_of(screen, EvidenceLine, "dump.txt"), "file"))
    assert MARK in column(noted, "SELECT name FROM evidence")
    (sha256,) = column(noted, "SELECT sha256 FROM evidence WHERE sha256 IS NOT NULL")
    assert isinstance(sha256, bytes)
    assert not noted.files.has(sha256)
    at = more_of(screen, AttemptLine, "Eva broke it")
    erase(screen, choose(screen, at, "text"))
    assert column(noted, "SELECT reason FROM attempt") == [MARK]


def test_an_erased_file_is_not_waited_for(screen: Screen, plan: Plan, noted: OpenWorkspace) -> None:
    screen.open(plan.project, "prove")
    screen.face("evidence")
    screen.desk.choose_task(plan.lock)
    screen.settle()
    erase(screen, choose(screen, more_of(screen, PieceLine, "dump.txt"), "file"))
    (line,) = [
        one for one in screen.window.findChildren(PieceLine) if one.piece.sha256 and one.piece.name == MARK
    ]
    texts = " ".join(one.text() for one in line.findChildren(QLabel))
    assert "Erased for good" in texts
    assert "Not on this device" not in texts


def test_who_owns_nothing_erases_nothing(screen: Screen, plan: Plan, noted: OpenWorkspace) -> None:
    assert noted.person is not None
    noted.act_as(with_signer(noted, noted.person, "Ben Lu", "Ops"))
    at_lock(screen, plan)
    form = choose(screen, more_of(screen, EvidenceLine, SECRET), "text")
    assert "Only an owner" in shown(screen.window)
    assert form.do.isHidden()
    screen.press(Qt.Key.Key_Return, ctrl=True, on=form)
    assert SECRET in column(noted, "SELECT text FROM evidence")


def test_a_hold_is_placed_shown_and_keeps_everything(
    screen: Screen, plan: Plan, noted: OpenWorkspace
) -> None:
    window = screen.open(plan.project, "settings")
    view = window.current_view()
    assert isinstance(view, SettingsView)
    screen.click(view.keeping.hold)
    window.question._answer.setText("Audit 2026")
    window.question._give()
    screen.settle()
    assert column(noted, "SELECT legal_hold FROM project") == ["Audit 2026"]
    assert window.topbar.hold.isVisible()
    assert "Audit 2026" in window.topbar.hold.toolTip()
    assert "Audit 2026" in view.keeping.held.text()

    window.go_to("plan")
    screen.settle()
    screen.go(plan.lock, "title")
    screen.settle()
    form = choose(screen, more_of(screen, EvidenceLine, SECRET), "text")
    assert "A legal hold keeps it: Audit 2026" in shown(window)
    assert form.do.isHidden()
    window.go_to("settings")
    screen.settle()
    screen.click(view.keeping.hold)
    window.question._give()
    screen.settle()
    assert column(noted, "SELECT legal_hold FROM project") == [""]
    assert not window.topbar.hold.isVisible()


def test_an_editor_places_no_hold(screen: Screen, plan: Plan, noted: OpenWorkspace) -> None:
    assert noted.person is not None
    noted.act_as(with_signer(noted, noted.person, "Ben Lu", "Ops"))
    window = screen.open(plan.project, "settings")
    view = window.current_view()
    assert isinstance(view, SettingsView)
    assert not view.keeping.hold.isVisible()
    assert not view.keeping.keep.isVisible()
    assert view.keeping.days.edit.isReadOnly()


def test_the_period_is_set_and_a_wrong_one_is_said(screen: Screen, plan: Plan, owned: OpenWorkspace) -> None:
    window = screen.open(plan.project, "settings")
    view = window.current_view()
    assert isinstance(view, SettingsView)
    for text, days in (("x", None), ("0", None), ("90", 90), ("", None)):
        view.keeping.days.edit.clear()
        screen.type(text, on=view.keeping.days.edit)
        view.keeping._on_edited(text)
        screen.click(view.keeping.keep)
        assert column(owned, "SELECT retention_days FROM project") == [days]
        assert bool(view.keeping.days.note_text()) is (text in ("x", "0"))


def test_name_and_address_of_a_person_and_of_a_contact_are_erased(
    screen: Screen, plan: Plan, owned: OpenWorkspace
) -> None:
    assert owned.person is not None
    ben = with_signer(owned, owned.person, "Ben Lu", "Ops")
    here = StageDraft("h", "", tasks=(TaskDraft("t", "Call", owner="Eva Falk"),))
    owned.run(
        paste_draft,
        plan.project,
        Draft("pasted", (ProjectDraft("p", "", stages=(here,)),)),
        stage=plan.second,
    )
    window = screen.open(plan.project)
    window.open_wish("members")
    screen.settle()
    form = sheet(window, MembersSheet)
    form._erase(next(one for one in form.found.people if one.id == ben))
    screen.settle()
    assert "The short id ben stays" in shown(window)
    erase(screen, sheet(window, EraseSheet))
    window.open_wish("members")
    screen.settle()
    form = sheet(window, MembersSheet)
    menu = QMenu()
    form._fill_contacts([one for one in form.found.people if one.name == "Eva Falk"], menu)
    (eva,) = menu.actions()
    assert eva.text() == "Eva Falk"
    eva.trigger()
    screen.settle()
    erase(screen, sheet(window, EraseSheet))
    assert sorted(one.name for one in owned.read(people)) == ["Ada Owner", MARK, MARK]


def test_what_is_due_is_erased_from_the_exceptions(
    screen: Screen, plan: Plan, owned: OpenWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = owned.run(
        runs.start_run, plan.project, RunKind.LIVE, at=1_000_000_000_000, reason="in a hurry"
    ).result
    owned.run(runs.add_note, run, plan.lock, SECRET)
    owned.run(runs.finish_run, run, at=1_000_000_100_000, reason="over")
    owned.run(set_retention, plan.project, 30)
    view = open_exceptions(screen, plan)
    view.table.go_to(next(one.key for one in view.found if one.row.kind == "kept too long"))
    view.mend()
    screen.settle()
    form = sheet(screen.window, EraseSheet)
    assert SECRET in shown(screen.window)
    assert not form.choices
    erase(screen, form)
    assert column(owned, "SELECT text FROM evidence") == [MARK]
    screen.settle()
    assert not [one for one in view.found if one.row.kind == "kept too long"]


def test_the_texts_of_an_entry_are_erased_from_the_log(
    screen: Screen, plan: Plan, noted: OpenWorkspace
) -> None:
    window = screen.open(plan.project, "prove")
    view = screen.face("log")
    assert isinstance(view, LogView)
    (action,) = column(noted, "SELECT action FROM entry WHERE verb = 64")
    assert isinstance(action, bytes)
    view.show_thing(action)
    screen.settle()
    (button,) = view.panel.findChildren(MoreButton)
    form = choose(screen, button, "texts")
    assert "Eva broke it" in shown(window)
    erase(screen, form)
    assert column(noted, "SELECT reason FROM attempt") == [MARK]


def test_a_hold_that_came_meanwhile_is_said_in_the_sheet(
    screen: Screen, plan: Plan, noted: OpenWorkspace
) -> None:
    at_lock(screen, plan)
    form = choose(screen, more_of(screen, EvidenceLine, SECRET), "text")
    noted.run(set_hold, plan.project, "Audit 2026")
    erase(screen, form)
    assert "Audit 2026" in form.wrong.text()
    assert SECRET in column(noted, "SELECT text FROM evidence")


def test_the_log_says_what_was_erased_and_by_what_right(
    screen: Screen, plan: Plan, noted: OpenWorkspace
) -> None:
    at_lock(screen, plan)
    erase(screen, choose(screen, more_of(screen, EvidenceLine, SECRET), "text"), "wrong place")
    screen.window.go_to("prove/log")
    screen.settle()
    view = screen.face("log")
    assert isinstance(view, LogView)
    (action,) = column(noted, "SELECT action FROM entry WHERE verb = 117")
    assert isinstance(action, bytes)
    view.show_thing(action)
    screen.settle()
    told = " ".join(one.text() for one in view.panel.findChildren(QLabel))
    assert "Erase texts" in told
    assert "Lock users" in told
    assert "erased for good: it should never have stood there" in told
    assert SECRET not in told
