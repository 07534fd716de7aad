"""Doing again what the sequencer refused: the same values, as a new action against what stands now."""

from collections.abc import Sequence

from app.codec import pack
from app.commands.registry import command
from app.domain import verbs
from app.domain.registry import SPECS
from app.errors import NotAllowed, Refused
from app.i18n import _
from app.queries.rejected import refused_commits
from app.storage.admission import least_access, understands
from app.storage.authority import access_of
from app.storage.heads import current_ops, heads_of
from app.storage.history import Kept, RegisterKey
from app.storage.log import Commit
from app.storage.ops import LIFE, Certify, Create, Delete, Found, Put, State, op_id
from app.storage.plain import plain_text
from app.storage.registers import Head
from app.storage.transaction import Transaction


@command(verbs.SEND_AGAIN)
def send_again(tx: Transaction, action: bytes) -> list[Kept]:
    """Notes what a refused action wanted, resting on what its sender saw now; returns what is gone and was left alone.

    Signatures are given again, never sent again; they raise Refused, as does what rests on something still refused.
    """
    commits = refused_commits(tx.writer, action)
    if not commits:
        raise Refused(_("Nothing of this was refused. Nothing was sent."))
    _check(tx, commits)
    first = commits[0]
    again = first.verb == verbs.SEND_AGAIN.number and first.args and isinstance(first.args[0], bytes)
    tx.about(*dict.fromkeys((first.args[0], action) if again else (action,)))
    tx.reason = tx.reason or plain_text(tx.writer, first.reason)
    tx.on_behalf_of = first.on_behalf_of
    sending = _Sending(tx)
    for commit in commits:
        sending.send(commit)
    if tx.empty and not sending.kept:
        tx.record(first.log)  # all of it stands already: noted, so that it is settled on every device
    return sending.kept


def _check(tx: Transaction, commits: Sequence[Commit]) -> None:
    for commit in commits:
        if not understands(commit):
            raise Refused(_("A newer version made this. Send it again from there."))
        if any(isinstance(op, State | Certify) for op in commit.ops):
            raise Refused(_("A signature is not sent again. Sign where it belongs; nothing was sent."))
        if any(isinstance(op, Found) for op in commit.ops):
            raise Refused(_("A new project is not sent again. Make it anew; nothing was sent."))
    least = max(least_access(tx.writer, commit) for commit in commits)
    if access_of(tx.writer, tx.author.person) < least:
        raise NotAllowed(
            _("This needs the access {access}. Ask an owner of the workspace.").format(
                access=least.name.lower()
            )
        )


class _Sending:
    """One action made again. What its own ops rested on among themselves, the new ones rest on likewise."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.kept: list[Kept] = []
        self._renamed: dict[bytes, bytes] = {}  # old op -> the new one that says the same
        self._written: set[RegisterKey] = set()
        self._before: dict[RegisterKey, tuple[Head, ...]] = {}  # what stood before this action

    def send(self, commit: Commit) -> None:
        for index, op in enumerate(commit.ops):
            name = op_id(commit.device, commit.dev_seq, index)
            match op:
                case Create():
                    self._create(commit.log, name, op)
                case Put():
                    self._put(commit.log, name, op)
                case Delete():
                    self._delete(commit.log, name, op)

    def _create(self, log: bytes, name: bytes, op: Create) -> None:
        """What somebody else made meanwhile under the same id is written to instead."""
        if not self._is_known(op.object):
            self._renamed[name] = self.tx.put(log, op)
            return
        self._put(log, name, Put(op.entity, op.object, LIFE, None, value=True, base=()))
        for number, language, value in op.values:
            self._put(log, name, Put(op.entity, op.object, number, language, value, ()))

    def _put(self, log: bytes, name: bytes, op: Put) -> None:
        spec = SPECS[op.entity]
        if not self._is_known(op.object):
            raise Refused(
                _("This rests on something that was refused too. Send that again first; nothing was sent.")
            )
        if op.field != LIFE and not self._is_alive(op):
            self.kept.append(Kept(spec.table, op.object, spec.by_number[op.field].name))
            return
        before = self._standing(op)
        if op.field == LIFE and self._is_alive(op):
            return
        stands = len(before) == 1 and pack(before[0].value) == pack(op.value)
        if op.field != LIFE and stands and _key(op) not in self._written:
            return
        self._written.add(_key(op))
        own = tuple(self._renamed[base] for base in op.base if base in self._renamed)
        base = own or tuple(head.op for head in before)
        self._renamed[name] = self.tx.put(
            log, Put(op.entity, op.object, op.field, op.language, op.value, base)
        )

    def _delete(self, log: bytes, name: bytes, op: Delete) -> None:
        if not self._is_known(op.object) or not self._is_alive(op):
            return
        tx = self.tx
        seen = current_ops(tx.writer, op.object, tx.seen, tx.first_rev)
        life = {head.op for head in heads_of(tx.writer, op.object, LIFE, None, tx.seen, tx.first_rev)}
        self._renamed[name] = tx.put(log, Delete(op.entity, op.object, tuple(seen | life)))

    # What stands.

    def _standing(self, op: Put) -> tuple[Head, ...]:
        """The heads of its register before this action, as far as the sender saw them."""
        key = _key(op)
        if key not in self._before:
            tx = self.tx
            tx.flush()
            self._before[key] = heads_of(tx.writer, *key[:2], op.language, tx.seen, tx.first_rev)
        return self._before[key]

    def _is_known(self, thing: bytes) -> bool:
        return self.tx.row("SELECT 1 FROM creation WHERE object = ? LIMIT 1", (thing,)) is not None

    def _is_alive(self, op: Put | Delete) -> bool:
        table = SPECS[op.entity].table
        return bool(self.tx.value(f'SELECT alive FROM "{table}" WHERE id = ?', (op.object,)))


def _key(op: Put) -> RegisterKey:
    return op.object, op.field, op.language or ""
