"""The devices of a workspace, each with its people, its last act, and whether it gives the order."""

from app.queries.devices import device_labels, device_words, devices
from tests.simulation.world import ADA, BEN, World, world_of


def test_each_device_is_listed_with_its_people_and_the_one_that_gives_the_order() -> None:
    with world_of(3, "ab") as world:
        here = world.replica("b").workspace
        found = {one.name: one for one in here.read(devices)}
        ada = world.replica("a").workspace.device

        assert found[here.device.name].persons == (BEN,)
        assert ADA in next(one for one in found.values() if one.id == ada.id).persons
        assert [one.id for one in found.values() if one.sequences] == [ada.id]
        assert all(one.commits and one.last_ms for one in found.values())


def _called_the_same(world: World) -> tuple[bytes, bytes]:
    """Two devices of the same name, in Ada's replica; Ada's first."""
    ada, ben = world.replica("a").workspace, world.replica("b").workspace
    with ada.database.transaction() as writer:
        writer.execute("UPDATE device SET name = 'laptop'")
    return ada.device.id, ben.device.id


def test_a_device_is_called_by_its_name_and_by_whose_it_is() -> None:
    with world_of(3, "ab") as world:
        mine, other = _called_the_same(world)
        ada = world.replica("a").workspace
        words = ada.read(device_words)
        assert words[other] == "“laptop” (ben)"
        assert words[mine].startswith("“laptop” (")
        assert other.hex()[-6:] not in words[other]
        labels = ada.read(device_labels)
        assert labels[other] == f"laptop · {other.hex()[-6:]}"
        assert labels[mine] != labels[other]
        assert set(ada.read(device_labels, beside_person=True).values()) == {"laptop"}


def test_two_of_one_name_and_one_person_are_told_apart_by_the_end_of_their_ids() -> None:
    with world_of(3, "ab") as world:
        mine, other = _called_the_same(world)
        ada = world.replica("a").workspace
        with ada.database.transaction() as writer:
            writer.execute("DELETE FROM certificate")
        words = ada.read(device_words)
        assert words[mine] == f"“laptop” · {mine.hex()[-6:]}"
        assert words[other] == f"“laptop” · {other.hex()[-6:]}"
        assert ada.read(device_labels, beside_person=True)[mine] == f"laptop · {mine.hex()[-6:]}"
