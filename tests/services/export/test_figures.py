import io
import re
import struct
from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pylopdf_fonts_zh_cn
import pytest
import shapely
from matplotlib import image
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.ft2font import FT2Font

from geo.schema import Layer
from services.briefing.mapping import say_words
from services.briefing.model import MapPart
from services.export.canvas import nice_length
from services.export.figures import MapPicture, class_rows, coverage_png, draw_figure, font
from services.export.situation import conclusion
from services.i18n import LOCALE_DIR, use_language
from services.rules.class_colours import NO_DATA_COLOUR, NO_NEED_COLOUR, RATIO_COLOURS
from services.rules.classes import MapLayer, classify, make_scale
from services.rules.windows import Window


@pytest.fixture
def picture(table, zones, facts) -> MapPicture:
    scale = make_scale(MapLayer.RATIO, table, Layer.GRIDS)
    return MapPicture(MapPart(Layer.GRIDS, scale, say_words(scale), table, zones), "8 个网格中 4 个缺人", facts)


def with_part(picture, **fields) -> MapPicture:
    """Return the picture with another table, other zones, borders or marks."""
    return replace(picture, part=replace(picture.part, **fields))


@pytest.fixture
def estates(zones) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["一苑", "二苑"], "gap": [9.0, 2.5], "geom": zones.geometry.iloc[[0, 2]]}, geometry="geom", crs=4326
    )


def rows_of(picture) -> list[tuple[str, str, str, int]]:
    return class_rows(picture.part, classify(picture.part.scale, picture.part.table).digits)


def texts_of(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts] + [text.get_text() for text in figure.texts]


def colours_of(picture: MapPicture) -> set[str]:
    """Return every colour of the map's part of the page."""
    bytes_ = np.round(pixels_of(picture)[:, :1300, :3] * 255).astype(np.uint32)
    return {f"#{number:06x}" for number in np.unique(bytes_ @ np.array([65536, 256, 1], dtype=np.uint32))}


def pixels_of(picture: MapPicture) -> np.ndarray:
    return image.imread(io.BytesIO(coverage_png(picture)), format="png")


def test_the_picture_is_1920_by_1080(picture):
    assert struct.unpack(">II", coverage_png(picture)[16:24]) == (1920, 1080)


def test_every_class_is_drawn_in_its_colour(picture):
    assert {*RATIO_COLOURS, NO_NEED_COLOUR, NO_DATA_COLOUR} <= colours_of(picture)


def test_a_hole_stays_empty(picture, zones):
    """The middle of the second square is a hole; its ring is the only paper inside the row of squares."""
    axes = draw_figure(picture).axes[0]
    hole = zones.to_crs(4547).geometry.iloc[1].geoms[0].interiors[0].centroid
    x, y = axes.transData.transform((hole.x, hole.y)).astype(int)
    assert to_hex(pixels_of(picture)[-y, x]) == "#ffffff"


def test_the_legend_counts_the_zones_of_every_class(picture):
    assert [count for *_, count in rows_of(picture)] == [1] * 8
    texts = texts_of(draw_figure(picture))
    assert {"低于 25%", "150% 及以上", "无需求", "无数据"} <= set(texts)


def test_the_page_says_what_it_shows_and_from_what(picture):
    texts = texts_of(draw_figure(picture))
    assert "8 个网格中 4 个缺人" in texts
    footer = next(text for text in texts if "内部资料" in text)
    for said in (
        "2026-11-27 周五 20:00–24:00",
        "平时",
        "马桥街道",
        "制作：张主任",
        "生成于 2026-11-27 18:05 北京时间（UTC+8）",
    ):
        assert said in footer
    assert not {"口径", "版本"} & set(re.split(r"[ ：·]", footer))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_longest_line_at_the_foot_stays_on_the_page(picture, language):
    weekend = Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 29, 22))
    use_language(language)
    figure = draw_figure(replace(picture, facts=replace(picture.facts, window=weekend, fictitious=True)))
    figure.canvas.draw()
    foot = figure.texts[-1].get_window_extent()
    assert "UTC+8" in figure.texts[-1].get_text()
    assert foot.x1 <= 0.985 * figure.bbox.x1


def test_mixed_estates_are_numbered_and_named_with_their_gap(picture, estates):
    texts = texts_of(draw_figure(with_part(picture, marks=estates)))
    assert texts.count("2") == 2, "on the map and in the list"
    assert {"一苑", "缺 9 人", "二苑", "缺 2.5 人", "缺人的杂居小区：2 个"} <= set(texts)


def test_names_of_wider_zones_do_not_cover_each_other(picture, zones):
    wider = zones.assign(name=[f"很长的社区名称{k}" for k in range(8)])
    figure = draw_figure(with_part(picture, borders=(wider,)))
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if "社区" in text.get_text()]
    assert boxes
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_the_map_has_one_scale_both_ways(picture):
    axes = draw_figure(picture).axes[0]
    box = axes.get_window_extent()
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    assert (east - west) / box.width == pytest.approx((north - south) / box.height)


