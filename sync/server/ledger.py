"""The truth of a server on PostgreSQL: what its processes have stored, log by log, and in whose order."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable, Table, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from app.codec import salted_hash, trusted
from app.storage.delivery import Delivery, Held, Packet, Receipt, hashes_of
from app.storage.log import commit_hash, decode_body
from app.storage.proofs import Leaf
from sync.server.database import MADE_ALREADY, is_passing, open_engine, repeated, sentences
from sync.server.position import Head, Position, Positions, moved_on
from sync.server.tables import CREATION, chain, commit, detached, entry, head, tree

T = TypeVar("T")

MOST_COMMITS = 5_000  # in one delivery, about; a replica made anew takes several
_NAMES_A_QUERY = 500


class Moved(Exception):
    """Another process stored something in one of these logs first; nothing of this was stored."""


class Ledger:
    """A database that several server processes share. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

    def close(self) -> None:
        self._engine.dispose()

    def create(self) -> None:
        """Makes the tables that are missing; several processes may do it at once."""
        for step in CREATION:
            repeated(self._engine, partial(_run, step), MADE_ALREADY)

    # -- reading -----------------------------------------------------------------------------------------------------

    def workspaces(self) -> list[bytes]:
        """Every workspace that something is stored of."""
        query = select(head.c.workspace_id).distinct()
        return sorted(repeated(self._engine, lambda connection: list(connection.scalars(query))))

    def heads(self, workspace: bytes) -> dict[bytes, Head]:
        """How far each log of a workspace is."""
        return repeated(self._engine, lambda connection: _heads(connection, workspace))

    def since(self, workspace: bytes, held: Held, most_commits: int = MOST_COMMITS) -> Delivery:
        """What a replica that holds this lacks: all the receipts, and some commits of every log that has more.

        The first commits it lacks are among them, so whoever asks again after taking them comes to the end.
        """
        return repeated(self._engine, lambda connection: _since(connection, workspace, held, most_commits))

    # -- writing -----------------------------------------------------------------------------------------------------

    def append(
        self,
        workspace: bytes,
        before: Positions,
        delivery: Delivery,
        turn: Connection | None = None,
        erased: Collection[bytes] = (),
    ) -> dict[bytes, Position]:
        """Stores what is new in logs that stand at `before`, all of it or nothing; returns where they stand after.

        `erased` are salted hashes whose values go with it, wherever in the workspace they stand.

        Raises Moved when one of them, or the workspace's own log, stands elsewhere: what was decided rests on both. A
        lost connection needs no care: had it been stored, the second try finds the logs moved on.
        """
        rows = [_row_of(packet) for packet in delivery.packets]
        ends = [(row["log_id"], row["device_id"], row["dev_seq"], row["hash"]) for row in rows]
        after = moved_on(before, ends, delivery.receipts)

        def work(connection: Connection) -> None:
            _advance(connection, workspace, before, after)
            _store(connection, workspace, before, after, rows, delivery)
            _erase(connection, workspace, before.keys() | after.keys(), erased)

        if turn is None:
            repeated(self._engine, work)
        else:
            _in_turn(turn, work)
        return after

    @contextmanager
    def turn(self, workspace: bytes) -> Iterator[Connection]:
        """Keeps the other processes from storing anything in a workspace until the append that is given it."""
        with sentences(), self._engine.connect() as connection:
            query = select(head.c.length).where(_of(head, workspace, [workspace]))
            connection.execute(query.with_for_update())
            yield connection


def _run(step: Executable, connection: Connection) -> None:
    connection.execute(step)


def _in_turn(turn: Connection, work: Callable[[Connection], None]) -> None:
    try:
        work(turn)
        turn.commit()
    except DBAPIError as error:
        if is_passing(error):
            raise Moved from error  # the turn is over; whether it was stored shows when it is taken again
        raise


# -- reading -----------------------------------------------------------------------------------------------------------


def _heads(connection: Connection, workspace: bytes) -> dict[bytes, Head]:
    query = select(head.c.log_id, head.c.length, head.c.mark).where(head.c.workspace_id == workspace)
    return {log: Head(length, mark) for log, length, mark in connection.execute(query)}


