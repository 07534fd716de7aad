"""A team from the window alone: one shares and invites, another joins; who is in, and on which devices, is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.commands.people import add_person, set_access
from app.domain.words import Access
from app.errors import Refused
from app.queries.people import people
from app.reports.square import square_code
from app.workspace import SERVER
from sync.client.place import Place, read_invitation, save_place
from tests.sync.serving import Server, a_server
from tests.ui.desktop.conftest import MakeDesktop
from tests.ui.desktop.people import with_owner
from tests.ui.desktop.screen import Plan, Screen, a_plan
from tests.ui.desktop.test_names import nameless
from ui.desktop.application import Desktop
from ui.desktop.main_window import MainWindow
from ui.desktop.runs.sheet import Sheet
from ui.desktop.sharing.invite import InvitationSheet, InviteSheet, invitation_for
from ui.desktop.sharing.members import MembersSheet
from ui.desktop.sharing.share import ShareSheet
from ui.desktop.sharing.sheet import SheetPage
from ui.desktop.workspaces import OpenWorkspace

AnySheet = TypeVar("AnySheet", bound=Sheet)
PIN = "4711"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path) as made:
        yield made


@pytest.fixture
def owned(workspace: OpenWorkspace) -> OpenWorkspace:
    workspace.act_as(with_owner(workspace))
    return workspace


def sheet(window: MainWindow, kind: type[AnySheet]) -> AnySheet:
    """The sheet that stands in place of the view."""
    assert isinstance(window.sheet, SheetPage)
    assert isinstance(window.sheet.sheet, kind)
    return window.sheet.sheet


def stands(window: MainWindow, kind: type[Sheet]) -> Callable[[], bool]:
    return lambda: isinstance(window.sheet, SheetPage) and isinstance(window.sheet.sheet, kind)


def shown(window: MainWindow) -> str:
    assert window.sheet is not None
    return " ".join(one.text() for one in window.sheet.findChildren(QLabel) if one.isVisibleTo(window))


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def keys(*texts: str) -> None:
    """Typed into one field after the other, with Tab between, then Ctrl Enter."""
    for number, text in enumerate(texts):
        if number:
            QTest.keyClick(focused(), Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), text)
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.slow
def test_one_shares_and_invites_another_joins_all_with_keys(
    qtbot: QtBot, make_desktop: MakeDesktop, workspace: OpenWorkspace, server: Server, tmp_path: Path
) -> None:
    plan = a_plan(workspace)
    screen = Screen(qtbot, workspace)
    try:
        window = screen.open(plan.project)
        window.open_wish("share")
        keys(server.address, "Ada Owner", PIN)
        qtbot.waitUntil(stands(window, MembersSheet), timeout=20_000)
        assert (workspace.folder / SERVER).exists()
        assert "invite the others" in window.message.text()
        qtbot.waitUntil(lambda: window.statusbar.exchange_text().startswith("Synced"), timeout=15_000)

        qtbot.waitUntil(sheet(window, MembersSheet).do.isVisible)
        QTest.keyClick(sheet(window, MembersSheet), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        invite = sheet(window, InviteSheet)
        QTest.keyClicks(focused(), "Ben Lu")
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        assert invite.access() is Access.READER
        assert invite.pin is not None
        invite.pin.setFocus()
        keys(PIN)
        qtbot.waitUntil(stands(window, InvitationSheet), timeout=15_000)
        invitation = sheet(window, InvitationSheet)
        qtbot.waitUntil(lambda: "can be used now" in shown(window), timeout=15_000)
        invitation.act()
        code = QApplication.clipboard().text()
        assert code.startswith("launchbook-")
        assert code == invitation.code

        desktop = make_desktop()
        desktop.open()
        settle(qtbot, desktop)
        other = window_of(desktop)
        QTest.keyClick(other.current_view(), Qt.Key.Key_5)
        keys(code, "Plant north", "", "2468")  # past the choice of another folder
        qtbot.waitUntil(lambda: desktop.folder.name == "plant-north", timeout=30_000)
        settle(qtbot, desktop)
        joined = desktop.bridge.workspace
        assert joined.id == workspace.id
        assert [one.name for one in joined.read(people)] == ["Ada Owner", "Ben Lu"]
        assert desktop.name_of(desktop.folder) == "Plant north"
        assert window_of(desktop).desk.project_id == plan.project
    finally:
        screen.close()


def settle(qtbot: QtBot, desktop: Desktop) -> None:
    qtbot.waitUntil(
        lambda: not desktop.is_busy() and desktop.bridge.is_idle() and window_of(desktop).is_settled(),
        timeout=20_000,
    )


def window_of(desktop: Desktop) -> MainWindow:
    assert desktop.window is not None
    return desktop.window


@pytest.mark.slow
def test_what_does_not_work_is_said_and_nothing_typed_is_lost(
    qtbot: QtBot, owned: OpenWorkspace, screen: Screen, plan: Plan
) -> None:
    window = screen.open(plan.project)
    window.open_wish("share")
    form = sheet(window, ShareSheet)
    assert form.pin is not None
    for address, pin, told in (
        ("nonsense", PIN, "no address"),
        ("http://elsewhere.example/", PIN, "https"),
        ("http://127.0.0.1:9/#code", "", "PIN is missing"),
        ("http://127.0.0.1:9/#code", "0000", "PIN is wrong"),
        ("http://127.0.0.1:9/#code", PIN, "cannot be reached"),
    ):
        form.address.setText(address)
        form.pin.setText(pin)
        form._on_do()
        qtbot.waitUntil(lambda told=told: told in form.wrong.text(), timeout=15_000)  # type: ignore[misc]
        assert form.address.text() == address
    assert not (owned.folder / SERVER).exists()


def test_the_sample_says_that_it_stays_here(
    screen: Screen, plan: Plan, workspace: OpenWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = screen.open(plan.project)
    monkeypatch.setattr(OpenWorkspace, "is_sample", True)
    window.open_wish("share")
    assert window.sheet is None
    assert "sample stays" in screen.message()


@pytest.fixture
def known(owned: OpenWorkspace) -> bytes:
    """Ben, who was an editor once: shared as far as this laptop knows, the server is never asked."""
    save_place(owned.folder, Place("http://127.0.0.1:9", "", bytes(32)))
    assert owned.person is not None
    signer = owned.signer(owned.person, PIN)
    return bytes(owned.run(add_person, "Ben Lu", "ben", signer=signer, access=Access.EDITOR).result)


def access_of(workspace: OpenWorkspace, person: bytes) -> str:
    return next(one.access for one in workspace.read(people) if one.id == person)


def test_somebody_known_is_not_made_a_second_time(owned: OpenWorkspace, known: bytes) -> None:
    with pytest.raises(Refused, match="already"):
        invitation_for(owned, None, "ben lu", Access.READER, PIN)
    assert owned.person is not None
    owned.run(set_access, known, Access.NONE, signer=owned.signer(owned.person, PIN))
    invitation = read_invitation(invitation_for(owned, None, "ben lu", Access.READER, PIN))

    assert invitation.signer.person == known
    assert access_of(owned, known) == "reader"


def test_access_is_changed_from_the_list_behind_the_pin(
    screen: Screen, plan: Plan, owned: OpenWorkspace, known: bytes
) -> None:
    window = screen.open(plan.project)
    window.open_wish("members")
    screen.settle()
    form = sheet(window, MembersSheet)
    assert "invited, no device yet" in shown(window)
    assert "this one" in shown(window)
    form._ask_access(form.found.people[1], Access.READER)
    window.question._answer.setText("0000")
    window.question._give()
    screen.settle()
    assert access_of(owned, known) == "editor"
    assert "PIN is wrong" in screen.message()
    form._ask_access(form.found.people[1], Access.READER)
    window.question._answer.setText(PIN)
    window.question._give()
    screen.settle()
    assert access_of(owned, known) == "reader"
    assert form.access[known].text() == "reader"


def test_who_owns_nothing_invites_nobody(
    screen: Screen, plan: Plan, owned: OpenWorkspace, known: bytes
) -> None:
    owned.act_as(known)
    window = screen.open(plan.project)
    window.open_wish("members")
    screen.settle()
    assert not sheet(window, MembersSheet).do.isVisible()
    assert "Owners invite" in shown(window)
    screen.press(Qt.Key.Key_Escape, on=sheet(window, MembersSheet))
    assert window.sheet is None


@pytest.mark.parametrize("text", ["LB1:00000000000000000000000000:7", "launchbook-" + "Aa0_" * 70])
def test_a_square_code_holds_its_text(text: str) -> None:
    modules = square_code(text)

    assert {len(line) for line in modules} == {len(modules)}
    corner = [line[:7] for line in modules[:7]]
    assert corner[0] == corner[6] == [True] * 7
    assert corner[3] == [True, False, True, True, True, False, True]


@pytest.mark.parametrize("wish", ["share", "members", "exchange"])
def test_everything_on_the_sheets_has_a_name(
    screen: Screen, plan: Plan, owned: OpenWorkspace, wish: str
) -> None:
    window = screen.open(plan.project)
    window.open_wish(wish)
    screen.settle()

    assert window.sheet is not None
    assert nameless(window) == []
