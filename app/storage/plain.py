"""The plain text behind a salted hash, for screens and exports."""

from app.codec import trusted
from app.storage.engine import Reader


def plain_text(reader: Reader, name: bytes | None) -> str:
    """Empty when there is no text, it was erased, or it has not come yet."""
    if name is None:
        return ""
    stored = reader.value("SELECT value FROM detached WHERE hash = ?", (name,))
    return "" if stored is None else str(trusted(stored))
