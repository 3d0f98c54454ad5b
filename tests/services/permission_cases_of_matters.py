"""How every use case of matters is called for one of two communities."""

from services import matters
from services.catalog.actions import Action
from services.matters import MatterDraft, kinds, new_matter

SHEET = {"checked_places": 3, "dangers": 1, "is_drained": "是"}
KIND = '[daily]\nname="一次"\nsource="假定"\nsubjects=["communities"]\nowners=["communities"]\n'


def feedback(side):
    return MatterDraft(
        kind="feedback",
        subject=f"communities:{side.community}",
        asker=str(side.area),
        title="路灯不亮",
        owner="subdistricts:S",
    )


def seen(lists):
    """Return the numbers of matters that a list tells."""
    return {f"matter:{view.id}" for view in lists.matters}


def seen_sheets(tasks):
    return {task.zone.code for task in tasks}


def seen_choices(choices):
    return {key.partition(":")[2] for of_kind in choices.subjects.values() for key in of_kind}


def matter_cases(free, refused, limited):
    """Return the cases, made by the functions of ``permission_cases``."""
    act, ask, look = Action.ACT_ON_MATTER, Action.ASK_MATTER, Action.VIEW_MATTERS
    return {
        "matters.new_matter.ask_matter": refused(
            ask, lambda c, s, w: matters.ask_matter(c, feedback(s), event_id="once")
        ),
        "matters.new_matter.read_choices": limited(ask, lambda c, s, w: new_matter.read_choices(c), seen_choices),
        "matters.acting.take_matter": refused(act, lambda c, s, w: matters.take_matter(c, s.matter)),
        "matters.acting.answer_matter": refused(act, lambda c, s, w: matters.answer_matter(c, s.taken_on, "办好了")),
        "matters.acting.pass_matter": refused(
            act, lambda c, s, w: matters.pass_matter(c, s.matter, "districts:D", reason="归他们管")
        ),
        "matters.acting.decline_matter": refused(
            act, lambda c, s, w: matters.decline_matter(c, s.matter, reason="不归我办")
        ),
        "matters.acting.close_matter": refused(ask, lambda c, s, w: matters.close_matter(c, s.answered)),
        "matters.acting.return_matter": refused(
            ask, lambda c, s, w: matters.return_matter(c, s.answered, reason="还没有好")
        ),
        "matters.acting.withdraw_matter": refused(
            ask, lambda c, s, w: matters.withdraw_matter(c, s.own_matter, reason="已经解决")
        ),
        "matters.acting.remind_matter": refused(ask, lambda c, s, w: matters.remind_matter(c, s.late_matter)),
        "matters.acting.note_matter": refused(ask, lambda c, s, w: matters.note_matter(c, s.own_matter, "已电话联系")),
        "matters.inbox.read_matters": limited(look, lambda c, s, w: matters.read_matters(c), seen),
        "matters.inbox.read_matter": refused(look, lambda c, s, w: matters.read_matter(c, s.own_matter)),
        "matters.kinds.read_kinds": free(look, lambda c, s, w: matters.read_kinds(c)),
        "matters.kinds.check_kinds": free(Action.DECLARE_KIND, lambda c, s, w: kinds.check_kinds(c, KIND)),
        "matters.kinds.declare_kinds": refused(
            Action.DECLARE_KIND, lambda c, s, w: matters.declare_kinds(c, KIND, str(s.area))
        ),
        "matters.sheets.fill_sheet": refused(
            act, lambda c, s, w: matters.fill_sheet(c, "flood_patrol", s.far_grid, SHEET)
        ),
        "matters.sheets.sign_sheets": refused(
            Action.SIGN_SHEETS, lambda c, s, w: matters.sign_sheets(c, "flood_patrol", str(s.area))
        ),
        "matters.boards.read_sheets": limited(look, lambda c, s, w: matters.read_sheets(c), seen_sheets),
        "matters.boards.read_board": refused(look, lambda c, s, w: matters.read_board(c, "flood_patrol", str(s.area))),
        "matters.boards.read_form": refused(
            look, lambda c, s, w: matters.read_form(c, "flood_patrol", f"grids:{s.grid}")
        ),
        "matters.boards.read_totals": refused(
            look,
            lambda c, s, w: matters.read_totals(c, "flood_patrol", str(s.area), c.clock().date(), c.clock().date()),
        ),
    }
