"""A PostgreSQL for the module, and for each test a fresh database with two clients and a server nobody began yet."""

from collections.abc import Iterator

import pytest

from tests.simulation.world import World, world_of
from tests.sync.postgres import Processes, a_database, a_postgres, processes


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with a_postgres() as address:
        yield address


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    with a_database(postgres) as address:
        yield address


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(11, "ab") as made:
        yield made


@pytest.fixture
def server(world: World, url: str) -> Iterator[Processes]:
    with processes(world, url) as begun:
        yield begun
