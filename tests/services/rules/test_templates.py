import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.i18n import translate
from services.rules.templates import (
    ROLE_NAMES,
    Candidate,
    TeamRole,
    form_team,
    group_of_five,
    group_of_seven,
    groups_of_five,
    one_plus_n,
)

R = TeamRole


def people(*roles) -> list[Candidate]:
    return [Candidate(f"M{k}", frozenset(r)) for k, r in enumerate(roles)]


def test_the_group_of_seven_has_the_seven_roles():
    assert form_team(group_of_seven(), []).empty_roles == (
        R.STREET_CADRE,
        R.COMMUNITY_CADRE,
        R.GRID_WORKER,
        R.PROPERTY_OR_LANDLORD,
        R.DOCTOR,
        R.POLICE_OFFICER,
        R.MEMBER,
    )


def test_one_cadre_and_three_members_are_one_plus_three():
    formed = form_team(one_plus_n(3), people({R.MEMBER}, {R.STREET_CADRE}, {R.DOCTOR}, {R.MEMBER}))
    assert formed.is_complete
    assert formed.filled[0] == "M1"


def test_without_a_cadre_the_cadre_is_missing():
    formed = form_team(one_plus_n(2), people({R.MEMBER}, {R.MEMBER}, {R.MEMBER}))
    assert formed.empty_roles == (R.COMMUNITY_CADRE,)


def test_one_plus_nobody_is_no_team():
    with pytest.raises(ValueError, match="at least one"):
        one_plus_n(0)


def test_somebody_moves_over_for_whom_nobody_else_will_do():
    formed = form_team(group_of_seven(), people({R.STREET_CADRE, R.COMMUNITY_CADRE}, {R.STREET_CADRE}))
    assert formed.filled[:2] == ("M1", "M0")


def test_who_was_put_into_a_post_stays():
    formed = form_team(group_of_five(), people({R.LEADER}, {R.MEMBER}), [None, "M0"])
    assert formed.filled == (None, "M0", "M1", None, None)


def test_fourteen_people_are_two_groups_of_five():
    assert len(groups_of_five(14)) == 2
    assert len(group_of_five().posts) == 5


@given(st.lists(st.frozensets(st.sampled_from(list(R)), min_size=1, max_size=3), max_size=5))
def test_as_many_posts_are_filled_as_can_be(roles):
    template, candidates = group_of_seven(), people(*roles)
    formed = form_team(template, candidates)
    placed = [code for code in formed.filled if code]
    assert len(placed) == len(set(placed))
    by_code = {person.code: person for person in candidates}
    for post, code in zip(template.posts, formed.filled, strict=True):
        assert code is None or by_code[code].roles & post.open_to
    most = max(
        sum(bool(person.roles & template.posts[seat].open_to) for person, seat in zip(candidates, seats, strict=True))
        for seats in itertools.permutations(range(7), len(candidates))
    )
    assert len(placed) == most


def test_every_role_and_template_has_its_chinese():
    assert translate(one_plus_n(4).name) == "1+4：1 名干部带 4 名党员"
    assert all(translate(ROLE_NAMES[role]) != ROLE_NAMES[role].id for role in R)
