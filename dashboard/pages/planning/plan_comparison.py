"""Two plans side by side: what stays open, the way, the moves, the worst grid, hour by hour."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import show_heading, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from services import planning
from services.i18n import _
from services.planning import Plan, PlanFigures, PlanState
from services.rules.rounding import round_gap, shown_text
from services.wording import number, percent, short_window

_MOST_TOLD: Final = 6
"""Hours of which the bars tell their numbers: in more there is no room."""


def show_comparison(planning_view: PlanningView) -> None:
    """Show the plans of this window and mode, two of them side by side."""
    context, window, mode = cache.context(), planning_view.window, planning_view.mode
    plans = {entry.id: entry for entry in planning.find_plans(context, PlanState.DRAFT, window=window, mode=mode)}
    with st.container(key="comparison", gap="small"):
        show_heading(_("Compare two plans"), short_window(window))
        if len(plans) < 2:
            _show_beginning(planning_view)
            return
        names = tell_apart({plan.id: plan.name for plan in plans.values()})
        ids = list(names)
        mine = ids.index(planning_view.plan.id) if planning_view.plan and planning_view.plan.id in plans else 0
        left, right = st.columns(2, gap="small")
        with left:
            a = _choose_plan(planning_view, "A", names, mine)
        with right:
            b = _choose_plan(planning_view, "B", names, 1 if mine == 0 else 0)
        _show_figures(planning_view, planning.read_plan(context, a), planning.read_plan(context, b))


def _choose_plan(planning_view: PlanningView, letter: str, names: Mapping[int, str], first: int) -> int:
    """Show which plan is compared and what puts it on the map; return its number."""
    ids = list(names)
    chosen = int(
        st.selectbox(letter, ids, first, format_func=lambda k: names.get(k, str(k)), key=f"plan-{letter.lower()}")
    )
    is_open = planning_view.plan is not None and planning_view.plan.id == chosen
    label = _("{letter} is on the map", letter=letter) if is_open else _("Use {letter}", letter=letter)
    st.button(
        label,
        key=f"use-{letter}",
        disabled=is_open,
        type="secondary" if is_open else "primary",
        width="stretch",
        on_click=state.write_plan_id,
        args=(chosen,),
    )
    return chosen


def _show_figures(planning_view: PlanningView, a: Plan, b: Plan) -> None:
    seen = planning.figures_of(planning_view.snapshot, a), planning.figures_of(planning_view.snapshot, b)
    rows = _rows(float(planning_view.snapshot.grids["need"].sum()), a, b, *seen)
    show_table(("", "A", "B"), rows, label=_("Compare two plans"), kind="compare")
    st.altair_chart(_hours(*seen), width="stretch")


def _show_beginning(planning_view: PlanningView) -> None:
    """Show the button that makes the second plan, which is then open and can be changed."""
    show_note(_("A comparison needs a second draft of this window: a copy of this one, to be changed."))
    st.button(_("Make the second plan"), key="plan-second", type="primary", on_click=_add_second, args=(planning_view,))


def _add_second(planning_view: PlanningView) -> None:
    with page_state.attempt():
        first = page_state.draft_of(planning_view)
        copied = planning.copy_plan(cache.context(), first.id, event_id=page_state.new_event())
        state.write_plan_id(copied.id)


def _rows(need: float, a: Plan, b: Plan, one: PlanFigures, two: PlanFigures) -> list[tuple[str, str, str]]:
    def line(name: str, first: str, second: str) -> tuple[str, str, str]:
        return name, first, second

    return [
        line(_("People missing"), *(shown_text(round_gap(need, seen.after.unmet)) for seen in (one, two))),
        line(_("Weak grids"), number(one.after.weak), number(two.after.weak)),
        line(_("Moves"), number(len(a.moves)), number(len(b.moves))),
        line(_("Sent by this plan"), number(one.people), number(two.people)),
        line(_("Way"), *(_("{hours} h", hours=number(seen.after.travel / 60, 1)) for seen in (one, two))),
        line(_("Worst grid"), _worst(one), _worst(two)),
    ]


def _worst(seen: PlanFigures) -> str:
    return f"{seen.worst_name} {percent(seen.after.worst_ratio)}" if seen.worst_code else "–"


def _hours(one: PlanFigures, two: PlanFigures) -> alt.LayerChart:
    """Return how many persons fewer are missing in each hour with A and with B, and under it how many are without."""
    before = [_("without a plan {n}", n=number(missing)) for missing in one.by_hour["before"]]
    hours = [f"{start:%H:%M}|{words}" for start, words in zip(one.by_hour["start"], before, strict=True)]
    frames = [
        pd.DataFrame({"hour": hours, "less": seen.by_hour["before"] - seen.by_hour["after"], "plan": name})
        for name, seen in (("A", one), ("B", two))
    ]
    base = alt.Chart(pd.concat(frames), height=190).encode(
        x=alt.X("hour:N", title=None, sort=hours, axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, '|')")),
        xOffset=alt.XOffset("plan:N"),
        y=alt.Y("less:Q", title=_("Fewer people missing")),
    )
    colours, legend = alt.Scale(range=["#0072B2", "#D55E00"]), alt.Legend(orient="top")
    bars = base.mark_bar().encode(color=alt.Color("plan:N", title=None, scale=colours, legend=legend))
    number_text = alt.Text("less:Q", format=".0f") if len(hours) <= _MOST_TOLD else alt.TextValue("")
    chart: alt.LayerChart = bars + base.mark_text(dy=-7, fontSize=11).encode(text=number_text)
    return chart
