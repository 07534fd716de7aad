"""A cutover night as fault tests live it: people plan, work and sign, one act after another.

A night finds its way in whatever a fault has left: what is there already is used, what is missing is made again.
"""

import random

from app.commands import people
from app.errors import Refused
from app.workspace import Done, Workspace
from tests.storage import acts


def begin(workspace: Workspace) -> None:
    """Two people, a project with a stage, tasks and a gate; what is there already is left alone."""
    if acts.ADA not in acts.found_some(workspace, "SELECT id FROM person"):
        workspace.run(
            people.add_person,
            "Ada Lovelace",
            "ada",
            own=acts.signer(acts.ADA),
            id=acts.ADA,
            roles=("QA", "Lead"),
        )
    workspace.act_as(acts.ADA)
    if acts.BEN not in acts.found_some(workspace, "SELECT id FROM person"):
        workspace.run(
            people.add_person,
            "Ben",
            "ben",
            signer=acts.signer(acts.ADA),
            own=acts.signer(acts.BEN),
            id=acts.BEN,
            roles=("Ops",),
        )
    chance = random.Random(0)
    for sql, act in (
        (acts.PROJECT, acts.add_project),
        (acts.STAGE, acts.add_stage),
        (acts.TASK, acts.add_task),
        (acts.GATE, acts.add_gate),
    ):
        if not acts.found_some(workspace, sql):
            act(workspace, chance)


class Night:
    """Acts at random; what the rules refuse is followed by something else."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._has_begun = False

    def act(self, workspace: Workspace) -> Done:
        if not self._has_begun:
            begin(workspace)
            self._has_begun = True
        while True:
            try:
                return self._chance.choice(acts.ACTS)(workspace, self._chance)
            except Refused:
                continue