def test_a_zone_without_outline_is_counted_and_not_drawn(picture):
    zones = picture.part.zones.copy()
    zones.loc["000", "geom"] = None
    figure = draw_figure(with_part(picture, zones=zones))
    drawn = [c for c in figure.axes[0].collections if isinstance(c, PolyCollection)]
    assert RATIO_COLOURS[0] not in {to_hex(c.get_facecolor()[0]) for c in drawn if len(c.get_facecolor())}
    assert (
        next(count for *_, count in class_rows(picture.part, classify(picture.part.scale, picture.part.table).digits))
        == 1
    )


def test_an_empty_level_gives_a_page_without_a_map(picture):
    nothing = with_part(picture, table=picture.part.table.head(0), zones=picture.part.zones.head(0))
    assert coverage_png(nothing).startswith(b"\x89PNG")


def test_points_are_drawn_as_dots(picture):
    points = picture.part.zones.set_geometry(picture.part.zones.geometry.representative_point())
    dotted = with_part(picture, zones=points)
    assert set(RATIO_COLOURS) <= colours_of(dotted)


def test_the_font_has_every_character_of_the_catalogue():
    known = set(FT2Font(font().get_file()).get_charmap())
    wanted = set((LOCALE_DIR / "zh" / "LC_MESSAGES" / "export.po").read_text(encoding="utf-8")) - {"\n"}
    assert {character for character in wanted if ord(character) not in known} == set()


def test_the_system_font_stands_in_for_the_package(tmp_path):
    packaged = pylopdf_fonts_zh_cn.sans_path()
    assert font().get_file() == str(packaged)
    assert font(tmp_path / "missing.otf").get_file() != str(packaged)


@pytest.mark.parametrize(("most", "length"), [(1, 1), (1.99, 1), (2, 2), (730, 500), (12_000, 10_000), (0.3, 0.2)])
def test_a_scale_bar_is_1_2_or_5_with_zeros(most, length):
    assert nice_length(most) == pytest.approx(length)


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (MapLayer.RATIO, "8 个网格中 4 个缺人：共缺 21 人，富余 12 人"),
        (MapLayer.GAP, "8 个网格中 4 个缺人：共缺 21 人，富余 12 人"),
        (MapLayer.REACH, "8 个网格中 1 个就近可到的人数少于需求"),
        (MapLayer.COLD, "薄弱聚集区内有 1 个网格，力量聚集区内有 0 个"),
        (MapLayer.CALLABLE, "还可动员 20 人：那时有空、不在值守表上"),
    ],
)
def test_the_title_says_what_the_map_shows(table, layer, said):
    spotted = table.assign(cold=["cold", *[""] * 7], callable=2.5)
    assert conclusion(spotted, Layer.GRIDS, make_scale(layer, spotted, Layer.GRIDS)) == said


def test_the_title_says_when_nobody_is_missing(table):
    strong = table[table["status"] == "spare"]
    assert (
        conclusion(strong, Layer.GRIDS, make_scale(MapLayer.RATIO, strong, Layer.GRIDS)) == "没有网格缺人，富余 12 人"
    )


def test_the_page_is_complete_in_english(picture, estates):
    use_language("en")
    texts = texts_of(draw_figure(with_part(picture, marks=estates, words=say_words(picture.part.scale))))
    chinese = [t for t in texts if any("\u4e00" <= c <= "\u9fff" for c in t)]
    unnamed = {text.replace("马桥街道", "").replace("张主任", "") for text in chinese}
    assert {t for t in unnamed if re.search("[一-龥]", t)} == {"8 个网格中 4 个缺人", "一苑", "二苑"}


def test_twenty_thousand_grids_are_one_collection_a_class(picture, table):
    """What makes it fast: no artist for each zone."""
    x, y = np.divmod(np.arange(20_000), 200)
    boxes = shapely.box(113 + x / 1e4, 23 + y / 1e4, 113 + (x + 1) / 1e4, 23 + (y + 1) / 1e4)
    codes = pd.Index(np.arange(20_000).astype(str), name="code")
    many = table.iloc[np.arange(20_000) % 8].set_index(codes)
    zones = gpd.GeoDataFrame({"name": ""}, geometry=boxes, index=codes, crs=4326).rename_geometry("geom")
    figure = draw_figure(with_part(picture, table=many, zones=zones))
    assert len(figure.axes[0].collections) < 40


@pytest.mark.parametrize(
    ("count", "drawn", "note"), [(208, 200, "另有 200 个，已在图上标出"), (209, 0, "太多，图上未标")]
)
def test_marks_never_hide_the_colours(picture, zones, count, drawn, note):
    spots = gpd.GeoSeries(zones.geometry.iloc[:1].representative_point().to_list() * count, crs=4326)
    marks = gpd.GeoDataFrame({"name": ["一苑"] * count, "gap": [5.0] * count, "geom": spots}, geometry="geom", crs=4326)
    figure = draw_figure(with_part(picture, marks=marks))
    diamonds = [len(one.get_offsets()) for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    assert max(diamonds) == max(drawn, 1)
    assert any(note in said for said in texts_of(figure))
