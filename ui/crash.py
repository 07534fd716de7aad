"""A fault of the program itself: what happened stays in a file on this machine, and the person gets a sentence."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

from app import platform

KEEP = 20


def keep_report(home: Path, error: BaseException) -> Path | None:
    """Writes the traceback (no values of variables, no arguments) below the data folder; None when even that fails."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    try:
        folder = platform.private_folder(home / "reports")
        path = folder / f"fault-{stamp}.txt"
        platform.write_private(path, "".join(traceback.format_exception(error)).encode())
        for old in sorted(folder.glob("fault-*.txt"))[:-KEEP]:
            old.unlink()
    except OSError:
        return None
    return path
