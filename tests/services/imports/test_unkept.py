"""What a store cannot keep is refused at import, by row and column, on either store alike."""

import json

import pytest

from geo.schema import Layer
from services.context import Context
from services.errors import ServiceError
from services.imports import Options, commit, make_upload, message_of, stage_file
from services.planning import create_plan
from services.rules.windows import Mode
from services.store import Store
from tests.services.planning.conftest import EVENING

NUL, HALF = "\x00", "\ud800"
SENTENCE = "文字里有存不下的字符（空字符或残缺的字符），请重新输入"
CSV = f"编码,名称,人数\nT1,甲{NUL}队,5\nT2,乙队,3000000000\nT3,丙队,4\n"


@pytest.fixture
def office(store_url):
    store = Store.open(store_url)
    yield Context(store)
    store.close()


def faults(office, name, content, layer):
    staged = stage_file(office, make_upload(name, content), layer, Options())
    commit(office, staged)
    return [
        (one.problem.row, one.problem.column, one.problem.code, message_of(one.problem))
        for one in staged.findings
        if one.problem.row
    ]


def test_a_table_says_which_row_and_column(office):
    assert faults(office, "队伍.csv", CSV.encode(), Layer.TEAMS) == [
        (2, "名称", "bad_character", SENTENCE),
        (3, "人数", "too_large", "数字大得不合理，请核对"),
    ]
    with office._store.read() as tx:
        assert tx.read_codes(Layer.TEAMS) == ["T2", "T3"]


@pytest.mark.parametrize("bad", [NUL, HALF], ids=["nul", "half a character"])
@pytest.mark.parametrize("field", ["name", "phone", "address", "skills", "unit_code"])
def test_a_feature_says_which_row_and_property(office, field, bad):
    people = [{"code": f"M{k}", "name": f"党员{k}", "phone": "13812345678"} for k in (1, 2)]
    people[0][field] = f"中{bad}国"
    features = [{"type": "Feature", "properties": person, "geometry": None} for person in people]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    found = faults(office, "党员.geojson", content, Layer.MEMBERS)
    assert (1, field, "bad_character", SENTENCE) in found


@pytest.mark.parametrize("bad", [NUL, HALF], ids=["nul", "half a character"])
def test_a_header_with_it_costs_no_more_than_its_column(office, bad):
    person = {"code": "M1", "name": "党员", f"地{bad}址": "某处"}
    feature = {"type": "Feature", "properties": person, "geometry": None}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert faults(office, f"党{bad}员.geojson", content, Layer.MEMBERS) == []
    with office._store.read() as tx:
        assert tx.read_codes(Layer.MEMBERS) == ["M1"]


def test_a_name_that_no_store_keeps_is_refused_with_a_sentence(office):
    with pytest.raises(ServiceError, match="cannot be stored"):
        create_plan(office, EVENING, Mode.ROUTINE, event_id="a", name=f"今{HALF}晚")
