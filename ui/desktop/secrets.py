"""Whose hand signs: the key behind a PIN, made at the first signature, with what a machine without a keyring needs."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from app.i18n import _
from app.queries.people import PersonRow, people
from app.storage.engine import Reader
from ui.desktop.desk import Desk


class Signers(NamedTuple):
    """Who could sign here. `keys` are the persons who have a key on this device."""

    people: tuple[PersonRow, ...]
    sample: bool


def signers(reader: Reader) -> Signers:
    from app.queries.projects import is_sample

    return Signers(tuple(people(reader)), is_sample(reader))


def needs_passphrase(workspace: Any) -> bool:
    """Whether this machine has no keyring and nobody has said the installation's passphrase yet."""
    if workspace.is_sample or workspace.passphrase:
        return False
    content = workspace.keys._read()
    return not is_passphrase_given() and ("passphrase" in content or not has_keyring())


def is_passphrase_given() -> bool:
    """The environment says the installation's passphrase: scripts and tests."""
    import os

    return bool(os.environ.get("LAUNCHBOOK_PASSPHRASE"))


def has_keyring() -> bool:
    """Whether this machine keeps secrets by itself."""
    import keyring

    return bool(keyring.get_keyring().priority > 0)


def ask_pin(desk: Desk, question: str, verb: str, then: Callable[[str], object]) -> None:
    """Asks in place for a PIN, before it for the installation's passphrase where there is no keyring."""
    ask = partial(desk.ask, question, verb, then, secret=True)
    if not needs_passphrase(desk.bridge.workspace):
        ask()
        return

    def take(passphrase: str) -> None:
        desk.bridge.workspace.passphrase = passphrase
        ask()

    words = _("Passphrase of this installation, 12 characters or more")
    desk.ask(words, _("Go on"), take, secret=True)
