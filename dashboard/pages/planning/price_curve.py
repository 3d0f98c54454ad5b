"""What the same plan would give at other prices: worked out in the background, shown as a curve, taken over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import plain, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.fragments import show_at_work
from dashboard.streamlit.job import QUICK_S, Job
from services import planning
from services.i18n import _, text
from services.planning import Plan, PlanningSnapshot, PlanProposal, PlanSettings, PricePoint
from services.rules.rounding import round_gap, shown_text
from services.wording import number

_CURVE: Final = "reinforce-prices"
_NOW: Final = "#D55E00"
_OTHER: Final = "#0072B2"
_PEOPLE: Final = {1: text("{n} more people sent"), 0: text("as many people sent"), -1: text("{n} fewer people sent")}
_MISSING: Final = {1: text("{n} more missing"), 0: text("as many missing"), -1: text("{n} fewer missing")}

Weighing = Job[tuple[PricePoint, ...], float]


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """Prices that are weighed against each other, and what they are weighed for: anything else makes them void."""

    job: Weighing
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A point as it is shown."""

    point: PricePoint
    missing: float
    is_now: bool

    @property
    def price(self) -> str:
        return f"{self.point.settings.person_price:g}"

    @property
    def label(self) -> str:
        return _("{price} (now)", price=self.price) if self.is_now else self.price


def show_price_curve(
    planning_view: PlanningView,
    plan: Plan,
    proposal: PlanProposal,
    key: tuple[object, ...],
    *,
    propose: Callable[[PlanningView], None],
) -> None:
    """Show the fold with what other prices would give.

    Parameters
    ----------
    plan, proposal
        What was found, and for which plan.
    key
        Window, mode and version of the data of the proposal.
    propose
        Looks for a proposal again, once a price was taken over.
    """
    curve: PriceCurve | None = state.saved_value(_CURVE)
    if curve is not None and curve.key != (*key, *_conditions(plan)):
        forget_prices()
        curve = None
    with st.expander(_("What other prices would give"), expanded=curve is not None):
        if plan.settings != planning_view.settings or _conditions(plan) != _conditions(planning_view.sketch):
            show_note(_("Conditions or pinned moves were changed since: propose again first."))
        elif curve is None:
            _show_beginning(planning_view.snapshot, plan, proposal, key)
        elif not curve.job.is_done:
            show_at_work(_show_weighing)
        else:
            now = planning.point_of(planning_view.snapshot, plan, proposal)
            _show_lines(planning_view, _lines(planning_view.snapshot, curve, now), propose)


def forget_prices() -> None:
    """Leave off weighing prices, and forget what came of it."""
    curve: PriceCurve | None = state.saved_value(_CURVE)
    if curve is not None:
        curve.job.cancel()
    state.forget(_CURVE)


def _conditions(plan: Plan) -> tuple[object, ...]:
    """Return all that a proposal for a plan follows from but the prices."""
    pinned = tuple(move for move in plan.moves if move.pinned)
    return replace(plan.settings, person_price=0.0, minutes_per_person=0.0), pinned


def _lines(snapshot: PlanningSnapshot, curve: PriceCurve, now: PricePoint) -> list[_Line]:
    """Return the points by rising price, what is proposed now in its place."""
    need = float(snapshot.grids["need"].sum())
    price = now.settings.person_price
    others = [point for point in curve.job.result() if point.settings.person_price != price]
    points = sorted((now, *others), key=lambda point: point.settings.person_price)
    return [_Line(point, round_gap(need, point.missing), point is now) for point in points]


def _show_beginning(snapshot: PlanningSnapshot, plan: Plan, proposal: PlanProposal, key: tuple[object, ...]) -> None:
    show_note(
        _(
            "The less one more person has to close, the more people are sent and the fewer are missing. "
            "Ways cost more or less by the same factor; all else stays."
        )
    )
    args = (snapshot, plan, proposal, key)
    st.button(_("Work out other prices"), key="prices", width="stretch", on_click=_begin, args=args)


def _begin(snapshot: PlanningSnapshot, plan: Plan, proposal: PlanProposal, key: tuple[object, ...]) -> None:
    job: Weighing = Job(
        lambda tell, is_cancelled: planning.weigh_prices(
            snapshot, plan, proposal, is_cancelled=is_cancelled, report=tell
        )
    )
    state.keep(_CURVE, PriceCurve(job, (*key, *_conditions(plan))))
    job.start().wait(QUICK_S)


