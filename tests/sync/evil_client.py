"""What a client can try that means harm: one function an attack, with the point at which it must be caught.

The attacker is Ben (b): an editor who signs as Ops, at a laptop whose keys are good, with a program of his own. What the
server says to it is one word or more: an HTTP answer; `left out` (its bytes, chain or signature do not hold), `waits` (what
it rests on is not there), `refused REASON` (a leaf says so), `void WHY` (a statement that is kept and does not count),
`no effect` (it changes nothing); `accepted` only where the attack is that something else comes along.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import COMMIT, SALT_BYTES, pack, salted_hash, unpack
from app.commands import founding, people, projects, runs, signing, tasks
from app.commands.registry import verb_of
from app.commands.stating import certify
from app.domain import verbs
from app.domain.person import Device as DeviceEntity
from app.domain.words import Access
from app.queries.signatures import sign_offs_of_gate, withdrawn_ids
from app.storage.authority import Counts, Reach
from app.storage.crypto import sign_as_device, sign_as_person
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.engine import Reader
from app.storage.judging import Refusal
from app.storage.keys import Device
from app.storage.log import chain_end, commit_hash
from app.storage.proofs import Leaf, append, checkpoint, root_of, tree_of
from app.storage.transaction import Transaction
from app.workspace import Workspace
from sync.core import frames, wire
from sync.core.sessions import Knock, read_hello, signed_by_device, signed_by_invitation
from sync.server.admitting import INVITED_MS
from sync.server.house import Hosted, House
from sync.server.offering import Offering
from sync.server.shelf import Shelf
from sync.server.web import MOST_REQUEST, Doors
from tests.factories import a_workspace
from tests.simulation.world import ADA, BEN, CLEO, DAN, HOUR_MS, signer
from tests.sync import unasked
from tests.sync.door import Door
from tests.sync.laptops import Team, team_of

LOG, DEVICE, DEV_SEQ, PREV, PERSON = 1, 2, 3, 4, 5  # places in a commit's body
HLC, WALL, ACL_SEQ, VERB, OPS, ROOT = 7, 8, 11, 14, 18, 19


@dataclass
class Scene:
    """The team, the server behind its routes, and the attacker's ways to speak to it."""

    team: Team
    door: Door
    folder: Path

    @property
    def mine(self) -> Workspace:
        return self.team.replica("b").workspace

    @property
    def server(self) -> Workspace:
        return self.team.at_server

    def say(self, *packets: Packet, receipts: Sequence[Receipt] = (), name: str = "b") -> str:
        """What the server answers to a message of a laptop, about the last commit in it."""
        workspace = self.team.replica(name).workspace
        forged = self._forged()
        delivery = Delivery(packets, tuple(receipts))
        answer = self.door.exchange(workspace, delivery, self.door.token(workspace))
        if answer.status_code != 200:
            return self.told(answer)
        if not packets:
            return "left out" if self._forged() > forged else "no effect"
        state = self.server.read(_state_of, commit_hash(packets[-1].body))
        if state is None:
            return "left out" if self._forged() > forged else "waits"
        accepted, reason, counts = state
        if not accepted:
            return f"refused {Refusal(reason).name.lower().replace('_', ' ')}"
        return "accepted" if counts in (None, Counts.YES) else f"void {Counts(counts).name.lower()}"

    def _forged(self) -> int:
        return self.door.doors.counts._counts["forged"]

    @staticmethod
    def told(answer: Any) -> str:
        return f"{answer.status_code} {answer.json()['error']}" if answer.status_code != 200 else "200"

    def edit(self, name: str = "b") -> Packet:
        """An honest edit, and the commit it made."""
        task = self.mine.read(lambda reader: reader.value("SELECT min(id) FROM task"))
        workspace = self.team.replica(name).workspace
        workspace.run(tasks.set_task, task, {"minutes": 100 + workspace.rev})
        return self.last(name)

    def last(self, name: str = "b") -> Packet:
        return max(self.team.own_commits(self.team.replica(name)), key=self._rev_here(name))

    def _rev_here(self, name: str) -> Callable[[Packet], int]:
        read = self.team.replica(name).workspace.read
        return lambda packet: int(
            read(
                lambda reader: reader.value(
                    "SELECT rev FROM entry WHERE hash = ?", (commit_hash(packet.body),)
                )
            )
        )

    def force(
        self, command: Callable[..., Any], *args: Any, verb: int | None = None, name: str = "b"
    ) -> Packet:
        """Does what no program of ours would, and gives the commit it made."""
        known = unasked.VERBS.get(command)
        number = verb if verb is not None else (known or verb_of(command)).number
        self.team.force(self.team.replica(name), command, *args, verb=number)
        return self.last(name)

    def changed(self, packet: Packet, values: dict[int, Any], device: Device | None = None) -> Packet:
        """The commit with other values in some places, signed anew."""
        array = unpack(packet.body)
        for place, value in values.items():
            array[place] = value
        body = pack(array)
        key = (device or self.mine.device).private
        return Packet(body, sign_as_device(key, COMMIT + body), packet.detached)

    def gate(self) -> tuple[bytes, bytes, bytes]:
        """The gate's project, run and id."""

        def find(reader: Reader) -> Any:
            return reader.row(
                "SELECT g.log, (SELECT min(id) FROM run WHERE log = g.log), g.id FROM gate g ORDER BY g.id LIMIT 1"
            )

        project, run, gate = self.server.read(find)
        return project, run, gate

    def ghost(self) -> Device:
        return Device(bytes(15) + b"\7", "ghost", Ed25519PrivateKey.generate())


