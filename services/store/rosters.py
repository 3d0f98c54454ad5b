"""Rosters with their steps, shifts and duties, and when people are free: plain rows in and out.

What the rows mean is decided by ``services.rostering``; here they are only kept.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from geo.schema import Layer
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS
from services.store import roster_tables as tables
from services.store.rows import Row, add_row, all_rows, first_row, in_parts, insert_into, number_parts
from services.store.tables import assignments, layers, orders, team_members

_MEMBERS: Final = layers[Layer.MEMBERS]
_AT: Final = assignments
_TEAMS: Final = layers[Layer.TEAMS]
_AVAILABLE: Final = tuple(field.name for field in LAYERS[Layer.MEMBERS].fields if field.kind is Kind.SHARE)
_TOLD: Final = ("start", "end", "state", "source", "reason")
_DUTY_COLUMNS: Final = tuple(column.name for column in tables.duties.columns)


class Rosters:
    """Rosters, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Rosters

    def add_roster(self, **values: object) -> int:
        """Write the row of a roster and return its number."""
        return add_row(self._connection, tables.rosters, **values)

    def read_roster(self, roster_id: int) -> Row | None:
        """Return the row of a roster, or None."""
        return first_row(self._connection, select(tables.rosters).where(tables.rosters.c.id == roster_id))

    def find_roster(self, event_id: str) -> Row | None:
        """Return the roster that an event made, or None."""
        return first_row(self._connection, select(tables.rosters).where(tables.rosters.c.event_id == event_id))

    def read_rosters(self, states: Collection[str], start: str = "", end: str = "9999") -> list[Row]:
        """Return the rosters in some states that hold at some time after ``start`` and before ``end``, newest first."""
        rosters = tables.rosters
        wanted = rosters.c.state.in_(states) & (rosters.c.start < end) & (rosters.c.end > start)
        return all_rows(self._connection, select(rosters).where(wanted).order_by(rosters.c.start.desc(), rosters.c.id))

    def set_roster(self, roster_id: int, **values: object) -> None:
        """Change columns of a roster; its revision grows by one."""
        rosters = tables.rosters
        changed = values | {"revision": rosters.c.revision + 1}
        self._connection.execute(update(rosters).where(rosters.c.id == roster_id).values(**changed))

    # Steps and events

    def note_event(self, roster_id: int, event_id: str, at: str) -> bool:
        """Note that an event has come; return whether it is the first time."""
        values = {"roster_id": roster_id, "event_id": event_id, "at": at}
        written = insert_into(self._connection, tables.roster_events).values(**values).on_conflict_do_nothing()
        return self._connection.execute(written.returning(tables.roster_events.c.event_id)).first() is not None

    def read_step(self, roster_id: int, number: int) -> Row | None:
        """Return a step of a roster by its number, or None."""
        steps = tables.roster_steps
        wanted = select(steps).where(steps.c.roster_id == roster_id, steps.c.number == number)
        return first_row(self._connection, wanted)

    def count_steps(self, roster_id: int) -> int:
        """Return how many steps a roster has, those undone among them."""
        steps = tables.roster_steps
        wanted = select(func.count()).select_from(steps).where(steps.c.roster_id == roster_id)
        return int(self._connection.scalar(wanted) or 0)

    def add_step(self, roster_id: int, number: int, **values: object) -> None:
        """Write a step in the place of this number; what stood there and after it (undone steps) is forgotten."""
        steps = tables.roster_steps
        self._connection.execute(delete(steps).where(steps.c.roster_id == roster_id, steps.c.number >= number))
        self._connection.execute(insert(steps).values(roster_id=roster_id, number=number, **values))

    def forget_steps(self, roster_id: int) -> None:
        """Delete the steps of a roster: what was published is not undone by one key."""
        self._connection.execute(delete(tables.roster_steps).where(tables.roster_steps.c.roster_id == roster_id))

    # Shifts

    def read_shifts(self, roster_id: int) -> list[Row]:
        """Return the shifts of a roster by beginning and post."""
        shifts = tables.shifts
        wanted = select(shifts).where(shifts.c.roster_id == roster_id)
        return all_rows(self._connection, wanted.order_by(shifts.c.start, shifts.c.post_code))

    def mark_shifts(self, roster_id: int) -> tuple[int, int, int]:
        """Return what changes with the shifts of a roster: how many there are, the last number, all seats."""
        shifts = tables.shifts.c
        asked = select(func.count(), func.max(shifts.id), func.sum(shifts.seats)).where(shifts.roster_id == roster_id)
        count, last, seats = self._connection.execute(asked).one()
        return int(count), int(last or 0), int(seats or 0)

    def read_shift(self, shift_id: int) -> Row | None:
        """Return a shift, or None."""
        return first_row(self._connection, select(tables.shifts).where(tables.shifts.c.id == shift_id))

    def read_shifts_by_number(self, roster_id: int, shift_ids: Collection[int]) -> list[Row]:
        """Return some shifts of a roster; those that are not in it are left out."""
        shifts = tables.shifts
        here = select(shifts).where(shifts.c.roster_id == roster_id)
        return [
            row
            for part in number_parts(shift_ids)
            for row in all_rows(self._connection, here.where(shifts.c.id.in_(part)))
        ]

    def read_shifts_between(self, roster_ids: Collection[int], start: str, end: str) -> list[Row]:
        """Return the shifts of some rosters that end after ``start`` and begin until ``end``, in order."""
        shifts = tables.shifts
        wanted = shifts.c.roster_id.in_(roster_ids) & (shifts.c.end > start) & (shifts.c.start <= end)
        return all_rows(
            self._connection, select(shifts).where(wanted).order_by(shifts.c.start, shifts.c.post_code, shifts.c.id)
        )

    def put_shifts(self, rows: Sequence[Row]) -> None:
        """Write shifts; of one that is there (roster, post, times) the seats change."""
        if not rows:
            return
        statement = insert_into(self._connection, tables.shifts)
        changed = {name: statement.excluded[name] for name in ("seats", "needed")}
        keys = ["roster_id", "post_code", "start", "end"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))

    def delete_shifts(self, shift_ids: Collection[int]) -> None:
        """Delete shifts in which nobody stands."""
        for part in number_parts(shift_ids):
            self._connection.execute(delete(tables.shift_needs).where(tables.shift_needs.c.shift_id.in_(part)))
            self._connection.execute(delete(tables.shifts).where(tables.shifts.c.id.in_(part)))

    # Duties

    def read_duties(self, roster_id: int) -> list[Row]:
        """Return the duties of a roster by number, with ``post_code start end`` of their shifts."""
        return self._duties(tables.shifts.c.roster_id == roster_id)

    def read_duties_by_number(self, roster_id: int, duty_ids: Collection[int]) -> list[Row]:
        """Return some duties of a roster by number; those that are not in it are left out."""
        # Asked by number alone: with the roster beside it SQLite looks through all of its shifts.
        found = (row for part in number_parts(duty_ids) for row in self._duties(tables.duties.c.id.in_(part)))
        return [row for row in found if row["roster_id"] == roster_id]

    def read_duties_in(self, shift_ids: Collection[int]) -> list[Row]:
        """Return the duties in some shifts."""
        return [row for part in number_parts(shift_ids) for row in self._duties(tables.duties.c.shift_id.in_(part))]

    def read_duties_of(self, member_codes: Collection[str], start: str, end: str, states: Collection[str]) -> list[Row]:
        """Return the duties of some members in some states between two instants, of every roster."""
        found: list[Row] = []
        for part in in_parts(member_codes):
            found += self._duties(
                tables.duties.c.member_code.in_(part)
                & tables.duties.c.state.in_(states)
                & (tables.shifts.c.start < end)
                & (tables.shifts.c.end > start)
            )
        return found

    def read_duties_of_teams(
        self, team_codes: Collection[str], start: str, end: str, states: Collection[str]
    ) -> list[Row]:
        """Return the duties of unnamed people of some teams in some states between two instants, of every roster."""
        duties, shifts = tables.duties.c, tables.shifts.c
        then = duties.state.in_(states) & (shifts.start < end) & (shifts.end > start)
        return [row for part in in_parts(team_codes) for row in self._duties(duties.team_code.in_(part) & then)]

    def read_duties_of_unit(self, unit_code: str) -> list[Row]:
        """Return the duties of a unit, of its teams and of its members, of every roster."""
        duties = tables.duties.c
        own_teams = select(_TEAMS.c.code).where(_TEAMS.c.unit_code == unit_code)
        own_members = select(_MEMBERS.c.code).where(_MEMBERS.c.unit_code == unit_code)
        return self._duties(
            (duties.unit_code == unit_code) | duties.team_code.in_(own_teams) | duties.member_code.in_(own_members)
        )

    def release_team(self, team_code: str, people: int, start: str, end: str, **values: object) -> int:
        """Set the live duties of a team that goes to released; return how many.

        Those of its stored members where it goes as a whole, and those without a name where fewer of it stay.

        Parameters
        ----------
        team_code, people
            Which team, and how many of it go; where more are stored than go, nobody knows who of them stays.
        start, end
            When it is away; duties of published rosters at that time.
        values
            ``order_id changed_at changed_by`` of the duties.
        """
        duties, shifts, rosters = tables.duties, tables.shifts, tables.rosters
        stands = select(team_members.c.member_code).where(team_members.c.team_code == team_code)
        members = list(self._connection.scalars(stands))
        go_all = members if len(members) <= people else []
        stay = self._count_staying(team_code, start, end)
        then = (
            select(shifts.c.id)
            .join(rosters, rosters.c.id == shifts.c.roster_id)
            .where(rosters.c.state == "published", shifts.c.start < end, shifts.c.end > start)
        )
        live = duties.c.state.in_(["asked", "confirmed", "reserve"]) & duties.c.shift_id.in_(then)
        of_team = (duties.c.team_code == team_code) & (duties.c.heads > stay)
        wanted = update(duties).where((duties.c.member_code.in_(go_all) | of_team) & live)
        return self._connection.execute(wanted.values(state="released", **values)).rowcount

    def _count_staying(self, team_code: str, start: str, end: str) -> int:
        """Return how many people of a team no order sends between two instants to the minute, 0 where nobody knows."""
        size = self._connection.scalar(select(_TEAMS.c.size).where(_TEAMS.c.code == team_code))
        then = (orders.c.start < f"{end}:00") & (orders.c.until > f"{start}:00") & (orders.c.until > orders.c.start)
        gone = select(func.sum(orders.c.people)).where((orders.c.team_code == team_code) & then)
        return max(int(size or 0) - int(self._connection.scalar(gone) or 0), 0)

    def count_released(self, order_ids: Collection[int]) -> int:
        """Return how many duties some orders released."""
        duties = tables.duties
        counted = select(func.count()).select_from(duties).where(duties.c.state == "released")
        return sum(
            int(self._connection.scalar(counted.where(duties.c.order_id.in_(p))) or 0) for p in number_parts(order_ids)
        )

    def add_duties(self, rows: Sequence[Row]) -> list[int]:
        """Write duties and return their numbers, in the order of the rows."""
        if not rows:
            return []
        statement = insert(tables.duties).returning(tables.duties.c.id, sort_by_parameter_order=True)
        return [int(number) for number in self._connection.scalars(statement, list(rows))]

    def replace_duties(self, removed: Iterable[int], added: Sequence[Row]) -> None:
        """Take duties out by their numbers and put rows in, with the numbers they have."""
        for part in number_parts(list(removed)):
            self._connection.execute(delete(tables.duties).where(tables.duties.c.id.in_(part)))
        if added:
            self._connection.execute(insert(tables.duties), [_only(row) for row in added])

    def set_duties(self, duty_ids: Collection[int], **values: object) -> None:
        """Change columns of some duties."""
        for part in number_parts(duty_ids):
            self._connection.execute(update(tables.duties).where(tables.duties.c.id.in_(part)).values(**values))

    def _duties(self, condition: Any) -> list[Row]:
        duties, shifts = tables.duties, tables.shifts
        columns = (*duties.columns, shifts.c.post_code, shifts.c.start, shifts.c.end, shifts.c.roster_id)
        wanted = select(*columns).join(shifts, shifts.c.id == duties.c.shift_id).where(condition)
        return all_rows(self._connection, wanted.order_by(duties.c.id))

    # People

    def read_of_member(self, member_code: str) -> dict[str, list[Row]]:
        """Return what rosters hold of a member: ``duties free_times absences``."""
        return {
            "duties": [
                {"post": row["post_code"], **{name: row[name] for name in _TOLD}}
                for row in self._duties(tables.duties.c.member_code == member_code)
            ],
            "free_times": self.read_free_times([member_code]),
            "absences": self.read_absences([member_code]),
        }

    def forget_members(self, member_codes: Collection[str], at: str) -> int:
        """Take some members out of every roster; return how many duties named them.

        Duties to come are taken out, so that their seats are open; those that were stay as one unnamed person each.
        When they can come is deleted, and steps name them no longer.
        """
        forgotten = 0
        for part in in_parts(member_codes):
            forgotten += self._unname(part, at)
            for table in (tables.free_times, tables.absences):
                self._connection.execute(delete(table).where(table.c.member_code.in_(part)))
            self._scrub_steps(frozenset(part))
        return forgotten

    def unname_rosters(self, before: str) -> int:
        """Take names, reasons and steps out of rosters that ended before an instant; return how many duties had a name.

        Whoever stood there stays as one unnamed person, so that the figures of the roster stay what they were.
        """
        rosters, shifts, duties, steps = tables.rosters, tables.shifts, tables.duties, tables.roster_steps
        over = select(rosters.c.id).where(rosters.c.end < before)
        self._connection.execute(delete(steps).where(steps.c.roster_id.in_(over)))
        self._connection.execute(update(rosters).where(rosters.c.id.in_(over)).values(position=0))
        in_it = duties.c.shift_id.in_(select(shifts.c.id).where(shifts.c.roster_id.in_(over)))
        self._connection.execute(update(duties).where(in_it & (duties.c.reason != "")).values(reason=""))
        of_chains = tables.sign_up_entries.c.sign_up_id.in_(
            select(tables.sign_ups.c.id).where(tables.sign_ups.c.roster_id.in_(over))
        )
        self._connection.execute(update(tables.sign_up_entries).where(of_chains).values(member_code=None))
        named = in_it & duties.c.member_code.is_not(None)
        return self._connection.execute(update(duties).where(named).values(member_code=None)).rowcount

    def forget_times(self, before: str) -> int:
        """Delete free times and absences that ended before an instant; return how many there were."""
        ends = (tables.free_times.c.until, tables.absences.c.end)
        return sum(self._connection.execute(delete(end.table).where(end < before)).rowcount for end in ends)

    def _unname(self, member_codes: Sequence[str], at: str) -> int:
        duties, shifts = tables.duties, tables.shifts
        named = duties.c.member_code.in_(member_codes)
        ahead = duties.c.shift_id.in_(select(shifts.c.id).where(shifts.c.start > at))
        self._connection.execute(update(duties).where(named & ahead).values(state="cancelled"))
        return self._connection.execute(update(duties).where(named).values(member_code=None)).rowcount

    def _scrub_steps(self, member_codes: frozenset[str]) -> None:
        steps = tables.roster_steps
        for row in all_rows(self._connection, select(steps)):
            texts = {name: _without_names(row[name], member_codes) for name in ("removed", "added")}
            if any(texts[name] != row[name] for name in texts):
                here = (steps.c.roster_id == row["roster_id"]) & (steps.c.number == row["number"])
                self._connection.execute(update(steps).where(here).values(**texts))

    def read_people(self, member_codes: Collection[str]) -> list[Row]:
        """Return members by code: ``code name unit_code available_… grid_code``; unknown codes are left out."""
        named = (_MEMBERS.c[name] for name in ("code", "name", "unit_code", *_AVAILABLE))
        wanted = select(*named, _AT.c.grid_code).outerjoin(_AT, _AT.c.member_code == _MEMBERS.c.code)
        return [
            row
            for part in in_parts(member_codes)
            for row in all_rows(self._connection, wanted.where(_MEMBERS.c.code.in_(part)).order_by(_MEMBERS.c.code))
        ]

    def read_names(self, member_codes: Collection[str]) -> list[Row]:
        """Return by what members are known, by code: ``code name unit_code address phone_hash grid_code``."""
        named = (_MEMBERS.c[name] for name in ("code", "name", "unit_code", "address", "phone_hash"))
        wanted = select(*named, _AT.c.grid_code).outerjoin(_AT, _AT.c.member_code == _MEMBERS.c.code)
        return [
            row
            for part in in_parts(member_codes)
            for row in all_rows(self._connection, wanted.where(_MEMBERS.c.code.in_(part)).order_by(_MEMBERS.c.code))
        ]

    # When people are free

    def read_free_times(self, member_codes: Collection[str] | None = None) -> list[Row]:
        """Return when members can come, of some or of all."""
        return self._of_members(tables.free_times, member_codes)

    def read_absences(self, member_codes: Collection[str] | None = None) -> list[Row]:
        """Return when members are away, of some or of all."""
        return self._of_members(tables.absences, member_codes)

    def add_free_time(self, **values: object) -> int:
        """Write when a member can come and return the number of it."""
        return add_row(self._connection, tables.free_times, **values)

    def add_absence(self, **values: object) -> int:
        """Write when a member is away and return the number of it."""
        return add_row(self._connection, tables.absences, **values)

    def _of_members(self, table: Any, member_codes: Collection[str] | None) -> list[Row]:
        if member_codes is None:
            return all_rows(self._connection, select(table).order_by(table.c.id))
        return [
            row
            for part in in_parts(member_codes)
            for row in all_rows(
                self._connection, select(table).where(table.c.member_code.in_(part)).order_by(table.c.id)
            )
        ]


def _without_names(text: str, member_codes: frozenset[str]) -> str:
    """Return the rows of a step as text, those of some members without them and taken out."""
    rows = json.loads(text)
    changed = [
        {**row, "member_code": None, "state": "cancelled"} if row["member_code"] in member_codes else row
        for row in rows
    ]
    return json.dumps(changed, ensure_ascii=False) if changed != rows else text


def _only(row: Row) -> Row:
    return {name: row[name] for name in _DUTY_COLUMNS}
