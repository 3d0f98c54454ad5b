import itertools
import re
import struct
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pylopdf_fonts_zh_cn
import pytest
import shapely

from services.briefing.model import Chart, ChartKind, Section, SectionName, Series
from services.export import typesetting
from services.export.briefing import (
    AtlasError,
    NoSuchSectionError,
    pictures,
    section_png,
    to_atlas_pdf,
    to_pdf,
)
from services.export.briefing.atlas import atlas_sections
from services.export.briefing.charts import chart_height, chart_svg
from services.export.briefing.theme import width_em
from services.export.typesetting import compile_pdf
from services.i18n import current_language
from tests.briefings import (
    LONG_NAME,
    PAYLOADS,
    communities_table,
    make_map,
    make_sample,
    with_text,
)


@pytest.fixture(scope="module")
def sample():
    return make_sample()


@pytest.fixture(scope="module")
def reader(program, tmp_path_factory):
    """Return a function that reads the text of a PDF back, without blanks, a page for each string."""
    pdftotext = program("pdftotext")
    path = tmp_path_factory.mktemp("paper") / "read.pdf"

    def read(content: bytes) -> list[str]:
        path.write_bytes(content)
        said = subprocess.run([pdftotext, "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
        return [bare(page) for page in said.split("\f")[:-1]]

    return read


@pytest.fixture(scope="module")
def paper(sample) -> bytes:
    return to_pdf(sample)


@pytest.fixture(scope="module")
def pages(reader, paper) -> list[str]:
    return reader(paper)


def bare(said: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", said))


def size_of(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def test_the_paper_says_every_title_figure_and_row(pages, sample):
    text = "".join(pages)
    wanted = [section.title for section in sample.sections]
    wanted += [part for s in sample.sections for figure in s.figures for part in (figure.label, figure.value)]
    wanted += [cell for s in sample.sections if s.table for row in s.table.rows for cell in row]
    wanted += [sample.title, sample.window, sample.mode, sample.mark, sample.source]
    assert [said for said in wanted if bare(said) not in text] == []


def test_the_lettering_of_charts_is_text(pages, sample):
    (chart,) = (section.chart for section in sample.sections if section.chart)
    assert bare(chart.marked_text) in "".join(pages)
    assert bare(chart.series[0].name) in "".join(pages)


def test_pages_are_numbered_like_an_official_paper(pages):
    assert [f"—{k}—" in page for k, page in enumerate(pages, start=1)] == [True] * len(pages)


def test_every_page_has_the_mark_and_the_source(pages, sample):
    assert all(bare(sample.mark) in page and bare(sample.source) in page for page in pages)


def test_sections_are_numbered_in_the_manner_of_the_language(pages, reader):
    assert "一、今晚" in "".join(pages)
    english = make_sample("en")
    assert "1.最薄弱" in "".join(reader(to_pdf(replace(english, sections=english.sections[1:2]))))


def test_pages_are_a4_upright(paper, program, tmp_path):
    (tmp_path / "a.pdf").write_bytes(paper)
    said = subprocess.run([program("pdfinfo"), tmp_path / "a.pdf"], capture_output=True, check=True).stdout.decode()
    width, height = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", said).groups()
    assert (round(float(width)), round(float(height))) == (595, 842)


def test_300_communities_and_a_long_name_are_all_on_paper(reader, sample):
    section = Section(SectionName.COMMUNITIES, "结论", table=communities_table(300, left_out=7))
    text = "".join(reader(to_pdf(replace(sample, sections=(section,)))))
    assert bare(LONG_NAME) in text
    assert "雅瑶300社区" in text
    assert "另有7行未列出" in text


def test_texts_of_people_are_data_on_paper(reader, sample):
    """Blanks and quotes may change in setting; the marks of markup must all be there, and nothing is run."""
    said = " ".join(PAYLOADS)
    text = "".join(reader(to_pdf(with_text(sample, said))))
    assert text.count(bare(said)) >= 3


@pytest.mark.parametrize("said", [" ".join(PAYLOADS[:4]), " ".join(PAYLOADS[4:])])
def test_texts_of_people_are_data_on_pictures(sample, said):
    assert size_of(section_png(with_text(sample, said), SectionName.SITUATION)) == (1920, 1080)


@pytest.mark.parametrize(
    "name", [name for name in SectionName if name is not SectionName.ROSTER]
)  # the sample has no roster
def test_a_picture_of_every_section_is_1920_by_1080(sample, name):
    assert size_of(section_png(sample, name)) == (1920, 1080)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_language_of_the_caller_stays_as_it_was(language):
    to_pdf(replace(make_sample(language), sections=()))
    assert current_language() == "zh"


def test_a_picture_of_a_section_that_is_not_there_is_refused(sample):
    with pytest.raises(NoSuchSectionError):
        section_png(replace(sample, sections=sample.sections[:1]), SectionName.DATA)


def test_a_picture_with_map_figures_chart_and_table_has_room_for_all(sample, program, monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "compile_png", lambda template, document, **_: compile_pdf(template, document))
    chart = Chart(ChartKind.BARS, tuple("甲乙丙丁"), (Series("派出前", (9.0, 8.0, 7.0, 6.0)),), "人")
    plan = replace(sample.sections[2], figures=sample.sections[0].figures * 2, chart=chart, table=communities_table(12))
    (tmp_path / "a.pdf").write_bytes(section_png(replace(sample, sections=(plan,)), SectionName.PLAN))
    told = subprocess.run([program("pdftotext"), "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    words = re.findall(r'yMax="([\d.]+)">([^<]+)<', told.stdout.decode())
    foot = max(float(bottom) for bottom, word in words if word == sample.mark)
    beside = {word: float(bottom) for bottom, word in words if float(bottom) < foot - 10}
    assert max(float(bottom) for bottom, _word in words) <= foot + 3
    assert {"满足率", "派出前"} <= set(beside)
    assert any("未列出" in word for word in beside)


def test_a_long_table_on_a_picture_stays_inside_it(sample):
    """Otherwise a second page would be made, and the picture would be of the first alone."""
    section = Section(SectionName.DATA, LONG_NAME * 5, LONG_NAME * 4, LONG_NAME * 6, table=communities_table(300))
    content = section_png(replace(sample, sections=(section,)), SectionName.DATA)
    assert size_of(content) == (1920, 1080)


def one_community(sample, table):
    """Return the sample with a map of its first community alone, in the figures of a table."""
    part = replace(sample.sections[0].map, table=table)
    part = replace(part, borders=tuple(frame.head(1) for frame in part.borders))
    return replace(sample, sections=(replace(sample.sections[0], map=part),))


@pytest.mark.parametrize("value", [9.5, 143.0, 12_345.0])
@pytest.mark.parametrize("size", [(442.0, 190.0, 10.5), (430.0, 360.0, 11.5)], ids=["paper", "picture"])
def test_numbers_of_bars_do_not_run_together(value, size):
    width, height, letters = size
    names, values = tuple(f"雅瑶{k}" for k in range(12)), (value,) * 12
    chart = Chart(ChartKind.BARS, names, (Series("需求", values), Series("已满足", values)), "人")
    drawn = ET.fromstring(chart_svg(chart, width, chart_height(chart, width, height, letters), letters))
    told = [
        text
        for text in drawn.iter("{http://www.w3.org/2000/svg}text")
        if text.text == f"{value:,.0f}" or text.text == f"{value:,.1f}"
    ]
    boxes = []
    for text in told:
        x, y, high = (float(text.get(name)) for name in ("x", "y", "font-size"))
        wide = width_em(text.text) * high
        left = {"middle": x - wide / 2, "end": x - wide, None: x, "start": x}[text.get("text-anchor")]
        boxes.append((left, left + wide, y - high * 0.8, y))
    assert len(boxes) >= 24
    pairs = itertools.combinations(boxes, 2)
    assert not [1 for a, b in pairs if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]]


@pytest.mark.parametrize("count", [6, 12])
def test_the_names_of_bars_are_whole(count):
    names = tuple(f"{LONG_NAME[k : k + 14]}{k}" for k in range(count))
    values = tuple(float(k) for k in range(count))
    chart = Chart(ChartKind.BARS, names, (Series("需求", values), Series("可用力量", values)), "人")
    height = chart_height(chart, 442, 190, 10.5)
    drawn = ET.fromstring(chart_svg(chart, 442, height, 10.5))
    texts = list(drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert [name for name in names if name not in {text.text for text in texts}] == []
    assert all(float(text.get("font-size")) >= 8 for text in texts)
    assert all(float(text.get("y")) <= height for text in texts)


def test_a_weak_grid_of_an_atlas_never_has_all_it_needs(reader, sample):
    part = sample.sections[0].map
    table = part.table.assign(need=200.0, met=199.2, ratio=0.996, gap=0.8, surplus=0.0, status="weak")
    page = reader(to_atlas_pdf(one_community(sample, table)))[1]
    assert "99%" in page
    assert "100%" not in page.replace("75～100%", "").replace("75~100%", "")


def test_an_atlas_has_a_page_for_each_community(reader, sample):
    contents, *pages = reader(to_atlas_pdf(sample))
    assert len(pages) == 4
    assert "合和社区" in contents
    assert all(name in page for name, page in zip(("雅瑶社区", "合和社区", bare(LONG_NAME)), pages, strict=False))
    part = make_map()
    grids = [bare(name) for name in part.table["name"][part.table["parent_code"] == "c0"]]
    assert [grid for grid in grids if grid not in pages[0]] == []
    others = [bare(name) + "2" for name in part.table["name"][part.table["parent_code"] == "c1"]]
    assert [grid for grid in others if grid in pages[0]] == []


def with_areas(sample, names):
    """Return the sample with a map whose communities lie in areas side by side."""
    part = sample.sections[0].map
    west, south, east, north = part.borders[-1].total_bounds
    edges = np.linspace(west, east, len(names) + 1)
    shapes = [shapely.box(a, south, b, north) for a, b in pairwise(edges)]
    codes = [f"s{k}" for k in range(len(names))]
    areas = gpd.GeoDataFrame({"name": names, "geom": shapes}, index=codes, geometry="geom", crs=4326)
    return replace(sample, sections=(replace(sample.sections[0], map=replace(part, borders=(areas, *part.borders))),))


def test_an_atlas_of_several_sub_districts_says_in_which_a_community_lies(reader, sample):
    contents, *pages = reader(to_atlas_pdf(with_areas(sample, ["东荷街道", "西荷街道"])))
    assert (contents.count("东荷街道"), contents.count("西荷街道")) == (1, 1)
    assert sum(("东荷街道" in page) + ("西荷街道" in page) for page in pages) == 4
    assert "东荷街道" not in "".join(reader(to_atlas_pdf(with_areas(sample, ["东荷街道"]))))


def test_the_map_of_a_community_names_its_grids(sample):
    part = sample.sections[0].map
    table = part.table.assign(name=["雅瑶社区" + name for name in part.table["name"]])
    section = atlas_sections(one_community(sample, table))[0]
    assert set(section.map.borders[-1]["name"]) == set(part.table["name"][section.map.table.index])


def test_the_grids_of_an_atlas_make_its_totals(reader, sample):
    part = sample.sections[0].map
    table = part.table.assign(need=10.0, met=7.5, gap=2.5, surplus=0.0, ratio=0.75, status="weak")
    page = reader(to_atlas_pdf(one_community(sample, table)))[1]
    assert "薄弱网格12需求120已满足90缺口30富余0" in page


def test_without_a_map_of_grids_there_is_no_atlas(sample):
    with pytest.raises(AtlasError):
        to_atlas_pdf(replace(sample, sections=sample.sections[-1:]))


def test_without_the_package_the_fonts_of_the_system_are_taken(monkeypatch, tmp_path, sample):
    monkeypatch.setattr(pylopdf_fonts_zh_cn, "serif_path", lambda: tmp_path / "none.otf")
    assert to_pdf(replace(sample, sections=())).startswith(b"%PDF")


def test_without_any_chinese_font_it_says_so(monkeypatch, tmp_path, sample):
    monkeypatch.setattr(pylopdf_fonts_zh_cn, "sans_path", lambda: tmp_path / "none.otf")
    monkeypatch.setattr(typesetting, "SONG", ("No such face",))
    typesetting._system_fonts.cache_clear()
    with pytest.raises(typesetting.MissingFontError):
        to_pdf(replace(sample, sections=()))
    typesetting._system_fonts.cache_clear()
