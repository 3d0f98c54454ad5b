"""Coverage of a small subdistrict whose numbers can be followed by hand, and of a board with a cold corner."""

from dataclasses import astuple
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.coverage import Status
from geo.errors import ShapeMismatchError
from geo.schema import ZONE_LAYERS, Layer
from services.analysis import (
    COLUMNS,
    LayerFrames,
    Sent,
    add_cold_spots,
    basis_within,
    by_gap,
    count_weak_by_hour,
    coverage_tables,
    distance_text,
    headline_figures,
    load_basis,
    load_norms,
    prepare,
    reason_text,
    sum_gaps,
    underserved,
    with_exact_members,
)
from services.context import open_context
from services.i18n import use_language
from services.rules.areas import Area, make_scope
from services.rules.norms import Item, NormsError
from services.rules.roles import Action, Actor, Role
from services.rules.rounding import sum_balance
from services.rules.windows import DayPart, Mode, Window, hours_ahead

DATA = Path(__file__).parents[2] / "data"
NORMS = load_norms(DATA / "norms.toml")
WEST, SOUTH, METRE = 113.2, 23.4, 1e-5
WORKDAY = Window(datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 10))
EVENING = Window(datetime(2026, 11, 25, 19), datetime(2026, 11, 25, 20))
PEOPLE = ("residents", "households", "outsiders")


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")


def square(x, y, side=100):
    return shapely.box(*(np.array([x, y, x + side, y + side]) * METRE + [WEST, SOUTH, WEST, SOUTH]))


def point(x, y):
    return shapely.Point(WEST + x * METRE, SOUTH + y * METRE)


def layer(rows, columns):
    """A frame as the store gives it, from rows of code, name, parent_code, geometry and what is stated besides."""
    names = ["code", "name", "parent_code", "geom"]
    records = [dict(zip(names, row[:4], strict=True)) | row[4] for row in rows]
    frame = pd.DataFrame(records, columns=[*names, *columns])
    numbers = [name for name in columns if name not in {"managed", "mixed_use"}]
    flags = [name for name in columns if name in {"managed", "mixed_use"}]
    frame = frame.astype({"code": "str", "name": "str", "parent_code": "str"})
    frame = frame.astype(dict.fromkeys(numbers, float) | dict.fromkeys(flags, "boolean"))
    return gpd.GeoDataFrame(frame.set_index("code"), geometry="geom", crs=4326)


def small_frames():
    """Return two communities: two grids with an estate each; a grid of residents alone, an empty and an unknown one."""
    estate_columns = [*PEOPLE, "blocks", "gates", "managed", "mixed_use"]
    zones = {
        Layer.DISTRICTS: layer([("D", "H 区", None, square(0, 0, 500), {})], []),
        Layer.SUBDISTRICTS: layer([("S", "街道", "D", square(0, 0, 500), {})], []),
        Layer.COMMUNITIES: layer(
            [
                ("C1", "一社区", "S", square(0, 0, 200), {"residents": 5000}),
                ("C2", "二社区", "S", square(0, 200, 300), {}),
            ],
            PEOPLE,
        ),
        Layer.GRIDS: layer(
            [
                ("G1", "一格", "C1", square(0, 0), {}),
                ("G2", "二格", "C1", square(100, 0), {}),
                ("G3", "三格", "C2", square(0, 200), {"residents": 540, "households": 200}),
                ("G4", "四格", "C2", square(100, 200), {"residents": 0, "households": 0}),
                ("G5", "五格", "C2", square(200, 200), {}),
            ],
            PEOPLE,
        ),
        Layer.ESTATES: layer(
            [
                ("E1", "云港花园", "G1", square(20, 20, 40), {"households": 700, "gates": 2, "managed": True}),
                (
                    "E2",
                    "旧村大院",
                    "G2",
                    point(420, 40),
                    {"residents": 937, "households": 347, "outsiders": 581, "gates": 1, "managed": False},
                ),
                ("E3", "新楼", "G9", point(450, 450), {}),
            ],
            estate_columns,
        ),
    }
    homes = [("G1", "E1")] * 50 + [("G2", "E2")] * 2 + [("G3", None)] * 4
    homes += [("G4", None), ("G5", None), (None, None)]
    codes = [f"M{k:02d}" for k in range(len(homes))]
    members = pd.DataFrame({f"available_{part}": np.nan for part in DayPart}, index=pd.Index(codes, name="code"))
    assignments = pd.DataFrame(homes, columns=["grid_code", "estate_code"], index=pd.Index(codes, name="member_code"))
    return LayerFrames(zones, members, assignments.astype("str"))


