"""The norms and the method in plain words, for people who ask how a number came about (口径)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Final, cast

from services.i18n import Text, current_language, text
from services.rules.norms import DayFactors, Driver, Holidays, ItemNorms, Norms, Sourced, item_name
from services.rules.windows import MODE_NAMES, DayPart, Mode

DAY_PART_NAMES: Final[Mapping[DayPart, Text]] = {
    DayPart.WORKDAY: text("Weekday, 08–18"),
    DayPart.EVENING: text("Weekday evening, 18–22"),
    DayPart.WEEKEND: text("Weekend and holiday, 08–22"),
    DayPart.NIGHT: text("Night, 22–08"),
}

"""How coverage is computed, one sentence each."""

_SECTIONS: Final[Mapping[str, Text]] = {
    "availability": text("Share of members who can come"),
    "attendance": text("Share of the people of an order who come, at home and away"),
    "assumed": text("Assumed where not stated"),
    "outsiders": text("Residents from elsewhere"),
    "others.share": text("Share of every item that others bear: staff, units, medical, police"),
    "reach": text("Reachability"),
    "cold_spots": text("Cold spots"),
    "calendar": text("Holidays"),
}
_NAMES: Final[Mapping[str, Text]] = {
    **{part.value: name for part, name in DAY_PART_NAMES.items()},
    **{mode.value: name for mode, name in MODE_NAMES.items()},
    "persons_per_household": text("People per household"),
    "blocks_per_gate": text("Blocks per gate"),
    "households_per_gate": text("Households per gate"),
    "more_than": text("Many: more than this share"),
    "factor": text("Door to door takes this many times the people"),
    "catchment_m": text("Reach in metres"),
    "false_discovery_rate": text("Share of false cold spots allowed"),
    "holidays": text("Days off counted as weekend"),
    "working_weekends": text("Weekend days counted as weekdays"),
}


_FOR_EACH: Final[Mapping[Driver, Text]] = {
    "gates": text("{mode}: people per gate"),
    "households": text("{mode}: people per household"),
    "residents": text("{mode}: people per resident"),
}
_FOR_EVERY: Final[Mapping[Driver, Text]] = {
    "gates": text("{mode}: gates per person"),
    "households": text("{mode}: households per person"),
    "residents": text("{mode}: residents per person"),
}
_MANAGED: Final = text("{mode}: share that property management carries")
_WHOLE: Final = text("{mode}: a part of a person takes a whole one, 1 yes, 0 no")


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
    if key == "items":
        for code, item in cast("Mapping[str, ItemNorms]", node).items():
            yield from _item_rows(f"items.{code}", item)
    elif isinstance(node, Sourced):
        yield _row(key, node.value, _source(node))
    elif isinstance(node, Holidays):
        for name in ("holidays", "working_weekends"):
            yield _row(f"{key}.{name}", len(getattr(node, name)), _source(node))
    elif is_dataclass(node):
        for child in fields(node):
            yield from _rows(f"{key}.{child.name}".lstrip("."), getattr(node, child.name))


def _item_rows(key: str, item: ItemNorms) -> Iterator[NormRow]:
    """Return the norms of an item in each mode, then those of the parts of the day."""
    section = Text(item_name(item))
    measures = (
        ("persons_for_each", item.persons_for_each, _FOR_EACH[item.driver]),
        ("one_for_every", item.one_for_every, _FOR_EVERY[item.driver]),
        ("managed_share", item.managed_share, _MANAGED),
        ("whole_persons", item.whole_persons, _WHOLE),
    )
    for field, by_mode, said in measures:
        for mode in Mode if by_mode is not None else ():
            norm: Sourced = getattr(by_mode, mode.value)
            name = Text(said.id, {"mode": MODE_NAMES[mode]})
            yield NormRow(f"{key}.{field}.{mode}", section, name, norm.value, _source(norm))
    for part, name in DAY_PART_NAMES.items():
        value = getattr(item.day_parts, part.value)
        yield NormRow(f"{key}.day_parts.{part}", section, name, value, _source(item.day_parts))


def _row(key: str, value: float, source: str) -> NormRow:
    section, _, name = key.rpartition(".")
    return NormRow(key, _SECTIONS[section], _NAMES[name], value, source)


def _source(node: Sourced | DayFactors | Holidays) -> str:
    return node.source_en if current_language() == "en" and node.source_en else node.source