def _state_of(reader: Reader, name: bytes) -> tuple[int, int, int | None] | None:
    row = reader.row(
        "SELECT e.accepted, coalesce((SELECT reason FROM standing_leaf WHERE hash = e.hash), 0), "
        "(SELECT max(counts <> 1) * max(counts) + (max(counts <> 1) = 0) FROM statement s WHERE s.rev = e.rev) "
        "FROM entry e WHERE e.hash = ?",
        (name,),
    )
    return (row[0], row[1], row[2]) if row is not None else None


@contextmanager
def a_scene(folder: Path) -> Iterator[Scene]:
    with team_of("abcd") as team:
        house = House(folder / "house", clock=team.clock_of("house"))
        house.device = team.at_server.device
        house._hosted[team.at_server.id] = Hosted(
            team.at_server,
            house.device.id,
            Shelf(folder / "files", 1 << 20),
            Offering(folder / "snapshot", house.device, house.clock),
        )
        try:
            yield Scene(team, Door(house, Doors(house)), folder)
        finally:
            house._hosted.clear()  # the workspace is the team's
            house.close()


Attack = Callable[[Scene], str]
ATTACKS: dict[Attack, str] = {}


def caught(where: str) -> Callable[[Attack], Attack]:
    """Notes an attack with what the server must answer to it."""

    def note(attack: Attack) -> Attack:
        ATTACKS[attack] = where
        return attack

    return note


# -- signatures, chains and logs ------------------------------------------------------------------------------------


@caught("left out")
def a_signature_that_does_not_hold(scene: Scene) -> str:
    packet = scene.edit()
    broken = packet.signature[:-1] + bytes([packet.signature[-1] ^ 1])
    return scene.say(replace(packet, signature=broken))


@caught("left out")
def a_commit_in_another_devices_name(scene: Scene) -> str:
    return scene.say(scene.changed(scene.edit("c"), {WALL: 1}))


@caught("left out")
def a_signature_of_another_kind(scene: Scene) -> str:
    """Signed by the right key, as a statement."""
    packet = scene.edit()
    key = scene.mine.device.private
    return scene.say(
        replace(packet, signature=sign_as_device(key, b"launchbook/statement/1\n" + packet.body))
    )


@caught("waits")
def acting_for_somebody_who_was_never_here(scene: Scene) -> str:
    return scene.say(scene.changed(scene.edit(), {PERSON: DAN}))


