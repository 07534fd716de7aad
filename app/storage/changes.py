"""What a transaction changed, for views that re-read the rows they show."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changed; `column` is None for a new row or statement (table "statement", `id` its subject)."""

    table: str
    id: bytes
    column: str | None
    language: str | None


@dataclass(frozen=True)
class ChangeSet:
    """One action's changes. `rev` is the newest revision after it, `origin` says where it came from."""

    action: bytes
    origin: str  # local | undo | redo | remote
    rev: int
    logs: frozenset[bytes]
    changes: tuple[Change, ...]

    @cached_property
    def by_table(self) -> dict[str, frozenset[bytes]]:
        tables: dict[str, set[bytes]] = {}
        for change in self.changes:
            tables.setdefault(change.table, set()).add(change.id)
        return {table: frozenset(ids) for table, ids in tables.items()}

    def touched(self, table: str) -> frozenset[bytes]:
        """Ids of the rows of a table that changed."""
        return self.by_table.get(table, frozenset())

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)
