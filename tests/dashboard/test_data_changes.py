"""What an import would change, on the page 数据."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from dashboard import cache
from dashboard.pages.imports.changes import change_rows, change_sentence
from dashboard.pages.imports.draft import ImportDraft, prepare
from dashboard.pages.imports.flow import DRAFT
from geo.schema import Datum, Layer
from services.catalog.actions import Action
from services.imports import Changes, Options, Outlines, ProgressMonitor, make_upload
from tests.acting import act
from tests.dashboard.test_data_page import click, html, keys, open_page, said, until

TABLE = "编号,名称,常住人口,地址,经度,纬度\nE1,云港花园,300,,113.205,23.405\n".encode()


def test_fields_that_lose_values_come_first():
    changes = Changes(2, 3, 1000, {"residents": 900}, {"geom": 4}, {"address": 7})
    assert change_rows(changes, Layer.ESTATES) == [
        ("地址", "–", "–", "7"),
        ("常住人口", "900", "–", "–"),
        ("位置或边界", "–", "4", "–"),
    ]
    assert change_sentence(changes) == "新增 2 行，改动 1,000 行，不变 3 行"


@pytest.fixture
def outlined(empty):
    """Put an estate with an outline into the store of the settings."""
    frame = gpd.GeoDataFrame(
        {"name": ["云港花园"], "residents": [280.0], "address": ["紫薇路"]},
        geometry=[shapely.MultiPolygon([shapely.box(113.2, 23.4, 113.21, 23.41)])],
        index=pd.Index(["E1"], name="code"),
        crs=4326,
    )
    with act(cache.context(), Action.IMPORT) as work:
        work.tx.upsert(Layer.ESTATES, frame.rename_geometry("geom"))


def looked_at(**options):
    draft = ImportDraft(Layer.ESTATES, make_upload("estates.csv", TABLE), Options(datum=Datum.WGS84, **options))
    return prepare(cache.context(), draft, ProgressMonitor())


def test_the_page_counts_what_is_lost_and_asks_about_outlines(outlined):
    page = open_page(looked_at())
    assert "新增 0 行，改动 1 行" in html(page)
    assert "库里有 1 个值会被清空" in said(page)
    assert "1 个已有的边界不变" in said(page)
    assert "outlines" in keys(page)


def test_the_word_on_outlines_is_taken(outlined):
    page = click(open_page(looked_at()), "outlines")
    page = until(page, lambda p: "哪怕文件里只有点" in said(p))
    assert page.session_state[DRAFT].options.outlines is Outlines.REPLACE
    assert page.session_state[DRAFT].staged_import.changes.changed["geom"] == 1


def test_a_field_is_missed_only_where_a_row_is_new(outlined):
    def said_of(rows):
        upload = make_upload("estates.csv", f"编号,常住人口\n{rows}".encode())
        return said(
            open_page(prepare(cache.context(), ImportDraft(Layer.ESTATES, upload, Options()), ProgressMonitor()))
        )

    assert "没有认出“名称”列" not in said_of("E1,300\n")
    assert "没有认出“名称”列" in said_of("E1,300\nE2,300\n")
