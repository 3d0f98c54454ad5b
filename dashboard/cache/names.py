"""What areas are called."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dashboard.cache.by_version import by_version
from dashboard.cache.store_versions import of_data, of_names
from dashboard.streamlit import session
from services import accounts
from services.accounts import Imprint
from services.i18n import Text
from services.rules.areas import Area
from services.rules.roles import Actor


def area_names(areas: Iterable[Area]) -> Mapping[Area, str]:
    """Return what each of some areas is called, in the current language."""
    return _area_names(frozenset(areas))


def own_area_name() -> str:
    """Return what the area of whoever looks is called; empty for everything."""
    area = session.actor().area
    return area_names([area])[area] if area.layer else ""


def imprint() -> Imprint:
    """Return what papers and screens say of whoever looks."""
    return _imprint(session.actor())


def paper_area_name(area: Area) -> Text:
    """Return what papers call an area."""
    return _imprint(replace(session.actor(), area=area)).area


@by_version(of_names, most=256)
def _imprint(actor: Actor) -> Imprint:
    return accounts.read_imprint(replace(session.server(), actor=actor))


@by_version(of_data, most=256, language=True)
def _area_names(areas: frozenset[Area]) -> Mapping[Area, str]:
    return accounts.name_areas(session.server(), areas)