@caught("refused no access")
def acting_for_nobody(scene: Scene) -> str:
    return scene.say(scene.changed(scene.edit(), {PERSON: None}))


@caught("waits")
def a_gap_in_the_chain(scene: Scene) -> str:
    scene.edit()
    return scene.say(scene.edit())


@caught("left out")
def a_second_history(scene: Scene) -> str:
    packet = scene.edit()
    assert scene.say(packet) == "accepted"
    return scene.say(scene.changed(packet, {WALL: 1}))


@caught("left out")
def a_commit_after_another_one_than_it_names(scene: Scene) -> str:
    return scene.say(scene.changed(scene.edit(), {PREV: b"\1" * 32}))


@caught("left out")
def a_commit_played_into_another_log(scene: Scene) -> str:
    """Ada's, as she signed it, with another log's place written over its own."""
    packet = scene.edit("a")
    array = unpack(packet.body)
    array[LOG] = scene.server.id
    last, array[PREV] = scene.server.read(chain_end, scene.server.id, array[DEVICE])
    array[DEV_SEQ] = last + 1
    return scene.say(replace(packet, body=pack(array)))


@caught("no effect")
def the_same_commit_again(scene: Scene) -> str:
    packet = scene.edit()
    assert scene.say(packet) == "accepted"
    size = scene.server.read(lambda reader: reader.value("SELECT count(*) FROM leaf"))
    scene.say(packet, packet, packet)
    again = scene.server.read(lambda reader: reader.value("SELECT count(*) FROM leaf"))
    return "no effect" if again == size else "counted twice"


@caught("left out")
def a_log_founded_a_second_time(scene: Scene) -> str:
    scene.team.force(scene.team.replica("b"), _found_again, scene.gate()[0], verb=verbs.CREATE_PROJECT.number)
    return scene.say(scene.last())


def _found_again(tx: Transaction, log: bytes) -> None:
    tx.found(log, 2)


@caught("left out")
def a_commit_of_another_workspace(scene: Scene) -> str:
    with_other = a_workspace(scene.folder / "other")
    packets = with_other.give(Held({}, {})).packets
    with_other.close()
    return scene.say(*packets)


@caught("400 bad_message")
def a_message_about_another_workspace(scene: Scene) -> str:
    token = scene.door.token(scene.mine)
    head = wire.Head(bytes(16), scene.mine.device.id, Held({}, {}))
    body = frames.to_bytes(wire.records(head, Delivery()))
    return scene.told(scene.door.call("POST", "/v1/exchange", body, token))


# -- access and authority --------------------------------------------------------------------------------------------


@caught("void not_allowed")
def making_oneself_owner_under_a_harmless_verb(scene: Scene) -> str:
    return scene.say(scene.force(unasked.give_access, signer(BEN), BEN, "owner"))


@caught("refused no access")
def making_oneself_owner(scene: Scene) -> str:
    return scene.say(
        scene.force(unasked.give_access, signer(BEN), BEN, "owner", verb=verbs.SET_ACCESS.number)
    )


@caught("void not_allowed")
def giving_oneself_a_role(scene: Scene) -> str:
    return scene.say(scene.force(unasked.give_role, signer(BEN), BEN, "QA"))


@caught("void not_allowed")
def taking_the_owners_laptop_out(scene: Scene) -> str:
    ada = scene.team.replica("a").workspace.device.id
    return scene.say(scene.force(unasked.take_out, signer(BEN), ada))


@caught("left out")
def a_word_about_access_where_not_everybody_reads_it(scene: Scene) -> str:
    def give(tx: Transaction) -> None:
        tx.workspace = scene.gate()[0]
        unasked.give_access(tx, signer(BEN), BEN, "owner")

    return scene.say(scene.force(give, verb=verbs.SIGN.number))


@caught("void role_not_held")
def signing_without_the_role(scene: Scene) -> str:
    _, run, gate = scene.gate()
    return scene.say(scene.force(unasked.sign, signer(BEN), run, gate, "QA"))


