"""What every file format offers: a name, the suffixes it claims, a look at the content and a reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.draft import Draft
from app.integrations.source import Source
from app.integrations.table import Grid


@dataclass(frozen=True, slots=True)
class Integration:
    """`read` makes a draft or raises ImportRefused; it never opens a file, a database or a connection.

    `recognises` looks at the content only, since several formats share one suffix and files get renamed. `title` is
    marked with N_ and translated where it is shown. `read` takes FIELD=HEADER overrides of the columns; a format that is a
    table also gives its `grid`, so that a person can see the columns and say what they mean before anything comes in.
    """

    name: str  # the word before the colon in Draft.source
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Source], bool]
    read: Callable[[Source, Mapping[str, str]], Draft]
    grid: Callable[[Source, Mapping[str, str]], Grid] | None = None
