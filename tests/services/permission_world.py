"""Two communities beside each other, with everything that use cases are called with in each of them."""

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, time

import pandas as pd

from geo.schema import Layer
from services import accounts, briefing, claims, matters, planning, rostering
from services.briefing import BriefingRequest, BriefingTemplate, SectionChoice, SectionName
from services.catalog.actions import Action, Role
from services.claims import ClaimDraft, HolderKind
from services.context import Context
from services.coverage import load_inputs
from services.export.situation import look_at
from services.imports import make_upload
from services.matters import MatterDraft
from services.planning import Move
from services.rules.areas import Area
from services.rules.roles import Actor
from services.rules.roster.packages import PackagePost
from services.rules.windows import DAY, DayPart, Mode, Window
from tests.acting import act
from tests.services.planning.conftest import frame, square, team, zone

NOW = datetime(2026, 11, 25, 12)
EVENING = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 22))
NIGHT = Window(datetime(2026, 11, 26, 0), datetime(2026, 11, 26, 6))
REQUEST = BriefingRequest(EVENING, Mode.ROUTINE, sections=(SectionChoice(SectionName.WEAKEST),))


@dataclass(frozen=True)
class Side:
    """One of the two communities."""

    community: str
    grid: str
    far_grid: str
    estate: str
    team: str
    sent_team: str
    formed: str
    filed_team: str
    member: str
    homeless: str
    unit: str
    names: frozenset[str]
    """Names of zones that appear in briefings."""
    draft: int = 0
    sent: int = 0
    order: int = 0
    briefing: int = 0
    batch: int = 0
    roster: int = 0
    shift: int = 0
    duty: int = 0
    claim: int = 0
    post: str = ""
    offered: int = 0
    package: int = 0
    package_shift: int = 0
    package_duty: int = 0
    matter: int = 0
    """Asked of the community by the sub-district; ``taken_on`` the community is at work on."""
    taken_on: int = 0
    own_matter: int = 0
    """Asked by the community; so are ``late_matter``, half of whose time is over, and ``answered``."""
    late_matter: int = 0
    answered: int = 0

    @property
    def area(self) -> Area:
        return Area(Layer.COMMUNITIES, self.community)

    @property
    def codes(self) -> frozenset[str]:
        """What must not be seen of it from elsewhere."""
        own = (self.community, self.grid, self.far_grid, self.estate, self.team, self.sent_team, self.formed)
        numbers = (
            f"plan:{self.draft}",
            f"plan:{self.sent}",
            f"order:{self.order}",
            f"batch:{self.batch}",
            f"roster:{self.roster}",
            f"claim:{self.claim}",
            f"package:{self.package}",
            f"matter:{self.own_matter}",
            f"matter:{self.matter}",
        )
        kept = (f"briefing:{self.briefing}", f"template:例会{self.community}")
        people = (self.filed_team, self.member, self.homeless, *kept)
        return self.names | {*own, *people, *numbers}

    @property
    def move(self) -> Move:
        return Move(self.team, self.far_grid, 4)

    @property
    def file(self):
        return make_upload("队伍.csv", f"code,name,parent_code,size\nN{self.grid},新队,{self.grid},5\n".encode())


NORTH = Side(
    *("C1", "G1", "G2", "E1", "T1", "T2", "F000000000001", "B1", "M1", "M5", "U1"),
    names=frozenset({"一格", "云港花园"}),
)
SOUTH = Side(
    *("C2", "G3", "G4", "E3", "T3", "T4", "F000000000003", "B3", "M3", "M7", "U2"),
    names=frozenset({"四格", "南苑小区"}),
)


@dataclass(frozen=True)
class World:
    """A filled store that stays as it is, whatever is done to it."""

    office: Context
    own: Side
    other: Side
    actors: dict[str, Actor]
    coverage_inputs: object
    snapshot: object
    situation: object

    def context(self, actor: Actor) -> Context:
        return Context(Rehearsal(self.office._store), actor, self.office.clock)


class Rehearsal:
    """A store whose changes are made, checked by the database, and undone."""

    def __init__(self, store):
        self._store = store

    def __getattr__(self, name):
        return getattr(self._store, name)

    @contextmanager
    def write(self):
        with suppress(_UndoneError), self._store.write() as tx:
            yield tx
            raise _UndoneError


class _UndoneError(Exception):
    pass


def make_world(store) -> World:
    office = Context(store, clock=lambda: NOW)
    with act(office, Action.IMPORT) as work:
        _fill(work.tx)
    own, other = (_fill_side(office, side) for side in (NORTH, SOUTH))
    coverage_inputs = load_inputs(office)
    snapshot = planning.load_snapshot(office, coverage_inputs, EVENING, Mode.ROUTINE)
    return World(
        office, own, other, every_actor(own), coverage_inputs, snapshot, look_at(office, EVENING, Mode.ROUTINE)
    )


