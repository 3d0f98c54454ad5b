"""Shifts as chains (接龙) name them: a code for each, by which people sign up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from services.rules.roster.duties import Duty, DutyState, Shift, seats_taken
from services.rules.roster.posts import Post
from services.rules.roster.sign_up.clock import OpenShift

_MOST_OF_A_LETTER: Final = 99
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def open_shifts(
    shifts: Iterable[Shift], posts: Mapping[str, Post], duties: Iterable[Duty], community: str
) -> dict[int, OpenShift]:
    """Return the shifts of a community that have seats as chains name them, by number.

    Codes go by day (A1, A2, … on the first, B1, … on the next), time and post. Past 99 shifts of a day the next letter
    goes on; where letters end, a shift stands under its number (#123), which nobody signs up by.
    """
    here = [shift for shift in shifts if shift.seats and _is_of(posts.get(shift.post_code), community)]
    there = list(duties)
    taken = seats_taken(there)
    reserves: dict[int, int] = defaultdict(int)
    for duty in there:
        reserves[duty.shift_id] += duty.heads * (duty.state is DutyState.RESERVE)
    ordered = sorted(here, key=lambda each: (each.window.start, posts[each.post_code].name, each.post_code))
    codes = _codes(ordered)
    return {
        each.id: OpenShift(
            codes.get(each.id, f"#{each.id}"),
            posts[each.post_code].name,
            each.window,
            each.seats,
            taken.get(each.id, 0),
            reserves[each.id],
        )
        for each in ordered
    }


def _is_of(post: Post | None, community: str) -> bool:
    return post is not None and post.community_code == community


def _codes(shifts: Iterable[Shift]) -> dict[int, str]:
    by_day: dict[date, list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_day[shift.window.start.date()].append(shift)
    codes: dict[int, str] = {}
    letter = 0
    for of_day in by_day.values():
        for place, shift in enumerate(of_day):
            row = letter + place // _MOST_OF_A_LETTER
            if row < len(_LETTERS):
                codes[shift.id] = f"{_LETTERS[row]}{place % _MOST_OF_A_LETTER + 1}"
        letter += -(-len(of_day) // _MOST_OF_A_LETTER)
    return codes
