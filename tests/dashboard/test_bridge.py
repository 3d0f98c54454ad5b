"""What is done behind the back of folium and streamlit-folium; where a test fails, they have a way of their own."""

from unittest.mock import MagicMock

import folium
import pytest
import streamlit_folium as sf

from dashboard.map import bridge


@pytest.fixture
def paper():
    made = folium.Map(location=(23.4, 113.2), tiles=None)
    folium.plugins.Fullscreen().add_to(made)
    return made


def test_a_map_is_rendered_once_and_shown_as_often_as_one_likes(paper, monkeypatch):
    shown = MagicMock()
    monkeypatch.setattr(bridge, "COMPONENT", shown)
    once = bridge.render_map(paper)
    monkeypatch.setattr(sf, "_get_map_string", MagicMock(side_effect=AssertionError("rendered again")))
    for _ in range(2):
        bridge.show_map(once, "", height=100, on_pick=lambda: None)
    first, second = (call.kwargs for call in shown.call_args_list)
    assert first["script"] == second["script"] == once.script
    assert first["key"] == second["key"]
    assert any("fullscreen" in link.lower() for link in (*once.css_links, *once.js_links))


def test_streamlit_folium_renders_a_map_on_every_run(paper, monkeypatch):
    """If this fails, ``st_folium`` keeps what it rendered, and ``show_map`` and ``render_map`` may go."""
    monkeypatch.setattr(sf, "_component_func", lambda **_options: {})
    rendered = MagicMock(side_effect=sf._get_map_string)
    monkeypatch.setattr(sf, "_get_map_string", rendered)
    for _ in range(2):
        sf.st_folium(paper, returned_objects=[], key="map")
    assert rendered.call_count == 2


def test_folium_has_no_other_way_to_the_children_of_a_map(paper):
    """If this fails, ``render_map`` may ask for them by that name."""
    assert not [name for name in dir(paper) if "child" in name and not name.startswith(("_", "add_"))]


def test_the_script_of_a_group_names_no_map_of_its_own():
    group = folium.FeatureGroup(name="now")
    group.add_child(folium.CircleMarker((23.4, 113.2)))
    script = bridge.script_of(group)
    assert "circleMarker" in script
    assert "L.map(" not in script
