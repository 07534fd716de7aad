"""What a report is: a name, a title and one function from plain data to a file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar

P = TypeVar("P")

Warnings = tuple[str, ...]
"""Sentences about what could not be printed as it stands in the record; empty when all of it could."""


@dataclass(frozen=True, slots=True)
class Report(Generic[P]):
    """`render` writes one PDF; equal papers give equal bytes."""

    name: str
    title: str  # a constant for `app.i18n`
    paper: type[P]
    render: Callable[[P, BinaryIO], Warnings]
