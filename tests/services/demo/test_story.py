"""The figures that were published for six communities, read from the frames (data/README.md names them)."""

import pytest

from geo.schema import Layer
from services.demo import DemoSize
from services.demo.warp import GROUND_CRS


@pytest.fixture(scope="module", params=[DemoSize.SUBDISTRICT, DemoSize.DISTRICT])
def data(request, district):
    return district(request.param, 1)


@pytest.fixture
def community(data):
    """Return a function that gives the row of a community, its grids, estates, members and teams."""

    def find(name):
        rows = data[Layer.COMMUNITIES][data[Layer.COMMUNITIES]["name"] == name]
        assert len(rows) == 1
        grids = data[Layer.GRIDS][data[Layer.GRIDS]["parent_code"] == rows.index[0]]
        estates = data[Layer.ESTATES][data[Layer.ESTATES]["parent_code"].isin(grids.index)]
        teams = data[Layer.TEAMS][data[Layer.TEAMS]["parent_code"].isin(grids.index)]
        members = data[Layer.MEMBERS][data[Layer.MEMBERS]["community_code"] == rows.index[0]]
        return rows, estates, members, teams

    return find


def area_km2(rows):
    return rows.to_crs(GROUND_CRS).area.iloc[0] / 1e6


def test_yayao_has_2036_residents_more_than_half_from_elsewhere(community):
    row = community("雅瑶社区")[0].iloc[0]
    assert row["residents"] == 2036
    assert row["outsiders"] > 2036 / 2


def test_yayao_has_12_estates_of_which_11_without_management_and_6_teams(community):
    _, estates, _, teams = community("雅瑶社区")
    assert len(estates) == 12
    assert (~estates["managed"]).sum() == 11
    assert len(teams) == 6


def test_mudan_has_045_km2_5_estates_and_7840_residents(community):
    rows, estates, _, _ = community("牡丹社区")
    assert area_km2(rows) == pytest.approx(0.45, rel=0.02)
    assert len(estates) == 5
    assert rows["residents"].iloc[0] == 7840


def test_yunfeng_has_35_km2_and_5_managed_estates(community):
    rows, estates, _, _ = community("云峰社区")
    assert area_km2(rows) == pytest.approx(3.5, rel=0.02)
    assert estates["managed"].tolist() == [True] * 5


def test_yunfeng_has_its_people(community):
    row = community("云峰社区")[0].iloc[0]
    assert (row["households"], row["residents"], row["outsiders"]) == (11_500, 31_200, 10_500)


def test_yunfeng_has_401_members_and_one_team_of_36(community):
    _, _, members, teams = community("云峰社区")
    assert len(members) == 401
    assert teams["size"].tolist() == [36]


def test_fenghuang_has_yungang_garden_and_50_members_in_10_groups(community):
    _, estates, members, teams = community("凤凰社区")
    assert (estates["name"] == "云港花园").sum() == 1
    assert len(members) == 50
    assert teams["size"].tolist() == [5] * 10


def test_there_is_one_yungang_garden(data):
    assert (data[Layer.ESTATES]["name"] == "云港花园").sum() == 1


def test_baihe_has_two_vanguard_teams_and_4_posts(community):
    _, estates, _, teams = community("百合社区")
    assert teams["kind"].tolist() == ["先锋队"] * 2
    assert estates["gates"].sum() == 4


def test_hehe_is_there(community):
    assert community("合和社区")[0]["residents"].iloc[0] > 0


def test_the_known_communities_have_the_same_codes_at_every_size(data):
    names = data[Layer.COMMUNITIES]["name"].loc["449908001001":"449908001006"]
    assert names.tolist() == ["牡丹社区", "云峰社区", "雅瑶社区", "凤凰社区", "百合社区", "合和社区"]


def test_the_main_subdistrict_is_in_h(data):
    assert data[Layer.DISTRICTS]["name"].loc["449908"] == "H区"
    assert data[Layer.SUBDISTRICTS]["name"].loc["449908001"] == "云港街道"
