"""Runs in a process of some version, on that version's source: one request a line on the input, one answer a line."""

import json
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from app.errors import LaunchbookError
from app.storage.keys import CHEAP
from app.workspace import Workspace

PIN, PASSPHRASE = "4711", "a long enough passphrase"


def plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value if isinstance(value, int | str | type(None) | float) else repr(value)


def from_plain(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            bytes.fromhex(value["hex"])
            if set(value) == {"hex"}
            else {k: from_plain(v) for k, v in value.items()}
        )
    return [from_plain(one) for one in value] if isinstance(value, list) else value


class Answering:
    """One method a request."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._workspace: Workspace | None = None

    @property
    def workspace(self) -> Workspace:
        if self._workspace is None:
            self._workspace = Workspace.open(self.folder, passphrase=lambda: PASSPHRASE, cost=CHEAP)
            self._workspace.act_as(self._workspace.default_person())
        return self._workspace

    def run(self, command: str, *args: Any, signed: bool = False, **kwargs: Any) -> Any:
        module, _, name = command.partition(":")
        function = getattr(import_module(f"app.commands.{module}"), name)
        person = self.workspace.person
        if signed and person is not None:
            kwargs["signer"] = self.workspace.signer(person, PIN)
        return self.workspace.run(function, *args, **kwargs).result

    def undo(self) -> None:
        self.workspace.undo()

    def rows(self, sql: str, *args: Any) -> Any:
        return self.workspace.read(lambda reader: reader.rows(sql, args))

    def found(self, name: str) -> Any:
        """The person of this device: its owner, in a new workspace."""
        person = self.workspace.clock.new_id()
        own = self.workspace.new_key(person, PIN)
        self.workspace.run(
            import_module("app.commands.people").add_person, name, name.lower(), own=own, id=person
        )
        self.workspace.act_as(person)
        return person

    def found_editor(self, name: str) -> Any:
        """Somebody who may edit and not manage."""
        assert self.workspace.person is not None
        person = self.workspace.clock.new_id()
        access = import_module("app.domain.words").Access.EDITOR
        signer = self.workspace.signer(self.workspace.person, PIN)
        add_person = import_module("app.commands.people").add_person
        self.workspace.run(add_person, name, name.lower(), signer=signer, access=access, id=person)
        return person

    def force(self, command: str, *args: Any) -> Any:
        """As a program does it that does not ask what its person may do."""
        module, _, name = command.partition(":")
        reach = import_module("app.storage.authority").Reach
        honest, reach.of = reach.of, lambda *_args: reach(import_module("app.domain.words").Access.OWNER, {})
        try:
            return self.workspace.run(getattr(import_module(f"app.commands.{module}"), name), *args).result
        finally:
            reach.of = honest

    def act_as(self, person: bytes) -> None:
        self.workspace.act_as(person)

    def key(self, person: bytes) -> None:
        """A key on this device for a person that is known."""
        own = self.workspace.new_key(person, PIN)
        self.workspace.run(import_module("app.commands.people").add_key, person, own)
        self.workspace.act_as(person)

    def chains(self) -> Any:
        """(log, device, last dev_seq) of everything held."""
        return [[*chain, upto] for chain, upto in self.workspace.held().commits.items()]

    def to_stick(self, file: str) -> None:
        import_module("sync.stick").write(self.workspace, Path(file))

    def from_stick(self, file: str) -> Any:
        stick = import_module("sync.stick")
        if self._workspace is None and not (self.folder / "launchbook.db").exists():
            delivery = stick.read(Path(file))
            Workspace.join(self.folder, delivery, passphrase=lambda: PASSPHRASE, cost=CHEAP).close()
            return [0, []]
        brought = stick.bring(self.workspace, Path(file))
        return [brought.waiting, brought.forged]

    def share(self, address: str) -> None:
        person = self.workspace.person
        assert person is not None
        import_module("sync.client.sharing").share(
            self.workspace, self.workspace.signer(person, PIN), address
        )

    def exchange(self) -> Any:
        sharing = import_module("sync.client.sharing")
        connection = sharing.connect(self.workspace)
        runner = import_module("sync.client.runner").Runner(self.workspace, connection)
        status = runner.once()
        connection.close()
        return [str(status.phase), runner.forged, runner.doubts]

    def digests(self) -> Any:
        found = import_module("app.storage.rebuild").replica_digests(self.workspace.database.reader())
        return {log.hex(): digest for log, digest in found.items()}

    def verify(self) -> Any:
        verify_logs = import_module("app.storage.verification").verify_logs
        logs = [log for (log,) in self.rows("SELECT id FROM log ORDER BY kind, id")]
        proof = self.workspace.read(verify_logs, logs, self.workspace.device.id)
        return [f"{one.what} {one.detail} {one.device.hex()[:8]} {one.number}" for one in proof.problems]

    def state(self) -> Any:
        """Everything that follows from the log, without the local numbers of entries."""
        tables = [
            name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        found = {}
        for table in tables:
            if table in ("meta", "seen", "action", "entry", "leaf", "tree"):
                continue
            columns = [
                name
                for _n, name, *_ in self.rows(f"PRAGMA table_info({table})")
                if name not in ("rev", "came", "gone")
            ]
            listed = ", ".join(f'"{name}"' for name in columns)
            alive = " WHERE gone IS NULL" if table == "head" else ""
            found[table] = sorted(self.rows(f'SELECT {listed} FROM "{table}"{alive}'), key=repr)
        return found

    def audit(self, language: str) -> Any:
        entries = import_module("app.queries.log").log_lines
        return [one.sentence for one in self.workspace.read(entries, language=language)]

    def value(self, query: str, *args: Any) -> Any:
        module, _, name = query.partition(":")
        return self.workspace.read(getattr(import_module(f"app.queries.{module}"), name), *args)

    def close(self) -> None:
        if self._workspace is not None:
            self._workspace.close()


def _makes_no_rows_anew() -> None:
    vars(import_module("app.storage.upgrading"))["make_anew"] = lambda _writer, _made_by: None


def _drops_texts_of_later_versions() -> None:
    decode_body = import_module("app.storage.log").decode_body
    hashes_in = import_module("app.storage.erasable").hashes_in
    known = lambda body: {name for op in decode_body(body).ops for name in hashes_in(op)}  # noqa: E731 - a bug is short
    for module in ("app.storage.delivery", "app.storage.replica"):
        vars(import_module(module))["hashes_of"] = known


def _drops_what_it_does_not_know() -> None:
    replica = import_module("app.storage.replica")
    understands = import_module("app.storage.admission").understands
    honest = replica._take_one

    def take_one(writer: Any, commit: Any, packet: Any, taken: Any, *rest: Any) -> Any:
        return honest(writer, commit, packet, taken, *rest) if understands(commit) else None

    vars(replica)["_take_one"] = take_one


PLANTS = {
    "makes no rows anew": _makes_no_rows_anew,
    "drops texts of later versions": _drops_texts_of_later_versions,
    "drops what it does not know": _drops_what_it_does_not_know,
}


def main(folder: str, plant: str = "") -> None:
    if plant:
        PLANTS[plant]()
    answering = Answering(Path(folder))
    for line in sys.stdin:
        what, args, kwargs = json.loads(line)
        try:
            answer = ["done", plain(getattr(answering, what)(*from_plain(args), **from_plain(kwargs)))]
        except LaunchbookError as error:
            answer = ["refused", f"{type(error).__name__}: {error}"]
        except Exception:  # noqa: BLE001 - a fault is the answer
            answer = ["failed", traceback.format_exc()]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    answering.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
