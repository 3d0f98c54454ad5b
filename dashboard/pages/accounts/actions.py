"""What the page 帐号 keeps between runs, and what its buttons do."""

from collections.abc import Mapping
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt, forget_outcome
from dashboard.streamlit import session, state
from geo.schema import Layer
from services import accounts
from services.accounts import Account, AccountError
from services.catalog.actions import Role
from services.i18n import Text, text
from services.rules.areas import EVERYWHERE, Area

CHOSEN: Final = "accounts-chosen"
PAGE: Final = "accounts"
NEW_NAME: Final = "accounts-new-name"
NEW_CALLED: Final = "accounts-new-called"
ROLE: Final = "accounts-role"
LAYER: Final = "accounts-layer"
PLACE: Final = "accounts-place"
SUBJECT: Final = "accounts-subject"
EVERYTHING: Final = "everything"
"""What is picked for a role that is held for all places."""
USUAL_LAYER: Final[Mapping[Role, Layer]] = {
    Role.SUBDISTRICT_COMMANDER: Layer.SUBDISTRICTS,
    Role.PLANNER: Layer.SUBDISTRICTS,
    Role.SECRETARY: Layer.COMMUNITIES,
    Role.LIAISON: Layer.UNITS,
}
"""For what a role is mostly held; of the others it has to be said."""


def areas() -> Mapping[Layer, Mapping[str, str]]:
    """Return the names of the areas a role can be given for."""
    return accounts.offer_areas(cache.context())


def names_of(listed: list[Account]) -> Mapping[Area, str]:
    """Return what the areas are called that accounts hold roles for."""
    return accounts.name_areas(session.server(), {grant.area for account in listed for grant in account.grants})


def selected_account(accounts: list[Account]) -> Account | None:
    """Return the account whose card is shown."""
    name = state.saved_value(CHOSEN)
    return next((account for account in accounts if account.name == name), None)


def choose(name: str | None) -> None:
    """Show the card of an account."""
    forget_outcome(PAGE)
    state.keep(CHOSEN, name)


def create() -> None:
    """Make an account from what was filled in, and say its first password once."""
    name = str(state.widget_value(NEW_NAME) or "").strip().lower()
    called = str(state.widget_value(NEW_CALLED) or "")
    with attempt(PAGE) as tell:
        password = accounts.create_account(cache.context(), name, called)
        state.keep(CHOSEN, name)
        tell(_password_of(name, password))


def grant(name: str) -> None:
    """Give an account the role that was picked for the area that was picked."""
    role, kind = (state.widget_value(key) for key in (ROLE, LAYER))
    code = state.widget_value(f"{PLACE}-{kind}")
    with attempt(PAGE) as tell:
        accounts.grant_role(cache.context(), name, Role(role), _area(kind, code))
        tell(text("The role was given."))


def _area(kind: str | None, code: str | None) -> Area:
    """Return the area that was picked; what nobody picked is no area.

    Raises
    ------
    AccountError
        If nothing was picked, or a kind of place and not which one.
    """
    if kind == EVERYTHING:
        return EVERYWHERE
    if not kind or not code:
        raise AccountError(text("Choose first for which place the role is given; “everything” is a choice of its own."))
    return Area(Layer(kind), str(code))


def revoke(name: str, grant_id: int) -> None:
    """Take a role from an account."""
    with attempt(PAGE) as tell:
        accounts.revoke_role(cache.context(), name, grant_id)
        tell(text("The role was taken away; whoever acted in it has been signed out."))


def reset(name: str) -> None:
    """Give an account a new first password."""
    with attempt(PAGE) as tell:
        tell(_password_of(name, accounts.reset_password(cache.context(), name)))


def link(name: str) -> None:
    """Link an account to the identity that was typed; to none if nothing was."""
    subject = str(state.widget_value(SUBJECT) or "").strip()
    with attempt(PAGE) as tell:
        accounts.link_subject(cache.context(), name, subject or None)
        linked = text("{name} may now sign in with the office's account.", name=name)
        tell(linked if subject else text("{name} is no longer linked to the office's sign-in.", name=name))


def _password_of(name: str, password: str) -> Text:
    return text(
        "First password of {name}, shown this once: {password} — it works once, for {days} days, and has to be changed "
        "then.",
        name=name,
        password=password,
        days=accounts.FIRST_PASSWORD_LIFE.days,
    )
