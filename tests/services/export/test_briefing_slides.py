import io
import math
import posixpath
import re
import zipfile
from dataclasses import replace

import pylopdf_fonts_zh_cn
import pytest
from lxml import etree
from PIL import ImageFont
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Pt
from python_calamine import CalamineWorkbook

from services.briefing import source_line
from services.briefing.model import Chart, ChartKind, KeyFigure, Section, SectionName, Series, Tone
from services.export.briefing import to_pptx
from services.export.briefing.slide_parts import FOOT_TOP
from tests.briefings import (
    LONG_NAME,
    PAYLOADS,
    communities_table,
    make_map,
    make_sample,
    with_text,
)

EMU_PER_INCH = 914_400


@pytest.fixture(scope="module")
def sample():
    return make_sample()


@pytest.fixture(scope="module")
def content(sample):
    return to_pptx(sample)


@pytest.fixture(scope="module")
def deck(content):
    return Presentation(io.BytesIO(content))


def shapes_of(deck, kind=None):
    return [shape for slide in deck.slides for shape in slide.shapes if kind is None or shape.shape_type == kind]


def tables_of(deck):
    return [shape.table for shape in shapes_of(deck) if shape.has_table]


def charts_of(deck):
    return [shape.chart for shape in shapes_of(deck) if shape.has_chart]


def rows_of(table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def texts_of(deck) -> list[str]:
    return [shape.text_frame.text for shape in shapes_of(deck) if shape.has_text_frame]


def one_section(sample, **parts):
    return replace(sample, sections=(Section(SectionName.COMMUNITIES, "结论", **parts),))


def test_slides_are_16_to_9(deck):
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=1e-3)


def test_every_conclusion_is_the_title_of_a_slide(deck, sample):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == sample.title
    assert [section.title for section in sample.sections if section.title not in titles] == []


def test_every_figure_stands_on_a_slide_as_the_briefing_has_it(deck, sample):
    texts = set(texts_of(deck))
    figures = [figure for section in sample.sections for figure in section.figures]
    assert [figure.value for figure in figures if figure.value not in texts] == []
    assert [figure.note for figure in figures if figure.note and figure.note not in texts] == []


def test_tables_are_native_and_hold_every_row(deck, sample):
    found = [row for table in tables_of(deck) for row in rows_of(table)[1:]]
    wanted = [row for section in sample.sections if section.table for row in section.table.rows]
    assert found == wanted


def test_charts_are_native_and_hold_every_number(deck, sample):
    wanted = [section.chart for section in sample.sections if section.chart]
    for made, chart in zip(charts_of(deck), wanted, strict=True):
        assert tuple(made.plots[0].categories) == chart.labels
        assert [series.name for series in made.plots[0].series] == [one.name for one in chart.series]
        assert [series.values for series in made.plots[0].series] == [one.values for one in chart.series]


def test_the_workbook_behind_a_chart_holds_the_same_numbers(deck, sample):
    (chart,) = (section.chart for section in sample.sections if section.chart)
    blob = charts_of(deck)[0].part.chart_workbook.xlsx_part.blob
    rows = CalamineWorkbook.from_filelike(io.BytesIO(blob)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == list(chart.labels)
    assert [row[1] if row[1] != "" else None for row in rows[1:]] == list(chart.series[0].values)


@pytest.mark.parametrize("part", ["slides", "charts"])
def test_every_run_names_a_chinese_font(content, part):
    """WPS and PowerPoint take the font of Chinese letters from a:ea alone."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.startswith(f"ppt/{part}/") and name.endswith(".xml")]
        roots = [etree.fromstring(file.read(name)) for name in names]
    tags = {qn("a:rPr"), qn("a:defRPr")} if part == "charts" else {qn("a:rPr")}
    properties = [one for root in roots for tag in tags for one in root.iter(tag)]
    assert properties
    assert all(one.find(qn("a:ea")).get("typeface") == "微软雅黑" for one in properties)
    assert all(one.find(qn("a:latin")) is not None for one in properties)
    runs = [run for root in roots for run in root.iter(qn("a:r"))]
    assert all(run.find(qn("a:rPr")) is not None for run in runs)


def test_the_file_is_whole(content):
    """PowerPoint repairs a file, or refuses it, where a part is missing, unnamed or told twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names, kinds = file.namelist(), etree.fromstring(file.read("[Content_Types].xml"))
        links = {name: etree.fromstring(file.read(name)) for name in names if name.endswith(".rels")}
        slides = [etree.fromstring(file.read(name)) for name in names if re.fullmatch(r"ppt/slides/slide\d+.xml", name)]
    assert len(names) == len(set(names))
    typed = {kind.get("Extension") or kind.get("PartName").lstrip("/") for kind in kinds}
    assert [name for name in names if not {name, name.rpartition(".")[2]} & typed] == []
    for name, root in links.items():
        folder = posixpath.dirname(posixpath.dirname(name))
        inside = [link.get("Target") for link in root if link.get("TargetMode") != "External"]
        targets = [posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") for target in inside]
        assert [target for target in targets if target not in names] == []
    for slide in slides:
        numbers = [shape.get("id") for shape in slide.iter(qn("p:cNvPr"))]
        assert len(numbers) == len(set(numbers))


def chart_parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if re.fullmatch(r"ppt/charts/chart\d+.xml", name)]
        return [etree.fromstring(file.read(name)) for name in names]


def test_the_axes_of_charts_have_numbers_that_every_program_reads(content):
    """The standard has them unsigned; LibreOffice mistakes those from 2³¹ on for each other."""
    for root in chart_parts(content):
        numbers = [int(one.get("val")) for tag in ("c:axId", "c:crossAx") for one in root.iter(qn(tag))]
        assert numbers
        assert all(0 < number < 2**31 for number in numbers)


def test_whole_numbers_of_charts_have_no_point_behind_them(content):
    formats = [one.get("formatCode") for root in chart_parts(content) for one in root.iter(qn("c:numFmt"))]
    formats += [one.text for root in chart_parts(content) for one in root.iter(qn("c:formatCode"))]
    assert set(formats) <= {"#,##0", "General"}


def bars(*names):
    return Chart(ChartKind.BARS, names, (Series("需求", tuple(float(k) for k in range(len(names)))),), "人")


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (tuple(f"雅瑶{k}村" for k in range(12)), XL_CHART_TYPE.COLUMN_CLUSTERED),
        (tuple(f"{k}{LONG_NAME[:14]}" for k in range(12)), XL_CHART_TYPE.BAR_CLUSTERED),
    ],
    ids=["short", "long"],
)
def test_bars_lie_beside_names_that_have_no_room_below_them(sample, names, kind):
    deck = Presentation(io.BytesIO(to_pptx(one_section(sample, chart=bars(*names)))))
    (chart,) = charts_of(deck)
    assert (chart.chart_type, tuple(chart.plots[0].categories)) == (kind, names)


