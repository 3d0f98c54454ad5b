import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.schema import Layer
from services.demo import write_files
from services.demo.files import FICTITIOUS, REMARK
from services.settings import PROJECT_DIR
from tests.dirty import WRITERS, write_dirty
from tests.sample import SAMPLE_SEED, SAMPLE_SIZE

SAMPLE = PROJECT_DIR / "data" / "sample"
MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def data(district):
    return district(SAMPLE_SIZE, SAMPLE_SEED)


@pytest.fixture(scope="module")
def folder(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_files(data, folder)
    write_dirty(data, folder / "dirty")
    return folder


def test_the_committed_sample_is_what_the_seed_makes(folder):
    made = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLE): path.read_bytes() for path in SAMPLE.rglob("*") if path.suffix not in {".md", ""}}
    assert sorted(made) == sorted(kept)
    assert [str(name) for name in made if made[name] != kept[name]] == [], "run: python -m tests.sample"


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MOST_BYTES


def test_geojson_holds_every_feature_exactly(data, folder):
    read = gpd.read_file(folder / "grids.geojson", engine="pyogrio").set_index("code")
    grids = data[Layer.GRIDS]
    assert read.index.tolist() == grids.index.tolist()
    assert shapely.equals_exact(read.geometry.to_numpy(), grids.geom.to_numpy()).all()
    assert read["residents"].tolist() == grids["residents"].tolist()


def test_members_keep_their_place_and_telephone_in_the_spreadsheet(data, folder):
    read = pd.read_excel(folder / "members.xlsx", engine="calamine", dtype={"手机号码": str})
    members = data[Layer.MEMBERS]
    assert read["党员编号"].tolist() == members.index.tolist()
    assert read["手机号码"].tolist() == members["phone"].tolist()
    np.testing.assert_array_equal(read["经度"], shapely.get_x(members.geom.to_numpy()))
    assert (read[REMARK] == FICTITIOUS).all()


def test_files_come_in_the_order_of_import_and_the_folder_is_made(data, tmp_path):
    written = write_files(data, tmp_path / "new")
    assert [path.stem for path in written] == [layer.value for layer in Layer]


def test_every_spoiled_file_is_explained():
    readme = (SAMPLE / "dirty" / "README.md").read_text(encoding="utf-8")
    assert [name for name in WRITERS if f"`{name}`" not in readme] == []


def test_gbk_file_is_no_utf8(folder):
    content = (folder / "dirty" / "members_gbk.csv").read_bytes()
    assert "报到社区" in content.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_gcj02_grids_are_some_hundred_metres_off(data, folder):
    grids = gpd.read_file(folder / "dirty" / "grids_gcj02.geojson").set_index("code").to_crs(4547)
    right = data[Layer.GRIDS].to_crs(4547).loc[grids.index]
    assert grids.centroid.distance(right.centroid).between(100, 800).all()


def test_broken_grids_are_broken_as_the_readme_says(folder):
    features = json.loads((folder / "dirty" / "grids_broken.geojson").read_text(encoding="utf-8"))["features"]
    rings = [f["geometry"] and f["geometry"]["coordinates"] for f in features]
    assert len(features) == 8
    assert not shapely.is_valid(shapely.Polygon(rings[0][0]))
    assert rings[1][0][0] != rings[1][0][-1]
    assert rings[2] is None
    assert rings[3] == []
    assert len(rings[4][0]) == 2
    assert all(shapely.is_valid(shapely.Polygon(ring[0])) for ring in rings[6:])
