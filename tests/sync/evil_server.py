"""What a lying server can do: one function an attack, each with where it is found out and what is said then."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import COMMIT, pack, sha256, unpack
from app.domain.person import Device as DeviceEntity
from app.domain.registry import SPECS
from app.domain.task import Task
from app.storage.crypto import key_id, sign_as_device
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.log import GENESIS, Commit, commit_hash, decode_body, encode_body, sign_body
from app.storage.ops import Create, Op, Put, State, encode
from app.storage.proofs import EMPTY_ROOT, Leaf
from sync.core import frames, wire
from tests.sync.lying import Answer, Evil, Found, Lie, attack

# -- bytes ---------------------------------------------------------------------------------------------------------


@attack(Found.AT_ONCE, "A commit's signature does not hold.")
def edits_a_commit(_evil: Evil, answer: Answer) -> Answer:
    return answer.with_packets([replace(one, body=_edited(one.body)) for one in answer.delivery.packets])


@attack(Found.AT_ONCE, "A commit's signature does not hold.")
def signs_an_edited_commit_itself(evil: Evil, answer: Answer) -> Answer:
    bodies = [_edited(one.body) for one in answer.delivery.packets]
    return answer.with_packets([Packet(body, sign_body(evil.key, body)) for body in bodies])


def _edited(body: bytes) -> bytes:
    """The wall clock of its author says something else."""
    array = unpack(body)
    return pack([*array[:8], array[8] + 1, *array[9:]])


@attack(Found.AT_ONCE, "A text that came with a commit is not the one that was signed.")
def puts_words_into_a_mouth(_evil: Evil, answer: Answer) -> Answer:
    def said(packet: Packet) -> Packet:
        return replace(packet, detached=tuple((salt, pack("Mallory")) for salt, _value in packet.detached))

    return answer.with_packets([said(one) for one in answer.delivery.packets])


@attack(Found.AT_ONCE, "not whole")
def cuts_its_answer_off(_evil: Evil, answer: Answer) -> bytes:
    records = list(wire.records(answer.head, answer.delivery))
    return frames.to_bytes(records[:-1])


@attack(Found.AT_ONCE, "no valid record")
def sends_a_bomb(_evil: Evil, _answer: Answer) -> bytes:
    """Three hundred million zeros in some kilobytes."""
    return frames.to_bytes([b"\0" * (1 << 21)] * 150)


# -- commits kept back, moved, and told twice ----------------------------------------------------------------------


@attack(Found.AT_REST, "and what it gave of it does not hold")
def leaves_a_commit_out_of_a_chain(_evil: Evil, answer: Answer) -> Answer:
    return answer.with_packets(answer.delivery.packets[1:])


@attack(Found.AT_REST, "and are kept back")
def keeps_commits_back_and_denies_that_it_has_them(evil: Evil, answer: Answer) -> Answer:
    kept = {one for one in answer.head.held.commits if one[0] == evil.project}
    commits = {chain: 1 if chain in kept else upto for chain, upto in answer.head.held.commits.items()}
    packets = [one for one in answer.delivery.packets if decode_body(one.body).log != evil.project]
    return answer.with_packets(packets).with_held(Held(commits, answer.head.held.leaves))


@attack(Found.AT_REST, "of the workspace up to place")
def shows_an_old_list_of_roles(evil: Evil, answer: Answer) -> Answer:
    """Nothing of the workspace's log: not who was let in, and not whose access was taken."""
    packets = [one for one in answer.delivery.packets if decode_body(one.body).log == evil.project]
    receipts = [one for one in answer.delivery.receipts if one.log == evil.project]
    commits = {chain: upto for chain, upto in answer.head.held.commits.items() if chain[0] == evil.project}
    leaves = {tree: size for tree, size in answer.head.held.leaves.items() if tree[0] == evil.project}
    return answer.with_packets(packets).with_receipts(receipts).with_held(Held(commits, leaves))


@attack(Found.AT_REST, "of this device in “Cutover” and gives it no place")
def swallows_what_it_is_sent(evil: Evil, answer: Answer) -> Answer:
    """It says that everything arrived, and gives nothing a place."""
    most = {chain: 99 for chain in answer.head.held.commits if chain[0] == evil.project}
    return Answer(replace(answer.head, held=Held({**answer.head.held.commits, **most}, {})), Delivery())


