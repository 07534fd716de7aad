"""All entities with their fields by number: what log, rows and digests look things up in."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import TypeAdapter, ValidationError

from app.domain.entity import Entity, Mark, Value
from app.domain.person import Device, Origin, Person
from app.domain.project import Criterion, Gate, GateRole, GateTask, Project, Stage
from app.domain.register import Decision, Incident
from app.domain.run import (
    Attempt,
    BaselinePart,
    CheckResult,
    CriterionResult,
    Evidence,
    HandOver,
    Run,
    Step,
)
from app.domain.task import Check, Link, Task
from app.errors import Invalid
from app.i18n import _

# control characters but tab and newline, and halves of surrogate pairs: no text has them
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

ENTITIES: tuple[type[Entity], ...] = (
    Project,
    Stage,
    Gate,
    GateTask,
    GateRole,
    Criterion,
    Task,
    Check,
    Link,
    Run,
    Step,
    Attempt,
    CheckResult,
    CriterionResult,
    Evidence,
    Person,
    Device,
    Origin,
    Incident,
    Decision,
    HandOver,
    BaselinePart,
)

# Numbers that later parts will use; nobody else may take them.
RESERVED_ENTITIES: Mapping[int, str] = {
    19: "comment",
    20: "risk",
    23: "policy",
    24: "lesson",
    25: "calendar",
    26: "template version",
    27: "custom field",
    28: "repeat",
    29: "tag",
    30: "redaction",
}


@dataclass(frozen=True)
class FieldSpec:
    """One field as the log knows it."""

    name: str
    mark: Mark
    annotation: Any
    max_length: int | None
    default: Any

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(str if self.mark.per_language else self.annotation)

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The plain types that a value may have."""
        return _plain_types(self.annotation)

    def checked(self, value: Any) -> Value:
        """The canonical value (NFC text), or Invalid with a sentence."""
        try:
            good = self._adapter.validate_python(value, strict=not isinstance(value, int))
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise Invalid(_("{field}: {problem}.").format(field=self.name, problem=problem)) from None
        if isinstance(good, str):
            good = self._checked_text(good)
        words = self.mark.words
        if words is not None and good not in (None, "") and good not in {word.value for word in words}:
            allowed = ", ".join(str(word.value) for word in words)
            raise Invalid(_("{field} is one of: {allowed}.").format(field=self.name, allowed=allowed))
        return good if not isinstance(good, int) or isinstance(good, bool) else int(good)

    def _checked_text(self, text: str) -> str:
        good = text if text.isascii() else unicodedata.normalize("NFC", text)
        if self.max_length is not None and len(good) > self.max_length:
            raise Invalid(
                _("{field} has {length} characters; at most {most} fit.").format(
                    field=self.name, length=len(good), most=self.max_length
                )
            )
        if _CONTROL.search(good):
            raise Invalid(_("{field} holds control characters.").format(field=self.name))
        return good


def _plain_types(annotation: Any) -> tuple[type, ...]:
    """The plain types of an annotation: `int | None` with limits is int and None."""
    if isinstance(annotation, type):
        return (annotation,)
    origin = get_origin(annotation)
    parts = get_args(annotation) if origin in (Union, UnionType) else get_args(annotation)[:1]
    return tuple(kind for part in parts for kind in _plain_types(part))


@dataclass(frozen=True)
class EntitySpec:
    """One entity: its table and its fields by name and by number."""

    number: int
    model: type[Entity]
    table: str
    fields: Mapping[str, FieldSpec]
    by_number: Mapping[int, FieldSpec]

    @cached_property
    def numbers(self) -> frozenset[int]:
        return frozenset(self.by_number)

    @cached_property
    def words(self) -> Mapping[int, frozenset[Any]]:
        """Of the fields that hold a word of a closed list, the words, and nothing."""
        return {
            number: frozenset([None, "", *one.mark.words])
            for number, one in self.by_number.items()
            if one.mark.words is not None
        }

    @cached_property
    def parent(self) -> str | None:
        return next((name for name, spec in self.fields.items() if spec.mark.parent), None)

    @cached_property
    def holds(self) -> str | None:
        """The parent that lives on while this object does; an origin holds none, or nothing imported could be deleted."""
        return next(
            (name for name, one in self.fields.items() if one.mark.parent and not one.mark.beside), None
        )

    def field(self, name: str) -> FieldSpec:
        """Raises Invalid for a name that is no field."""
        if name not in self.fields:
            known = ", ".join(sorted(self.fields))
            raise Invalid(_("There is no field {field}; there are: {known}.").format(field=name, known=known))
        return self.fields[name]


def _spec(model: type[Entity]) -> EntitySpec:
    table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it to table classes
    fields: dict[str, FieldSpec] = {}
    for name, column in table.columns.items():
        mark = column.info.get("mark")
        if mark is None:
            continue
        info = model.model_fields[name]
        annotation: Any = info.annotation
        for limit in info.metadata:
            if isinstance(limit, Ge | Le):
                annotation = Annotated[annotation, limit]
        default = {} if mark.per_language else info.default
        fields[name] = FieldSpec(name, mark, annotation, column.info.get("max_length"), default)
    by_number = {spec.mark.number: spec for spec in fields.values()}
    return EntitySpec(model.NUMBER, model, table.name, fields, by_number)


SPECS: Mapping[int, EntitySpec] = {model.NUMBER: _spec(model) for model in ENTITIES}
BY_MODEL: Mapping[type[Entity], EntitySpec] = {spec.model: spec for spec in SPECS.values()}
BY_TABLE: Mapping[str, EntitySpec] = {spec.table: spec for spec in SPECS.values()}
