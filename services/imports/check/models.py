"""What a row of each layer must look like: one pydantic model a layer, a field for each column that can be stated.

Places (longitude, latitude, shapes), codes that must be made and references to other layers are settled later; here
every cell is read on its own.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from geo.schema import Layer
from services.imports.check import days, values
from services.rules.kinds import stored_kind
from services.rules.people import normal_name


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


def _identity(cell: object, info: ValidationInfo[ReadContext]) -> str | None:
    return values.read_identity(cell, info.context.salt)


def _person_name(cell: object) -> str | None:
    name = values.read_name(cell)
    return normal_name(name) if name else None


def _person(cell: object) -> str | None:
    name = values.read_optional_text(cell)
    return normal_name(name) if name else None


TextField = Annotated[str | None, BeforeValidator(values.read_text)]
OptionalText = Annotated[str | None, BeforeValidator(values.read_optional_text)]
Name = Annotated[str | None, BeforeValidator(values.read_name)]
PersonName = Annotated[str | None, BeforeValidator(_person_name)]
PersonField = Annotated[str | None, BeforeValidator(_person)]
CodeField = Annotated[str | None, BeforeValidator(values.read_code)]
Count = Annotated[int | None, BeforeValidator(_count)]
FlagField = Annotated[bool | None, BeforeValidator(values.read_flag)]
ShareField = Annotated[float | None, BeforeValidator(values.read_share)]
Phone = Annotated[str | None, BeforeValidator(values.read_phone)]
Identity = Annotated[str | None, BeforeValidator(_identity)]
LastDay = Annotated[str | None, BeforeValidator(days.read_last_day)]
KindField = Annotated[str | None, BeforeValidator(_kind)]
CodeParts = Annotated[str | None, BeforeValidator(values.read_codes)]
ListField = Annotated[str | None, BeforeValidator(values.read_list)]


class NamedRow(BaseModel):
    """What every row has."""

    model_config = ConfigDict(extra="ignore")

    code: CodeField = None
    name: Name = None


class LineRow(NamedRow):
    """A road or a water; many have no name."""

    name: OptionalText = None
    kind: KindField = None


class ZoneRow(NamedRow):
    """A district or sub-district; the parent is stated by code or by name."""

    parent_code: CodeField = None


class PeopledZoneRow(ZoneRow):
    """A community or grid."""

    residents: Count = None
    households: Count = None
    outsiders: Count = None


class EstateRow(PeopledZoneRow):
    """An estate."""

    blocks: Count = None
    gates: Count = None
    managed: FlagField = None
    mixed_use: FlagField = None
    address: OptionalText = None


class UnitRow(NamedRow):
    """A unit and the communities it is paired with."""

    community_codes: CodeParts = None
    contact: PersonField = None
    phone: Phone = None
    address: OptionalText = None


class MemberRow(NamedRow):
    """A member; of the identity number only the keyed hash comes out."""

    name: PersonName = None
    unit_code: CodeField = None
    community_code: CodeField = None
    phone: Phone = None
    identity: Identity = None
    address: OptionalText = None
    skills: ListField = None
    available_workday: ShareField = None
    available_evening: ShareField = None
    available_weekend: ShareField = None
    available_night: ShareField = None
    keep_until: LastDay = None


class TeamRow(ZoneRow):
    """A team; the parent is its home grid."""

    kind: TextField = None
    size: Count = None
    unit_code: CodeField = None
    leader: PersonField = None
    leader_role: OptionalText = None
    phone: Phone = None
    skills: ListField = None


MODELS: Final[Mapping[Layer, type[NamedRow]]] = {
    Layer.DISTRICTS: ZoneRow,
    Layer.SUBDISTRICTS: ZoneRow,
    Layer.COMMUNITIES: PeopledZoneRow,
    Layer.GRIDS: PeopledZoneRow,
    Layer.ESTATES: EstateRow,
    Layer.UNITS: UnitRow,
    Layer.MEMBERS: MemberRow,
    Layer.TEAMS: TeamRow,
    Layer.ROADS: LineRow,
    Layer.WATER: LineRow,
}

ESSENTIAL: Final = frozenset({"code", "name"})
"""Fields whose fault costs the row; without any other value the row is still worth having. A name that is stored under
the code of the row stays."""

COUNTS: Final[Mapping[Layer, tuple[str, ...]]] = {
    layer: tuple(name for name, field in model.model_fields.items() if field.annotation == int | None)
    for layer, model in MODELS.items()
}
"""Fields that hold whole numbers."""

Validate = Callable[[dict[str, Any]], dict[str, Any]]
