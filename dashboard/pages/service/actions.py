"""What the page 服务 keeps between runs, and what its buttons do."""

from dataclasses import dataclass
from typing import Final

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.pager import to_first_page
from dashboard.streamlit import state
from geo.schema import Layer
from services.claims import Claim, ClaimDraft, ClaimOverview, ClaimPlace, add_claim, end_claim
from services.i18n import text

NAME: Final = "service"
COMMUNITY: Final = "service-community"
STATE: Final = "service-state"
_QUESTION: Final = "service-question"
_NEW: Final = "new"
_PLACE: Final = "service-place"
_TO_PLACE: Final = "place:"


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """An estate or grid that is chosen in the list or on the map."""

    layer: Layer
    code: str
    is_from_map: bool = False


def chosen_place() -> ChosenPlace | None:
    """Return what is chosen, None for nothing."""
    chosen: ChosenPlace | None = state.saved_value(_PLACE)
    return chosen


def place_word(place: ClaimPlace) -> str:
    """Return what the button of a place tells (``press``)."""
    return f"{_TO_PLACE}{place.layer.value}:{place.code}"


def forget_place() -> None:
    """Choose no place, as when another community is listed."""
    state.forget(_PLACE)
    to_first_page(NAME)


def take_pick(key: str, overview: ClaimOverview) -> None:
    """Choose the estate or grid that was clicked on the map, or list the community."""
    report = state.map_report(key)
    level, code = str(report.get("level") or ""), str(report.get("code") or "")
    if level == Layer.COMMUNITIES and code in overview.communities:
        _list_community(code, is_asked=True)
        state.forget(_PLACE)
    elif level in {Layer.ESTATES, Layer.GRIDS}:
        chosen = ChosenPlace(Layer(level), code, is_from_map=True)
        state.keep(_PLACE, chosen)
        inside = next((place for place in overview.places if is_inside(place, chosen)), None)
        if inside is not None:
            _list_community(inside.community_code, is_asked=bool(state.saved_value(COMMUNITY)))
    to_first_page(NAME)


def is_inside(place: ClaimPlace, chosen: ChosenPlace | None) -> bool:
    """Return whether a place is what is chosen, or lies in the grid that is."""
    return chosen is not None and chosen.code == (place.grid_code if chosen.layer is Layer.GRIDS else place.code)


def _list_community(code: str, *, is_asked: bool) -> None:
    if is_asked and len(cache.claim_overview().communities) > 1:
        state.keep(COMMUNITY, code)


def open_new() -> None:
    """Ask for a new claim when the page is drawn next."""
    state.keep(_QUESTION, _NEW)


def is_new_open() -> bool:
    """Return whether a new claim is asked for."""
    return bool(state.saved_value(_QUESTION) == _NEW)


def press(word: str) -> None:
    """Choose the place of a button, or ask whether its claim ends."""
    if word.startswith(_TO_PLACE):
        layer, _colon, code = word.removeprefix(_TO_PLACE).partition(":")
        state.keep(_PLACE, ChosenPlace(Layer(layer), code))
    else:
        state.keep(_QUESTION, int(word))


def claim_to_end(overview: ClaimOverview) -> Claim | None:
    """Return the claim of which it is asked whether it ends; None for none, or where it has ended meanwhile."""
    number = state.saved_value(_QUESTION)
    return next((claim for claim in overview.claims if claim.id == number), None)


def close() -> None:
    """Ask nothing any more."""
    state.forget(_QUESTION)


def add(draft: ClaimDraft) -> None:
    """Make a claim, and ask nothing any more; what is refused stays asked.

    Raises
    ------
    ServiceError
        As ``add_claim`` refuses it.
    """
    number = add_claim(cache.context(), draft)
    close()
    with attempt(NAME) as tell:
        tell(text("Claim {number} is made.", number=number))


def end(claim_id: int) -> None:
    """Let a claim end."""
    close()
    with attempt(NAME) as tell:
        end_claim(cache.context(), claim_id)
        tell(text("Claim {claim_id} has ended.", claim_id=claim_id))