@pytest.fixture(scope="module")
def small():
    return prepare(small_frames(), NORMS, version=7)


@pytest.fixture(scope="module")
def evening(small):
    return coverage_tables(small, Mode.EMERGENCY, EVENING)


@pytest.fixture(scope="module")
def town():
    """A board of 400 grids with one cold corner."""
    codes = [f"G{k:03d}" for k in range(400)]
    rows = [
        (code, code, "C1", square(100 * (k % 20), 100 * (k // 20)), {"residents": 540.0})
        for k, code in enumerate(codes)
    ]
    frames = small_frames()
    no_estates = frames.zones[Layer.ESTATES].iloc[:0]
    zones = dict(frames.zones) | {Layer.GRIDS: layer(rows, PEOPLE), Layer.ESTATES: no_estates}
    cold = [(k % 20 < 5) and (k // 20 < 5) for k in range(400)]
    counts = np.where(cold, 1, np.random.default_rng(0).poisson(9, 400) + 4)
    homes = np.repeat(codes, counts)
    people = pd.Index([f"M{k:05d}" for k in range(len(homes))])
    assigned = pd.DataFrame({"grid_code": homes, "estate_code": None}, index=people)
    return prepare(LayerFrames(zones, pd.DataFrame(index=people), assigned), NORMS), np.array(cold)


def test_every_level_has_the_columns_of_the_conventions(small, evening):
    for wanted in ZONE_LAYERS:
        assert tuple(evening[wanted].columns) == COLUMNS
        assert evening[wanted].index.name == "code"
        assert evening[wanted].index.tolist() == small_frames().zones[wanted].index.tolist()
    assert small.version == 7


def test_supply_is_members_by_their_availability_and_one_or_two_count_as_one(evening):
    grids = evening[Layer.GRIDS]
    np.testing.assert_allclose(grids["supply"], [25, 0.5, 2, 0.5, 0.5])
    assert grids["members"].tolist() == [50, 1, 4, 1, 1]
    assert evening[Layer.ESTATES]["members"].tolist() == [50, 1, 0]
    np.testing.assert_allclose(evening[Layer.ESTATES]["supply"], [25, 0.5, 0])


def test_who_looks_after_people_is_told_how_many_there_are(small, evening):
    def exact(layer):
        return with_exact_members(small, layer, evening[layer])

    assert exact(Layer.GRIDS)["members"].tolist() == [50, 2, 4, 1, 1]
    assert exact(Layer.ESTATES)["members"].tolist() == [50, 2, 0]
    assert exact(Layer.DISTRICTS)["members"].tolist() == [58]
    assert exact(Layer.GRIDS).loc["G2", "density_per_1000"] == pytest.approx(2 / 0.937)
    assert exact(Layer.GRIDS)["supply"].tolist() == evening[Layer.GRIDS]["supply"].tolist()


def test_of_zones_elsewhere_nothing_exact_is_told(small, evening):
    area = Area(Layer.COMMUNITIES, "C2")
    parents = {layer: level.facts["parent_code"] for layer, level in small.levels.items()}
    inside = basis_within(small, make_scope(area, parents))
    shown = with_exact_members(inside, Layer.GRIDS, evening[Layer.GRIDS])["members"]
    np.testing.assert_equal(shown.to_numpy(), [np.nan, np.nan, 4, 1, 1])


def test_members_in_no_grid_count_nowhere(evening):
    assert evening[Layer.DISTRICTS]["members"].tolist() == [57]


def test_a_stated_availability_replaces_the_default():
    frames = small_frames()
    members = frames.members.assign(available_evening=[0.0] * 50 + [1.0] * (len(frames.members) - 50))
    basis = prepare(LayerFrames(frames.zones, members, frames.assignments), NORMS)
    assert coverage_tables(basis, Mode.ROUTINE, EVENING)[Layer.GRIDS]["supply"].tolist() == [0, 0.5, 4, 0.5, 0.5]


def test_assignments_in_another_order_give_the_same_tables(evening):
    frames = small_frames()
    shuffled = LayerFrames(frames.zones, frames.members, frames.assignments.iloc[::-1])
    again = coverage_tables(prepare(shuffled, NORMS), Mode.EMERGENCY, EVENING)
    for wanted in ZONE_LAYERS:
        pd.testing.assert_frame_equal(again[wanted], evening[wanted])


def test_the_need_of_a_grid_comes_from_its_estates_or_its_own_people(evening):
    grids, estates = evening[Layer.GRIDS], evening[Layer.ESTATES]
    assert grids.loc["G1", "need"] == pytest.approx(estates.loc["E1", "need"])
    assert grids.loc["G2", "need"] == pytest.approx(estates.loc["E2", "need"])
    assert grids.loc["G3", "need"] == pytest.approx(2 + 200 / 350 * 2 + 200 / 700 * 1.5)
    for table in evening.values():
        np.testing.assert_allclose(table[[f"need_{item}" for item in Item]].sum(axis=1, skipna=False), table["need"])


def test_statuses_tell_no_need_from_no_data(evening):
    assert evening[Layer.GRIDS]["status"].tolist() == [
        Status.SPARE,
        Status.WEAK,
        Status.WEAK,
        Status.NO_NEED,
        Status.NO_DATA,
    ]
    assert evening[Layer.ESTATES]["status"].tolist() == [Status.SPARE, Status.WEAK, Status.NO_DATA]


def test_wider_zones_are_the_sums_of_their_grids(evening):
    grids, communities = evening[Layer.GRIDS], evening[Layer.COMMUNITIES]
    first = grids.loc[["G1", "G2"]]
    for column in ("need", "supply", "supply_members", "met", "gap", "surplus", "members", "need_gate"):
        assert communities.loc["C1", column] == pytest.approx(first[column].sum())
    assert communities.loc["C1", "gap"] > 0 < communities.loc["C1", "surplus"]
    top = evening[Layer.DISTRICTS].iloc[0]
    assert np.isnan(top["ratio"])
    assert top["met"] == pytest.approx(grids[["supply", "need"]].min(axis=1, skipna=False).sum())
    assert top["gap"] == pytest.approx(top["need"] - top["met"])
    assert top["share_met"] == pytest.approx(top["met"] / top["need"])
    assert top["gap"] == pytest.approx(grids["gap"].sum())


def test_population_nobody_stated_is_that_of_the_parts(evening):
    assert evening[Layer.COMMUNITIES]["residents"].tolist() == [5000, 540]
    assert evening[Layer.DISTRICTS]["residents"].tolist() == [5540]
    assert evening[Layer.GRIDS].loc["G2", "residents"] == 937
    assert np.isnan(evening[Layer.GRIDS].loc["G5", "residents"])


def test_densities_and_areas(evening):
    grids, estates = evening[Layer.GRIDS], evening[Layer.ESTATES]
    assert grids.loc["G1", "area_km2"] == pytest.approx(0.0113, rel=0.01)
    assert grids.loc["G1", "density_per_km2"] == pytest.approx(50 / grids.loc["G1", "area_km2"])
    assert grids.loc["G3", "density_per_1000"] == pytest.approx(4 / 0.54)
    assert np.isnan(estates.loc["E2", "area_km2"])
    assert np.isnan(estates.loc["E2", "density_per_km2"])


def test_people_who_are_sent_move_from_grid_to_grid(small, evening):
    sent = coverage_tables(small, Mode.EMERGENCY, EVENING, Sent({"G2": 7.0, "nowhere": 3.0}, {"G1": 7.0}))
    grids = sent[Layer.GRIDS]
    assert grids.loc["G2", ["supply", "supply_members", "supply_in", "supply_out"]].tolist() == [7.5, 0.5, 7, 0]
    assert grids.loc["G1", ["supply", "supply_members", "supply_in", "supply_out"]].tolist() == [21.5, 25, 0, 3.5]
    assert sent[Layer.COMMUNITIES].loc["C1", ["supply", "supply_in", "supply_out"]].tolist() == [29, 7, 3.5]
    np.testing.assert_allclose(sent[Layer.DISTRICTS]["supply"], evening[Layer.DISTRICTS]["supply"] + 3.5)


def test_a_grid_never_loses_more_members_than_it_has(small):
    window = hours_ahead(datetime(2026, 11, 25, 9), 3)
    everybody = Sent({}, dict.fromkeys(("G1", "G2", "G3", "G4", "G5"), 1000000.0))
    grids = coverage_tables(small, Mode.EMERGENCY, EVENING, everybody)[Layer.GRIDS]
    np.testing.assert_allclose(grids["supply"], 0, atol=1e-9)
    np.testing.assert_allclose(grids["supply_out"], grids["supply_members"])
    gaps = sum_gaps(small, Mode.EMERGENCY, window, [everybody] * 3)
    need = [coverage_tables(small, Mode.EMERGENCY, hour)[Layer.GRIDS]["need"].sum() for hour in window]
    np.testing.assert_allclose(gaps, need)


def test_a_window_over_two_parts_of_the_day_is_their_mean(small):
    parts = [coverage_tables(small, Mode.LOCKDOWN, w)[Layer.GRIDS] for w in hours_ahead(datetime(2026, 11, 25, 21), 2)]
    both = coverage_tables(small, Mode.LOCKDOWN, Window(datetime(2026, 11, 25, 21), datetime(2026, 11, 25, 23)))
    for column in ("need", "supply", "need_door"):
        np.testing.assert_allclose(both[Layer.GRIDS][column], (parts[0][column] + parts[1][column]) / 2)


def test_reach_shares_what_is_within_reach(evening):
    grids = evening[Layer.GRIDS]
    needed = grids["need"] > 0
    assert (grids["reach"].notna() == needed).all()
    assert (grids.loc[needed, "reach"] * grids.loc[needed, "need"]).sum() == pytest.approx(grids["supply"].sum())
    district = evening[Layer.DISTRICTS].iloc[0]
    assert district["reach"] == pytest.approx(grids["supply"].sum() / district["need"])


def test_the_strip_counts_what_the_tables_show(small):
    now = datetime(2026, 11, 27, 9, 41)
    strip = count_weak_by_hour(small, Mode.ROUTINE, now)
    assert len(strip) == 72
    assert strip["start"].iloc[0] == datetime(2026, 11, 27, 9)
    for row in strip.iloc[::5].itertuples():
        grids = coverage_tables(small, Mode.ROUTINE, Window(row.start, row.end))[Layer.GRIDS]
        assert row.weak == (grids["status"] == Status.WEAK).sum()


def test_the_strip_counts_people_who_are_sent(small):
    now = datetime(2026, 11, 27, 9, 41)
    nobody, sent = Sent({}, {}), Sent({"G2": 7.0, "nowhere": 3.0}, {"G1": 40.0})
    by_hour = [sent if k % 3 == 0 else nobody for k in range(72)]
    strip = count_weak_by_hour(small, Mode.EMERGENCY, now, sent=by_hour)
    for k in range(0, 72, 5):
        window = Window(strip["start"][k], strip["end"][k])
        grids = coverage_tables(small, Mode.EMERGENCY, window, by_hour[k])[Layer.GRIDS]
        assert strip["weak"][k] == (grids["status"] == Status.WEAK).sum()
    assert strip["weak"].tolist() != count_weak_by_hour(small, Mode.EMERGENCY, now)["weak"].tolist()


def test_who_is_sent_must_be_given_for_every_hour(small):
    with pytest.raises(ShapeMismatchError):
        count_weak_by_hour(small, Mode.EMERGENCY, datetime(2026, 11, 27), sent=[Sent({}, {})])


def test_the_strip_moves(small):
    strip = count_weak_by_hour(small, Mode.EMERGENCY, datetime(2026, 11, 27, 9))
    assert strip["weak"].min() < strip["weak"].max()


def test_a_cold_corner_is_found(town):
    basis, cold = town
    grids = add_cold_spots(basis, coverage_tables(basis, Mode.EMERGENCY, EVENING)[Layer.GRIDS])
    found = (grids["cold"] == "cold").to_numpy()
    assert found[cold].mean() > 0.8
    assert found[~cold].mean() < 0.1
    assert tuple(grids.columns) == COLUMNS
    again = add_cold_spots(basis, coverage_tables(basis, Mode.EMERGENCY, EVENING)[Layer.GRIDS])
    pd.testing.assert_frame_equal(grids, again)


def test_estates_that_are_short_are_ranked_with_their_reasons(small, evening):
    ranked = underserved(small, evening[Layer.ESTATES], Layer.ESTATES)
    assert ranked.index.tolist() == ["E2"]
    row = ranked.iloc[0]
    assert (row["rank"], row["mixed"], row["managed"]) == (1, True, False)
    assert row["gap"] == pytest.approx(row["need"] - row["supply"])
    assert row[[f"need_{item}" for item in Item]].sum() == pytest.approx(row["need"])
    assert (row["nearest_code"], row["nearest_name"]) == ("E1", "云港花园")
    assert reason_text(row, NORMS) == "缺 4.7 人 · 无物业 · 外来人口 62% · 最近富余：云港花园 390 米"


def test_the_reason_is_also_said_in_english(small, evening):
    use_language("en")
    row = underserved(small, evening[Layer.ESTATES], Layer.ESTATES).iloc[0]
    expected = "4.7 short · no property management · 62% from elsewhere · nearest to spare: 云港花园, 390 m"
    assert reason_text(row, NORMS) == expected


def test_grids_that_hold_mixed_estates_come_first(small, evening):
    ranked = underserved(small, evening[Layer.GRIDS], Layer.GRIDS)
    assert ranked.index.tolist() == ["G2", "G3"]
    assert ranked["mixed"].tolist() == [True, False]
    assert reason_text(ranked.iloc[0], NORMS).startswith("缺 4.7 人 · 内有杂居小区 · 外来人口 62%")
    assert reason_text(ranked.iloc[1], NORMS) == "缺 1.6 人 · 最近富余：一格 220 米"


def test_of_equal_gaps_the_estate_without_property_management_comes_first(small, evening):
    estates = evening[Layer.ESTATES].loc[["E1", "E2", "E3"]].assign(need=4.0, met=1.0, residents=[900.0, 900.0, 2000.0])
    assert by_gap(small, estates, Layer.ESTATES).index.tolist() == ["E3", "E2", "E1"]
    assert by_gap(small, estates.assign(need=[4.0, 4.0, None]), Layer.ESTATES).index.tolist() == ["E2", "E1", "E3"]


def test_nobody_to_spare_is_said(small):
    tables = coverage_tables(small, Mode.LOCKDOWN, WORKDAY)
    ranked = underserved(small, tables[Layer.ESTATES], Layer.ESTATES)
    assert ranked["nearest_m"].isna().all()
    assert ranked.index.tolist() == ["E2", "E1"]
    assert reason_text(ranked.loc["E1"], NORMS).endswith("附近无富余")


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(0, "0 米"), (403.2, "400 米"), (994.9, "990 米"), (995.1, "1.0 公里"), (1249, "1.2 公里")],
)
def test_distances_are_rounded_for_reading(metres, expected):
    assert distance_text(metres) == expected


def test_headlines_are_told_beside_those_of_other_situations(small):
    window = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 20))
    now = coverage_tables(small, Mode.EMERGENCY, window)[Layer.GRIDS]
    other = coverage_tables(small, Mode.EMERGENCY, window, Sent({"G2": 3.0}, {}))[Layer.GRIDS]
    head, alone = headline_figures(now, [other, now]), headline_figures(other)
    known = now.dropna(subset=["need"])
    met = known[["supply", "need"]].min(axis=1).sum() / known["need"].sum()
    assert head.met.value == pytest.approx(met)
    assert head.weak.value == 2
    for of_now, of_other in zip(astuple(head), astuple(alone), strict=True):
        assert of_now[1] == (of_other[0], of_now[0])
    assert head.missing.before[0] < head.missing.value
    assert (head.missing.value, head.spare.value) == (sum_balance(now).gap, sum_balance(now).surplus)
    assert head.missing.value == pytest.approx(now["gap"].sum(), abs=0.5)


def test_headlines_of_nothing_are_empty(small):
    grids = coverage_tables(small, Mode.ROUTINE, EVENING)[Layer.GRIDS].iloc[:0]
    head = headline_figures(grids, [grids])
    assert (head.met.value, head.met.before, head.weak.value, head.missing.value) == (None, (None,), 0, 0)


@pytest.mark.parametrize("empty", [*ZONE_LAYERS, None])
def test_a_level_that_is_not_there_yet_is_an_empty_table(empty):
    frames = small_frames()
    wanted = ZONE_LAYERS if empty is None else (empty,)
    zones = {name: frame.iloc[:0] if name in wanted else frame for name, frame in frames.zones.items()}
    basis = prepare(LayerFrames(zones, frames.members, frames.assignments), NORMS)
    tables = coverage_tables(basis, Mode.EMERGENCY, EVENING)
    for name in wanted:
        assert tables[name].empty
        assert tuple(tables[name].columns) == COLUMNS
    assert len(count_weak_by_hour(basis, Mode.EMERGENCY, datetime(2026, 11, 25))) == 72
    assert tuple(add_cold_spots(basis, tables[Layer.GRIDS]).columns) == COLUMNS
    for name in (Layer.GRIDS, Layer.ESTATES):
        assert underserved(basis, tables[name], name)["rank"].is_monotonic_increasing


def test_estates_and_grids_without_an_outline_are_counted_all_the_same(evening):
    frames = small_frames()
    zones = {
        name: frame.set_geometry(frame.geometry.where(~frame.index.isin(["E1", "G1"])))
        for name, frame in frames.zones.items()
    }
    basis = prepare(LayerFrames(zones, frames.members, frames.assignments), NORMS)
    tables = coverage_tables(basis, Mode.EMERGENCY, EVENING)
    np.testing.assert_allclose(tables[Layer.GRIDS]["need"], evening[Layer.GRIDS]["need"])
    assert np.isnan(tables[Layer.GRIDS].loc["G1", "area_km2"])


def test_frames_are_not_changed():
    frames = small_frames()
    prepare(frames, NORMS)
    for name, frame in small_frames().zones.items():
        pd.testing.assert_frame_equal(frames.zones[name], frame)


def test_the_basis_is_read_through_the_context(tmp_path, monkeypatch, evening):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    context = open_context(f"sqlite:///{tmp_path / 'store.gpkg'}")
    frames = small_frames()
    with context.act(Action.IMPORT) as work:
        for name, frame in frames.zones.items():
            work.tx.upsert(name, frame)
        work.tx.upsert(Layer.MEMBERS, frames.members.assign(name=""))
        work.tx.replace_assignments(
            frames.assignments.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False)
        )
    basis = load_basis(context)
    assert basis.version > 0
    tables = coverage_tables(basis, Mode.EMERGENCY, EVENING)
    for name in ZONE_LAYERS:
        pd.testing.assert_frame_equal(tables[name], evening[name], check_dtype=False)


def test_the_screen_reads_an_empty_store_as_empty_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    context = open_context(f"sqlite:///{tmp_path / 'empty.gpkg'}", Actor("screen", Role.SCREEN))
    tables = coverage_tables(load_basis(context), Mode.ROUTINE, EVENING)
    assert all(table.empty for table in tables.values())


@pytest.mark.parametrize(("content", "code"), [(None, "no_file"), ("[routine", "syntax"), ("", "missing")])
def test_an_unusable_norms_file_is_named(tmp_path, content, code):
    path = tmp_path / "norms.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NormsError) as caught:
        load_norms(path)
    assert caught.value.problems[0].code == code


def test_changing_a_day_factor_changes_the_need(tmp_path):
    path = tmp_path / "norms.toml"
    shipped = (DATA / "norms.toml").read_text(encoding="utf-8")
    path.write_text(shipped.replace("door = { workday = 1,", "door = { workday = 2,"), encoding="utf-8")
    before, after = (
        coverage_tables(prepare(small_frames(), norms), Mode.EMERGENCY, WORKDAY)[Layer.GRIDS]
        for norms in (NORMS, load_norms(path))
    )
    np.testing.assert_allclose(after["need_door"], 2 * before["need_door"])
