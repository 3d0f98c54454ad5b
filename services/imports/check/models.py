"""What a row of each layer must look like: one pydantic model a layer, made from the fields of the catalogue.

Places (longitude, latitude, shapes), codes that must be made and references to other layers are settled later; here
every cell is read on its own, and told how a problem may show it.
"""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, create_model
from pydantic_core import PydanticCustomError

from geo.errors import Problem
from geo.schema import Layer
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS, LayerSpec
from services.catalog.skills import load_skills
from services.imports.check import days, values
from services.rules.kinds import stored_kind
from services.rules.people import mask_identity, mask_name, mask_phone, mask_text, normal_name
from services.rules.privacy import hide_numbers
from services.rules.roster.posts import post_kind


@dataclass(slots=True)
class ReadContext:
    """What the readers of one import share: the key of the store, and what they noted of the row at hand."""

    salt: bytes
    notes: list[tuple[str, str, str]]
    """Field, code and value of what was understood but should be told."""
    stored_data: Set[str] = frozenset()
    """Codes of the layer that are stored."""


def _count(cell: object, info: ValidationInfo[ReadContext]) -> int | None:
    return values.read_count(cell, lambda code, value: info.context.notes.append((str(info.field_name), code, value)))


def _kind(cell: object) -> str | None:
    return stored_kind(values.read_text(cell))


def _post_kind(cell: object) -> str | None:
    words = values.read_text(cell)
    kind = post_kind(words) if words else None
    if words and kind is None:
        raise PydanticCustomError("not_a_post_kind", "a kind of post is expected")
    return kind


def _skills(cell: object, info: ValidationInfo[ReadContext]) -> str | None:
    catalog = load_skills()
    codes = catalog.find_codes(values.read_list(cell))
    info.context.notes += [
        (str(info.field_name), "unknown_skill", code) for code in codes if code not in catalog.skills
    ]
    return catalog.join(codes)


def _identity(cell: object, info: ValidationInfo[ReadContext]) -> str | None:
    return values.read_identity(cell, info.context.salt)


def _person_name(cell: object) -> str | None:
    name = values.read_name(cell)
    return normal_name(name) if name else None


def _person(cell: object) -> str | None:
    name = values.read_optional_text(cell)
    return normal_name(name) if name else None


READERS: Final[Mapping[Kind, Any]] = {
    Kind.CODE: Annotated[str | None, BeforeValidator(values.read_code)],
    Kind.CODES: Annotated[str | None, BeforeValidator(values.read_codes)],
    Kind.NAME: Annotated[str | None, BeforeValidator(values.read_name)],
    Kind.TEXT: Annotated[str | None, BeforeValidator(values.read_text)],
    Kind.NOTE: Annotated[str | None, BeforeValidator(values.read_optional_text)],
    Kind.ADDRESS: Annotated[str | None, BeforeValidator(values.read_optional_text)],
    Kind.HOME: Annotated[str | None, BeforeValidator(values.read_optional_text)],
    Kind.LIST: Annotated[str | None, BeforeValidator(values.read_list)],
    Kind.SKILLS: Annotated[str | None, BeforeValidator(_skills)],
    Kind.COUNT: Annotated[int | None, BeforeValidator(_count)],
    Kind.FLAG: Annotated[bool | None, BeforeValidator(values.read_flag)],
    Kind.SHARE: Annotated[float | None, BeforeValidator(values.read_share)],
    Kind.DAY: Annotated[str | None, BeforeValidator(days.read_last_day)],
    Kind.LINE_KIND: Annotated[str | None, BeforeValidator(_kind)],
    Kind.POST_KIND: Annotated[str | None, BeforeValidator(_post_kind)],
    Kind.PERSON_NAME: Annotated[str | None, BeforeValidator(_person_name)],
    Kind.PERSON: Annotated[str | None, BeforeValidator(_person)],
    Kind.PHONE: Annotated[str | None, BeforeValidator(values.read_phone)],
    Kind.IDENTITY: Annotated[str | None, BeforeValidator(_identity)],
}
"""How a cell becomes a value, by kind; of an identity number only the keyed hash comes out."""


class RowModel(BaseModel):
    """A row of any layer."""

    model_config = ConfigDict(extra="ignore")


def _model(spec: LayerSpec) -> type[RowModel]:
    fields = {field.name: (READERS[field.kind], None) for field in spec.fields if field.kind in READERS}
    made: type[RowModel] = create_model(f"Row of {spec.layer}", __base__=RowModel, **cast("dict[str, Any]", fields))
    return made


MODELS: Final[Mapping[Layer, type[RowModel]]] = {layer: _model(spec) for layer, spec in LAYERS.items()}

ESSENTIAL: Final = frozenset({"code", "name"})
"""Fields whose fault costs the row; without any other value the row is still worth having. A name that is stored under
the code of the row stays."""

COUNTS: Final[Mapping[Layer, tuple[str, ...]]] = {
    layer: tuple(field.name for field in spec.fields if field.kind is Kind.COUNT) for layer, spec in LAYERS.items()
}
"""Fields that hold whole numbers."""

_PERSONAL: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.PHONE: mask_phone,
    Kind.IDENTITY: mask_identity,
    Kind.ADDRESS: mask_text,
    Kind.HOME: mask_text,
    Kind.PERSON: mask_name,
    Kind.PERSON_NAME: mask_name,
}
"""Kinds of values that are masked wherever a problem shows them."""
_SHOWN: Final = frozenset({Kind.CODE, Kind.CODES, Kind.NAME, Kind.TEXT, Kind.NOTE})
"""Kinds of values of layers about people that are shown as they are."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def masked(field: str, value: str, layer: Layer) -> str:
    """Return a value of a field as a problem may show it."""
    spec = LAYERS[layer]
    known = spec.field(field)
    if known and (mask := _PERSONAL.get(known.kind)):
        return mask(value)
    # Columns get shifted: a name or an address may stand where a number was expected.
    is_out_of_place = spec.is_of_people and not (known and known.kind in _SHOWN)
    return mask_text(value) if is_out_of_place and _HAN.search(value) else hide_numbers(value)


def without_persons(problem: Problem, layer: Layer) -> Problem:
    """Return a problem with a place (a coordinate, a shape) without what may tell of a person."""
    return replace(problem, value=masked("place", problem.value, layer))
