import pytest

from services.i18n import translate
from services.rules.team_templates import ROLE_NAMES, Formation, TeamRole, group_of_five, group_of_seven, one_plus_n

R = TeamRole


def test_the_group_of_seven_has_the_seven_roles():
    assert Formation(group_of_seven(), (None,) * 7).empty_roles == (
        R.STREET_CADRE,
        R.COMMUNITY_CADRE,
        R.GRID_WORKER,
        R.PROPERTY_OR_LANDLORD,
        R.DOCTOR,
        R.POLICE_OFFICER,
        R.MEMBER,
    )


def test_without_a_cadre_the_cadre_is_missing():
    assert Formation(one_plus_n(2), (None, "M1", "M2")).empty_roles == (R.COMMUNITY_CADRE,)


def test_a_group_of_five_has_one_leader():
    assert [place.role for place in group_of_five().places] == [R.LEADER, *[R.MEMBER] * 4]


def test_one_plus_nobody_is_no_team():
    with pytest.raises(ValueError, match="at least one"):
        one_plus_n(0)


def test_every_role_and_template_has_its_chinese():
    assert translate(one_plus_n(4).name) == "1+4：1 名干部带 4 名党员"
    assert all(translate(ROLE_NAMES[role]) != ROLE_NAMES[role].id for role in R)
