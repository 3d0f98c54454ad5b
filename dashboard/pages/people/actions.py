"""What the page 人员 keeps between runs, and what its buttons do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt, forget_outcome, keep_refusal
from dashboard.kit.pager import read_page, to_first_page
from dashboard.streamlit import session, state
from geo.schema import Layer
from services import people
from services.catalog.actions import Action
from services.i18n import _, text
from services.people import AT_ONCE, ClearPerson, Correction, LookLimitError, Person, PersonPage
from services.rules.privacy import USUAL_REASONS
from services.rules.roles import Actor
from services.rules.windows import DayPart

SEARCH: Final = "people-search"
COMMUNITY: Final = "people-community"
CHOSEN: Final = "people-chosen"
WHY: Final = "people-why"
LAST_REASON: Final = "people-last-reason"
CLEAR: Final = "people-clear"
NAME: Final = "people"


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Names of zones and units by code."""

    communities: Mapping[str, str]
    grids: Mapping[str, str]
    units: Mapping[str, str]


def names() -> PlaceNames:
    """Return the names that a list of people shows instead of codes."""
    with cache.context().look(Action.VIEW_PEOPLE) as tx:
        communities, grids, units = (
            {str(code): str(name or code) for code, name in tx.read_layer(layer, columns=["name"])["name"].items()}
            for layer in (Layer.COMMUNITIES, Layer.GRIDS, Layer.UNITS)
        )
    return PlaceNames(communities, grids, units)


def search_page() -> PersonPage:
    """Return the people of the page of the list that is shown; none where no more may be looked for now."""
    query, community = str(state.widget_value(SEARCH) or ""), str(state.widget_value(COMMUNITY) or "")

    def read(offset: int) -> PersonPage:
        return people.find_people(cache.context(), query, community=community, offset=offset)

    try:
        return read_page(NAME, AT_ONCE, read, lambda page: page.count)
    except LookLimitError as error:
        keep_refusal(NAME, error)
        return PersonPage((), 0)


def search() -> None:
    """Begin the list anew, after the search was changed."""
    to_first_page(NAME)
    choose(None)


def choose(code: str | None) -> None:
    """Show a person's card; what was shown in clear of another is let go of."""
    state.forget(CLEAR)
    forget_outcome(NAME)
    state.keep(CHOSEN, code)


def selected_person() -> Person | None:
    """Return whose card is shown, masked; None for nobody, or if they are gone."""
    code = state.saved_value(CHOSEN)
    return people.read_person(cache.context(), str(code)) if code else None


def clear_of(code: str) -> ClearPerson | None:
    """Return what is shown in clear of a person, None while it is masked; in another role it has to be asked anew."""
    kept: tuple[Actor, ClearPerson] | None = state.saved_value(CLEAR)
    if kept is None or kept[0] != session.actor():
        return None
    return kept[1] if kept[1].code == code else None


def unmask(code: str) -> None:
    """Show a person in clear; the reason stays chosen for the next."""
    reason = str(state.widget_value(WHY) or "")
    state.keep(LAST_REASON, reason)
    context = cache.context()
    with attempt(NAME):
        state.keep(CLEAR, (context.actor, people.unmask(context, code, reason=reason)))


def reasons() -> list[str]:
    """Return the usual reasons, and the one that was given last."""
    usual, last = [_(reason) for reason in USUAL_REASONS], state.saved_value(LAST_REASON)
    return usual if not last or last in usual else [*usual, last]


def mask() -> None:
    """Mask what is shown in clear."""
    state.forget(CLEAR)


def correct(code: str) -> None:
    """Write what was filled into the form; fields left empty stay as they are."""
    given = {name: str(state.widget_value(f"people-{name}-{code}") or "").strip() for name in _FIELDS}
    times = {part: state.widget_value(f"people-{part.value}-{code}") for part in DayPart}
    available = {part: float(share) / 100 for part, share in times.items() if share is not None}
    stated = {name: said or None for name, said in given.items()}
    correction = Correction(stated["name"], stated["phone"], stated["address"], available, keep_until=stated["until"])
    with attempt(NAME) as tell:
        people.correct_person(cache.context(), code, correction)
        state.forget(CLEAR)
        for name in (*_FIELDS, *(part.value for part in DayPart)):
            state.forget(f"people-{name}-{code}")
        tell(text("Corrected."))


def make_export(code: str) -> bytes:
    """Return the file with everything about a person, as whoever fetches it may give it to them."""
    return json.dumps(people.export_person(cache.context(), code), ensure_ascii=False, indent=2, default=str).encode()


_FIELDS: Final = ("name", "phone", "address", "until")
