"""The plain text behind a salted hash, for screens and exports."""

from app.codec import trusted
from app.storage.engine import Reader
from app.storage.erased import MARK, is_erased


def plain_text(reader: Reader, name: bytes | None) -> str:
    """Empty when there is no text or it has not come yet; a mark where it was erased."""
    if name is None:
        return ""
    stored = reader.value("SELECT value FROM detached WHERE hash = ?", (name,))
    if stored is None:
        return MARK if is_erased(reader, name) else ""
    return str(trusted(stored))
