"""Masks of our own exports in a file that comes back keep what is stored, and are never stored."""

import geopandas as gpd
import pandas as pd
import pytest
from town import codes_found, stage_text, stored

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, open_context
from services.export.layers import LayerFile, export_layers
from services.imports import Options, commit, make_upload, stage_file
from services.imports.findings import Treatment as Done
from tests.acting import act

INDEX = pd.Index(["M1", "M2"], name="code")
MEMBERS = pd.DataFrame(
    {
        "name": ["卢海清", "张 三"],
        "phone": ["13812345678", None],
        "address": ["云港花园（北区）3栋502", "花山村"],
        "skills": ["医护", None],
    },
    index=INDEX,
    dtype=object,
)


def staged_members(text: str):
    return stage_text(text, Layer.MEMBERS, held=stored(members=MEMBERS))


def test_a_row_of_own_masks_keeps_what_is_stored_and_takes_what_was_edited():
    staged = staged_members("编号,姓名,电话,地址,技能\nM1,卢**,138****5678,云港花园(北区)***,医护;驾驶\n")
    row = staged.frame.loc["M1"]
    assert (row["name"], row["phone"], row["address"]) == ("卢海清", "13812345678", "云港花园（北区）3栋502")
    assert row["skills"] == "医疗;驾驶"  # as the catalogue calls it
    assert codes_found(staged) == [(0, "masks_kept")]


@pytest.mark.parametrize("mask", ["王**", "卢*", "卢＊＊＊", "*海清"])
def test_a_mask_of_something_else_is_told_and_keeps_what_is_stored(mask):
    staged = staged_members(f"编号,姓名\nM1,{mask}\n")
    assert staged.frame.loc["M1", "name"] == "卢海清"
    assert (2, "mask_differs") in codes_found(staged)


@pytest.mark.parametrize("phone", ["138****5678", "'138****5678", "138＊＊＊＊5678", "138****5678 "])
def test_a_masked_number_in_any_spelling_keeps_the_number(phone):
    staged = staged_members(f"编号,姓名,电话\nM1,卢海清,{phone}\n")
    assert staged.frame.loc["M1", "phone"] == "13812345678"
    assert codes_found(staged) == [(0, "masks_kept")]


def test_a_mask_where_no_number_is_stored_stores_none():
    staged = staged_members("编号,姓名,电话\nM2,张三,138****5678\n")
    assert staged.frame.loc["M2", "phone"] is None
    assert (2, "mask_differs") in codes_found(staged)


def test_a_new_person_with_a_masked_name_is_refused():
    staged = staged_members("编号,姓名,电话\nM3,李**,138****5678\nM1,卢**,138****5678\n")
    assert list(staged.frame.index) == ["M1"]
    assert [f.action for f in staged.findings if f.problem.code == "mask_of_new" and f.problem.column == "姓名"] == [
        Done.REJECTED
    ]


def test_a_new_person_with_a_masked_number_comes_without_it():
    staged = staged_members("编号,姓名,电话,地址\nM3,李四,138****5678,云港花园***\n")
    row = staged.frame.loc["M3"]
    assert (row["name"], row["phone"], row["address"]) == ("李四", None, None)
    assert [code for _row, code in codes_found(staged)] == ["mask_of_new", "mask_of_new"]


def test_a_masked_name_makes_no_code():
    staged = staged_members("姓名,电话\n李**,13900000001\n")
    assert staged.rows_accepted == 0


def test_a_whole_address_without_a_home_replaces_what_is_stored():
    staged = staged_members("编号,姓名,地址\nM1,卢**,云港花园\nM2,张三,花山村\n")
    assert staged.frame["address"].tolist() == ["云港花园", "花山村"]


def test_one_star_in_an_address_is_part_of_it():
    staged = staged_members("编号,姓名,地址\nM2,张三,花山村3*502\n")
    assert staged.frame.loc["M2", "address"] == "花山村3*502"


@pytest.mark.parametrize("cell", ["<3", "＜3", "< 3"])
def test_a_hidden_count_keeps_what_is_stored_and_is_none_for_a_new_row(cell):
    index = pd.Index(["T1"], name="code")
    teams = pd.DataFrame({"name": ["一队"], "size": [2.0]}, index=index)
    staged = stage_text(f"编号,名称,人数\nT1,一队,{cell}\nT2,二队,{cell}\n", Layer.TEAMS, held=stored(teams=teams))
    assert staged.frame["size"].tolist() == [2.0, None]
    assert (3, "mask_of_new") in codes_found(staged)


@pytest.mark.parametrize(
    ("layer", "person"), [(Layer.UNITS, "contact"), (Layer.TEAMS, "leader")], ids=["units", "teams"]
)
def test_contacts_and_leaders_stay(layer, person):
    index = pd.Index(["1"], name="code")
    before = pd.DataFrame({"name": ["甲"], person: ["李四"], "phone": ["020-36898888"]}, index=index)
    held = stored(**{layer.value: before})
    staged = stage_text(f"code,name,{person},phone\n1,乙,李*,020*****8888\n", layer, held=held)
    assert staged.frame.loc["1", ["name", person, "phone"]].tolist() == ["乙", "李四", "020-36898888"]


@pytest.fixture
def office(store_url: str) -> Context:
    """Return a context on a store of either kind with two members, a team and a unit."""
    context = open_context(store_url)
    point = gpd.GeoSeries.from_xy([113.2, 113.21], [23.4, 23.41], crs=4326, index=INDEX)
    people = MEMBERS.assign(phone=["13812345678", "020-36898888"])
    members = gpd.GeoDataFrame(people, geometry=point).rename_geometry("geom")
    one = pd.Index(["1"], name="code")
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, members)
        work.tx.people.set_keep_until("M1", "2027-12-31")
        work.tx.upsert(Layer.UNITS, pd.DataFrame({"name": ["局"], "contact": ["李四"], "phone": ["1"]}, index=one))
        team = {"name": ["一队"], "leader": ["王五"], "phone": ["13900000001"], "size": [2]}
        work.tx.upsert(Layer.TEAMS, pd.DataFrame(team, index=one))
    return context


def people(context: Context, layer: Layer) -> pd.DataFrame:
    with context.look(Action.IMPORT) as tx:
        frame = tx.read_layer(layer)
        days = tx.people.read_last_days()
        return frame.assign(phone=pd.Series(tx.sealed.open_phones(layer, frame.index))), days


@pytest.mark.parametrize("layer", [Layer.MEMBERS, Layer.UNITS, Layer.TEAMS])
@pytest.mark.parametrize("kind", LayerFile)
def test_people_that_go_out_come_back_whole(office, layer, kind):
    before, days = people(office, layer)
    content, _rows = export_layers(office, [layer], kind)
    staged = stage_file(office, make_upload(f"out{kind.value}", content), layer, Options())
    commit(office, staged)
    after, days_after = people(office, layer)
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(after), check_dtype=False)
    assert days == days_after
    if layer is Layer.MEMBERS:
        with office.look(Action.VIEW_PEOPLE) as tx:
            assert tx.sealed.find_members("13812345678") == ["M1"]
