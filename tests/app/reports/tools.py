"""What tests ask of a finished PDF."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import TypeVar

import pytest
from pypdf import PdfReader

from app.reports.contract import Report, Warnings

P = TypeVar("P")

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None or shutil.which("pdfsig") is None,
    reason="poppler-utils are not installed",
)


def printed(report: Report[P], paper: P) -> bytes:
    return printed_with_warnings(report, paper)[0]


def printed_with_warnings(report: Report[P], paper: P) -> tuple[bytes, Warnings]:
    out = io.BytesIO()
    warnings = report.render(paper, out)
    return out.getvalue(), warnings


def pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def attached(pdf: bytes) -> bytes:
    [found] = PdfReader(io.BytesIO(pdf)).attachments["launchbook.json"]
    return found


def text(pdf: bytes, folder: Path, *, page: int | None = None) -> str:
    """The text as another program reads it, with single spaces."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    chosen = [] if page is None else ["-f", str(page), "-l", str(page)]
    command = ["pdftotext", "-layout", *chosen, str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert not done.stderr
    return " ".join(done.stdout.decode().split())
