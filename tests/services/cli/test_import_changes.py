"""``gridmuster import`` counts what it would change, and keeps stored outlines unless told otherwise."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from tests.acting import act

TABLE = "编号,名称,常住人口,地址,经度,纬度\nE1,云港花园,300,,113.205,23.405\n".encode()


def test_the_command_line_counts_before_it_writes_and_keeps_the_outline(store_url, tmp_path, capsys):
    frame = gpd.GeoDataFrame(
        {"name": ["云港花园"], "residents": [280.0], "address": ["紫薇路"]},
        geometry=[shapely.MultiPolygon([shapely.box(113.2, 23.4, 113.21, 23.41)])],
        index=pd.Index(["E1"], name="code"),
        crs=4326,
    )
    context = open_context(store_url)
    with act(context, Action.IMPORT) as work:
        work.tx.upsert(Layer.ESTATES, frame.rename_geometry("geom"))
    path = tmp_path / "e.csv"
    path.write_bytes(TABLE)

    def call(*more):
        code = run(app, ["import", "estates", str(path), "--store", store_url, "--datum", "wgs84", *more])
        with context.look(Action.VIEW_COVERAGE) as tx:
            return code, tx.read_layer(Layer.ESTATES).geom_type["E1"], capsys.readouterr()

    code, kind, told = call("--dry-run")
    assert (code, kind) == (Exit.DONE, "MultiPolygon")
    assert "1 行（共 1 行）" in told.out
    assert "常住人口 1" in told.out
    assert "地址 1" in told.out
    assert "--outlines replace" in told.err
    assert call()[:2] == (Exit.DONE, "MultiPolygon")
    assert call("--outlines", "replace")[:2] == (Exit.DONE, "Point")
