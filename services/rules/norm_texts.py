"""The norms and the method in plain words, for people who ask how a number came about (口径)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

from services.i18n import Text, current_language, text
from services.rules.norms import DayFactors, Holidays, Item, Norms, Sourced
from services.rules.windows import MODE_NAMES, DayPart

ITEM_NAMES: Final[Mapping[Item, Text]] = {
    Item.GATE: text("Gate duty"),
    Item.DOOR: text("Door to door"),
    Item.SERVICE: text("Resident service"),
    Item.SANITATION: text("Sanitation"),
    Item.PUBLICITY: text("Publicity"),
}
DAY_PART_NAMES: Final[Mapping[DayPart, Text]] = {
    DayPart.WORKDAY: text("Weekday, 08–18"),
    DayPart.EVENING: text("Weekday evening, 18–22"),
    DayPart.WEEKEND: text("Weekend and holiday, 08–22"),
    DayPart.NIGHT: text("Night, 22–08"),
}

"""How coverage is computed, one sentence each."""

_SECTIONS: Final[Mapping[str, Text]] = {
    "availability": text("Share of members who can come"),
    "assumed": text("Assumed where not stated"),
    "outsiders": text("Residents from elsewhere"),
    **{mode.value: name for mode, name in MODE_NAMES.items()},
    **{f"day_parts.{item}": name for item, name in ITEM_NAMES.items()},
    "reach": text("Reachability"),
    "cold_spots": text("Cold spots"),
    "calendar": text("Holidays"),
}
_NAMES: Final[Mapping[str, Text]] = {
    **{part.value: name for part, name in DAY_PART_NAMES.items()},
    "persons_per_household": text("People per household"),
    "blocks_per_gate": text("Blocks per gate"),
    "households_per_gate": text("Households per gate"),
    "more_than": text("Many: more than this share"),
    "factor": text("Door to door takes this many times the people"),
    "persons_per_gate": text("People per gate"),
    "households_per_door_person": text("Door to door: households per person"),
    "households_per_service_person": text("Resident service: households per person"),
    "households_per_sanitation_person": text("Sanitation: households per person"),
    "households_per_publicity_person": text("Publicity: households per person"),
    "managed_gate_share": text("Share of gate duty that property management carries"),
    "managed_sanitation_share": text("Share of sanitation that property management carries"),
    "catchment_m": text("Reach in metres"),
    "false_discovery_rate": text("Share of false cold spots allowed"),
    "holidays": text("Days off counted as weekend"),
    "working_weekends": text("Weekend days counted as weekdays"),
}


@dataclass(frozen=True, slots=True)
class NormRow:
    """One norm as people read it."""

    key: str
    """Its key in ``norms.toml``."""
    section: Text
    name: Text
    value: float
    """Of a list of days: how many there are."""
    source: str
    """In the language of the task that asked."""


def list_norms(norms: Norms) -> tuple[NormRow, ...]:
    """Return every norm with its source, in the order of the file."""
    return tuple(_rows("", norms))


def _rows(key: str, node: object) -> Iterator[NormRow]:
    if isinstance(node, Sourced):
        yield _row(key, node.value, _source(node))
    elif isinstance(node, DayFactors):
        for part in DayPart:
            yield _row(f"{key}.{part}", getattr(node, part.value), _source(node))
    elif isinstance(node, Holidays):
        for name in ("holidays", "working_weekends"):
            yield _row(f"{key}.{name}", len(getattr(node, name)), _source(node))
    elif is_dataclass(node):
        for child in fields(node):
            yield from _rows(f"{key}.{child.name}".lstrip("."), getattr(node, child.name))


def _row(key: str, value: float, source: str) -> NormRow:
    section, _, name = key.rpartition(".")
    return NormRow(key, _SECTIONS[section], _NAMES[name], value, source)


def _source(node: Sourced | DayFactors | Holidays) -> str:
    return node.source_en if current_language() == "en" and node.source_en else node.source
