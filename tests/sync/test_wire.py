"""A message comes back as it was sent, and whatever else arrives is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.codec import pack, unpack
from app.errors import VerifyError
from app.storage.delivery import Delivery, Held, Packet, Receipt
from app.storage.proofs import Leaf
from sync.core.wire import MOST_RECORD, Head, Reading, read, records

_ids = st.binary(min_size=16, max_size=16)
_hashes = st.binary(min_size=32, max_size=32)
_numbers = st.integers(0, 2**40)
_packets = st.builds(
    Packet,
    st.binary(max_size=200),
    st.binary(max_size=64),
    st.lists(st.tuples(st.binary(max_size=16), st.binary(max_size=40)), max_size=3).map(tuple),
)
_leaves = st.builds(Leaf, _hashes, _numbers, st.booleans(), st.integers(0, 9))
_receipts = st.builds(
    Receipt,
    *(_ids, st.integers(0, 9), _numbers),
    st.lists(_leaves, min_size=1, max_size=30).map(tuple),
    st.text("abc\n— 7", max_size=30),
)
_helds = st.builds(
    Held,
    st.dictionaries(st.tuples(_ids, _ids), _numbers, max_size=4),
    st.dictionaries(st.tuples(_ids, st.integers(0, 9)), _numbers, max_size=4),
)
_heads = st.builds(Head, _ids, _ids, _helds)
_deliveries = st.builds(
    Delivery, st.lists(_packets, max_size=5).map(tuple), st.lists(_receipts, max_size=3).map(tuple)
)


@given(_heads, _deliveries)
def test_a_message_comes_back_as_it_was_sent(head: Head, delivery: Delivery) -> None:
    assert read(records(head, delivery)) == (head, delivery)


def test_a_receipt_of_many_leaves_comes_in_several_records() -> None:
    leaves = tuple(Leaf(number.to_bytes(32, "big"), number, accepted=True) for number in range(2_500))
    receipt = Receipt(bytes(16), 1, 0, leaves, "note")
    sent = list(records(Head(bytes(16), bytes(16), Held({}, {})), Delivery((), (receipt,))))

    assert len(sent) == 1 + 1 + 3 + 1
    assert max(map(len, sent)) < 64 * 1024
    assert read(sent)[1].receipts == (receipt,)


def test_a_commit_with_many_long_values_comes_in_several_records() -> None:
    """The notes of a large import are many times its commit."""
    long = tuple((number.to_bytes(16, "big"), bytes(300_000)) for number in range(20))
    packet = Packet(b"body", b"signature", long)
    sent = list(records(Head(bytes(16), bytes(16), Held({}, {})), Delivery((packet,))))

    assert max(map(len, sent)) < MOST_RECORD
    assert read(sent)[1].packets == (packet,)


@given(_heads, _deliveries, st.data())
def test_a_message_with_a_record_less_more_or_elsewhere_is_refused(
    head: Head, delivery: Delivery, data: st.DataObject
) -> None:
    sent = list(records(head, delivery))
    place = data.draw(st.integers(0, len(sent) - 1))
    for changed in (
        sent[:place] + sent[place + 1 :],
        [*sent[: place + 1], sent[place], *sent[place + 1 :]],
        sent[:place],
        [*sent, sent[place]],
    ):
        with pytest.raises(VerifyError):
            read(changed)


@settings(max_examples=300)
@given(_heads, _deliveries, st.data())
def test_a_changed_byte_is_refused_or_read_as_something_well_formed(
    head: Head, delivery: Delivery, data: st.DataObject
) -> None:
    """What a commit says is checked by its signature; here nothing but a message may come out, and nothing else raised."""
    sent = list(records(head, delivery))
    place = data.draw(st.integers(0, len(sent) - 1))
    at = data.draw(st.integers(0, len(sent[place]) - 1))
    bent = bytearray(sent[place])
    bent[at] ^= 1 << data.draw(st.integers(0, 7))
    sent[place] = bytes(bent)
    try:
        found, brought = read(sent)
    except VerifyError:
        return
    assert read(records(found, brought)) == (found, brought)


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\xc1",
        pack([]),
        pack("head"),
        pack([99]),
        pack([1]),
        pack([2, b"", b"", []]),
        pack([1, 2, bytes(16), bytes(16), [], []]),
        pack([1, 1, bytes(15), bytes(16), [], []]),
        pack([1, True, bytes(16), bytes(16), [], []]),
        pack([1, 1, bytes(16), bytes(16), [[b"a", b"b", -1]], []]),
        pack([1, 1, bytes(16), bytes(16), [[b"a", 2, 1]], []]),
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        bytes(MOST_RECORD + 1),
    ],
)
def test_what_is_no_beginning_is_refused(record: bytes) -> None:
    with pytest.raises(VerifyError):
        Reading().take(record)


def test_a_receipt_of_other_leaves_than_it_says_is_refused() -> None:
    leaf = Leaf(bytes(32), 5, accepted=True)
    head, receipt, leaves, end = records(
        Head(bytes(16), bytes(16), Held({}, {})), Delivery((), (Receipt(bytes(16), 1, 0, (leaf,), "n"),))
    )
    more = unpack(leaves)
    more[1] *= 2

    for changed in ([head, receipt, pack(more), end], [head, receipt, end], [head, leaves, end]):
        with pytest.raises(VerifyError):
            read(changed)