@caught("void signature_fails")
def signing_in_the_owners_name(scene: Scene) -> str:
    """With her key's name, and his own key."""
    _, run, gate = scene.gate()

    class Forged:
        person, key, presence, private = ADA, signer(ADA).key, "pin", signer(BEN).private

    return scene.say(scene.force(unasked.sign, Forged(), run, gate, "QA"))


@caught("void key_unknown")
def signing_with_a_key_nobody_vouched_for(scene: Scene) -> str:
    """A key that says of itself to be Cleo's."""
    _, run, gate = scene.gate()
    false = signer(CLEO, number=66)
    claim = scene.force(lambda tx: certify(tx, CLEO, false.public, false), verb=verbs.ADD_KEY.number)
    signed = scene.force(unasked.sign, false, run, gate, "QA")
    return scene.say(claim, signed)


@caught("no effect")
def approving_ones_own_work(scene: Scene) -> str:
    """The signature is good; the gate does not count it."""
    project, run, gate = scene.gate()
    for task in scene.mine.read(lambda reader: [one for (one,) in reader.rows("SELECT id FROM task")]):
        scene.mine.run(runs.finish_step, run, task, reason="done")
    scene.force(unasked.sign, signer(BEN), run, gate, "Ops")
    assert scene.say(*scene.mine.give(scene.server.held()).packets) == "accepted"
    from app.queries.facts import run_facts
    from app.queries.gate_facts import judge

    def counted(reader: Reader) -> bool:
        judged = judge(reader, run_facts(reader, project, run, scene.team.clock.now_ms), gate)
        mine = {one.id for one in sign_offs_of_gate(reader, project, run, gate) if one.person == BEN}
        return bool(mine & judged.counting)

    return "counted" if scene.server.read(counted) else "no effect"


@caught("no effect")
def taking_back_what_somebody_else_signed(scene: Scene) -> str:
    _, run, gate = scene.gate()
    cleo = scene.team.replica("c").workspace
    statement = cleo.run(signing.sign, signer(CLEO), run, gate, role="QA").result
    scene.team.exchange("c")
    scene.team.exchange("b")
    assert scene.say(scene.force(unasked.withdraw, signer(BEN), statement)) == "accepted"
    return "taken back" if statement in scene.server.read(withdrawn_ids, gate) else "no effect"


@caught("refused no access")
def a_managers_change_under_an_editors_verb(scene: Scene) -> str:
    project = scene.gate()[0]
    values = {"window_end": "2026-04-09T06:00"}
    return scene.say(scene.force(projects.set_project, project, values, verb=verbs.NOTE_WRONG_PIN.number))


@caught("refused no access")
def known_ops_under_a_verb_nobody_knows(scene: Scene) -> str:
    project = scene.gate()[0]
    values = {"window_end": "2026-04-09T06:00"}
    return scene.say(scene.force(projects.set_project, project, values, verb=9_999))


@caught("refused no access")
def anothers_device_under_a_new_key(scene: Scene) -> str:
    cleo = scene.team.replica("c").workspace.device.id

    def introduce(tx: Transaction) -> None:
        tx.create(DeviceEntity, {"name": "c", "key": bytes(32)}, log=tx.workspace, id=cleo)

    return scene.say(scene.force(introduce, verb=verbs.JOIN_WORKSPACE.number))


@caught("refused no access")
def taking_the_order_over(scene: Scene) -> str:
    device = scene.mine.device
    scene.force(founding.hand_over_order, signer(BEN), device.id, "mine", device.public)
    return scene.say(*scene.mine.give(scene.server.held()).packets)


