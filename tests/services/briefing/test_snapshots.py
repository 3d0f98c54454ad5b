"""A frozen briefing is word for word what it was, whatever happens to the data, the catalogues and the program."""

import json
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from geo.schema import Layer
from services import i18n
from services.briefing import (
    SectionChoice,
    SectionName,
    freeze,
    list_briefings,
    make_briefing,
    read_briefing,
    stored_briefing,
)
from services.briefing.errors import SnapshotDamagedError, SnapshotVersionError, UnknownBriefingError
from services.briefing.frames import STEP
from services.briefing.history import Headline
from services.briefing.mapping import said_scale
from services.briefing.model import (
    Arc,
    Briefing,
    Chart,
    ChartKind,
    KeyFigure,
    MapPart,
    MapWords,
    Section,
    Series,
    Table,
    TableColumn,
    Tone,
)
from services.briefing.stored_briefing import StoredBriefing, from_kept, said_in, to_kept
from services.briefing.words import speaking
from services.catalog.actions import Action
from services.context import RefusedError
from services.i18n import Text
from services.rules.classes import MapLayer, Scale
from services.rules.windows import DAY, Mode, Window
from services.store import tables
from tests.acting import act
from tests.briefings import make_sample, square_map

from .conftest import EVENING, NOW


def assert_same(one, other, *, tolerance=0.0):
    """Two briefings say and draw the same; outlines may differ by so many degrees."""
    assert replace(one, sections=(), number=None) == replace(other, sections=(), number=None)
    assert len(one.sections) == len(other.sections)
    for left, right in zip(one.sections, other.sections, strict=True):
        assert replace(left, map=None) == replace(right, map=None)
        assert (left.map is None) == (right.map is None)
        if left.map is not None:
            assert_same_map(left.map, right.map, tolerance)


def assert_same_map(one, other, tolerance):
    said = [(part.level, part.scale, part.words, part.arcs, set(part.base)) for part in (one, other)]
    assert said[0] == said[1]
    pd.testing.assert_frame_equal(one.table, other.table)
    pairs = [(one.zones, other.zones), *zip(one.borders, other.borders, strict=True)]
    pairs += [(one.base[layer], other.base[layer]) for layer in one.base]
    if one.marks is not None or other.marks is not None:
        pairs.append((one.marks, other.marks))
        assert one.marks["gap"].tolist() == other.marks["gap"].tolist()
    for left, right in pairs:
        assert left.index.tolist() == right.index.tolist()
        shapes = list(zip(left.geometry, right.geometry, strict=True))
        assert all(a is b is None or shapely.equals_exact(a, b, tolerance) for a, b in shapes)
        if "name" in right:
            assert left["name"].tolist() == right["name"].tolist()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_read_is_what_was_made(office, request_, commit, language):
    commit(("T1", "G2", 12), ("T2", "G3", 6))
    asked = replace(
        request_, language=language, sections=(SectionChoice(SectionName.PLAN, "注意"), *request_.sections[:2])
    )
    made = make_briefing(office, asked)
    number = freeze(office, asked)
    assert_same(made, read_briefing(office, number, language), tolerance=STEP)


def test_a_snapshot_stays_when_the_data_goes(office, request_, commit):
    commit(("T1", "G2", 12))
    number = freeze(office, request_)
    before = read_briefing(office, number, "zh")
    with act(office, Action.IMPORT) as work:
        for layer in (Layer.TEAMS, Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES):
            work.tx.delete(layer, work.tx.read_codes(layer))
    assert_same(before, read_briefing(office, number, "zh"))


def test_a_snapshot_stays_when_the_catalogue_changes(office, request_, monkeypatch):
    number = freeze(office, request_)
    before = read_briefing(office, number, "zh")
    monkeypatch.setattr(i18n, "catalogue", lambda _language: {})
    after = read_briefing(office, number, "zh")
    assert_same(before, after)
    assert i18n.translate(after.sections[0].map.scale.labels[0]) == "低于 25%"
    assert after.sections[0].map.words.no_need == "无需求"


def test_a_snapshot_kept_without_a_legend_says_the_words_of_today(office, request_, monkeypatch):
    monkeypatch.setattr(
        stored_briefing, "said_in", lambda part: {k: v for k, v in said_in(part).items() if k != "legend"}
    )
    number = freeze(office, request_)
    assert read_briefing(office, number, "en").sections[0].map.words.no_need == "No need"


