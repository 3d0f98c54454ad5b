"""口径: how the figures are computed, in plain words, with every norm and its source."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import show_note
from geo.schema import Layer
from services import coverage
from services.briefing.words import join_names
from services.i18n import _, text
from services.rules.need import item_columns
from services.rules.norm_draws import count_assumed
from services.rules.norm_texts import list_norms
from services.rules.rounding import round_alone, shown_text, sum_balance
from services.rules.windows import Mode, Window

PARAGRAPHS = (
    (
        text("Need"),
        text(
            "Persons on duty at once that an estate needs = the sum of the items of work in the table below ({items}). "
            "Each is so many persons for every gate, household or resident, or one person for so many of them, by "
            "mode and part of the day; what goes from door to door takes more where more than half are from "
            "elsewhere. Property management carries the share that is stated; a mixed estate gets none of that. "
            "Of every item others (staff, units, medical, police) bear the share that is stated for the mode. A "
            "grid needs what its estates need, or is computed from its own residents where it has none."
        ),
    ),
    (
        text("Supply"),
        text(
            "Persons who can come in the window: the members of the grid, each weighted by the time they "
            "have. What a member has stated replaces the usual share; people who are sent here are added,"
            " people sent away are taken off. Where and while a published roster holds a grid, its members are those "
            "who stand at a post of it and have confirmed; whoever serves there does not count at home too."
        ),
    ),
    (
        text("Need met, gap, surplus"),
        text(
            "Of each grid: met = what of its need its people meet, gap = need − met, surplus = who is there beyond "
            "the need. Communities, sub-districts, districts and the whole add these up over their grids: people to "
            "spare here do not cancel a gap there. Need met in per cent = met ÷ need; it is 100 % only where nobody "
            "is missing. Coverage = supply ÷ need, and can be above 100 %; it is told of single grids and estates "
            "only. A zone is weak where at least a tenth of a person is missing."
        ),
    ),
    (
        text("By chance"),
        text(
            "The mean can be enough while too few come. The chance is that of at least as many whole heads as are "
            "needed: "
            "each member comes with the share of the window in which he has time, or not at all, whatever the "
            "others do "
            "(Poisson binomial, worked out exactly: Biscarri et al. 2018); who is sent here comes for sure. A grid is "
            "weak by chance under 80%. Where people stay away together (a holiday, one employer), shortages are "
            "likelier "
            "than this says: take it for the least risk. It is told in whole per cent, rounded down."
        ),
    ),
    (
        text("Rounding"),
        text(
            "Figures are added up first and rounded last, halves up: whole persons; one decimal where fewer than 10 "
            "are needed or less than one is missing. A gap on the page is the need on the page less the met on the "
            "page. Rows that are added up by hand can differ from their total by what was rounded in each row, half "
            "a person at most."
        ),
    ),
    (
        text("Reachability"),
        text(
            "Persons within reach on foot for each person needed, with decay by distance and the claims "
            "of neighbours counted (E2SFCA: Luo & Qi 2009)."
        ),
    ),
    (
        text("Cold spots"),
        text(
            "Groups of grids whose coverage is lower than chance would have it (Gi*: Ord & Getis 1995, by"
            " permutation, with false-discovery control)."
        ),
    ),
    (
        text("Under-served"),
        text(
            "Coverage below 100 % in this window and mode, the largest gap first. What is missing in a mixed estate "
            "(no property management, or mixed use with many from elsewhere), or in a grid that holds one, counts 1.5 "
            "times, as it does in proposals. Of equal gaps the one with the lower share met comes first, then more "
            "residents, then no property management. Half a person or less comes last, unless nobody at all is there."
        ),
    ),
)


LITERATURE = (
    "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57(1), 289–300.",
    "Biscarri, W., Zhao, S., Brunner, R. (2018). … the Poisson binomial distribution. Comput. Stat. Data Anal.",
    "Dai, D. (2010). Black residential segregation, disparities in spatial access … Health & Place 16(5), 1038–1052.",
    "Luo, W., Qi, Y. (2009). An enhanced two-step floating catchment area (E2SFCA) … Health & Place 15(4), 1100–1107.",
    "Ord, J. K., Getis, A. (1995). Local spatial autocorrelation statistics. Geographical Analysis 27(4), 286–306.",
)


def show_method(mode: Mode, window: Window) -> None:
    """Show how it is computed, then every norm with its value and source, all of it as text that wraps."""
    words, norms = st.columns([2, 3], gap="large")
    with words:
        items = join_names(list(item_columns(cache.coverage_inputs().norms).values()))
        pairs = ((_(title), _(body, items=items)) for title, body in PARAGRAPHS)
        paragraphs = "".join(f"<dt>{escape(title)}</dt><dd>{escape(body)}</dd>" for title, body in pairs)
        title, papers = _("Literature"), "".join(f"<li>{escape(paper)}</li>" for paper in LITERATURE)
        st.html(f'<dl class="gm-method">{paragraphs}<dt>{escape(title)}</dt><dd><ul>{papers}</ul></dd></dl>')
    with norms:
        st.html(f'<table class="gm-norms">{_head()}{"".join(_sections())}</table>')
        show_note(_range_words(mode, window))
        show_note(_("“Assumed” means that no public source states the number: change it to what holds where you are."))
        show_note(_("The norms stand in data/norms.toml and can be changed there."))


def _range_words(mode: Mode, window: Window) -> str:
    """Return how far the total depends on what is assumed."""
    inputs, grids = cache.coverage_inputs(), cache.coverage_view(mode, window).tables[Layer.GRIDS]
    norms = cache.norm_range(mode, window) or coverage.find_norm_range(inputs, mode, window)
    low, high = (shown_text(round_alone(each)) for each in norms.total(grids))
    return _(
        "{count} numbers are assumed. With each of them up to 30% smaller or larger at random, the people missing in "
        "this window lie between {low} and {high} in nine of ten of {draws} draws, {base} with the norms as "
        "they stand.",
        count=count_assumed(inputs.norms),
        low=low,
        high=high,
        draws=coverage.DRAWS,
        base=shown_text(sum_balance(grids).gap),
    )


def _head() -> str:
    cells = "".join(f'<th scope="col">{escape(header)}</th>' for header in (_("Norm"), _("Value"), _("Source")))
    return f"<thead><tr>{cells}</tr></thead>"


def _sections() -> Iterator[str]:
    """Return the norms as parts of a table, a body for each section."""
    for section, rows in groupby(list_norms(cache.coverage_inputs().norms), key=lambda row: _(row.section)):
        lines = "".join(
            f'<tr><th scope="row">{escape(_(row.name))}</th><td>{row.value:,g}</td><td>{escape(row.source)}</td></tr>'
            for row in rows
        )
        yield f'<tbody><tr><th scope="rowgroup" colspan="3">{escape(section)}</th></tr>{lines}</tbody>'
