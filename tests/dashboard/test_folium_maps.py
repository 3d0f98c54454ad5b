"""The folium map: nothing from outside, levels by zoom, a payload apart from geometry."""

import json
import re

import pandas as pd
import pytest

from dashboard import cache
from dashboard.map import folium_maps
from geo.schema import Layer
from services.rules.classes import MapLayer, ZoneClasses, make_scale

NOTHING_CHOSEN = {"key": "/0", "name": "", "code": "", "go": False}


def boxes(width_degrees):
    return pd.DataFrame({"minx": [0.0], "miny": [0.0], "maxx": [width_degrees], "maxy": [width_degrees]})


def test_the_map_names_no_other_machine(demo):
    drawn = cache.static_map()
    for link in (*drawn.js_links, *drawn.css_links):
        assert link.startswith("/assets/")
    assert re.findall(r"https?://(?!www\.w3\.org)", drawn.script + drawn.header + drawn.html) == []


def test_the_map_is_rendered_once_for_a_version(demo):
    assert cache.static_map() is cache.static_map()


def test_geometry_is_not_in_the_script(demo):
    assert len(cache.static_map().script) < 10_000


def test_a_level_shows_when_its_zones_are_wide_enough():
    # At the equator a degree is 256 / 360 pixels wide at zoom 0: 0.0879 degrees are 64 pixels at zoom 10.
    assert folium_maps.first_zoom(boxes(64 / (256 * 2**10 / 360)), 64) == pytest.approx(10.0)
    assert folium_maps.first_zoom(boxes(0.01), 64) > folium_maps.first_zoom(boxes(0.1), 64)


def test_a_level_of_points_shows_near():
    assert folium_maps.first_zoom(boxes(0.0), 64) == 16.0


def payload(name="x", **choice):
    scale = make_scale(MapLayer.RATIO, pd.DataFrame(), Layer.GRIDS)
    wide = make_scale(MapLayer.RATIO, pd.DataFrame(), Layer.COMMUNITIES)
    levels = {
        Layer.COMMUNITIES: ZoneClasses(wide, "5", (100.0,)),
        Layer.GRIDS: ZoneClasses(scale, "019", (0.1, 0.5, None)),
    }
    marks = folium_maps.Marks([(3, 9.25)], {Layer.COMMUNITIES: (1, 0)})
    return folium_maps.make_payload(levels, marks, level="auto", choice={**NOTHING_CHOSEN, "code": name, **choice})


def test_the_payload_has_a_digit_and_a_figure_for_each_zone():
    now = payload()
    assert (now["levels"]["grids"]["cls"], now["levels"]["grids"]["figures"]) == ("019", (0.1, 0.5, None))
    assert now["marks"] == [[3, 9.2]]
    assert now["markCounts"]["communities"] == {"label": "各社区缺人杂居小区数（标最多的）", "counts": [1, 0]}
    assert now["levels"]["grids"]["order"] == [*"012345", "8", "9"]
    json.dumps(now)


def test_each_level_says_what_its_colours_mean():
    levels = payload()["levels"]
    assert {name: values["title"] for name, values in levels.items()} == {
        "communities": "需求满足率",
        "grids": "覆盖率",
    }
    assert levels["communities"]["labels"]["5"] == "全部满足"
    assert levels["grids"]["labels"]["5"] == "150% 及以上"


def test_no_need_and_no_data_have_a_colour_and_lines_that_run_in_opposite_directions():
    now = payload()
    assert {digit: hatch["rises"] for digit, hatch in now["hatches"].items()} == {"8": False, "9": True}
    assert all({"8", "9"} < set(values["colours"]) for values in now["levels"].values())


def test_the_same_view_gives_the_same_script_and_another_a_different_one():
    assert folium_maps.paint_script(payload()) == folium_maps.paint_script(payload())
    assert folium_maps.paint_script(payload()) != folium_maps.paint_script(payload(key="grids:x/1"))


def test_a_script_that_was_filled_says_what_was_put_in_and_keeps_the_rest():
    made = folium_maps.paint_to_fill(payload())
    code = {**NOTHING_CHOSEN, "code": "@level@ @choice@ @area@"}
    filled = folium_maps.fill_paint(made, level="estates", choice=code, area={Layer.GRIDS: [[0, 2]]})
    found, _ = json.JSONDecoder().raw_decode(filled[filled.index("GM.Paint(") + len("GM.Paint(") :])
    expected = {**payload(), "level": "estates", "choice": code, "area": {"grids": [[0, 2]]}}
    assert found == json.loads(json.dumps(expected))


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "${alert(1)}", "`+alert(1)+`", "');alert(1);('"]
)
def test_text_in_a_payload_stays_inside_a_json_string(text):
    script = folium_maps.paint_script(payload(text))
    assert "</script>" not in script
    start = script.index("GM.Paint(") + len("GM.Paint(")
    found, _ = json.JSONDecoder().raw_decode(script[start:])
    assert found["choice"]["code"] == text
