"""Undo, redo and revert as commands: their ops are ordinary ops, so they synchronize like any edit."""

from app.commands.registry import command
from app.domain import verbs
from app.errors import NotFound, Refused
from app.i18n import _
from app.storage.history import Kept, has_statement, take_back
from app.storage.stacks import REDO, REVERT, UNDO
from app.storage.transaction import Transaction


@command(verbs.UNDO)
def undo(tx: Transaction, action: bytes) -> list[Kept]:
    """Takes an action back; returns what others changed since and was left alone."""
    tx.about(action)
    return take_back(tx, action)


@command(verbs.REDO)
def redo(tx: Transaction, action: bytes) -> list[Kept]:
    """Takes an undo back."""
    tx.about(action)
    return take_back(tx, action)


@command(verbs.REVERT)
def revert(tx: Transaction, action: bytes) -> list[Kept]:
    """Takes anyone's action back. Statements are withdrawn instead, and raise Refused."""
    row = tx.row("SELECT verb FROM action WHERE id = ?", (action,))
    if row is None:
        raise NotFound(_("There is no action {id} in the log.").format(id=action.hex()))
    if has_statement(tx.writer, action):
        raise Refused(_("A statement is not undone. Withdraw it instead."))
    known = verbs.BY_NUMBER.get(row[0])
    if known is not None and not known.undoable:
        raise Refused(_("This action cannot be taken back."))
    tx.about(action)
    return take_back(tx, action)


undo.history_kind = UNDO  # type: ignore[attr-defined]  # read by the workspace: this action travels in history
redo.history_kind = REDO  # type: ignore[attr-defined]
revert.history_kind = REVERT  # type: ignore[attr-defined]
