"""What areas are called."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from dashboard.cache.store_versions import data_version
from dashboard.streamlit import session
from services import accounts
from services.i18n import current_language
from services.rules.areas import Area, parse_area


def area_names(areas: Iterable[Area]) -> Mapping[Area, str]:
    """Return what each of some areas is called, in the current language."""
    wanted = sorted({str(area) for area in areas})
    named = _area_names(session.settings().store, data_version(), current_language(), tuple(wanted))
    return {parse_area(area): name for area, name in named.items()}


def own_area_name() -> str:
    """Return what the area of whoever looks is called; empty for everything."""
    area = session.actor().area
    return area_names([area])[area] if area.layer else ""


@lru_cache(maxsize=256)
def _area_names(store: str, version: int, language: str, areas: tuple[str, ...]) -> Mapping[str, str]:
    del store, version, language
    named = accounts.name_areas(session.server(), map(parse_area, areas))
    return {str(area): name for area, name in named.items()}
