"""What a commit from elsewhere may hold: ops of the right shape, and the least access that making them takes.

The verb alone does not say it: a commit made by another program can name one verb and hold the ops of another.
"""

from collections.abc import Sequence
from typing import Any

from app.domain.person import Device, Person
from app.domain.project import Criterion, Gate, GateRole, GateTask, Project, Stage
from app.domain.registry import SPECS, FieldSpec
from app.domain.run import BaselinePart, Run, Step
from app.domain.verbs import BY_NUMBER
from app.domain.words import Access
from app.errors import VerifyError
from app.storage.engine import Reader
from app.storage.erasable import hashes_in
from app.storage.log import Commit, detached_root
from app.storage.ops import LIFE, Certify, Create, Delete, Found, Op, Put, State
from app.storage.statements import AUTHORITY, Kind, decode_certificate, decode_statement

# Whose objects only a manager or an owner changes; taking back what one has made oneself is an edit.
_MANAGED = {model.NUMBER for model in (Project, Gate, GateTask, GateRole, Criterion, Run, BaselinePart)}
_OWNED = {Person.NUMBER, Device.NUMBER}
_HOLD = (Project.NUMBER, SPECS[Project.NUMBER].field("legal_hold").mark.number)


# -- shape ---------------------------------------------------------------------------------------------------------


def check_ops(reader: Reader, commit: Commit) -> None:
    """Raises VerifyError for ops that no version of the program makes. Ops and fields of newer ones pass."""
    for index, op in enumerate(commit.ops):
        match op:
            case Create():
                _check_values(op.entity, op.values)
            case Put():
                _check_values(op.entity, [(op.field, op.language, op.value)])
            case State():
                _check_statement(reader, commit, op)
            case Certify():
                decode_certificate(op.body)
                if commit.log != _workspace(reader):
                    raise VerifyError("A key certificate stands outside the workspace's log.")
            case Found():
                _check_found(reader, commit, op, index)
    if not understands(commit):
        return  # the erasable values of a newer version's fields are for that version to check
    hashes = [name for op in commit.ops for name in hashes_in(op)]
    if detached_root(hashes + ([commit.reason] if commit.reason else [])) != commit.detached_root:
        raise VerifyError("A commit's erasable values are not the ones it was signed over.")


def _check_statement(reader: Reader, commit: Commit, op: State) -> None:
    """What everybody must know stands where everybody reads it."""
    statement = decode_statement(op.body)
    if statement.log != commit.log:
        raise VerifyError("A statement stands in another log than it names.")
    for_all = statement.kind in AUTHORITY and statement.kind != Kind.SEQUENCER
    if for_all and commit.log != _workspace(reader):
        raise VerifyError("A statement of authority stands outside the workspace's log.")


def _workspace(reader: Reader) -> bytes:
    return bytes(reader.value("SELECT value FROM meta WHERE key = 'workspace'"))


def understands(commit: Commit) -> bool:
    """Whether this version knows every op and field of the commit: a newer version's is kept, passed on and replayed."""
    return all(op is not None and _knows(op) for op in commit.ops)


def _knows(op: Op) -> bool:
    if not isinstance(op, Create | Put | Delete):
        return True
    spec = SPECS.get(op.entity)
    if spec is None or isinstance(op, Delete):
        return spec is not None
    if isinstance(op, Put):
        return op.field == LIFE or op.field in spec.by_number
    return spec.numbers.issuperset(number for number, _language, _value in op.values if number != LIFE)


def _check_found(reader: Reader, commit: Commit, op: Found, index: int) -> None:
    """A log is founded once, by its very first op; a workspace holds one workspace log."""
    workspace = _workspace(reader)
    founded = reader.row("SELECT 1 FROM log WHERE id = ?", (commit.log,))
    is_workspace = commit.log == workspace
    if index or commit.dev_seq != 1 or founded or op.workspace != workspace or (op.kind == 1) != is_workspace:
        raise VerifyError("A log is founded a second time, or for another workspace.")


def _check_values(entity: int, values: Sequence[tuple[int, str | None, Any]]) -> None:
    spec = SPECS.get(entity)
    for number, language, value in values:
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            raise VerifyError("A number is too large.")
        if number == LIFE:
            if value is not True:
                raise VerifyError("An object is brought back by a value that is not true.")
            continue
        known = spec.by_number.get(number) if spec else None
        if known is not None and not _fits(known, language, value):
            raise VerifyError(f"A value of {known.name} is of the wrong kind.")


def _fits(known: FieldSpec, language: str | None, value: Any) -> bool:
    if known.mark.per_language != (language is not None):
        return False
    if value is None or known.mark.per_language:
        return value is None or isinstance(value, str)
    if known.mark.erasable:
        return isinstance(value, bytes) and len(value) == 32
    kinds = known.kinds
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


# -- access --------------------------------------------------------------------------------------------------------


def states(commit: Commit, kind: Kind) -> bool:
    """Whether the commit holds a statement of that kind."""
    return any(isinstance(op, State) and decode_statement(op.body).kind == kind for op in commit.ops)


def only_states(commit: Commit) -> bool:
    """Whether the commit does nothing but state: then its statements are judged, and none is dropped for being late.

    Handing the order over is no such word: it changes at once who decides.
    """
    return any(isinstance(op, State) for op in commit.ops) and all(
        isinstance(op, State) or (isinstance(op, Create) and op.entity == Step.NUMBER) for op in commit.ops
    )


def least_access(reader: Reader, commit: Commit) -> Access:
    """What the verb takes, and what each op takes whatever the verb says."""
    verb = BY_NUMBER.get(commit.verb)
    least = verb.access if verb is not None else Access.EDITOR
    return max([least, *(_least(reader, commit, op) for op in commit.ops)])


def _least(reader: Reader, commit: Commit, op: Op | None) -> Access:
    match op:
        case Found(kind=1) | Certify():
            return Access.NONE
        case State():
            return Access.OWNER if decode_statement(op.body).kind == Kind.SEQUENCER else Access.READER
        case Create(entity=Step.NUMBER):
            return Access.READER  # who signs a step that nobody touched makes its row
        case Create(entity=BaselinePart.NUMBER):
            return Access.MANAGER  # with the run it belongs to
        case Create(entity=Device.NUMBER):
            return Access.NONE if op.object == commit.device else Access.OWNER
        case Put() | Delete():
            return _least_change(reader, commit, op)
    return Access.EDITOR


def _least_change(reader: Reader, commit: Commit, op: Put | Delete) -> Access:
    if isinstance(op, Put) and (op.entity, op.field) == _HOLD:
        return Access.OWNER
    managed = op.entity in _MANAGED or (op.entity == Stage.NUMBER and isinstance(op, Delete))
    if not managed and op.entity not in _OWNED:
        return Access.EDITOR
    takes_back = isinstance(op, Delete) or op.field == LIFE
    if takes_back and _made_by(reader, op.object, commit.device):
        return Access.EDITOR
    return Access.OWNER if op.entity in _OWNED else Access.MANAGER


def _made_by(reader: Reader, thing: bytes, device: bytes) -> bool:
    ops = reader.rows("SELECT op FROM creation WHERE object = ?", (thing,))
    return any(op[:16] == device for (op,) in ops)