def _since(connection: Connection, workspace: bytes, held: Held, most_commits: int) -> Delivery:
    lengths: dict[bytes, int] = {}
    for (log, _of), number in [*held.commits.items(), *held.leaves.items()]:
        lengths[log] = lengths.get(log, 0) + number
    heads = _heads(connection, workspace)
    logs = [log for log, one in heads.items() if one.length != lengths.get(log, 0)]
    logs.sort(key=lambda log: (log != workspace, log))
    # leaves first: each one's commit is there by then, and what was stored between the two comes without its place
    found = [one for some in _batched(logs) for one in _receipts(connection, workspace, some, held.leaves)]
    packets: list[Packet] = []
    for some in _batched(logs):
        upto = _chains(connection, workspace, some)
        for log in some:
            most = max(1, most_commits // len(logs))
            packets += _packets(connection, workspace, log, upto.get(log, {}), held, most)
    return Delivery(tuple(packets), tuple(found))


def _of(table: Table, workspace: bytes, logs: Collection[bytes]) -> ColumnElement[bool]:
    """The rows of these logs in a workspace."""
    return and_(table.c.log_id.in_(logs), table.c.workspace_id == workspace)


def _receipts(
    connection: Connection,
    workspace: bytes,
    logs: Collection[bytes],
    held: Mapping[tuple[bytes, int], int],
) -> Iterator[Receipt]:
    query = select(tree.c.log_id, tree.c.epoch, tree.c.size, tree.c.checkpoint)
    for log, epoch, size, note in connection.execute(query.where(_of(tree, workspace, logs))).all():
        start = held.get((log, epoch), 0)
        if size > start:
            # up to where the checkpoint goes: there may be more by now
            leaves = (
                select(entry.c.commit_hash, entry.c.received_at, entry.c.accepted, entry.c.reason)
                .where(_of(entry, workspace, [log]), entry.c.epoch == epoch)
                .where(entry.c.number >= start, entry.c.number < size)
                .order_by(entry.c.number)
            )
            found = (Leaf(*one[:2], bool(one[2]), one[3]) for one in connection.execute(leaves))
            yield Receipt(log, epoch, start, tuple(found), note)


def _chains(
    connection: Connection, workspace: bytes, logs: Collection[bytes]
) -> dict[bytes, dict[bytes, int]]:
    query = select(chain.c.log_id, chain.c.device_id, chain.c.dev_seq).where(_of(chain, workspace, logs))
    found: dict[bytes, dict[bytes, int]] = {}
    for log, device, upto in connection.execute(query):
        found.setdefault(log, {})[device] = upto
    return found


def _packets(
    connection: Connection, workspace: bytes, log: bytes, chains: Mapping[bytes, int], held: Held, most: int
) -> list[Packet]:
    lacking = [
        and_(commit.c.device_id == device, commit.c.dev_seq > held.commits.get((log, device), 0))
        for device, upto in chains.items()
        if upto > held.commits.get((log, device), 0)
    ]
    if not lacking:
        return []
    query = (
        select(commit.c.body, commit.c.signature)
        .where(_of(commit, workspace, [log]), or_(*lacking))
        .order_by(commit.c.at)
        .limit(most)
    )
    rows = connection.execute(query).all()
    names = [sorted(hashes_of(body)) for body, _ in rows]
    values = _values(connection, workspace, log, {name for some in names for name in some})
    return [
        Packet(body, signature, tuple(values[name] for name in some if name in values))
        for (body, signature), some in zip(rows, names, strict=True)
    ]


def _values(
    connection: Connection, workspace: bytes, log: bytes, names: Iterable[bytes]
) -> dict[bytes, tuple[bytes, bytes]]:
    """Salt and packed value by salted hash; erased ones are missing, and nothing waits for them."""
    found = {}
    for some in _batched(sorted(names)):
        query = select(detached.c.hash, detached.c.salt, detached.c.value)
        query = query.where(_of(detached, workspace, [log]), detached.c.hash.in_(some))
        found.update({name: (salt, value) for name, salt, value in connection.execute(query)})
    return found


def _batched(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, _NAMES_A_QUERY)):
        yield part


# -- writing -----------------------------------------------------------------------------------------------------------