@caught("refused no access")
def taking_the_order_over_with_receipts_of_ones_own(scene: Scene) -> str:
    """An owner until just now, who brings the statement together with an order of his own."""
    ada = scene.team.replica("a").workspace
    ada.run(people.set_access, BEN, Access.OWNER, signer=signer(ADA))
    scene.team.exchange("a")
    scene.team.exchange("b")
    device = scene.mine.device
    scene.mine.run(founding.hand_over_order, signer(BEN), device.id, "mine", device.public)
    ada.run(people.set_access, BEN, Access.EDITOR, signer=signer(ADA))
    scene.team.exchange("a")
    delivery = scene.mine.give(scene.server.held())
    assert any(receipt.epoch > 2 for receipt in delivery.receipts)
    return scene.say(*delivery.packets, receipts=delivery.receipts)


@caught("refused goes back")
def having_seen_less_than_before(scene: Scene) -> str:
    """To make a change under an access that was taken, and that one knows was taken."""
    first = scene.edit()
    assert scene.say(first) == "accepted"
    return scene.say(scene.changed(scene.edit(), {ACL_SEQ: [0, 0]}))


@caught("refused goes back")
def a_frontier_that_shrinks(scene: Scene) -> str:
    _, run, gate = scene.gate()
    assert scene.say(scene.force(unasked.sign, signer(BEN), run, gate, "Ops")) == "accepted"

    def forget(tx: Transaction) -> None:
        tx.frontier = lambda *_logs: ()  # type: ignore[method-assign]
        unasked.sign(tx, signer(BEN), run, gate, "Ops")

    return scene.say(scene.force(forget, verb=verbs.SIGN.number))


@caught("refused other project")
def another_project_by_the_log_of_ones_own(scene: Scene) -> str:
    ada = scene.team.replica("a").workspace
    other, mine = scene.server.read(
        lambda reader: [one for (one,) in reader.rows("SELECT id FROM project ORDER BY id DESC")]
    )
    ada.run(people.set_access, BEN, Access.READER, signer=signer(ADA))
    ada.run(people.set_project_access, BEN, mine, Access.MANAGER, signer=signer(ADA))
    scene.team.exchange("a")
    scene.team.exchange("b")
    return scene.say(scene.force(unasked.write_through, other, mine))


@caught("403 no_access")
def a_laptop_that_was_taken_out(scene: Scene) -> str:
    """With the token it was given before."""
    from app.commands.devices import take_out_device

    token, ada = scene.door.token(scene.mine), scene.team.replica("a").workspace
    packet = scene.edit()
    ada.run(take_out_device, scene.mine.device.id, signer=signer(ADA))
    scene.team.exchange("a")
    assert scene.told(scene.door.knock(scene.mine.id, scene.mine.device)) == "403 no_access"
    return scene.told(scene.door.exchange(scene.mine, Delivery((packet,)), token))


@caught("refused taken out")
def the_same_by_way_of_a_friend(scene: Scene) -> str:
    from app.commands.devices import take_out_device

    packet, ada = scene.edit(), scene.team.replica("a").workspace
    ada.run(take_out_device, scene.mine.device.id, signer=signer(ADA))
    scene.team.exchange("a")
    return scene.say(packet, name="c")


# -- order and receipts ------------------------------------------------------------------------------------------------


def _order_of_ones_own(scene: Scene, packet: Packet, key: Ed25519PrivateKey, **more: Any) -> Receipt:
    log = scene.gate()[0]
    epoch = 2
    size, frontier = scene.mine.read(tree_of, log, epoch)
    leaf = Leaf(commit_hash(packet.body), scene.team.clock.now_ms, accepted=True)
    note = checkpoint(key, log, epoch, size + 1, root_of(append(frontier, size, leaf.leaf_hash())))
    return replace(Receipt(log, epoch, size, (leaf,), note), **more)


@caught("refused no access")
def a_place_that_the_client_gives(scene: Scene) -> str:
    project = scene.gate()[0]
    packet = scene.force(projects.set_project, project, {"window_end": "2026-04-09T06:00"})
    return scene.say(packet, receipts=[_order_of_ones_own(scene, packet, scene.mine.device.private)])


@caught("left out")
def receipts_of_ones_own(scene: Scene) -> str:
    return scene.say(receipts=[_order_of_ones_own(scene, scene.edit(), scene.mine.device.private)])


