"""One kept briefing of a real store, read back from slides, paper, pictures and the screen: the same figures."""

import io
import re
import subprocess
import unicodedata
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from pptx import Presentation

from services.briefing import BriefingRequest, freeze, read_briefing
from services.cli import app
from services.cli.shell import Exit, run
from services.export.briefing import pictures, section_png, to_pdf, to_pptx
from services.export.typesetting import compile_pdf
from services.planning import list_plans
from services.rules.windows import Mode
from tests.browser.demo_store import make_demo_store
from tests.serving import serving

pytestmark = pytest.mark.browser
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Kept:
    """A server and the briefing that it keeps, in each language."""

    server: str
    told: dict


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Serve a demo with a committed plan and a briefing frozen after it."""
    folder = tmp_path_factory.mktemp("agrees")
    url, context = make_demo_store(folder)
    plan = ("--window", "tonight", "--mode", "emergency", "--seconds", "3")
    assert run(app, ["plan", "propose", "--store", url, *plan]) == Exit.DONE
    (made,) = list_plans(context)
    assert run(app, ["plan", "commit", str(made.id), "--store", url]) == Exit.DONE
    number = freeze(context, BriefingRequest(made.window, Mode.EMERGENCY, plan_id=made.id))
    told = {language: read_briefing(context, number, language) for language in LANGUAGES}
    with serving(folder, "--store", url) as running:
        yield Kept(running.address, told)


def bare(said):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", said))


def pdf_text(pdftotext, content):
    read = subprocess.run([pdftotext, "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return bare(read.stdout.decode())


def said_by(section):
    """Every text and figure of a section that stands in all its forms, bare of blanks."""
    figures = [part for one in section.figures for part in (one.label, one.value, one.note)]
    cells = [cell for row in section.table.rows for cell in row] if section.table else []
    return [bare(said) for said in (section.title, section.lead, *figures, *cells) if said]


def on_the_screen(page, kept, language):
    """Read the figures and rows of each section from the page; on a wall each has all of its parts in view."""
    (number,) = {briefing.number for briefing in kept.told.values()}
    page.set_viewport_size({"width": 3840, "height": 1080})
    page.goto(f"{kept.server}/screen?snapshot={number}&lang={language}&paused=1")
    page.locator(".figure").first.wait_for(timeout=30_000)
    for k, section in enumerate(kept.told[language].sections):
        page.keyboard.press(str(k + 1))
        expect(page.locator("#head h2")).to_have_text(section.title)
        figures = page.locator(".figure:visible").evaluate_all(
            "all => all.map(one => [...one.children].map(c => c.textContent))"
        )
        rows = page.locator("tbody tr:visible").evaluate_all(
            "all => all.map(one => [...one.children].map(c => c.textContent))"
        )
        yield figures, rows if page.locator("#tablebox").is_visible() else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_shows_the_figures_and_rows_of_the_briefing(page, kept, language):
    for section, (figures, rows) in zip(kept.told[language].sections, on_the_screen(page, kept, language), strict=True):
        assert figures == [[one.label, one.value, one.note] for one in section.figures]
        told = [list(row) for row in section.table.rows] if section.table else []
        assert rows == told[: len(rows)]
        assert bool(rows) == bool(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_say_every_figure_and_row_of_the_briefing(kept, language):
    deck = Presentation(io.BytesIO(to_pptx(kept.told[language])))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    texts = [bare(shape.text_frame.text) for shape in shapes if shape.has_text_frame]
    cells = [bare(cell.text) for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    charts = [tuple(plot.values) for shape in shapes if shape.has_chart for plot in shape.chart.plots[0].series]
    text = "\n".join([*texts, *cells])
    for section in kept.told[language].sections:
        assert [said for said in said_by(section) if said not in text] == []
        assert [one.values for one in (section.chart.series if section.chart else ()) if one.values not in charts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_says_every_figure_and_row_of_the_briefing(kept, language, program):
    text = pdf_text(program("pdftotext"), to_pdf(kept.told[language]))
    for section in kept.told[language].sections:
        assert [said for said in said_by(section) if said not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_say_every_figure_of_the_briefing(kept, language, program, monkeypatch):
    monkeypatch.setattr(pictures, "compile_png", lambda template, document, **_: compile_pdf(template, document))
    for section in kept.told[language].sections:
        text = pdf_text(program("pdftotext"), section_png(kept.told[language], section.name))
        figures = [bare(part) for one in section.figures for part in (one.label, one.value, one.note)]
        assert [said for said in (bare(section.title), *figures) if said not in text] == []
        has_room = section.table and not section.map
        first = [bare(cell) for row in section.table.rows[:5] for cell in row] if has_room else []
        assert [said for said in first if said not in text] == []