@pytest.mark.parametrize(("value", "gap_width", "is_told"), [(9.5, 60, True), (888.0, 30, True), (8888.5, 60, False)])
def test_numbers_above_bars_stand_apart_or_are_left_to_the_table(sample, value, gap_width, is_told):
    names, values = tuple(f"雅瑶{k}" for k in range(12)), (value,) * 12
    chart = Chart(ChartKind.BARS, names, (Series("需求", values), Series("已满足", values)), "人")
    (shown,) = charts_of(Presentation(io.BytesIO(to_pptx(one_section(sample, chart=chart)))))
    assert (shown.plots[0].gap_width, shown.plots[0].has_data_labels) == (gap_width, is_told)


def rows_of_text(paragraph, face, width):
    """Return how many lines a paragraph takes: broken after any Chinese character, elsewhere between words."""
    lines, used = 1, 0.0
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s", paragraph):
        wide = face.getlength(word)
        if used + wide > width and not word.isspace():
            lines, used = lines + 1, 0.0
        used += wide
    return lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_fits_its_box_measured_in_its_font(language):
    """Names are the longest of the demo, and one far longer; letters are Noto's, which are as wide as YaHei's."""
    deck = Presentation(io.BytesIO(to_pptx(with_long_names(make_sample(language)))))
    faults = []
    for slide in deck.slides:
        for shape in (one for one in slide.shapes if one.has_text_frame and one.text_frame.text.strip()):
            needed = 0.0
            for paragraph in shape.text_frame.paragraphs:
                size = paragraph.runs[0].font.size.pt if paragraph.runs else 0.0
                face = ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), round(size * 10)) if size else None
                words = "".join(run.text for run in paragraph.runs)
                rows = rows_of_text(words, face, shape.width / EMU_PER_INCH * 720) if face else 1
                needed += rows * size / 72 * 1.2
            if needed > shape.height / EMU_PER_INCH + 0.02:
                faults.append((shape.text_frame.text, needed, shape.height / EMU_PER_INCH))
    assert faults == []


def with_long_names(briefing):
    names = ("东部新城综合配套改革示范区第一社区", LONG_NAME)
    window = "2026-11-28 周六 08:00 – 2026-11-29 周日 22:00"
    figures = tuple(KeyFigure(name, "12,345", f"比第 12 号多 1,234（{name}）", Tone.BAD) for name in names)
    sections = tuple(
        replace(
            part,
            title=f"今晚 20 时起 1,234 个网格力量不足，缺 12,345 人，其中{names[0]}、{names[0]}缺 1,234 人",
            figures=figures,
        )
        for part in briefing.sections
    )
    title = f"{LONG_NAME}力量情况汇报"
    return replace(briefing, title=title, area=LONG_NAME, window=window, sections=sections, maker=names[0])


def test_a_slide_that_goes_on_repeats_the_whole_conclusion(sample):
    title = "今晚 20 时起 982 个杂居小区力量不足，共缺 1,894 人，云盛住宅楼缺口最大（缺 6 人）"
    section = Section(SectionName.WEAKEST, title, map=make_map(), table=communities_table(12))
    deck = Presentation(io.BytesIO(to_pptx(replace(sample, sections=(section,)))))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[1:] == [title, f"{title}（续）"]


