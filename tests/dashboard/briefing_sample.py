"""A briefing made by hand over the store of the settings: every part a screen can be asked to show."""

from datetime import datetime

import geopandas as gpd
from shapely.geometry import box

from dashboard import cache
from geo.schema import Layer
from services.analysis import underserved
from services.briefing.model import (
    Arc,
    Briefing,
    Chart,
    ChartKind,
    Column,
    Figure,
    MapPart,
    Section,
    SectionName,
    Series,
    Table,
    Tone,
)
from services.rules.classes import MapLayer, make_scale
from services.rules.windows import Mode, Window

FRIDAY = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))
FIGURES = (
    Figure("本时段需求满足率", "62%", "比上次 −3 个百分点", Tone.BAD),
    Figure("薄弱网格", "17", "共 65 个", Tone.BAD),
    Figure("缺口人数", "143", "比上次 +12", Tone.BAD),
    Figure("富余人数", "1,204", "比上次 +30", Tone.GOOD),
)


def make_map(arcs: tuple[Arc, ...] = ()) -> MapPart:
    """Return the map of the grids on Friday evening."""
    picture = cache.picture(Mode.ROUTINE, FRIDAY)
    table, zones = picture.tables[Layer.GRIDS], cache.layer_frame(Layer.GRIDS)
    short = underserved(cache.basis(), picture.tables[Layer.ESTATES], Layer.ESTATES)
    short = short[short["mixed"].astype(bool)].head(10)
    marks = cache.layer_frame(Layer.ESTATES).loc[short.index, ["name", "geom"]].assign(gap=short["gap"])
    borders = (cache.layer_frame(Layer.SUBDISTRICTS), cache.layer_frame(Layer.COMMUNITIES))
    base = {layer: cache.layer_frame(layer) for layer in (Layer.ROADS, Layer.WATER)}
    return MapPart(Layer.GRIDS, make_scale(MapLayer.RATIO, table), table, zones, borders, marks, base, arcs)


def square_map(names: tuple[str, ...] = ("甲", "乙", "丙")) -> MapPart:
    """Return a map of squares side by side, without any store: short, enough, unknown."""
    zones = gpd.GeoDataFrame(
        {"name": list(names), "geom": [box(113.2 + k / 100, 23.4, 113.21 + k / 100, 23.41) for k in range(len(names))]},
        index=[f"G{k}" for k in range(len(names))],
        geometry="geom",
        crs=4326,
    )
    ratios, statuses = [0.2, 1.2, None], ["weak", "enough", "no_data"]
    table = zones[["name"]].assign(
        ratio=ratios, status=statuses, need=[10.0, 5.0, None], supply=[2.0, 6.0, None], gap=[8.0, 0.0, None],
        surplus=[0.0, 1.0, None],
    )  # fmt: skip
    return MapPart(Layer.GRIDS, make_scale(MapLayer.RATIO, table), table, zones)


def make_sample(map_part: MapPart | None = None, *, number: int | None = None) -> Briefing:
    """Return a briefing with every section."""
    names = Column("小区"), Column("社区"), Column("缺口", is_number=True), Column("原因")
    rows = tuple((f"第{k}小区", "雅瑶社区", str(40 - 2 * k), "3 个门岗、外来人口过半、无物业") for k in range(1, 15))
    shown = map_part or make_map()
    west, south, east, north = shown.zones.total_bounds
    arc = Arc(
        (west + (east - west) / 4, south + (north - south) / 4), (west + (east - west) / 1.5, north), "先锋队 12 人"
    )
    moved = MapPart(shown.level, shown.scale, shown.table, shown.zones, shown.borders, arcs=(arc,))
    hours = tuple(f"{k % 24}时" for k in range(72))
    weak = tuple(float(10 + (k * 7) % 23) for k in range(72))
    sections = (
        Section(
            SectionName.SITUATION, "今晚 20 时起 17 个网格力量不足，缺 143 人，集中在雅瑶、合和两个社区",
            lead="比上次多 3 个薄弱网格。", figures=FIGURES, map=shown,
        ),
        Section(SectionName.WEAKEST, "最薄弱的十个杂居小区共缺 96 人", comment="请各社区书记今晚 18 时前确认。",
                table=Table(names, rows)),
        Section(SectionName.PLAN, "调 6 支队伍后还有 4 个网格薄弱", figures=FIGURES[:2], map=moved,
                table=Table((Column("网格"), Column("调前", is_number=True), Column("调后", is_number=True)),
                            tuple((f"第{k}网格", "12", "3") for k in range(6)))),
        Section(SectionName.HOURS, "明天 18 时最紧，33 个网格薄弱",
                chart=Chart(ChartKind.BARS, hours, (Series("薄弱网格", weak),), "个", 22, "明天 18 时 33 个")),
        Section(SectionName.COMMUNITIES, "三个社区可外借 210 人",
                table=Table((Column("社区"), Column("需求", is_number=True), Column("可用", is_number=True),
                             Column("满足率", is_number=True), Column("队伍", is_number=True)),
                            tuple((f"第{k}社区", "120", "98", "82%", "4") for k in range(11)))),
        Section(SectionName.DATA, "数据 12 分钟前更新，3 人未落点",
                table=Table((Column("项目"), Column("内容")), (("坐标系", "CGCS2000"), ("未落点", "3")))),
    )  # fmt: skip
    made = datetime(2026, 11, 27, 18, 5)
    return Briefing(
        "zh", "H区花山镇力量简报", made, 12, datetime(2026, 11, 27, 17, 50), "11-27 周五 20:00–24:00", "平时",
        "内部资料", "来源：网格集结，数据版本 12，2026-11-27 18:05", sections, number,
    )  # fmt: skip
