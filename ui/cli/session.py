"""One command line's session: the workspace, who acts, secrets, and how results and refusals are shown."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from app.domain.words import Presence
from app.errors import Invalid, SecretError
from app.i18n import _
from app.platform import computer_name
from app.queries import find
from app.queries.log import log_lines
from app.queries.people import names
from app.queries.projects import ProjectRow, projects
from app.settings import home_folder, workspace_folder
from app.storage.engine import Reader
from app.workspace import DATABASE, Done, Workspace

if TYPE_CHECKING:
    from app.commands.stating import Signer
    from app.storage.delivery import Delivery

PASSPHRASE, PIN = "LAUNCHBOOK_PASSPHRASE", "LAUNCHBOOK_PIN_"


@dataclass
class Session:
    """What the global options said. Commands get it as `context.obj`."""

    home: Path | None = None
    acting: str | None = None
    run_name: str | None = None
    language: str = "en"
    as_json: bool = False
    has_changed: bool | None = None  # what the last command did; None before the first

    @property
    def folder(self) -> Path:
        return self.home or home_folder()

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, opened at first use, with the acting person's identity checked."""
        folder = workspace_folder(self.folder)
        workspace = Workspace.open(folder, passphrase=ask_passphrase, device_name=computer_name())
        try:
            _back_up_when_due(workspace)
            self._act(workspace)
        except BaseException:
            workspace.close()
            raise
        return workspace

    def join(self, delivery: "Delivery") -> None:
        """Makes the workspace of this home out of what another replica sent. Raises VerifyError."""
        folder = workspace_folder(self.folder)
        Workspace.join(folder, delivery, passphrase=ask_passphrase, device_name=computer_name()).close()

    @property
    def is_new(self) -> bool:
        """No workspace is here yet."""
        return not (workspace_folder(self.folder) / DATABASE).exists()

    def close(self) -> None:
        if "workspace" in vars(self):
            self.workspace.close()

    def _act(self, workspace: Workspace) -> None:
        own = workspace.default_person()
        if self.acting is None:
            workspace.act_as(own)
            return
        person = workspace.read(find.find_person, self.acting)
        if person == own:
            workspace.act_as(person)
            return
        pin, presence = self.pin_of(workspace, person)
        workspace.act_as(person, presence)
        workspace.signer(person, pin, presence)

    # -- doing ---------------------------------------------------------------------------------------------------

    def read(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.workspace.read(query, *args, **kwargs)

    def do(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Done:
        done = self.workspace.run(command, *args, **kwargs)
        self.has_changed = done.changes is not None
        return done

    def project(self, text: str) -> bytes:
        return self.workspace.read(find.find_project, text)

    def projects(self) -> list[ProjectRow]:
        return self.workspace.read(projects, self.language)

    def run_of(self, project: bytes) -> bytes:
        return self.workspace.read(find.find_run, project, self.run_name)

    def zone_of(self, project: bytes) -> str:
        return next((one.zone for one in self.projects() if one.id == project), "UTC")

    def person(self, text: str) -> bytes:
        return self.workspace.read(find.find_person, text)

    def name_of(self, person: bytes) -> str:
        return self.name_in(self.workspace, person)

    def name_in(self, workspace: Workspace, person: bytes) -> str:
        return workspace.read(names)[person]

    def signer(self) -> "Signer":
        """The acting person's key; asks for the PIN."""
        person = self.workspace.person
        if person is None:
            raise Invalid(
                _("Nobody is known here yet. Add yourself first: launchbook person add NAME --id ID.")
            )
        pin, presence = self.pin_of(self.workspace, person)
        return self.workspace.signer(person, pin, presence)

    # -- secrets -------------------------------------------------------------------------------------------------

    def pin_of(self, workspace: Workspace, person: bytes) -> tuple[str, str]:
        """The PIN and how it came: from the environment (script) or typed."""
        handle = workspace.read(_handle_of, person)
        return pin_for(handle)

    # -- showing -------------------------------------------------------------------------------------------------

    def show(self, data: Mapping[str, Any], lines: Sequence[str] = ()) -> None:
        """The result: as JSON for programs, as lines for people."""
        if self.as_json:
            typer.echo(json.dumps(plain(data), ensure_ascii=False))
        else:
            for line in lines or self.said():
                typer.echo(line)

    def said(self) -> list[str]:
        """What the last command did, in the words of the log."""
        if self.has_changed is None:
            return []
        if not self.has_changed:
            return [_("Nothing changed.")]
        return [one.sentence for one in self.read(log_lines, language=self.language, limit=1)]


def _handle_of(reader: Reader, person: bytes) -> str:
    return str(reader.value("SELECT handle FROM person WHERE id = ?", (person,)))


def pin_for(handle: str, *, optional: bool = False) -> tuple[str, str]:
    """A person's PIN from LAUNCHBOOK_PIN_<ID>, else from a prompt. Raises SecretError when nobody can be asked."""
    given = os.environ.get(PIN + handle.upper())
    if given:
        return given, Presence.SCRIPT.value
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(_("PIN of {person}: ").format(person=handle)), Presence.PIN.value
    if optional:
        return "", Presence.PIN.value
    raise SecretError(
        _("The PIN of {person} is needed ({variable}).").format(person=handle, variable=PIN + handle.upper())
    )


def ask_passphrase() -> str | None:
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(_("Passphrase of this installation: "))
    return None


def plain(value: Any) -> Any:
    """Ids as hexadecimal text, tuples as lists, named tuples and words as JSON has them."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value


def _back_up_when_due(workspace: Workspace) -> None:
    from app.backing_up import back_up_when_due  # all of the data layer, which reading needs none of

    back_up_when_due(workspace)
