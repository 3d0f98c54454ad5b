"""The review of a plan before it is sent: who goes, who gives and gets, what was set aside, where people meet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.frame.meeting_points import ask_meeting_point
from dashboard.kit.frames import frame_height, show_frame
from dashboard.kit.pager import show_pages
from dashboard.kit.widgets import plain, show_facts, show_heading, show_note
from dashboard.pages.planning import page_state
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.fragments import keep_language
from services import planning
from services.i18n import _, text
from services.planning import CommunityShare, MeetingPoint, Plan, ReceivingPlace, SendingReview
from services.planning.meeting_points import Zone
from services.rules.rounding import round_gap, shown_text
from services.wording import number

_OPEN: Final = "review-open"
_POINTS: Final = "review-points"
_LONGEST: Final = 60
_MOST_PX: Final = 260


def open_review() -> None:
    """Open the review when the page is drawn next."""
    state.keep(_OPEN, "yes")


def close_review() -> None:
    """Close the review; names and telephones that were typed in are not kept in the session."""
    state.forget(_OPEN, _POINTS)


def show_review(planning_view: PlanningView, versions: Mapping[str, int]) -> None:
    """Show the review of the draft where it is open; ``versions`` are those the figures on the page rest on."""
    if state.saved_value(_OPEN) and planning_view.plan is not None:
        title = _("Review before sending: {name}", name=planning_view.plan.name)
        st.dialog(title, width="large", on_dismiss=close_review)(keep_language(_review))(
            planning_view, planning_view.plan, versions
        )


def _review(planning_view: PlanningView, plan: Plan, versions: Mapping[str, int]) -> None:
    review = planning.review_sending(cache.context(), planning_view.snapshot, plan)
    show_facts(_facts(review))
    left, right = st.columns(2, gap="medium")
    with left:
        _show_shares(_("Who gives"), review.giving)
    with right:
        _show_shares(_("Who gets"), review.getting)
    _show_overruled(review)
    _show_split(review)
    left, right = st.columns(2, gap="medium")
    purpose = left.text_input(_("What for"), plan.settings.purpose, max_chars=80, key="review-purpose")
    bring = right.text_input(_("Bring along"), plan.settings.bring, max_chars=80, key="review-bring")
    points = _ask_meeting_points(review)
    label = _("Send out {teams} teams, {people} people", teams=number(review.teams), people=number(review.people))
    if st.button(label, key="send-out", type="primary", width="stretch"):
        settings = replace(plan.settings, purpose=purpose.strip(), bring=bring.strip())
        close_review()
        with page_state.attempt():
            if points:
                planning.note_meeting_points(cache.context(), points)
            if settings != plan.settings:
                planning.change_plan(cache.context(), plan.id, settings=settings, event_id=page_state.new_event())
            _commit(planning_view, plan, versions)
        st.rerun()


def _commit(planning_view: PlanningView, plan: Plan, versions: Mapping[str, int]) -> None:
    """Send the plan as the planner saw it: what changed since was shown above the button."""
    context = cache.context()
    if versions != dict(plan.versions):
        planning.acknowledge(context, plan.id, versions, event_id=page_state.new_event())
    came = planning.commit_plan(context, plan.id, planning.travel_minutes(planning_view.snapshot, plan))
    if came.is_sent:
        state.write_plan_id(plan.id)
        seats = [text("{n} shifts of their people are open now (Duty roster).", n=number(came.released))]
        page_state.tell(
            text("Sent: {n} orders.", n=number(len(came.orders))), *(seats if came.released else ()), tone="good"
        )
    elif came.obstacles:
        page_state.tell(text("Nothing was sent; nothing is lost."), *(change.text for change in came.obstacles))
    else:
        page_state.tell(text("The data changed this moment. Look at the figures again, then send."))


def _facts(review: SendingReview) -> list[tuple[str, str]]:
    def missing(unmet: float) -> str:
        return shown_text(round_gap(review.need, unmet))

    return [
        (_("Teams"), number(review.teams)),
        (_("People"), number(review.people)),
        (_("People missing"), f"{missing(review.before.unmet)} → {missing(review.after.unmet)}"),
        (_("Weak grids"), f"{number(review.before.weak)} → {number(review.after.weak)}"),
    ]


def _show_shares(title: str, shares: Sequence[CommunityShare]) -> None:
    show_heading(title, _("{n} communities", n=number(len(shares))))
    rows = [
        (
            share.name or _("Without a community"),
            number(share.teams),
            number(share.people),
            " → ".join(shown_text(round_gap(share.need, gap)) for gap in (share.gap_before, share.gap_after)),
        )
        for share in shares
    ]
    columns = [_("Community"), _("Teams"), _("People"), _("People missing")]
    frame = pd.DataFrame(rows, columns=columns)
    show_frame(frame, width="stretch", height=min(frame_height(frame), _MOST_PX))


def _show_overruled(review: SendingReview) -> None:
    if not review.overruled:
        return
    show_heading(_("Rules that were set aside"), _("{n} moves", n=number(len(review.overruled))))
    for move in review.overruled:
        broken = "；".join(_(breach) for breach in move.breaches)
        st.caption(
            plain(f"{move.team_name} → {move.place} · {broken} · {_('Overruled: {reason}', reason=move.reason)}")
        )


def _show_split(review: SendingReview) -> None:
    if not review.split:
        return
    show_heading(_("Partly on duty already"), _("{n} teams", n=number(len(review.split))))
    for team in review.split:
        st.caption(plain(f"{team.name} · {_('{n} people', n=team.people)} · {_('Sent to {grid}', grid=team.sent_to)}"))


def _ask_meeting_points(review: SendingReview) -> dict[Zone, MeetingPoint]:
    """Ask where people meet and whom they report to where nothing is stated, and show what is.

    Returns
    -------
    dict
        What was typed in: of places without a meeting point, and of those that get another one or none.
    """
    lacking, stated = review.without_meeting_point, review.meeting_points
    common = _ask_for_all(lacking) if lacking else MeetingPoint()
    if stated:
        show_heading(_("Meeting point known"), _("{n} places", n=number(len(stated))))
        if st.toggle(_("Look at them and change them"), key="review-stated"):
            show_note(_("What stands here is in every order text from now on; empty fields remove it."))
            _ask_one_by_one("review-stated-places", list(stated.values()))
    own: dict[Zone, MeetingPoint] = state.saved_value(_POINTS) or {}
    asked = {zone: _joined(own.get(zone), common) for zone in lacking}
    changed = {zone: own[zone] for zone in stated if zone in own and own[zone] != stated[zone].point}
    return {zone: point for zone, point in asked.items() if point.is_stated} | changed


def _ask_for_all(lacking: Mapping[Zone, str]) -> MeetingPoint:
    """Ask once for all places without a meeting point, or one by one; return what was typed in for all."""
    show_heading(_("Meeting point"), _("{n} places without one", n=number(len(lacking))))
    show_note(_("Asked for once: kept for the grid or estate, it stands in every order. It may stay empty."))
    left, right = st.columns(2, gap="medium")
    label = _("Meeting point of all {n}", n=number(len(lacking)))
    place = left.text_input(label, key="review-place", max_chars=_LONGEST, placeholder=_("e.g. at the community post"))
    contact = right.text_input(
        _("Report to, of all {n}", n=number(len(lacking))),
        key="review-contact",
        max_chars=_LONGEST,
        placeholder=_("Name and telephone"),
    )
    if len(lacking) > 1 and st.toggle(_("One by one"), key="review-single"):
        _ask_one_by_one("review-places", [ReceivingPlace(zone, name, MeetingPoint()) for zone, name in lacking.items()])
    return MeetingPoint(place, contact)


def _joined(own: MeetingPoint | None, common: MeetingPoint) -> MeetingPoint:
    return common if own is None else MeetingPoint(own.place or common.place, own.contact or common.contact)


def _ask_one_by_one(name: str, places: Sequence[ReceivingPlace]) -> None:
    """Show the fields of a page of places; what was typed in is kept until the review is closed."""
    for _position, place in show_pages(name, places):
        points: dict[Zone, MeetingPoint] = state.saved_value(_POINTS) or {}
        before = points.get(place.zone, place.point)
        point = ask_meeting_point(place.zone, place.name, before)
        if point != before:
            state.keep(_POINTS, {**points, place.zone: point})
