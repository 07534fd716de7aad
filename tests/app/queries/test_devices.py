"""The devices of a workspace, each with its people, its last act, and whether it gives the order."""

from app.queries.devices import devices
from tests.simulation.world import ADA, BEN, world_of


def test_each_device_is_listed_with_its_people_and_the_one_that_gives_the_order() -> None:
    with world_of(3, "ab") as world:
        here = world.replica("b").workspace
        found = {one.name: one for one in here.read(devices)}
        ada = world.replica("a").workspace.device

        assert found[here.device.name].persons == (BEN,)
        assert ADA in next(one for one in found.values() if one.id == ada.id).persons
        assert [one.id for one in found.values() if one.sequences] == [ada.id]
        assert all(one.commits and one.last_ms for one in found.values())
