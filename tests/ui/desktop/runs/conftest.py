"""A cockpit over the small plan, in a workspace with an owner and a second person."""

import pytest

from app.commands.tasks import set_task
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.faces import Faces
from ui.desktop.workspaces import OpenWorkspace


def cockpit(screen: Screen) -> CockpitView:
    place = screen.window.current_view()
    assert isinstance(place, Faces)
    face = place.face()
    assert isinstance(face, CockpitView)
    return face


@pytest.fixture
def people(workspace: OpenWorkspace, plan: Plan) -> dict[str, bytes]:
    """Ada acts; Ben is there, too."""
    ada = with_owner(workspace, "QA lead")
    workspace.act_as(ada)
    ben = with_signer(workspace, ada, "Ben Okri", "Operations")
    workspace.run(set_task, plan.lock, {"requires": "", "owner": ada})
    return {"ada": ada, "ben": ben}


@pytest.fixture
def face(screen: Screen, plan: Plan, people: dict[str, bytes]) -> CockpitView:
    screen.open(plan.project, "run")
    return cockpit(screen)
