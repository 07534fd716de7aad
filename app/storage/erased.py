"""What a redaction has erased here, for whoever shows or takes in texts."""

from app.storage.engine import Reader

MARK = "▮▮▮"  # what every screen and export shows in place of what was erased
# the table of a change that says what was erased: its bytes have to go from the file, too
ERASED = "detached"


def is_erased(reader: Reader, name: bytes) -> bool:
    """Whether a redaction that counted names this salted hash, or a file's; it is never taken back."""
    return reader.row("SELECT 1 FROM erased WHERE hash = ?", (name,)) is not None