@attack(Found.AT_REST, "The server denies")
def replays_an_old_answer(evil: Evil, answer: Answer) -> Answer:
    """What it said when the logs had just been handed over."""
    leaves = {(log, epoch): 1 for (log, epoch) in answer.head.held.leaves if epoch > 1}
    receipts = evil.workspace.give(Held({}, {})).receipts
    old = [evil.signed(replace(one, start=0), one.leaves[:1]) for one in receipts if one.epoch > 1]
    told = answer.with_packets(()).with_receipts(old)
    return told.with_held(Held(answer.head.held.commits, {**answer.head.held.leaves, **leaves}))


@attack(Found.NOT_A_LIE)
def tells_commits_in_another_order(_evil: Evil, answer: Answer) -> Answer:
    """Each waits for its causes; asked again, it comes."""
    return answer.with_packets(answer.delivery.packets[::-1])


@attack(Found.NOT_A_LIE)
def tells_everything_three_times(_evil: Evil, answer: Answer) -> Answer:
    return answer.with_packets(answer.delivery.packets * 3).with_receipts(answer.delivery.receipts * 3)


# -- the order -----------------------------------------------------------------------------------------------------

UNCOVERED = "The sequencer's checkpoint does not cover what it sent."
TWO_HISTORIES = "The sequencer signed another history of a log than it showed here."


def _each(answer: Answer, change: Callable[[Receipt], Receipt]) -> Answer:
    return answer.with_receipts([change(one) for one in answer.delivery.receipts])


@attack(Found.AT_ONCE, UNCOVERED)
def forges_a_receipt(_evil: Evil, answer: Answer) -> Answer:
    return _each(answer, lambda one: replace(one, checkpoint=one.checkpoint[:-10] + "AAAAAAAA=\n"))


@attack(Found.AT_ONCE, UNCOVERED)
def swaps_places(_evil: Evil, answer: Answer) -> Answer:
    return _each(answer, lambda one: replace(one, leaves=one.leaves[::-1]))


@attack(Found.AT_ONCE, UNCOVERED)
def changes_a_verdict_under_its_checkpoint(_evil: Evil, answer: Answer) -> Answer:
    def refuse(leaf: Leaf) -> Leaf:
        return replace(leaf, accepted=False, reason=1)

    return _each(answer, lambda one: replace(one, leaves=tuple(map(refuse, one.leaves))))


@attack(Found.AT_ONCE, UNCOVERED)
def has_a_second_sequencer_sign(evil: Evil, answer: Answer) -> Answer:
    thief = Ed25519PrivateKey.generate()
    return _each(answer, lambda one: evil.signed(one, one.leaves, thief))


@attack(Found.AT_ONCE, UNCOVERED)
def shows_the_checkpoint_of_another_log(_evil: Evil, answer: Answer) -> Answer:
    notes = {one.log: one.checkpoint for one in answer.delivery.receipts}
    other = dict(zip(notes, reversed(notes.values()), strict=True))
    return _each(answer, lambda one: replace(one, checkpoint=other[one.log]))


@attack(Found.AT_ONCE, UNCOVERED)
def gives_one_commit_two_times_of_receipt(evil: Evil, answer: Answer) -> Answer:
    def twice(one: Receipt) -> Receipt:
        again = [replace(leaf, received=leaf.received + 60_000) for leaf in one.leaves]
        return evil.signed(one, [*one.leaves, *again])

    return _each(answer, twice)


@attack(Found.AT_ONCE, TWO_HISTORIES)
def puts_its_tree_back_and_goes_on_otherwise(evil: Evil, answer: Answer) -> Answer:
    """The last place it gave a victim is another commit's now."""

    def rolled_back(one: Receipt) -> Receipt:
        start = max(0, one.start - 1)
        return evil.signed(replace(one, start=start), [Leaf(bytes(32), 1, accepted=True)])

    return _each(answer, rolled_back)


@attack(Found.AT_REST, "an order that no owner handed to it")
def takes_an_order_that_nobody_handed_over(evil: Evil, answer: Answer) -> Answer:
    def next_epoch(one: Receipt) -> Receipt:
        return evil.signed(replace(one, epoch=one.epoch + 1, start=0), one.leaves)

    head = answer.head.held
    leaves = {(log, epoch + 1): size for (log, epoch), size in head.leaves.items() if epoch > 1}
    return _each(answer, next_epoch).with_held(Held(head.commits, {**head.leaves, **leaves}))


