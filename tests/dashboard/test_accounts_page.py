"""帐号: what an administrator sees and does, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.accounts import actions
from dashboard.streamlit import session
from services import accounts
from services.catalog.actions import Role
from services.context import open_context
from services.rules.areas import EVERYWHERE, Area
from services.rules.roles import Actor
from tests.services.accounts.authenticator import code_at, new_secret


def page():
    import runpy
    from pathlib import Path

    import dashboard

    runpy.run_path(str(Path(dashboard.__file__).parent / "pages" / "accounts" / "accounts.py"))


@pytest.fixture
def office(demo):
    return open_context(demo)


@pytest.fixture
def made(office, request):
    """Return the name of an account of this test alone."""
    name = f"a{abs(hash(request.node.name)) % 10**8}"
    accounts.create_account(office, name, "兰")
    return name


@pytest.fixture
def opened(made, monkeypatch):
    """Return the page with the card of that account, as an administrator sees it."""
    monkeypatch.setattr(session, "actor", lambda: Actor("guanli", Role.ADMINISTRATOR))
    at = AppTest.from_function(page, default_timeout=30)
    at.session_state[actions.CHOSEN] = made
    return at.run()


def button(at, label):
    return next(found for found in at.button if found.label == label)


def test_the_list_shows_every_account_with_its_roles_by_name(office, made, opened):
    community = next(iter(accounts.offer_areas(office)["communities"].items()))
    accounts.grant_role(office, made, Role.SECRETARY, Area("communities", community[0]))
    shown = opened.run().dataframe[0].value
    row = shown[shown["帐号"] == made].iloc[0]
    assert row["角色与管辖范围"] == f"社区书记 · {community[1]}"


def test_a_role_is_given_for_an_area_picked_by_its_name(office, made, opened):
    opened.selectbox(key=actions.ROLE).select(Role.SECRETARY).run()
    code = next(iter(accounts.offer_areas(office)["communities"]))
    assert opened.selectbox(key=actions.LAYER).value == "communities"
    opened.selectbox(key=f"{actions.PLACE}-communities").select(code)
    button(opened, "授予").click().run()
    (held,) = accounts.find_account(office, made).grants
    assert (held.role, held.area) == (Role.SECRETARY, Area("communities", code))


def test_no_role_is_given_before_its_place_is_picked(office, made, opened):
    button(opened, "授予").click().run()
    assert "请先选" in opened.error[0].value
    opened.selectbox(key=actions.ROLE).select(Role.SECRETARY).run()
    button(opened, "授予").click().run()
    assert "请先选" in opened.error[0].value
    assert accounts.find_account(office, made).grants == ()


def test_everything_is_a_choice_of_its_own(office, made, opened):
    opened.selectbox(key=actions.LAYER).select(actions.EVERYTHING).run()
    button(opened, "授予").click().run()
    (held,) = accounts.find_account(office, made).grants
    assert held.area == EVERYWHERE


def test_sessions_are_ended_and_the_second_factor_is_taken_from_whoever_lost_it(office, made, opened):
    accounts.change_own_password(office, made, "seven quiet herons")
    secret = new_secret(made)
    accounts.confirm_totp(office, made, secret, code_at(secret, office.clock()))
    button(opened.run(), "结束全部登录").click().run()
    assert "已结束 0 个登录" in opened.success[0].value
    button(opened.run(), "取消动态码").click().run()
    assert not accounts.find_account(office, made).has_totp


def test_a_role_is_taken_away(office, made, opened):
    accounts.grant_role(office, made, Role.PLANNER, EVERYWHERE)
    button(opened.run(), "收回").click().run()
    assert accounts.find_account(office, made).grants == ()


def test_a_new_first_password_is_shown_once(office, made, opened):
    button(opened, "重置密码").click().run()
    (said,) = (shown.value for shown in opened.success)
    assert made in said.replace("\\", "")
    assert not opened.run().success


def test_an_account_is_disabled_and_enabled(office, made, opened):
    button(opened, "停用").click().run()
    assert accounts.find_account(office, made).is_disabled
    button(opened, "恢复").click().run()
    assert not accounts.find_account(office, made).is_disabled


def test_what_cannot_be_is_said_on_the_page(opened, made):
    opened.text_input(key=actions.NEW_NAME).input(made)
    button(opened, "新建").click().run()
    assert "已有帐号" in opened.error[0].value


def test_an_account_is_linked_to_the_sign_in_of_the_office_and_unlinked(office, made, opened):
    opened.text_input(key=actions.SUBJECT).input(made)
    opened.button(key="accounts-link-save").click().run()
    assert "已可用单位统一帐号登录" in opened.success[0].value
    assert accounts.find_account(office, made).oidc_subject == made
    opened.text_input(key=actions.SUBJECT).input("")
    opened.button(key="accounts-link-save").click().run()
    assert "解除关联" in opened.success[0].value
    assert accounts.find_account(office, made).oidc_subject is None
