"""A unit of 23 people, two gates with two seats by day, and a roster of a week, for tests of packages."""

from datetime import date, datetime, time
from itertools import product

import pandas as pd

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action, Role
from services.rostering import PackageOffer
from services.rostering.model import minute
from services.rules.areas import Area
from services.rules.roles import Actor
from services.rules.roster.packages import PackagePost
from services.rules.windows import DAY, HOUR, Mode
from tests.acting import act
from tests.services.planning.conftest import frame

MONDAY = date(2026, 11, 30)
NORTH, SOUTH = "P1", "P2"
BY_DAY = PackagePost(NORTH, time(8), time(22))
OFFER = PackageOffer(unit_code="U1", community_code="C1", start=MONDAY, days=7, posts=(BY_DAY,), name="门岗承包")
LIAISON = Actor("王联络", Role.LIAISON, Area(Layer.UNITS, "U1"))
SECRETARY = Actor("陈书记", Role.SECRETARY, Area(Layer.COMMUNITIES, "C1"))


def fill_units(office):
    """Put 23 people into a unit (two of one name), two into another, and two gates into the community."""
    units = {"U1": {"name": "医保办", "community_codes": "C1;C9"}, "U2": {"name": "税务局", "community_codes": "C9"}}
    posts = {
        code: {"name": name, "community_code": "C1", "kind": "gate", "active": True}
        for code, name in ((NORTH, "北门岗"), (SOUTH, "南门岗"))
    }
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.UNITS, frame(units))
        work.tx.upsert(Layer.POSTS, frame(posts))
        of_unit = {f"M{number:03d}": "U1" for number in range(23)} | {"M030": "U2", "M031": "U2"}
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame({"unit_code": of_unit}).rename_axis("code"))
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame({"name": {"M021": "张伟", "M022": "张伟"}}).rename_axis("code"))


def make_roster(office, event="week"):
    """Make a draft for the week of routine with shifts of two hours by day, two seats at each gate."""
    area = Area(Layer.COMMUNITIES, "C1")
    made = rostering.create_roster(office, area, MONDAY, 7, Mode.ROUTINE, event_id=event)
    begin = datetime.combine(MONDAY, time())
    rows = []
    for post, day, hour in product((NORTH, SOUTH), range(7), range(8, 22, 2)):
        start = begin + day * DAY + hour * HOUR
        times = {"start": minute(start), "end": minute(start + 2 * HOUR)}
        rows.append({"roster_id": made.id, "post_code": post, **times, "seats": 2, "needed": 2.0})
    with act(office, Action.KEEP_ROSTER) as work:
        work.tx.rosters.put_shifts(rows)
    return made.id


def shift_of(board, post, day, hour):
    """Return the number of the shift at a post at an hour of a day of the week."""
    start = datetime.combine(MONDAY, time(hour)) + day * DAY
    return next(each.id for each in board.shifts if each.post_code == post and each.window.start == start)


def only(context):
    (view,) = rostering.list_packages(context)
    return view


def versions(office):
    with office.look(Action.VIEW_ROSTER) as tx:
        return tx.versions()
