"""Settings: the project's dates as people write them, and adding people with their keys."""

from PySide6.QtCore import Qt

from app.queries.people import people
from tests.ui.desktop.people import with_owner
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.settings.view import SettingsView
from ui.desktop.workspaces import OpenWorkspace


def open_settings(screen: Screen, plan: Plan) -> SettingsView:
    view = screen.open(plan.project, "settings").current_view()
    assert isinstance(view, SettingsView)
    return view


def test_the_dates_of_a_project_are_kept(screen: Screen, plan: Plan) -> None:
    panel = open_settings(screen, plan).project
    panel.fields["zone"].edit.setText("Europe/Berlin")  # typing opens the list of zones, a window of its own
    panel.fields["t0"].edit.setFocus()
    screen.type("2026-03-09 06:00")
    screen.press(Qt.Key.Key_Return)
    kept = screen.list().project
    assert (kept.t0, kept.zone) == ("2026-03-09T06:00", "Europe/Berlin")
    assert screen.window.topbar.countdown.isVisible()


def test_a_zone_that_does_not_exist_is_named(screen: Screen, plan: Plan) -> None:
    panel = open_settings(screen, plan).project
    panel.fields["zone"].edit.setText("Mars/Base")
    panel.fields["name"].edit.setFocus()
    screen.type("!")
    screen.click(panel.keep)
    assert "Mars/Base" in panel.fields["zone"].note_text()
    assert screen.list().project.zone == "UTC"


def test_an_owner_vouches_for_a_new_person(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    workspace.act_as(with_owner(workspace))
    panel = open_settings(screen, plan).people
    screen.click(panel.add)
    form = panel.form
    assert form is not None
    screen.type("Quinn Auditor")
    form.role.edit.setText("QA lead")
    form.pin.edit.setText("0815")
    form.owner_pin.edit.setText("0000")
    screen.click(form.save)
    assert "PIN is wrong" in form.owner_pin.note_text()
    form.owner_pin.edit.setText("4711")
    screen.click(form.save)
    quinn = next(one for one in workspace.read(people) if one.name == "Quinn Auditor")
    assert (quinn.handle, quinn.roles, quinn.access, quinn.has_key) == ("quinn", ("QA lead",), "editor", True)