def _row_of(packet: Packet) -> dict[str, Any]:
    one = decode_body(packet.body)
    return {
        "log_id": one.log,
        "device_id": one.device,
        "dev_seq": one.dev_seq,
        "hash": commit_hash(packet.body),
        "body": packet.body,
        "signature": packet.signature,
    }


def _advance(connection: Connection, workspace: bytes, before: Positions, after: Positions) -> None:
    """Compare and set, the workspace's own log first and then by log, so that two never wait for each other."""
    for log in sorted({workspace, *after}, key=lambda one: (one != workspace, one)):
        old = before[log].head if log in before else None
        if log not in after:
            stands = _stands(connection, workspace, log, old)
        elif old is None:
            stands = _begins(connection, workspace, log, after[log].head)
        else:
            stands = _moves(connection, workspace, log, old, after[log].head)
        if not stands:
            raise Moved


def _stands(connection: Connection, workspace: bytes, log: bytes, old: Head | None) -> bool:
    """Whether a log stands there, and nobody moves it before this transaction ends."""
    query = select(head.c.length, head.c.mark).where(_of(head, workspace, [log]))
    row = connection.execute(query.with_for_update(read=True)).one_or_none()
    return (Head(*row) if row is not None else None) == old


def _begins(connection: Connection, workspace: bytes, log: bytes, new: Head) -> bool:
    row = {"log_id": log, "workspace_id": workspace, "length": new.length, "mark": new.mark}
    query = insert(head).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(query, row).rowcount == 1


def _moves(connection: Connection, workspace: bytes, log: bytes, old: Head, new: Head) -> bool:
    query = (
        update(head)
        .where(_of(head, workspace, [log]), head.c.length == old.length, head.c.mark == old.mark)
        .values(length=head.c.length + (new.length - old.length), mark=new.mark)
    )
    return connection.execute(query).rowcount == 1


def _store(
    connection: Connection,
    workspace: bytes,
    before: Positions,
    after: Positions,
    rows: Sequence[Mapping[str, Any]],
    delivery: Delivery,
) -> None:
    places = {log: count(before[log].head.length if log in before else 0) for log in after}
    here = {"workspace_id": workspace}
    _insert(connection, commit, [{**here, **row, "at": next(places[row["log_id"]])} for row in rows])
    values = [
        {
            **here,
            "log_id": row["log_id"],
            "hash": salted_hash(salt, trusted(value)),
            "salt": salt,
            "value": value,
        }
        for row, packet in zip(rows, delivery.packets, strict=True)
        for salt, value in packet.detached
    ]
    if values:
        connection.execute(insert(detached).on_conflict_do_nothing(), values)
    _insert(connection, entry, [{**here, **row} for one in delivery.receipts for row in _leaf_rows(one)])
    ends = [
        {**here, "log_id": log, "device_id": device, "dev_seq": end[0]}
        for log, one in after.items()
        for device, end in one.chains.items()
        if log not in before or before[log].chains.get(device) != end
    ]
    _put(connection, chain, ends, "dev_seq")
    notes = [
        {
            **here,
            "log_id": one.log,
            "epoch": one.epoch,
            "size": one.start + len(one.leaves),
            "checkpoint": one.checkpoint,
        }
        for one in delivery.receipts
    ]
    _put(connection, tree, notes, "size", "checkpoint")


def _erase(
    connection: Connection, workspace: bytes, logs: Collection[bytes], erased: Collection[bytes]
) -> None:
    for some in _batched(sorted(erased)):
        query = delete(detached).where(_of(detached, workspace, sorted(logs)), detached.c.hash.in_(some))
        connection.execute(query)


def _leaf_rows(receipt: Receipt) -> Iterator[dict[str, Any]]:
    for number, leaf in enumerate(receipt.leaves, receipt.start):
        yield {
            "log_id": receipt.log,
            "epoch": receipt.epoch,
            "number": number,
            "commit_hash": leaf.hash,
            "received_at": leaf.received,
            "accepted": int(leaf.accepted),
            "reason": leaf.reason,
        }


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *changed: str) -> None:
    if rows:
        query = insert(table)
        query = query.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={name: query.excluded[name] for name in changed}
        )
        connection.execute(query, rows)
