"""How long the first sync of a whole plan takes, and how many bytes, over the messages of the protocol: no network between."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import Clock
from app.storage.delivery import Held
from app.storage.keys import Device
from app.storage.log import decode_body
from app.storage.snapshots import install_snapshot
from app.workspace import DATABASE, Workspace
from sync.core import frames, wire
from sync.core.answer import MOST_COMMITS, answer
from sync.core.snapshots import read_offer, unpack_file
from sync.server.offering import Offering
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground, Plan

_DEVICE = Device(bytes(range(16)), "joins", Ed25519PrivateKey.from_private_bytes(bytes(32)))
GOAL_BYTES = 110.0  # a task, SYNC 6


@dataclass(slots=True)
class Joined:
    """What a first sync took: milliseconds until everything is verified and usable, bytes on the way, ops taken in."""

    ms: float = 0.0
    size: int = 0
    ops: int = 0


def joining(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        plan = ground.plan(size)
        rounds = max(1, min(ground.rounds, 20_000 // size))
        found = [join(plan.team.workspace, ground.place("joined")) for _ in range(rounds)]
        copied = Sample([copy(plan, ground.place("copied")) for _ in range(rounds)])
        yield Figure(
            "join", "first sync", size, "ms", Sample([one.ms for one in found]), "the file copied", copied
        )
        a_thousand = Sample([one.ms * 1000 / one.ops for one in found])
        yield Figure("join", "1,000 ops verified", size, "ms", a_thousand, "the file copied", copied)
        yield Figure(
            *("join", "bytes of a task", size, "B", Sample([one.size / size for one in found])),
            *("goal of 110", Sample([GOAL_BYTES])),
            goal_ratio=1.0,
        )


def joining_by_snapshot(ground: Ground) -> Iterator[Figure]:
    """Until people can work; what is verified afterwards, beside them, is the first sync above."""
    for size in ground.sizes:
        plan = ground.plan(size)
        rounds = max(1, min(ground.rounds, 200_000 // size))
        offering = Offering(ground.place("offered"), _DEVICE, Clock(), least_bytes=1)
        begun = time.perf_counter()
        offered = offering.answer(plan.team.workspace)
        made = Sample([(time.perf_counter() - begun) * 1000])
        assert offered is not None
        found = [
            join_by_snapshot(offered, offering, plan.team.workspace.id, ground.place("joined"))
            for _ in range(rounds)
        ]
        copied = Sample([copy(plan, ground.place("copied")) for _ in range(rounds)])
        yield Figure(
            "snapshot",
            "usable by snapshot",
            size,
            "ms",
            Sample([one.ms for one in found]),
            "the file copied",
            copied,
        )
        yield Figure("snapshot", "snapshot made", size, "ms", made, "the file copied", copied)
        bytes_a_task = Sample([one.size / size for one in found])
        goal = ("goal of 110", Sample([GOAL_BYTES]))
        yield Figure("snapshot", "bytes of a task", size, "B", bytes_a_task, *goal, goal_ratio=1.0)


def join_by_snapshot(offered: bytes, offering: Offering, workspace: bytes, folder: Path) -> Joined:
    """Read, unpacked, checked, copied and opened, as the client does it; the network's time is not in it."""
    begun = time.perf_counter()
    offer = read_offer(offered, _DEVICE.public)
    packed = offering.path_of(offer.sha256)
    assert packed is not None
    plain = folder / "plain"
    with packed.open("rb") as source, plain.open("wb") as target:
        unpack_file(source, target, offer.size)
    install_snapshot(plain, folder / DATABASE, workspace, offered)
    with closing(Workspace.mirror(folder, workspace, _DEVICE)) as replica:
        done = Joined((time.perf_counter() - begun) * 1000, offer.packed)
        if not replica.is_unverified:
            raise AssertionError("it did not come by the snapshot")
    return done


def join(source: Workspace, folder: Path) -> Joined:
    """Message by message, each packed, read, verified and stored, until nothing is lacking."""
    replica = Workspace.mirror(folder, source.id, _DEVICE)
    done, begun = Joined(), time.perf_counter()
    while True:
        asked = replica.held()
        held, delivery = answer(source, asked, MOST_COMMITS)
        body = frames.to_bytes(wire.records(wire.Head(source.id, source.device.id, held), delivery))
        _head, delivery = wire.read(frames.from_bytes(body))
        if not delivery.packets and not delivery.receipts:
            break
        replica.take(delivery)
        done.size += len(body)
        done.ops += sum(len(decode_body(packet.body).ops) for packet in delivery.packets)
    done.ms = (time.perf_counter() - begun) * 1000
    if replica.held() != source.held() or replica.held() == Held({}, {}):
        raise AssertionError("not everything came")
    replica.close()
    return done


def copy(plan: Plan, folder: Path) -> float:
    begun = time.perf_counter()
    shutil.copyfile(plan.path, folder / "copy.db")
    return (time.perf_counter() - begun) * 1000
