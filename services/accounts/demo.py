"""Accounts of the demo: one a role, offered on the sign-in page, and only in stores whose data is made up."""

from typing import Final

from geo.schema import Layer
from services.accounts.accounts import ACCOUNTS, Account, as_account
from services.accounts.password_hashes import hash_password
from services.catalog.actions import ROLE_NAMES, Action, Role
from services.context import Context, Transaction, Work
from services.i18n import translate
from services.rules.areas import EVERYWHERE, Area
from services.rules.fact_names import FICTITIOUS_FACT
from services.use_cases import use_case

DEMO_PASSWORD: Final = "yanshi-demo"  # noqa: S105 - of accounts that see nothing but made-up data
_WHERE: Final = {
    Role.SUBDISTRICT_COMMANDER: Layer.SUBDISTRICTS,
    Role.SECRETARY: Layer.COMMUNITIES,
    Role.LIAISON: Layer.UNITS,
}
_ORDER: Final = (
    Role.PLANNER,
    Role.SUBDISTRICT_COMMANDER,
    Role.DISTRICT_COMMANDER,
    Role.SECRETARY,
    Role.LIAISON,
    Role.SCREEN,
    Role.ADMINISTRATOR,
)


@use_case(Action.MAKE_DEMO, "demo accounts")
def make_demo_accounts(work: Work) -> None:
    """Make an account for every role, each for the first area that fits; those that are there stay.

    A role that is held for a place is left out where the data has no such place.
    """
    hashed = hash_password(DEMO_PASSWORD)
    for role in _ORDER:
        name = f"demo-{role.value.replace('_', '-')}"
        area = _area(work.tx, role)
        if area is None or work.tx.accounts.find(name):
            continue
        account = work.tx.accounts.add(
            name=name,
            display_name=translate(ROLE_NAMES[role]),
            password_hash=hashed,
            is_demo=True,
            must_change=False,
            created_at=work.at,
            created_by=work.actor.name,
        )
        work.tx.accounts.add_grant(account, role.value, str(area))
    work.tx.touch(ACCOUNTS)


def offered_accounts(context: Context) -> list[Account]:
    """Return the accounts that the sign-in page offers: those of the demo, and none unless all data is made up."""
    with context.look(Action.SIGN_IN) as tx:
        if tx.records.read_fact(FICTITIOUS_FACT) is None or len(tx.records.read_batches()):
            return []
        rows = [row for row in tx.accounts.read_all() if row["is_demo"] and row["disabled_at"] is None]
        accounts = [as_account(row, tx.accounts.read_grants(row["id"])) for row in rows]
    return sorted(accounts, key=lambda account: _ORDER.index(account.grants[0].role) if account.grants else 99)


def _area(tx: Transaction, role: Role) -> Area | None:
    """Return for what a role of the demo is held, None where the data has no such place."""
    layer = _WHERE.get(role)
    if layer is None:
        return EVERYWHERE
    codes = tx.read_codes(layer)
    return Area(layer, codes[0]) if codes else None
