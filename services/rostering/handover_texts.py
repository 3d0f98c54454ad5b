"""A handover in words, for the page and the command: how a post stands, who is there, leaves and comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final

from services.i18n import text, translate
from services.rostering.duty_words import duty_text
from services.rostering.handover import Handover
from services.rules.roster.duties import DutyState
from services.rules.roster.handover import PostHandover, Stint, count_heads
from services.wording import day_name

HEADERS: Final = (
    text("Post"),
    text("How it stands"),
    text("On duty"),
    text("Leaving"),
    text("Coming"),
    text("Open seats"),
)
_MOST_NAMES: Final = 8


def period_text(handover: Handover) -> str:
    """Return of when a handover tells: ``11-30 周一 20:15，看到 22:15``."""
    now = f"{handover.at:%m-%d} {day_name(handover.at)} {handover.at:%H:%M}"
    return translate("{now}, looking ahead to {until}", now=now, until=f"{handover.until:%H:%M}")


def row_texts(handover: Handover, row: PostHandover) -> tuple[str, ...]:
    """Return the cells of a post under ``HEADERS``."""
    return (
        post_text(handover, row),
        state_text(handover, row),
        people_text(row, handover),
        _by_time([(stint.window.end, _agreed(stint)) for stint in row.departures], handover),
        _by_time([(stint.window.start, stint) for stint in row.arrivals], handover),
        open_text(row),
    )


def post_text(handover: Handover, row: PostHandover) -> str:
    """Return what a post is called, with its community where there are several."""
    post = handover.posts[row.post_code]
    community = handover.communities.get(post.community_code, "")
    if len(handover.communities) < 2 or post.name.startswith(community):
        return post.name
    return f"{community} · {post.name}"


def state_text(handover: Handover, row: PostHandover) -> str:
    """Return in a word how a post stands: without anybody now, without anybody soon, with too few, or as it should."""
    if row.unmanned_from == handover.at:
        return translate("Nobody there")
    if row.unmanned_from is not None:
        return translate("Nobody from {time}", time=f"{row.unmanned_from:%H:%M}")
    if row.open_seats:
        return translate("{n} short", n=row.open_seats)
    return translate("In order") if row.seats or row.people else translate("Not on duty")


def people_text(row: PostHandover, handover: Handover) -> str:
    """Return how many of the seats are taken, and who is there."""
    if not row.seats and not row.people:
        return ""
    who = f" {_who(row.people, handover)}" if _are_told(handover) and row.people else ""
    standing_by = translate(" (reserve {n})", n=row.reserves) if row.reserves else ""
    return f"{row.heads}/{row.seats}{who}{standing_by}"


def open_text(row: PostHandover) -> str:
    """Return how many seats are open, now and in the shifts that begin soon."""
    parts = [translate("now {n}", n=row.open_seats)] if row.open_seats else []
    parts += [
        translate("from {time} {n}", time=f"{start:%H:%M}", n=sum(each.seats for each in group))
        for start, group in groupby(row.open_soon, key=lambda each: each.window.start)
    ]
    return " · ".join(parts)


def _by_time(stints: Sequence[tuple[datetime, Stint]], handover: Handover) -> str:
    groups = groupby(stints, key=lambda each: each[0])
    return " · ".join(f"{time:%H:%M} {_who([stint for _time, stint in group], handover)}" for time, group in groups)


def _agreed(stint: Stint) -> Stint:
    """Return the same as if it were confirmed: whoever leaves need not confirm any more."""
    return replace(stint, duty=replace(stint.duty, state=DutyState.CONFIRMED))


def _are_told(handover: Handover) -> bool:
    return bool(handover.names or handover.groups)


def _who(stints: Sequence[Stint], handover: Handover) -> str:
    """Return people by name, teams and units with how many; without names, and beyond the first ones, how many."""
    named = [stint for stint in stints if handover.names or stint.duty.group][:_MOST_NAMES]
    words = [_name(stint, handover) for stint in named]
    if others := count_heads(stints) - count_heads(named):
        words.append(translate("{n} more people", n=others) if words else translate("{n} people", n=others))
    return "、".join(words)


def _name(stint: Stint, handover: Handover) -> str:
    duty = stint.duty
    name = duty_text(duty, handover.names, handover.groups)
    return name + (translate(" (to confirm)") if duty.state is DutyState.ASKED else "")
