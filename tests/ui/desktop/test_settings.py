"""Settings: the project's dates as people write them, and adding people with their keys."""

import pytest
from PySide6.QtCore import Qt

from app.errors import SecretError
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


def test_a_window_that_closes_before_it_opens_is_said_at_its_field(screen: Screen, plan: Plan) -> None:
    panel = open_settings(screen, plan).project
    panel.fields["window_start"].edit.setText("2026-03-06 22:00")
    panel.fields["window_end"].edit.setText("2026-03-05 22:00")
    panel.fields["name"].edit.setFocus()
    screen.type("!")
    screen.click(panel.keep)
    assert "before it opens" in panel.fields["window_end"].note_text()
    assert screen.list().project.window_start is None


def test_a_moment_is_said_in_words_while_it_is_typed(screen: Screen, plan: Plan) -> None:
    panel = open_settings(screen, plan).project
    panel.fields["t0"].edit.setText("2026-03-09 06:00")
    assert panel.fields["t0"].note_text() == "Mon 9 March 2026, 06:00"
    panel.fields["zone"].edit.setText("Asia/Shanghai")
    assert "UTC+08:00" in panel.fields["zone"].note_text()


def test_a_pin_is_changed_with_the_one_until_now(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    person = with_owner(workspace)
    workspace.act_as(person)
    panel = open_settings(screen, plan).pin
    for name, text in (("old", "0000"), ("new", "2468"), ("again", "2469")):
        panel.fields[name].edit.setText(text)
    screen.click(panel.save)
    assert "not the same" in panel.fields["again"].note_text()
    panel.fields["again"].edit.setText("2468")
    screen.click(panel.save)
    assert "PIN is wrong" in panel.fields["old"].note_text()
    panel.fields["old"].edit.setText("4711")
    screen.click(panel.save)
    assert "changed" in screen.message()
    assert workspace.keys.unlock(person, "2468")
    with pytest.raises(SecretError):
        workspace.keys.unlock(person, "4711")


def test_a_new_pin_that_is_too_short_changes_nothing(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    person = with_owner(workspace)
    workspace.act_as(person)
    panel = open_settings(screen, plan).pin
    for name, text in (("old", "4711"), ("new", "12"), ("again", "12")):
        panel.fields[name].edit.setText(text)
    screen.click(panel.save)
    assert "at least" in panel.fields["new"].note_text()
    assert workspace.keys.unlock(person, "4711")


def test_a_backup_is_made_and_its_moment_shown(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    panel = open_settings(screen, plan).workspace
    assert "None yet" in panel.backup.text()
    screen.click(panel.now)
    assert "verified" in screen.message()
    assert "None yet" not in panel.backup.text()
    assert len(list((workspace.folder / "backups").iterdir())) == 1


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
