"""The demo into a store: the district all or nothing, and only into an empty one; the rest can be made up for."""

from datetime import timedelta
from typing import Final

from geo.schema import Layer
from services.accounts import make_demo_accounts
from services.assignment import Summary, assign_members
from services.catalog.actions import Action
from services.context import Context, Work
from services.demo.build import make_district
from services.demo.sizes import DemoData, DemoSize
from services.errors import ServiceError
from services.i18n import text
from services.modes import declare_mode
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.windows import Mode
from services.use_cases import use_case

EXERCISE: Final = timedelta(days=365)
"""How long the exercise of the demo lasts: in it every grid needs people, which is what the demo is to show."""
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


def make_demo(context: Context, size: DemoSize, seed: int = 1) -> Summary:
    """Make a district and its accounts into an empty store, declare an exercise, and return who was placed.

    The district is written all or nothing; what follows it may be cut short, and ``complete_demo`` goes on from there.

    Raises
    ------
    StoreNotEmptyError
        If any layer of the store holds anything.
    RefusedError
        If the actor may not make a demo; nothing has been made up by then.
    """
    with context.look(Action.MAKE_DEMO):
        pass
    fill_store(context, make_district(size, seed))
    make_demo_accounts(context)
    _declare_exercise(context)
    return assign_members(context)


def complete_demo(context: Context) -> None:
    """Add the accounts, the exercise and the assignments that a demo lacks because its making was cut short.

    What is there stays, and a store whose data is not made up is left alone.
    """
    with context.look(Action.MAKE_DEMO) as tx:
        if tx.records.read_fact(FICTITIOUS_FACT) is None:
            return
        has_accounts = any(row["is_demo"] for row in tx.accounts.read_all())
        has_mode = len(tx.records.read_modes()) > 0
        is_assigned = len(tx.read_assignments([])) > 0
    if not has_accounts:
        make_demo_accounts(context)
    if not has_mode:
        _declare_exercise(context)
    if not is_assigned:
        assign_members(context)


@use_case(Action.MAKE_DEMO, "demo")
def fill_store(work: Work, data: DemoData) -> None:
    """Write every layer in one transaction and note that it is all made up; assignments are not made here.

    Raises
    ------
    StoreNotEmptyError
        If any layer of the store holds anything.
    """
    for layer in Layer:
        rows = work.tx.count(layer)
        if rows:
            raise StoreNotEmptyError(layer, rows)
    for layer in Layer:
        frame = data[layer]
        for start in range(0, len(frame), _ROWS_AT_ONCE):
            work.tx.upsert(layer, frame.iloc[start : start + _ROWS_AT_ONCE])
    _date_pairings(work)
    work.tx.records.write_fact(FICTITIOUS_FACT, "true")
    work.note(**{layer.value: len(data[layer]) for layer in Layer})


def _date_pairings(work: Work) -> None:
    """Let two of three pairings say since when they are, and every other of those have a plaque."""
    stored = enumerate(work.tx.pairings.read_pairings())
    work.tx.pairings.put_pairings(
        [
            {**row, "since": f"{2019 + place % 6}-{1 + place % 12:02}-01", "plaque": place % 3 == 1}
            for place, row in stored
            if place % 3
        ]
    )


def _declare_exercise(context: Context) -> None:
    until = context.clock() + EXERCISE
    declare_mode(context, Mode.EMERGENCY, reason="演示：防台风应急演练", approver="演示帐号", until=until)