def test_a_snapshot_is_kept_in_both_languages(office, request_):
    number = freeze(office, request_)
    zh, en = (read_briefing(office, number, language) for language in ("zh", "en"))
    assert (zh.mark, en.mark) == ("内部资料，请勿外传", "Internal, do not pass on")
    assert en.sections[0].map.scale.labels[0].id == "under 25%"


def test_an_unknown_language_is_chinese(office, request_):
    assert read_briefing(office, freeze(office, request_), "fr").language == "zh"


def test_numbers_count_up_and_the_newest_comes_first(office, request_, now):
    one = freeze(office, request_)
    now[0] = NOW + timedelta(hours=1)
    two = freeze(office, replace(request_, mode=Mode.LOCKDOWN))
    heads = list_briefings(office)
    assert [head.number for head in heads] == [two, one] == [2, 1]
    assert (heads[0].made_at, heads[0].mode, heads[0].window) == (now[0], Mode.LOCKDOWN, EVENING)
    assert read_briefing(office, two, "zh").number == two
    assert [head.number for head in list_briefings(office, limit=1)] == [two]


def test_the_screen_reads_snapshots_and_makes_none(office, screen, request_):
    number = freeze(office, request_)
    assert read_briefing(screen, number, "zh").number == number
    with pytest.raises(RefusedError):
        freeze(screen, request_)


def test_freezing_leaves_an_audit_row_without_words(office, request_):
    freeze(office, request_)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1).iloc[0]
    assert row["action"] == Action.MAKE_BRIEFING
    assert set(json.loads(row["detail"])) == {"number", "data_version", "bytes"}


def test_an_unknown_number_is_told(office):
    with pytest.raises(UnknownBriefingError, match="7"):
        read_briefing(office, 7, "zh")


def spoil(store, number, **columns):
    with store.write() as tx:
        kept = tables.briefings
        tx._connection.execute(update(kept).where(kept.c.number == number).values(**columns))


def kept_body(store, number):
    with store.read() as tx:
        return json.loads(tx.briefings.read_body(number))


@pytest.mark.parametrize("version", [0, 2, "1.0", None])
def test_another_format_is_named_as_such(office, store, request_, version):
    number = freeze(office, request_)
    spoil(store, number, body=json.dumps(kept_body(store, number) | {"format": version}))
    with pytest.raises(SnapshotVersionError, match=str(number)):
        read_briefing(office, number, "zh")


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"format": 1}', '{"sha256": ""}'])
def test_a_body_that_is_none_is_damaged(office, store, request_, body):
    number = freeze(office, request_)
    spoil(store, number, body=body)
    with pytest.raises(SnapshotDamagedError):
        read_briefing(office, number, "zh")


def test_a_changed_word_is_noticed(office, store, request_):
    number = freeze(office, request_)
    body = kept_body(store, number)
    body["content"]["languages"]["zh"]["sections"][0]["title"] = "一切正常"
    spoil(store, number, body=json.dumps(body, ensure_ascii=False))
    with pytest.raises(SnapshotDamagedError):
        read_briefing(office, number, "zh")


@pytest.mark.parametrize("maps", [None, b"", b"no maps"])
def test_damaged_maps_are_noticed(office, store, request_, maps):
    number = freeze(office, request_)
    spoil(store, number, maps=maps)
    with pytest.raises(SnapshotDamagedError):
        read_briefing(office, number, "zh")


def test_a_damaged_snapshot_is_passed_over_when_figures_are_compared_unless_it_was_chosen(office, store, request_):
    first, second = freeze(office, request_), freeze(office, request_)
    spoil(store, second, body="{")
    tomorrow = Window(EVENING.start + DAY, EVENING.end + DAY)
    assert f"第 {first} 号" in make_briefing(office, replace(request_, window=tomorrow)).sections[0].lead
    with pytest.raises(SnapshotDamagedError):
        make_briefing(office, replace(request_, compare=second))


def sample_in(language):
    """Return the sample with a small map, its labels said."""
    with speaking(language):
        part = square_map()
        part = replace(part, scale=said_scale(part.scale), table=part.table.rename_axis("code"))
        said = "来源：网格集结 · 数据版本 17 · 2026-11-27 18:05"
        return replace(make_sample(language, part), number=None, area="", maker="", source=said)


