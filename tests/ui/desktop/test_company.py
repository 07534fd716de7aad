"""Who else is here is shown in the head of the window, with what they look at, and goes with them."""

from sync.core.exchange import Phase, Status
from sync.core.here import Place, Seen
from tests.ui.desktop.people import with_owner
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.workspaces import OpenWorkspace

LAPTOP, OTHER = b"1" * 16, b"2" * 16


def test_others_stand_in_the_head_with_what_they_look_at(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    person = with_owner(workspace)
    window = screen.open(plan.project)
    others = window.topbar.others
    assert not others.isVisible()
    window.company.take(Seen(person, LAPTOP, Place("plan/board", plan.project, plan.export)))
    screen.settle()
    assert others.words == ["Ada Owner looks at Board · Export balances"]
    assert others.isVisible()
    window.company.take(Seen(person, OTHER, Place("zz/newer", b"9" * 16, b"8" * 16)))
    screen.settle()
    assert others.words == ["Ada Owner is here", "Ada Owner looks at Board · Export balances"]
    assert others.accessibleName()
    for device in (LAPTOP, OTHER):
        window.company.take(Seen(person, device, Place("")))
    screen.settle()
    assert not others.isVisible()


def test_without_a_line_nobody_is_said_to_be_here(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    person = with_owner(workspace)
    window = screen.open(plan.project)
    assert window.exchanging is not None
    window.company.take(Seen(person, LAPTOP, Place("plan/board", plan.project, plan.export)))
    window.exchanging.shown.emit(Status(Phase.SYNCED, 0, 1))
    screen.settle()
    assert window.topbar.others.isVisible()
    window.exchanging.shown.emit(Status(Phase.OFFLINE, 0, 1))
    screen.settle()
    assert not window.topbar.others.isVisible()


def test_more_than_a_few_are_a_number(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    window.topbar.others.show_others([(f"Person {number}", "Board") for number in range(7)])

    assert len(window.topbar.others.words) == 7
    assert window.topbar.others._row.count() == 5