def _fill(tx):
    grids = {
        "G1": zone("一格", "C1", residents=300, households=100),
        "G2": zone("二格", "C1", residents=3000, households=1000),
        "G3": zone("三格", "C2", residents=300, households=100),
        "G4": zone("四格", "C2", residents=3000, households=1000),
    }
    tx.upsert(Layer.DISTRICTS, frame({"D": zone("H 区", None)}, [square(0, 0, 400)]))
    tx.upsert(Layer.SUBDISTRICTS, frame({"S": zone("街道", "D")}, [square(0, 0, 400)]))
    communities = {"C1": zone("北社区", "S"), "C2": zone("南社区", "S")}
    tx.upsert(Layer.COMMUNITIES, frame(communities, [square(0, 0, 200), square(5000, 0, 200)]))
    tx.upsert(Layer.GRIDS, frame(grids, [square(x, 0) for x in (0, 100, 5000, 5100)]))
    estates = {
        "E1": zone("云港花园", "G2", residents=9000, households=3000, gates=2, managed=False, mixed_use=True),
        "E3": zone("南苑小区", "G4", residents=9000, households=3000, gates=2, managed=False, mixed_use=True),
    }
    tx.upsert(Layer.ESTATES, frame(estates, [square(120, 20, 30), square(5120, 20, 30)]))
    units = {"U1": {"name": "甲单位", "community_codes": "C1"}, "U2": {"name": "乙单位", "community_codes": "C2"}}
    tx.upsert(Layer.UNITS, frame(units))
    homes = {side: side.grid for side in (NORTH, SOUTH)}
    teams = {
        code: team(name, home, 8, unit_code=side.unit)
        for side, home in homes.items()
        for code, name in ((side.team, "一队"), (side.sent_team, "二队"), (side.formed, "三队"))
    }
    tx.upsert(Layer.TEAMS, frame(teams))
    parts = dict.fromkeys(f"available_{part}" for part in DayPart)
    people = {
        code: {
            "name": f"党员{code}",
            "address": address,
            "community_code": side.community,
            "unit_code": side.unit,
            "skills": "医疗",
        }
        | parts
        for side in (NORTH, SOUTH)
        for code, address in ((side.member, "云港花园1栋"), (side.homeless, "不明小区2栋"))
    }
    tx.upsert(Layer.MEMBERS, frame(people))
    placed = {side.member: side.grid for side in (NORTH, SOUTH)}
    assigned = pd.DataFrame({"grid_code": placed, "estate_code": None}).rename_axis("member_code")
    tx.replace_assignments(assigned.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False))


def _fill_side(office: Context, side: Side) -> Side:
    there = office.within(side.area)
    batch = _import(office, side)
    sent = planning.create_plan(there, EVENING, Mode.ROUTINE, event_id=f"sent-{side.grid}")
    planning.send(there, sent.id, Move(side.sent_team, side.far_grid, 8), event_id=f"sent-move-{side.grid}")
    done = planning.commit_plan(there, sent.id)
    draft = planning.create_plan(there, NIGHT, Mode.ROUTINE, event_id=f"draft-{side.grid}")
    planning.send(there, draft.id, side.move, event_id=f"draft-move-{side.grid}")
    planning.give_out(office, EVENING, {side.grid: 3})
    number = briefing.freeze(there, REQUEST)
    briefing.save_template(there, BriefingTemplate(f"例会{side.community}", REQUEST.sections))
    accounts.create_account(office, f"someone-{side.community.lower()}")
    of_roster = _roster(there, side)
    of_packages = _packages(there, side, of_roster["post"])
    claimed = ClaimDraft(Layer.ESTATES, side.estate, "9栋", 5, HolderKind.MEMBER, side.member)
    numbers = (
        of_roster
        | of_packages
        | {
            "draft": draft.id,
            "sent": sent.id,
            "order": done.orders[0].id,
            "briefing": number,
            "batch": batch,
            "claim": claims.add_claim(there, claimed),
        }
        | _matters(office, side)
    )
    return Side(**{name: getattr(side, name) for name in Side.__dataclass_fields__} | numbers)