@caught("no effect")
def receipts_of_an_epoch_that_never_was(scene: Scene) -> str:
    return scene.say(receipts=[_order_of_ones_own(scene, scene.edit(), scene.mine.device.private, epoch=99)])


# -- erasable values -----------------------------------------------------------------------------------------------------


def _values(scene: Scene) -> int:
    return int(scene.server.read(lambda reader: reader.value("SELECT count(*) FROM detached")))


def _note(scene: Scene) -> Packet:
    _, run, _ = scene.gate()
    task = scene.mine.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    scene.mine.run(runs.add_note, run, task, "Counted")
    return scene.last()


@caught("no effect")
def a_value_that_is_not_the_one_that_was_signed(scene: Scene) -> str:
    packet, before = _note(scene), _values(scene)
    ((salt, _),) = packet.detached
    assert scene.say(replace(packet, detached=((salt, pack("Not counted")),))) == "accepted"
    return "stored" if _values(scene) != before else "no effect"


@caught("no effect")
def values_that_belong_to_no_op(scene: Scene) -> str:
    packet, before = scene.edit(), _values(scene)
    assert scene.say(replace(packet, detached=((bytes(SALT_BYTES), pack("a file of mine")),))) == "accepted"
    return "stored" if _values(scene) != before else "no effect"


@caught("left out")
def values_it_was_not_signed_over(scene: Scene) -> str:
    return scene.say(scene.changed(_note(scene), {ROOT: salted_hash(bytes(SALT_BYTES), "other")}))


# -- bytes ---------------------------------------------------------------------------------------------------------------


@caught("left out")
def a_commit_that_is_too_large(scene: Scene) -> str:
    packet = scene.edit()
    array = unpack(packet.body)
    array[OPS] = [array[OPS][0]] * 6_000
    body = pack(array)
    assert len(body) > 256 * 1024
    return scene.say(Packet(body, sign_as_device(scene.mine.device.private, COMMIT + body)))


def _raw(scene: Scene, body: bytes) -> str:
    return scene.told(scene.door.call("POST", "/v1/exchange", body, scene.door.token(scene.mine)))


def _framed(*records: bytes) -> bytes:
    joined = b"".join(len(one).to_bytes(4, "big") + one for one in records)
    return zstandard.ZstdCompressor(write_checksum=True).compress(joined)


@caught("400 bad_message")
def a_record_that_is_too_large(scene: Scene) -> str:
    return _raw(scene, _framed(pack([1, bytes(3 << 20)])))


@caught("413 too_large")
def a_request_that_is_too_large(scene: Scene) -> str:
    return _raw(scene, bytes(MOST_REQUEST + 1))


@caught("400 bad_message")
def little_that_unpacks_to_very_much(scene: Scene) -> str:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(256 << 20))
    assert len(bomb) < 100_000
    return _raw(scene, bomb)


@caught("400 bad_message")
def arrays_in_arrays_in_arrays(scene: Scene) -> str:
    return _raw(scene, _framed(b"\x91" * 100_000 + b"\xc0"))


@caught("400 bad_message")
def an_array_that_says_it_has_a_billion_items(scene: Scene) -> str:
    return _raw(scene, _framed(b"\xdd\x3b\x9a\xca\x00"))


@caught("400 bad_message")
def a_record_with_a_map_in_it(scene: Scene) -> str:
    return _raw(scene, _framed(b"\x92\x01\x81\xa1a\x01"))


@caught("left out")
def a_commit_in_other_bytes_of_the_same_meaning(scene: Scene) -> str:
    """Its first number in the long form."""
    body = scene.edit().body
    assert body[3:4] == b"\x01"
    other = body[:3] + b"\xcc\x01" + body[4:]
    return scene.say(Packet(other, sign_as_device(scene.mine.device.private, COMMIT + other)))


