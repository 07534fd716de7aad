"""Plain values of erasable fields, which stand in signed bytes only as salted hashes."""

from app.codec import trusted
from app.storage.engine import Reader


def plain_text(reader: Reader, name: bytes | None) -> str:
    """The text behind a salted hash; empty when there is none, it was erased, or it has not come yet."""
    if name is None:
        return ""
    stored = reader.value("SELECT value FROM detached WHERE hash = ?", (name,))
    return "" if stored is None else str(trusted(stored))
