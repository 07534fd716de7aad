"""The sheets of sharing and erasing, as they stand with what a team has, and with far too much of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from app.commands.redacting import set_hold, set_retention
from app.queries.devices import DeviceRow
from app.queries.people import PersonRow, people
from app.queries.rejected import RejectedRow
from app.queries.wanted import Wanted, WantedChange
from sync.client.place import Place
from sync.core.exchange import Phase, Status
from tests.overfull import _LONG, _NAMES
from tests.pictures.data import NOW_MS
from ui.desktop.desk import Erasing
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import wait_for
from ui.desktop.settings.view import SettingsView
from ui.desktop.sharing.erase import EraseSheet
from ui.desktop.sharing.invite import InvitationSheet, InviteSheet
from ui.desktop.sharing.join import JoinSheet
from ui.desktop.sharing.members import Members, MembersSheet
from ui.desktop.sharing.room import InRoomSheet, RoomSheet
from ui.desktop.sharing.share import ShareSheet
from ui.desktop.sharing.sheet import SharingSheet, SheetPage
from ui.desktop.sharing.tray import Tray, TraySheet

_CODE = "launchbook-" + "Ab0_xYz9-Kq7Lm3" * 24
_PLACE = Place("https://server.halbrunn.example:8440", "3f" * 32, bytes(32))
_WRONG = "The server at https://server.halbrunn.example:8440 cannot be reached. Nothing was changed. "


def _is_overfull(window: MainWindow) -> bool:
    return not window.desk.bridge.workspace.is_sample


@contextmanager
def _as_owner(window: MainWindow) -> Iterator[None]:
    workspace = window.desk.bridge.workspace
    before = workspace.person
    owner = next((one.id for one in workspace.read(people) if one.access == "owner"), None)
    workspace.act_as(owner)
    yield
    workspace.act_as(before)


def _stand(window: MainWindow, sheet: SharingSheet) -> None:
    window.open_sheet(SheetPage(sheet))
    wait_for(window)


def _share(window: MainWindow) -> None:
    sheet = ShareSheet(window.desk, window)
    _stand(window, sheet)
    if _is_overfull(window):
        sheet.address.setText("https://server.halbrunn.example:8440/#" + "code." + "3f" * 32)
        sheet.say_wrong(_WRONG * 3, sheet.address)


def _invite(window: MainWindow) -> None:
    sheet = InviteSheet(window.desk, window)
    _stand(window, sheet)
    assert sheet.name is not None
    sheet.name.setText(_NAMES[0].format(n=7) if _is_overfull(window) else "Ben Lu")


def _invitation(window: MainWindow) -> None:
    name = _NAMES[0].format(n=7) if _is_overfull(window) else "Ben Lu"
    sheet = InvitationSheet(window.desk, window, name, _CODE)
    _stand(window, sheet)
    if not _is_overfull(window):
        sheet.note_exchange(Status(Phase.SYNCED, 0, NOW_MS))


def _join(window: MainWindow) -> None:
    folder = window.desk.bridge.workspace.folder
    sheet = JoinSheet(window.desk, window, folder.parent / "a-home")
    _stand(window, sheet)
    if _is_overfull(window):
        sheet.code.setPlainText(_CODE)
        sheet.name.setText("Halbrunn-Nord-und-Süd-Werksverbund " * 3)
        sheet._show_folder()
        sheet.say_wrong(_WRONG * 2, sheet.code)


def _members(window: MainWindow) -> None:
    with _as_owner(window):
        sheet = MembersSheet(window.desk, window, lambda _known: None)
        _stand(window, sheet)
        if _is_overfull(window):
            sheet._take(_too_many_members())
            wait_for(window)


def _too_many_members() -> Members:
    """Twelve people on forty devices, some of one name, and thirty contacts."""
    inside = tuple(
        PersonRow(
            *(bytes([n]) * 16, f"p{n}", _NAMES[n % 3].format(n=n), "", ("owner", "editor", "reader")[n % 3]),
            *(("Intercompany reconciliation and release manager", "QA") if n % 2 else (), 1, True),
        )
        for n in range(1, 13)
    )
    outside = tuple(
        PersonRow(bytes([n]) * 16, f"p{n}", _NAMES[n % 3].format(n=n), "", "none", (), 0, has_key=False)
        for n in range(20, 50)
    )
    name = "DESKTOP-HALBRUNN-PRODUCTION-NOTEBOOK-{n}"
    devices = tuple(
        DeviceRow(
            id=bytes([100 + n]) * 16,
            name="laptop" if n % 5 == 0 else name.format(n=n),
            key="3f2a91bc",
            persons=(bytes([1 + n % 12]) * 16,),
            last_ms=NOW_MS - n * 3_600_000,
            commits=n,
            sequences=0,
        )
        for n in range(40)
    )
    server = DeviceRow(bytes([99]) * 16, "server.halbrunn.example", "00", (), NOW_MS, 1, 3)
    called = {
        one.id: f"{one.name} · {one.id.hex()[-6:]}" if one.name == "laptop" else one.name for one in devices
    }
    return Members((*inside, *outside), (*devices, server), is_owner=True, called=called)


def _room(window: MainWindow) -> None:
    sheet = RoomSheet(window.desk, window, window.rooming)
    _stand(window, sheet)
    if _is_overfull(window):
        sheet.words.setText("six words that name no room at all and never will " * 2)
        sheet.say_wrong(_WRONG, sheet.words)


def _in_room(window: MainWindow, *, here: bool) -> None:
    """Opened here with several addresses, or entered and not reached."""
    addresses = [
        f"https://192.168.{n}.17:8443/#.{'3f' * 32}" for n in range(4 if _is_overfull(window) else 1)
    ]
    place = Place("https://192.168.0.17:8443", "3f" * 32, bytes(32))
    phase = Phase.SYNCED if here else Phase.OFFLINE
    rooming: Any = SimpleNamespace(
        room=SimpleNamespace(addresses=addresses) if here else None,
        place=place,
        status=Status(phase, 3, NOW_MS, "" if here else _WRONG),
    )
    _stand(window, InRoomSheet(window.desk, window, rooming))


def _tray(window: MainWindow) -> None:
    sheet = TraySheet(window.desk, window, lambda _action: None, lambda: None)
    sheet._place = lambda: _PLACE  # type: ignore[method-assign]  # as where it is shared
    _stand(window, sheet)
    count = 30 if _is_overfull(window) else 2
    sheet.note_exchange(
        Status(Phase.OFFLINE, 1_203, NOW_MS, _WRONG) if count > 2 else Status(Phase.SYNCED, 0, NOW_MS)
    )
    long = _LONG[window.desk.language]
    rows = tuple(
        RejectedRow(
            bytes([n]) * 16,
            long.format(n=n) if n % 3 == 0 and count > 2 else f"Change Load the balances {n}",
            NOW_MS - n * 600_000,
            1 + n % 5,
        )
        for n in range(count)
    )
    changes = (
        WantedChange("Load the balances 1", "minutes", (10,), 99),
        WantedChange("Load the balances 1", "owner", (None,), "Ben Lu"),
        WantedChange(long.format(n=9), "instruction", (long.format(n=1) * 4,), long.format(n=2) * 4),
    )
    wanted = {
        row.action: Wanted(
            changes[: 1 + n % 3] if count > 2 else changes[: 1 + n], 12 if n % 3 == 2 else 0, {}
        )
        for n, row in enumerate(rows)
    }
    sheet._take(Tray(rows, 1, wanted, "“laptop” (Ada Owner)"))
    wait_for(window)


# Erasing.


def _erase(window: MainWindow, kind: str) -> None:
    text = (
        "Call Eva at 0176 5550 1234, she has the password." if not _is_overfull(window) else _LONG["en"] * 8
    )
    at = "2.4 Reconcile the sub-ledger balances"
    desk = window.desk
    assert desk.project_id is not None
    name = desk.bridge.read(_project_name, desk.project_id)
    known = desk.bridge.workspace.read(people)
    what = {
        "text": Erasing("object", bytes(16), at, text),
        "file": Erasing(
            "object", bytes(16), at, "balances-2026-03-06-production-final-v7.xlsx", is_file=True
        ),
        "person": Erasing("person", known[-1].id, known[-1].name) if known else None,
        "due": Erasing("due", desk.project_id, name),
    }[kind]
    if what is not None:
        with _as_owner(window):
            _stand(window, EraseSheet(desk, window, what))


def _project_name(reader: Any, project: bytes) -> str:
    from app.queries.projects import project as row

    found = row(reader, project)
    return found.name if found is not None else ""


def _erase_due(window: MainWindow) -> None:
    """The run ended long ago, as far as the sheet knows."""
    from app.commands.runs import finish_run

    desk, workspace = window.desk, window.desk.bridge.workspace
    with _as_owner(window):
        live = workspace.read(
            lambda reader: reader.rows(
                "SELECT id FROM run WHERE kind = 'live' AND finished_at IS NULL AND log = ?",
                (desk.project_id,),
            )
        )
        for (run,) in live:
            workspace.run(finish_run, run, reason="over")
        workspace.run(set_retention, desk.project_id, 30)
        wait_for(window)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ui.desktop.sharing.erase.now_ms", lambda: NOW_MS + 31 * 86_400_000)
        _erase(window, "due")


def _erase_held(window: MainWindow) -> None:
    desk, workspace = window.desk, window.desk.bridge.workspace
    with _as_owner(window):
        workspace.run(
            set_hold, desk.project_id, "Audit 2026, case 4711 " * (4 if _is_overfull(window) else 1)
        )
        wait_for(window)
    what = Erasing("due", desk.project_id or b"", desk.bridge.read(_project_name, desk.project_id))
    with _as_owner(window):
        _stand(window, EraseSheet(desk, window, what))


def _settings(window: MainWindow) -> None:
    window.go_to("settings")
    wait_for(window)
    view = window.current_view()
    assert isinstance(view, SettingsView)
    with _as_owner(window):
        view.show_place()
        wait_for(window)
    if "keeping" in view.sections:
        view.show_section("keeping")


SHEETS: Mapping[str, Callable[[MainWindow], None]] = {
    "sheet share": _share,
    "sheet invite": _invite,
    "sheet invitation": _invitation,
    "sheet join": _join,
    "sheet members": _members,
    "sheet room": _room,
    "sheet room open": partial(_in_room, here=True),
    "sheet room entered": partial(_in_room, here=False),
    "sheet tray": _tray,
    "sheet erase text": partial(_erase, kind="text"),
    "sheet erase file": partial(_erase, kind="file"),
    "sheet erase person": partial(_erase, kind="person"),
    "settings keeping": _settings,
    "sheet erase due": _erase_due,
    "sheet erase held": _erase_held,
    "settings held": _settings,
}