def test_a_snapshot_of_an_earlier_program_opens_and_would_be_kept_as_it_was():
    kept = json.loads(Path(__file__).with_name("frozen_in_format_1.json").read_text(encoding="utf-8"))
    frozen = StoredBriefing(json.dumps(kept["body"]), b64decode(kept["maps"]))
    samples = {language: sample_in(language) for language in ("zh", "en")}
    for language, sample in samples.items():
        assert_same(sample, from_kept(frozen, language, 5), tolerance=STEP)
    again = to_kept(samples, Headline(0.86, 17, 143.0, 208.0))
    content = json.loads(again.body)["content"]
    unsaid = {(said.pop("area"), said.pop("maker")) for said in content["languages"].values()}
    assert (content, unsaid) == (kept["body"]["content"], {("", "")})
    assert zlib.decompress(again.maps) == zlib.decompress(frozen.maps)


def test_a_snapshot_that_does_not_say_who_made_it_for_which_area_is_told_both(office, store, request_):
    number = freeze(office, request_)
    with store.read() as tx:
        row = tx.briefings.read(number)
    frozen = StoredBriefing(row["body"], row["maps"])
    unsaid = {lang: replace(from_kept(frozen, lang, 1), number=None, area="", maker="") for lang in ("zh", "en")}
    spoil(store, number, body=to_kept(unsaid, Headline(0.5, 1, 2.0, 3.0)).body)
    briefing = read_briefing(office, number, "zh")
    assert (briefing.area, briefing.maker) == ("街道", "本机")


words = st.text(max_size=12)
numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
rows = st.lists(st.tuples(words, words), max_size=4).map(tuple)
charts = st.builds(
    Chart,
    kind=st.sampled_from(ChartKind),
    labels=st.just(("a", "b")),
    series=st.lists(st.builds(Series, words, st.tuples(numbers, numbers)), max_size=2).map(tuple),
    unit=words,
    marked=st.one_of(st.none(), st.integers(0, 1)),
    marked_text=words,
)
places = st.floats(-179, 179).map(lambda value: round(value / STEP) * STEP)


@st.composite
def maps(draw):
    codes = draw(st.lists(st.text("ABC12", min_size=1, max_size=3), unique=True, max_size=4))
    index = pd.Index(codes, dtype="str", name="code")
    shapes = [draw(st.sampled_from([None, shapely.box(0, 0, 1, 1), shapely.Polygon()])) for _ in codes]
    names = pd.Series([draw(words) for _ in codes], index=index, dtype="str")
    zones = gpd.GeoDataFrame({"name": names, "geom": shapes}, index=index, geometry="geom", crs=4326)
    values = {name: [draw(numbers) for _ in codes] for name in ("ratio", "need")}
    table = pd.DataFrame({"name": names} | {k: pd.Series(v, index=index, dtype="float64") for k, v in values.items()})
    labels = tuple(Text(draw(words)) for _ in range(2))
    arcs = draw(st.lists(st.builds(Arc, st.tuples(places, places), st.tuples(places, places), words), max_size=2))
    return MapPart(
        Layer.GRIDS,
        Scale(MapLayer.RATIO, (1.0,), ("#000", "#fff"), labels),
        MapWords(*[draw(words) for _ in range(7)]),
        table,
        zones,
        (zones,),
        arcs=tuple(arcs),
    )


sections = st.builds(
    Section,
    name=st.sampled_from(SectionName),
    title=words,
    lead=words,
    comment=words,
    figures=st.lists(st.builds(KeyFigure, words, words, words, st.sampled_from(Tone)), max_size=3).map(tuple),
    table=st.one_of(
        st.none(), st.builds(Table, st.just((TableColumn("a"), TableColumn("b", is_number=True))), rows, st.just(3))
    ),
    chart=st.one_of(st.none(), charts),
    map=st.one_of(st.none(), maps()),
)
briefings = st.builds(
    Briefing,
    language=st.just("zh"),
    title=words,
    made_at=st.datetimes(),
    data_version=st.integers(0, 9),
    data_at=st.one_of(st.none(), st.datetimes(max_value=datetime(2100, 1, 1))),
    window=words,
    mode=words,
    mark=words,
    source=words,
    sections=st.lists(sections, max_size=3, unique_by=lambda part: part.name).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(briefings)
def test_any_briefing_comes_back_as_it_was_kept(briefing):
    kept = to_kept({"zh": briefing}, Headline(None, 0, 0, 0))
    assert_same(briefing, from_kept(kept, "zh", 5))