@caught("no effect")
def a_clock_twenty_years_ahead(scene: Scene) -> str:
    """Accepted, as every clock is; and the value that somebody writes after it is the one that shows."""
    scene.team.skews["b"] = 20 * 365 * 24 * HOUR_MS
    assert scene.say(scene.edit()) == "accepted"
    task = scene.mine.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    scene.team.clock.now_ms += 1_000
    cleo = scene.team.replica("c").workspace
    cleo.run(tasks.set_task, task, {"minutes": 7})  # she had not seen his: both stand, and hers is later
    scene.team.exchange("c")
    shown = scene.server.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (task,)))
    return "no effect" if shown == 7 else "wins for twenty years"


# -- at the door ---------------------------------------------------------------------------------------------------------


@caught("401 no_token")
def a_token_made_up(scene: Scene) -> str:
    token = scene.door.token(scene.mine)
    false = token[:-1] + bytes([token[-1] ^ 1])
    return scene.told(scene.door.exchange(scene.mine, Delivery(), false))


@caught("401 no_token")
def a_token_with_another_device_written_into_it(scene: Scene) -> str:
    token, cleo = scene.door.token(scene.mine), scene.team.replica("c").workspace.device.id
    return scene.told(scene.door.exchange(scene.mine, Delivery(), token.replace(scene.mine.device.id, cleo)))


@caught("401 no_token")
def a_token_that_is_old(scene: Scene) -> str:
    token = scene.door.token(scene.mine)
    scene.team.clock.now_ms += 13 * HOUR_MS
    return scene.told(scene.door.exchange(scene.mine, Delivery(), token))


@caught("403 no_access")
def another_devices_name_at_the_door(scene: Scene) -> str:
    cleo = scene.team.replica("c").workspace.device.id
    return scene.told(scene.door.knock(scene.mine.id, Device(cleo, "c", scene.mine.device.private)))


@caught("403 no_access")
def a_signature_that_was_made_for_another_server(scene: Scene) -> str:
    """As another server would pass it on."""
    hello = read_hello(scene.door.call("GET", "/v1/hello").content)
    device = scene.team.replica("c").workspace.device
    signed = signed_by_device(bytes(32), scene.mine.id, device.id, hello.challenge)
    signature = sign_as_device(device.private, signed)
    knock = Knock(scene.mine.id, device.id, device.public, hello.challenge, signature)
    return scene.told(scene.door.call("POST", "/v1/session", knock.encode()))


@caught("401 old_challenge")
def a_knock_that_somebody_recorded(scene: Scene) -> str:
    hello = read_hello(scene.door.call("GET", "/v1/hello").content)
    device = scene.mine.device
    signed = signed_by_device(hello.server, scene.mine.id, device.id, hello.challenge)
    knock = Knock(
        *(scene.mine.id, device.id, device.public, hello.challenge, sign_as_device(device.private, signed))
    )
    assert scene.door.call("POST", "/v1/session", knock.encode()).status_code == 200
    scene.team.clock.now_ms += 121_000
    return scene.told(scene.door.call("POST", "/v1/session", knock.encode()))


@caught("403 wrong_code")
def guessing_the_code(scene: Scene) -> str:
    return scene.told(scene.door.knock(bytes(16), scene.ghost(), b"0" * 20))


@caught("403 no_access")
def a_stranger(scene: Scene) -> str:
    return scene.told(scene.door.knock(scene.mine.id, scene.ghost()))


def _invited_by(scene: Scene, name: str) -> Any:
    workspace = scene.team.replica(name).workspace
    guest, secret = b"xenia is invited", signer(b"xenia is invited", 250)
    key = signer(scene.team.persons[name])
    if name == "a":
        workspace.run(people.add_person, "Xenia", "xenia", signer=key, id=guest)
        workspace.run(people.invite, guest, secret, signer=key)
    else:
        scene.force(lambda tx: people.add_person(tx, "Xenia", "xenia", signer=key, id=guest), verb=71)
        scene.force(lambda tx: people.invite(tx, guest, secret, signer=key), verb=71)
    scene.team.exchange(name)
    return secret


