"""The address holds the view, and nothing strange in an address does harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.streamlit.state import AUTO, View, format_view, parse_view, unread_parts
from geo.schema import ZONE_LAYERS
from services.i18n import LANGUAGES
from services.rules.classes import MapLayer
from services.rules.windows import Mode, NamedWindow

views = st.builds(
    View,
    window=st.sampled_from([*(w.value for w in NamedWindow), "2026-11-27T20:00/2026-11-28T00:00"]),
    mode=st.sampled_from(["", *(m.value for m in Mode)]),
    layer=st.sampled_from([layer.value for layer in MapLayer]),
    level=st.sampled_from([AUTO, *(layer.value for layer in ZONE_LAYERS)]),
    zone=st.one_of(
        st.just(""), st.builds("{}:{}".format, st.sampled_from([z.value for z in ZONE_LAYERS]), st.text(min_size=1))
    ),
    within=st.just(""),
    lang=st.sampled_from(["", *LANGUAGES]),
)


@given(views)
def test_a_view_comes_back_from_its_address(view):
    assert parse_view(format_view(view)) == view


def test_the_default_view_leaves_the_address_empty():
    assert format_view(View()) == {}


@pytest.mark.parametrize("name", ["mode", "layer", "level", "zone", "lang"])
@given(given_value=st.text())
def test_what_is_not_understood_is_at_its_default(name, given_value):
    known = {*Mode, *MapLayer, *ZONE_LAYERS, *LANGUAGES, AUTO}
    if given_value not in known and ":" not in given_value:
        assert parse_view({name: given_value}) == View()


def test_a_code_may_hold_a_colon():
    view = parse_view({"zone": "grids:A:1"})
    assert (view.zone_level, view.zone_code) == ("grids", "A:1")


@pytest.mark.parametrize(
    ("query", "area"),
    [
        ({}, ""),
        ({"zone": "subdistricts:S"}, "subdistricts:S"),
        ({"zone": "grids:G"}, ""),
        ({"zone": "grids:G", "within": "communities:C"}, "communities:C"),
        ({"zone": "subdistricts:S", "within": "communities:C"}, "subdistricts:S"),
        ({"zone": "grids:G", "within": "grids:H"}, ""),
        ({"within": "communities:C"}, ""),
    ],
)
def test_figures_are_of_the_wide_zone_that_was_chosen_last(query, area):
    view = parse_view(query)
    assert view.area == area
    assert parse_view(format_view(view)) == view


def test_what_an_address_says_in_vain_is_known():
    query = {"mode": "war", "layer": "gap", "zone": "planets:1", "at": "23.4,113.2,16"}
    assert unread_parts(query, parse_view(query)) == {"mode": "war", "zone": "planets:1"}


def test_a_widget_without_a_value_changes_nothing_of_the_view():
    app = AppTest.from_function(_lose_a_widget).run()
    assert not app.exception
    assert parse_view(json.loads(app.text[0].value)) == View(mode="emergency", lang="en")
    assert app.text[1].value == "{}"


def _lose_a_widget():
    import json

    import streamlit as st

    from dashboard.streamlit import state

    state.change_view(mode="emergency", lang="zh")
    state.change_view(mode=state.widget_value("mode"), lang="en")
    st.text(json.dumps(state.format_view(state.read_view())))
    st.text(json.dumps(dict(state.unread())))