def test_the_theme_names_the_chinese_font(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        theme = etree.fromstring(file.read("ppt/theme/theme1.xml"))
    faces = [theme.find(f".//{qn(kind)}/{qn('a:ea')}").get("typeface") for kind in ("a:majorFont", "a:minorFont")]
    assert faces == ["微软雅黑"] * 2


def test_letters_are_large_enough_to_be_read_from_afar(deck):
    foot = FOOT_TOP * EMU_PER_INCH
    for shape in shapes_of(deck):
        if shape.has_text_frame and shape.top < foot:
            sizes = [run.font.size for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
            least = Pt(26) if shape.is_placeholder else Pt(14)
            assert all(size >= least for size in sizes)
    sizes = [
        run.font.size
        for table in tables_of(deck)
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert min(sizes) >= Pt(14)


def test_nothing_stands_outside_its_slide(deck):
    for shape in shapes_of(deck):
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= deck.slide_width + 2
        assert shape.top + shape.height <= deck.slide_height


def test_every_slide_but_the_cover_has_source_mark_and_number(deck, sample):
    for slide in list(deck.slides)[1:]:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert source_line(sample) in texts
        assert sample.mark in texts
        assert 'type="slidenum"' in etree.tostring(slide.shapes._spTree).decode()


def test_maps_are_sharp_and_say_what_they_show(deck):
    pictures = shapes_of(deck, MSO_SHAPE_TYPE.PICTURE)
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.image.size[0] / (picture.width / EMU_PER_INCH) >= 200
        assert "低于 25%" in picture._element.xpath(".//p:cNvPr")[0].get("descr")


@pytest.mark.parametrize("count", [1, 300])
def test_a_long_table_goes_on_under_the_same_heading(sample, count):
    table = communities_table(count, left_out=4)
    deck = Presentation(io.BytesIO(to_pptx(one_section(sample, table=table))))
    tables = tables_of(deck)
    heads = [rows_of(part)[0] for part in tables]
    assert heads == [tuple(column.name for column in table.columns)] * len(tables)
    assert [row for part in tables for row in rows_of(part)[1:]] == list(table.rows)
    assert sum("4" in text and "未列出" in text for text in texts_of(deck)) == 1
    for shape in shapes_of(deck):
        if shape.has_table:
            assert shape.top + sum(row.height for row in shape.table.rows) <= FOOT_TOP * EMU_PER_INCH


def test_a_title_far_too_long_is_cut_and_stays_clear_of_the_rest(sample):
    section = Section(SectionName.WEAKEST, LONG_NAME * 6, table=communities_table(3))
    deck = Presentation(io.BytesIO(to_pptx(replace(sample, sections=(section,)))))
    slide = deck.slides[1]
    title = slide.shapes.title
    assert title.text_frame.text.endswith("…")
    below = [shape for shape in slide.shapes if shape.has_table]
    assert all(shape.top >= title.top + title.height for shape in below)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"table": communities_table(0)},
        {"lead": "没有需求"},
        {"map": replace(make_map(), zones=make_map().zones.head(0))},
    ],
    ids=["nothing", "no rows", "lead only", "no zones"],
)
def test_a_section_with_little_in_it_still_has_its_slide(sample, parts):
    deck = Presentation(io.BytesIO(to_pptx(one_section(sample, **parts))))
    assert len(deck.slides) == 2
    assert deck.slides[1].shapes.title.text_frame.text == "结论"


def test_a_comment_keeps_its_lines(sample):
    deck = Presentation(io.BytesIO(to_pptx(one_section(sample, comment="第一行\n第二行"))))
    assert "说明：第一行\n第二行" in texts_of(deck)


@pytest.mark.parametrize(
    "said", ["".join(PAYLOADS[:4]), PAYLOADS[5], "".join((PAYLOADS[4], *PAYLOADS[6:])), "a\x00b\x0bc\x1b"]
)
def test_texts_of_people_are_data(sample, said):
    content = to_pptx(with_text(sample, said))
    deck = Presentation(io.BytesIO(content))
    wanted = "a b c" if "\x00" in said else said
    assert deck.slides[1].shapes.title.text_frame.text == wanted
    assert rows_of(tables_of(deck)[0])[1][0] == wanted
    assert charts_of(deck)[0].plots[0].series[0].name == wanted
    blob = charts_of(deck)[0].part.chart_workbook.xlsx_part.blob
    with zipfile.ZipFile(io.BytesIO(blob)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_unknown_numbers_leave_gaps(deck):
    values = charts_of(deck)[0].plots[0].series[0].values
    assert values[30] is None
    assert math.isfinite(values[29])


def test_english_briefings_speak_english():
    deck = Presentation(io.BytesIO(to_pptx(make_sample("en"))))
    assert any("Snapshot No. 12" in text for text in texts_of(deck))
    assert any(text.startswith("Comment") for text in texts_of(deck))