def _roster(there: Context, side: Side) -> dict[str, int]:
    """Make a roster with two people beside each other; who has no grid may be put in as well.

    One after it is published.
    """
    inputs = load_inputs(there.unlimited())
    made = rostering.create_roster(there, side.area, NOW.date(), 3, Mode.EMERGENCY, event_id=f"roster-{side.grid}")
    rostering.generate_shifts(there, made.id, inputs, rostering.RosterSettings(), event_id=f"shifts-{side.grid}")
    shifts = [shift for shift in rostering.read_shifts(there, made.id) if shift.window.start >= NOW + 2 * DAY]
    first, second, free = (
        shifts[0],
        next(each for each in shifts if each.window.start > shifts[0].window.end),
        shifts[-1],
    )
    seatings = [rostering.Seating(first.id, side.member), rostering.Seating(second.id, side.homeless)]
    rostering.put_duties(there, made.id, seatings, inputs, event_id=f"put-{side.grid}", reason="x")
    duties = rostering.read_board(there, made.id, inputs).duties
    later = rostering.create_roster(
        there, side.area, (NOW + 3 * DAY).date(), 1, Mode.EMERGENCY, event_id=f"later-{side.grid}"
    )
    rostering.generate_shifts(there, later.id, inputs, rostering.RosterSettings(), event_id=f"then-{side.grid}")
    of_unit = rostering.Seating(rostering.read_shifts(there, later.id)[0].id, unit_code=side.unit, heads=1)
    rostering.put_duties(there, later.id, [of_unit], inputs, event_id=f"unit-{side.grid}")
    rostering.publish_roster(there, later.id, inputs, event_id=f"publish-{side.grid}")
    return {"roster": made.id, "shift": free.id, "duty": duties[0].id, "post": free.post_code}


def _packages(there: Context, side: Side, post_code: str) -> dict[str, int]:
    """Offer a post to the unit of a side by day, and by night, which it accepts for one batch."""
    numbers = [
        rostering.offer_package(
            there,
            rostering.PackageOffer(
                unit_code=side.unit,
                community_code=side.community,
                start=(NOW + 5 * DAY).date(),
                days=7,
                posts=(PackagePost(post_code, time(start), time(end)),),
            ),
            event_id=f"offer-{side.grid}-{start}",
        ).id
        for start, end in ((8, 22), (22, 8))
    ]
    rostering.accept_package(there, numbers[1])
    rostering.split_package(there, numbers[1], 2, 1)
    return {"offered": numbers[0], "package": numbers[1]} | _package_seats(there, side, post_code, numbers[1])


def _package_seats(there: Context, side: Side, post_code: str, package: int) -> dict[str, int]:
    """Make a shift of a package with three seats, in one of which somebody of the unit stands."""
    day = (NOW + 5 * DAY).date()
    made = rostering.create_roster(there, side.area, day, 1, Mode.EMERGENCY, event_id=f"seats-{side.grid}")
    times = {"start": f"{day}T22:00", "end": f"{day + DAY}T00:00"}
    with act(there, Action.KEEP_ROSTER) as work:
        work.tx.rosters.put_shifts([{"roster_id": made.id, "post_code": post_code, **times, "seats": 3, "needed": 3.0}])
    (shift,) = rostering.read_shifts(there, made.id)
    inputs = load_inputs(there.unlimited())
    rostering.seat_unit_members(there, package, shift.id, [side.member], inputs, event_id="own", reason="x")
    (duty,) = rostering.read_package_seats(there, package).shifts[0].own
    return {"package_shift": shift.id, "package_duty": duty.id}


def _matters(office: Context, side: Side) -> dict[str, int]:
    """Ask the community, and let it ask; a sheet of one of its grids is filled in."""
    own, street = str(side.area), "subdistricts:S"
    before = replace(office, clock=lambda: NOW - 4 * DAY)

    def ask(asker, owner, name, context=office):
        draft = MatterDraft(kind="feedback", subject=own, title="路灯不亮", asker=asker, owner=owner)
        return matters.ask_matter(context, draft, event_id=f"{name}-{side.grid}")

    numbers = {
        "matter": ask(street, own, "matter"),
        "taken_on": ask(street, own, "taken"),
        "own_matter": ask(own, street, "own"),
        "late_matter": ask(own, street, "late", before),
        "answered": ask(own, street, "answered"),
    }
    for name in ("taken_on", "answered"):
        matters.take_matter(office, numbers[name])
    matters.answer_matter(office, numbers["answered"], "换了灯泡")
    matters.fill_sheet(office, "flood_patrol", side.grid, {"checked_places": 3, "dangers": 1})
    return numbers


def _import(office: Context, side: Side) -> int:
    facts = {"layer": "teams", "file_name": "x.csv", "file_sha256": side.grid, "datum": None, "report": "{}"}
    with act(office, Action.IMPORT) as work:
        counts = {"rows_read": 1, "rows_accepted": 1, "rows_rejected": 0}
        batch = work.tx.records.add_batch(**facts, **counts, at=work.at, actor="nobody")
        work.tx.upsert(Layer.TEAMS, frame({side.filed_team: team("来件队", side.grid, 3)}), batch_id=batch)
    return batch


def every_actor(own: Side) -> dict[str, Actor]:
    """Every role, for the own part (its unit for the liaison) and for everything."""
    actors = {}
    for role in Role:
        part = Area(Layer.UNITS, own.unit) if role is Role.LIAISON else own.area
        actors |= {f"{role}-part": Actor("someone", role, part), f"{role}-all": Actor("someone", role)}
    return actors
