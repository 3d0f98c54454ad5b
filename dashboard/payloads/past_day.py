"""A past day as the JSON that the screen shows: a section for each hour, which it steps through like any other."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from dashboard.payloads.briefing import PutShapes, briefing_payload, classes_payload, ground_payload, section_payload
from services.accounts import Imprint
from services.briefing import Briefing, Replay, SectionName
from services.briefing.model import Chart, ChartKind, MapPart, Section, Series
from services.i18n import _
from services.wording import MARK

HOURS_A_DAY: Final = 24
_HOURS: Final = tuple(f"{hour:02}" for hour in range(HOURS_A_DAY))


@dataclass(frozen=True)
class PastDay:
    """A replayed day with the outlines of its zones. Frames are shared: never change them."""

    replay: Replay
    language: str
    zones: gpd.GeoDataFrame
    """In the order of ``replay.codes``."""
    borders: tuple[gpd.GeoDataFrame, ...] = ()


def day_payload(past: PastDay, put_shapes: PutShapes, imprint: Imprint) -> dict[str, Any]:
    """Return what the screen shows of a day to whom the imprint names; its texts are in the current language."""
    replay = past.replay
    map_ground = MapPart(replay.level, replay.scale, replay.words, pd.DataFrame(), past.zones, past.borders)
    drawn = ground_payload(map_ground, put_shapes)
    told = Briefing(
        language=past.language,
        title=replay.title,
        made_at=replay.hours[-1].start if replay.hours else datetime.combine(replay.day, time()),
        data_version=0,
        data_at=None,
        window="",
        mode="",
        mark=_(MARK),
        source="",
        sections=(),
        area=_(imprint.area),
        maker=_(imprint.maker),
    )
    return briefing_payload(told, put_shapes) | {
        "replay": replay.day.isoformat(),
        "sections": [_hour_payload(replay, k, drawn, put_shapes) for k in range(len(replay.hours))],
    }


def _hour_payload(replay: Replay, k: int, drawn: dict[str, Any], put_shapes: PutShapes) -> dict[str, Any]:
    hours, hour = replay.hours, replay.hours[k]
    unknown = (None,) * (HOURS_A_DAY - len(hours))
    weak = Series(_("Weak grids"), (*(float(one.weak) for one in hours), *unknown))
    section = Section(
        SectionName.HOURS,
        hour.title,
        f"{hour.mode} · {replay.note}",
        figures=hour.figures,
        chart=Chart(ChartKind.LINE, _HOURS, (weak,), "", k, hour.label),
    )
    return section_payload(section, put_shapes) | {
        "name": f"hour-{hour.start:%H}",
        "label": f"{hour.start:%H}",
        "map": drawn | classes_payload(hour.digits) | {"facts": [], "marks": None},
    }