def _knock_invited(scene: Scene, secret: Any, device: Device) -> str:
    hello = read_hello(scene.door.call("GET", "/v1/hello").content)
    signed = signed_by_device(hello.server, scene.mine.id, device.id, hello.challenge)
    message = signed_by_invitation(hello.server, scene.mine.id, device.public, hello.challenge)
    knock = Knock(
        *(scene.mine.id, device.id, device.public, hello.challenge, sign_as_device(device.private, signed)),
        (secret.key, sign_as_person(secret.private, message)),
    )
    return scene.told(scene.door.call("POST", "/v1/session", knock.encode()))


@caught("403 no_access")
def an_invitation_used_twice(scene: Scene) -> str:
    scene.team.invitations["x"] = secret = _invited_by(scene, "a")
    assert _knock_invited(scene, secret, scene.ghost()) == "200"
    replica = scene.team.knock("x", "x")
    replica.workspace.run(people.follow_invitation, secret.person, secret, own=signer(secret.person))
    scene.team.exchange("x")
    return _knock_invited(scene, secret, scene.ghost())


@caught("403 no_access")
def an_invitation_that_is_over(scene: Scene) -> str:
    secret = _invited_by(scene, "a")
    scene.team.clock.now_ms += INVITED_MS + 1
    return _knock_invited(scene, secret, scene.ghost())


@caught("403 no_access")
def an_invitation_by_who_may_invite_nobody(scene: Scene) -> str:
    return _knock_invited(scene, _invited_by(scene, "b"), scene.ghost())


@caught("no effect")
def asking_for_what_one_may_not_read(scene: Scene) -> str:
    """With a head that says that everything is lacking."""
    ada = scene.team.replica("a").workspace
    other = scene.server.read(lambda reader: reader.value("SELECT max(id) FROM project"))
    mine = scene.gate()[0]
    ada.run(people.set_access, BEN, Access.NONE, signer=signer(ADA))
    ada.run(people.set_project_access, BEN, mine, Access.EDITOR, signer=signer(ADA))
    ada.run(tasks.add_task, other, "Not for Ben")
    scene.team.exchange("a")
    answer = scene.door.exchange(scene.mine, Delivery(), scene.door.token(scene.mine))
    _head, told = wire.read(frames.from_bytes(answer.content))
    secret = {packet.body for packet in ada.give(Held({}, {}), {other}).packets[-1:]}
    return "told" if secret & {packet.body for packet in told.packets} else "no effect"


# -- nobody else is harmed ---------------------------------------------------------------------------------------------------


def unharmed(scene: Scene) -> list[str]:
    """What is not as it must be after an attack: others go on, and say the same as the server; nobody has more rights."""
    team = scene.team
    wrong = []
    project = scene.gate()[0]
    team.replica("c").workspace.run(tasks.add_task, project, "The work goes on")
    for name in "cacada":
        team.exchange(name)
    alike = [one.read(_contents) for one in (team.replica("a").workspace, team.replica("c").workspace)]
    if alike != [scene.server.read(_contents)] * 2:
        wrong.append("the others and the server do not say the same")
    for name, person, least in (
        ("a", ADA, Access.OWNER),
        ("c", CLEO, Access.MANAGER),
        ("d", DAN, Access.READER),
    ):
        if scene.server.read(Reach.of, person).everywhere is not least:
            wrong.append(f"{name} has another access")
    if scene.server.read(Reach.of, BEN).everywhere > Access.EDITOR:
        wrong.append("the attacker has more access")
    if (
        not scene.server.read(
            lambda reader: reader.value("SELECT count(*) FROM task WHERE log = ?", (project,))
        )
        > 2
    ):
        wrong.append("the work does not go on")
    return wrong


def _contents(reader: Reader) -> list[Any]:
    return [
        reader.rows("SELECT id, digest, sequencer, epoch FROM log ORDER BY id"),
        reader.rows("SELECT hash, counts FROM statement ORDER BY hash"),
        reader.rows("SELECT hash, accepted FROM entry ORDER BY hash"),
    ]
