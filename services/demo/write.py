"""The demo into a store, all or nothing, and only into an empty one."""

from typing import Final

from geo.schema import Layer
from services.context import Context
from services.demo.sizes import DemoData
from services.errors import ServiceError
from services.i18n import text
from services.rules.roles import Action

FICTITIOUS_FACT: Final = "fictitious"
"""Name of the fact that a store of the demo holds: its persons, organisations and places are made up."""
_ROWS_AT_ONCE: Final = 200_000


class StoreNotEmptyError(ServiceError, ValueError):
    """A demo was to be written over data."""

    def __init__(self, layer: Layer, rows: int) -> None:
        super().__init__(
            text(
                "The store already holds data ({layer}: {rows} rows); demo data is only written to an empty store. "
                "Name another store with --store.",
                layer=layer.value,
                rows=rows,
            )
        )


def fill_store(context: Context, data: DemoData) -> None:
    """Write every layer in one transaction and note that it is all made up; assignments are not made here.

    Raises
    ------
    StoreNotEmptyError
        If any layer of the store holds anything.
    """
    with context.act(Action.MAKE_DEMO, "demo") as work:
        for layer in Layer:
            rows = work.tx.count(layer)
            if rows:
                raise StoreNotEmptyError(layer, rows)
        for layer in Layer:
            frame = data[layer]
            for start in range(0, len(frame), _ROWS_AT_ONCE):
                work.tx.upsert(layer, frame.iloc[start : start + _ROWS_AT_ONCE])
        work.tx.records.write_fact(FICTITIOUS_FACT, "true")
        work.note(**{layer.value: len(data[layer]) for layer in Layer})