@attack(Found.AT_REST, "an order that no owner handed to it")
def signs_its_own_hand_over(evil: Evil, answer: Answer) -> Answer:
    """The statement is an owner's earlier one, for another epoch: what the owner signed is not that."""
    taken = takes_an_order_that_nobody_handed_over(evil, answer)
    assert isinstance(taken, Answer)
    body = evil.workspace.read(lambda reader: reader.value("SELECT max(body) FROM statement WHERE kind = 8"))
    said = unpack(body)
    epoch, size, root, key = unpack(said[15])
    said[15] = pack([epoch + 1, size, root, key])
    forged = own_commit(evil, evil.project, [introduced(evil), State(pack(said), bytes([2]) + bytes(64))])
    return taken.with_packets([*taken.delivery.packets, forged])


# -- judgement -----------------------------------------------------------------------------------------------------


@attack(Found.AT_REST, "that the access of this person does not cover", stays=True)
def lets_its_own_commits_in(evil: Evil, answer: Answer) -> Answer:
    """The server edits a task under its own key and gives that a place in the order."""
    task = evil.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    forged = own_commit(
        evil, evil.project, [introduced(evil), Put(Task.NUMBER, task, TITLE, "en", "Do nothing", ())]
    )
    leaf = Leaf(commit_hash(forged.body), 1, accepted=True)

    def more(one: Receipt) -> Receipt:
        return evil.signed(one, [*one.leaves, leaf]) if one.log == evil.project else one

    return _each(answer.with_packets([*answer.delivery.packets, forged]), more)


@attack(Found.AT_REST, "who held the access for", stays=True)
def refuses_what_was_allowed(evil: Evil, answer: Answer) -> Answer:
    def refused(one: Receipt) -> Receipt:
        return evil.signed(one, [replace(leaf, accepted=False, reason=1) for leaf in one.leaves])

    return _each(answer, refused)


TITLE = SPECS[Task.NUMBER].field("title").mark.number


def introduced(evil: Evil) -> Op:
    """The server's device, as one of the workspace's."""
    device = evil.house.device
    return Create(DeviceEntity.NUMBER, key_id(device.public), ((2, None, device.public),))


def own_commit(evil: Evil, log: bytes, ops: Sequence[Op]) -> Packet:
    device = key_id(evil.house.device.public)
    commit = Commit(
        *(
            log,
            device,
            1,
            GENESIS,
            None,
            bytes(16),
            1,
            1,
            0,
            1,
            (0, 0),
            (0, 0),
            EMPTY_ROOT,
            34,
            (),
            None,
            None,
            (),
            None,
        )
    )
    body = encode_body(commit, [pack(encode(op, device)) for op in ops])
    return Packet(body, sign_as_device(evil.key, COMMIT + body))


# -- another workspace, another server -----------------------------------------------------------------------------


@attack(Found.AT_ONCE, "The server answered about another workspace.")
def answers_about_another_workspace(_evil: Evil, answer: Answer) -> Answer:
    return replace(answer, head=replace(answer.head, workspace=bytes(16)))


@attack(Found.AT_ONCE, "A log is founded a second time, or for another workspace.")
def mixes_another_workspace_in(evil: Evil, answer: Answer) -> Answer:
    first = evil.workspace.give(Held({}, {})).packets[0]
    body = unpack(first.body)
    body[1], body[2] = sha256(b"other")[:16], key_id(evil.house.device.public)
    body[18] = [[6, 1, evil.house.device.public, body[1]], encode(introduced(evil), body[2])]
    packed = pack(body)
    return answer.with_packets([Packet(packed, sign_body(evil.key, packed)), *answer.delivery.packets])


# -- two victims ---------------------------------------------------------------------------------------------------


def shows_another_history(evil: Evil, answer: Answer) -> Answer:
    """What it tells this victim was received a minute later than what it tells the other."""

    def later(one: Receipt) -> Receipt:
        return evil.signed(one, [replace(leaf, received=leaf.received + 60_000) for leaf in one.leaves])

    return _each(answer, later)


def says_nothing_new(_evil: Evil, answer: Answer) -> Answer:
    return Answer(answer.head, Delivery())


def once(lie: Lie) -> Lie:
    """The lie, and after it nothing new: who goes on to tell the truth contradicts himself."""
    told: list[Answer] = []

    def first(evil: Evil, answer: Answer) -> Answer | bytes:
        if told:
            return says_nothing_new(evil, answer)
        told.append(answer)
        return lie(evil, answer)

    return first
