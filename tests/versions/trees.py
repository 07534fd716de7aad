"""Later versions of the program: this one's source with a few things more in each, run in processes of their own.

Version k adds to what k - 1 has: to a task a number, an erasable text and a text in each language; an entity; two verbs, of
which the second takes a manager; a word in every closed list. Seen from version k this one is an older version.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("driver.py")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "desktop", "pictures", "fonts", "sample")

_FIELDS = """
    extra_{k}: int | None = field({first})
    note_{k}: str = field({second}, "", erasable=True, max_length=400)
    note_{k}_hash: bytes | None = None
    caption_{k}: dict[str, str] = text({third}, max_length=400)
"""
_ENTITY = """

class Sticker{k}(Entity, table=True):
    NUMBER: ClassVar[int] = {number}
    __tablename__ = "sticker_{k}"

    task: bytes = field(1, parent=True, index=True)
    label: str = field(2, "", erasable=True, max_length=400)
    label_hash: bytes | None = None
    size: int = field(3, 1)
"""
_VERBS = """
STICK_{k} = Verb({first}, N_("Stick something on {{0}}"))
MARK_{k} = Verb({second}, N_("Mark {{0}} in a new way"), access=Access.MANAGER)
"""
_COMMANDS = """

@command(verbs.STICK_{k})
def stick_{k}(tx: Transaction, task: bytes, label: str) -> bytes:
    tx.about(task)
    return tx.create(Sticker{k}, {{"task": task, "label": label}}, log=tx.get(Task, task).log)


@command(verbs.MARK_{k})
def mark_{k}(tx: Transaction, task: bytes, extra: int) -> None:
    tx.about(task)
    tx.set(Task, task, "extra_{k}", extra)


@command(verbs.STICK_{k})
def write_{k}(tx: Transaction, table: str, thing: bytes, name: str, value: object) -> None:
    tx.about(thing)
    tx.set(BY_TABLE[table].model, thing, name, value)
"""
_COMMANDS_HEAD = '''"""What later versions can do."""

from app.commands.registry import command
from app.domain import verbs
from app.domain.registry import BY_TABLE
from app.domain.task import *  # noqa
from app.storage.transaction import Transaction
'''


def version(folder: Path, later: int) -> Path:
    """The source of a later version (0: this one's), below a folder; made once."""
    tree = folder / f"version-{later}"
    if not tree.exists():
        for part in ("app", "sync", "resources"):
            shutil.copytree(ROOT / part, tree / part, ignore=_LEFT_OUT)
        for k in range(1, later + 1):
            _add(tree, k)
        _count_up(tree, later)
    return tree


def _add(tree: Path, k: int) -> None:
    task = tree / "app/domain/task.py"
    numbers = {"first": 37 + 3 * k, "second": 38 + 3 * k, "third": 39 + 3 * k}
    source = task.read_text(encoding="utf-8")
    before, after = source.split("\n\n\nclass Check(", 1)
    task.write_text(
        before
        + _FIELDS.format(k=k, **numbers).rstrip()
        + "\n\n\nclass Check("
        + after.rstrip()
        + _ENTITY.format(k=k, number=200 + k),
        encoding="utf-8",
    )
    _replace(
        tree / "app/domain/registry.py",
        ("from app.domain.task import ", f"from app.domain.task import Sticker{k}, "),
        ("    BaselinePart,\n)\n\n", f"    BaselinePart,\n    Sticker{k},\n)\n\n")
        if k == 1
        else (f"    Sticker{k - 1},\n)\n\n", f"    Sticker{k - 1},\n    Sticker{k},\n)\n\n"),
    )
    verbs = _VERBS.format(k=k, first=500 + 2 * k, second=501 + 2 * k)
    _replace(tree / "app/domain/verbs.py", ("\nBY_NUMBER: dict", verbs + "\nBY_NUMBER: dict"))
    commands = tree / "app/commands/later.py"
    known = commands.read_text(encoding="utf-8") if commands.exists() else _COMMANDS_HEAD
    commands.write_text(known + _COMMANDS.format(k=k), encoding="utf-8")
    _add_words(tree / "app/domain/words.py", k)


def _add_words(words: Path, k: int) -> None:
    """A further word in each closed list of what fields hold."""
    source = words.read_text(encoding="utf-8")
    for name in (
        "ProjectKind",
        "RunKind",
        "LinkType",
        "CheckKind",
        "CheckOutcome",
        "EvidenceKind",
        "Severity",
        "DecisionKind",
    ):
        source = re.sub(
            rf"(class {name}\(StrEnum\):\n(?:    \"\"\".*?\"\"\"\n\n)?)",
            rf'\g<1>    NEW_{k} = "new-{k}"\n',
            source,
            flags=re.DOTALL,
            count=1,
        )
    source = source.replace("    COMPANY = 2\n", f"    COMPANY = 2\n    NEW_{k} = {2 + k}\n", 1)
    source = source.replace("    DONE = 6\n", f"    DONE = 6\n    NEW_{k} = {6 + k}\n", 1)
    words.write_text(source, encoding="utf-8")


def _count_up(tree: Path, later: int) -> None:
    schema = tree / "app/storage/schema.py"
    source = schema.read_text(encoding="utf-8")
    counted = re.sub(
        r"^SCHEMA_REV = (\d+)$",
        lambda found: f"SCHEMA_REV = {int(found[1]) + later}",
        source,
        flags=re.MULTILINE,
    )
    schema.write_text(counted, encoding="utf-8")


def _replace(path: Path, *pairs: tuple[str, str]) -> None:
    source = path.read_text(encoding="utf-8")
    for old, new in pairs:
        if old not in source:
            raise AssertionError(f"{path.name} has no {old!r}: the later versions are to be made otherwise")
        source = source.replace(old, new, 1)
    path.write_text(source, encoding="utf-8")


@dataclass
class Laptop:
    """A workspace in a process of some version. Each method is one request; what the program refuses raises RuntimeError.

    plant: a bug that its program has.
    """

    tree: Path
    folder: Path
    plant: str = ""
    process: "subprocess.Popen[str]" = field(init=False)

    def __post_init__(self) -> None:
        self.start(self.tree)

    def start(self, tree: Path) -> None:
        self.tree = tree
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER), str(self.folder), *([self.plant] if self.plant else [])],
            cwd=tree,
            env={
                **os.environ,
                "PYTHONPATH": str(tree),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def upgrade(self, tree: Path) -> None:
        """The same folder, opened by another version."""
        self.close()
        self.start(tree)

    def ask(self, what: str, *args: Any, **kwargs: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([what, plain(args), plain(kwargs)]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"a process of {self.tree.name} ended over {what}{args}")
        kind, found = json.loads(line)
        if kind == "refused":
            raise RuntimeError(found)
        if kind == "failed":
            raise AssertionError(f"{self.tree.name}: {found}")
        return from_plain(found)

    def run(self, command: str, *args: Any, **kwargs: Any) -> Any:
        """A command by name, such as "tasks:add_task"."""
        return self.ask("run", command, *args, **kwargs)

    def rows(self, sql: str, *args: Any) -> list[Any]:
        found: list[Any] = self.ask("rows", sql, *args)
        return found

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def plain(value: Any) -> Any:
    """For JSON: bytes as {"hex": ...}."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value


def from_plain(value: Any) -> Any:
    if isinstance(value, dict):
        return (
            bytes.fromhex(value["hex"])
            if set(value) == {"hex"}
            else {k: from_plain(v) for k, v in value.items()}
        )
    return [from_plain(one) for one in value] if isinstance(value, list) else value