def _show_weighing() -> None:
    curve: PriceCurve | None = state.saved_value(_CURVE)
    if curve is None or curve.job.is_done:
        st.rerun()
    words = _("Stopping …") if curve.job.is_cancelled else _("Proposals at other prices …")
    st.progress(curve.job.last_step() or 0.0, text=plain(words))
    label = _("Stop and keep what there is")
    st.button(label, key="prices-stop", disabled=curve.job.is_cancelled, on_click=curve.job.cancel)


def _show_lines(planning_view: PlanningView, lines: Sequence[_Line], propose: Callable[[PlanningView], None]) -> None:
    """Show the curve, the same as a table, and each other price in a sentence with what takes it over."""
    st.altair_chart(_chart(lines), width="stretch")
    headers = (_("One more closes at least"), _("People"), _("Missing"), _("Way"))
    show_table(headers, [_row(line) for line in lines], label=_("What other prices would give"), kind="compare")
    unproven = [line.price for line in lines if not line.point.is_proven]
    if unproven:
        show_note(_("Time ran out, a better plan may exist: {prices}", prices=" · ".join(unproven)))
    now = next(line for line in lines if line.is_now)
    for line in lines:
        if not line.is_now:
            _show_choice(planning_view, line, now, propose)


def _show_choice(planning_view: PlanningView, line: _Line, now: _Line, propose: Callable[[PlanningView], None]) -> None:
    key = f"price-{line.price.replace('.', '-')}"
    with st.container(key=key, horizontal=True, gap="small", vertical_alignment="center"):
        said = _("At {price}: {difference}", price=line.price, difference=_difference(line, now))
        st.markdown(plain(said))
        args = (planning_view, line.point.settings, propose)
        st.button(_("Use {price}", price=line.price), key=f"use-{key}", on_click=_take, args=args)


def _row(line: _Line) -> tuple[str, str, str, str]:
    way = _("{hours} h", hours=number(line.point.travel / 60, 1))
    return line.label, number(line.point.people), shown_text(line.missing), way


def _difference(line: _Line, now: _Line) -> str:
    """Return in words how many more or fewer people are sent and missing than now."""
    people, missing = line.point.people - now.point.people, line.missing - now.missing
    return _(
        "{people}, {missing}.",
        people=_(_PEOPLE[_sign(people)], n=number(abs(people))),
        missing=_(_MISSING[_sign(missing)], n=shown_text(abs(missing))),
    )


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


def _chart(lines: Sequence[_Line]) -> alt.LayerChart:
    """Return people missing over people sent: a point for each plan with the prices that give it, now's marked."""
    table = pd.DataFrame(
        {
            "people": [line.point.people for line in lines],
            "missing": [line.missing for line in lines],
            "price": [line.label for line in lines],
            "now": [line.is_now for line in lines],
        }
    )
    points = table.groupby(["people", "missing"], as_index=False).agg({"price": " · ".join, "now": "any"})
    points["above"] = [nth % 2 == 0 for nth in range(len(points))]
    scale = alt.Scale(zero=False, padding=22, nice=False)
    base = alt.Chart(points, height=190).encode(
        x=alt.X("people:Q", title=_("People sent"), scale=scale, axis=alt.Axis(tickCount=4, tickMinStep=1)),
        y=alt.Y("missing:Q", title=_("People missing"), scale=scale, axis=alt.Axis(tickCount=4)),
    )
    colour = alt.condition("datum.now", alt.value(_NOW), alt.value(_OTHER))
    size = alt.condition("datum.now", alt.value(130), alt.value(60))
    chart: alt.LayerChart = (
        base.mark_line(color=_OTHER, strokeWidth=1.5, opacity=0.5)
        + base.mark_point(filled=True, opacity=1).encode(color=colour, size=size)
        + base.transform_filter("datum.above").mark_text(dy=-13, fontSize=11).encode(text="price:N")
        + base.transform_filter("!datum.above").mark_text(dy=14, fontSize=11).encode(text="price:N")
    )
    return chart.properties(description=_("People missing over people sent; the table below has the same figures."))


def _take(planning_view: PlanningView, settings: PlanSettings, propose: Callable[[PlanningView], None]) -> None:
    """Make the settings at a price those of the plan, and propose again where that was not refused."""
    page_state.edit(planning_view, planning.change_plan, settings=settings)
    fresh = page_state.open_view(planning_view.mode, planning_view.window)
    if fresh.settings == settings:
        propose(fresh)
