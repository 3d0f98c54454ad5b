"""Plans with their steps, events and orders, calls for volunteers, and who stands in teams: plain rows in and out.

What the rows mean is decided by ``services.planning``; here they are only kept. Texts in JSON are made and read there.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, case, delete, func, insert, select, update

from geo.schema import Layer
from services.store import tables
from services.store.rows import Row, add_row, all_rows, first_row, in_parts, insert_into

_MEMBERS: Final = tables.team_members
_PEOPLE: Final = tables.layers[Layer.MEMBERS]
_TEAMS: Final = tables.layers[Layer.TEAMS]
_CALLS: Final = tables.calls


class Plans:
    """Plans and orders, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Plans

    def add_plan(self, **values: object) -> int:
        """Write the row of a plan and return its number."""
        return add_row(self._connection, tables.plans, **values)

    def read_plan(self, plan_id: int) -> Row | None:
        """Return the row of a plan, or None."""
        return first_row(self._connection, select(tables.plans).where(tables.plans.c.id == plan_id))

    def find_plan(self, event_id: str) -> Row | None:
        """Return the plan that an event made, or None."""
        return first_row(self._connection, select(tables.plans).where(tables.plans.c.event_id == event_id))

    def read_plans(self, where: Mapping[str, Collection[str]], columns: Sequence[str] = ()) -> list[Row]:
        """Return the plans whose columns hold one of the values given for them, the one changed last first.

        Without columns all of them; a list of many plans asks for the few that it shows.
        """
        plans = tables.plans.c
        asked = select(*(plans[name] for name in columns or plans.keys()))
        asked = asked.where(*(plans[name].in_(values) for name, values in where.items()))
        rows = self._connection.execute(asked.order_by(plans.changed_at.desc(), plans.id.desc()))
        names = tuple(rows.keys())
        return [dict(zip(names, row, strict=True)) for row in rows]

    def set_plan(self, plan_id: int, **values: object) -> None:
        """Change columns of a plan; its revision grows by one."""
        plans = tables.plans
        changed = values | {"revision": plans.c.revision + 1}
        self._connection.execute(update(plans).where(plans.c.id == plan_id).values(**changed))

    # Steps and events

    def note_event(self, plan_id: int, event_id: str, at: str) -> bool:
        """Note that an event has come; return whether it is the first time."""
        statement = insert_into(self._connection, tables.plan_events).values(plan_id=plan_id, event_id=event_id, at=at)
        written = statement.on_conflict_do_nothing().returning(tables.plan_events.c.event_id)
        return self._connection.execute(written).first() is not None

    def read_steps(self, plan_ids: Collection[int]) -> dict[int, list[Row]]:
        """Return the steps of some plans in order; plans without steps are not there."""
        steps = tables.plan_steps
        found: dict[int, list[Row]] = {}
        for row in all_rows(
            self._connection, select(steps).where(steps.c.plan_id.in_(plan_ids)).order_by(steps.c.number)
        ):
            found.setdefault(row["plan_id"], []).append(row)
        return found

    def add_step(self, plan_id: int, number: int, **values: object) -> None:
        """Write a step in the place of this number; what stood there and after it (undone steps) is forgotten."""
        steps = tables.plan_steps
        self._connection.execute(delete(steps).where(steps.c.plan_id == plan_id, steps.c.number >= number))
        self._connection.execute(insert(steps).values(plan_id=plan_id, number=number, **values))

    # Orders

    def add_order(self, **values: object) -> int:
        """Write an order and return its number."""
        return add_row(self._connection, tables.orders, **values)

    def set_order_end(self, order_id: int, until: str) -> None:
        """Change until when an order holds."""
        orders = tables.orders
        self._connection.execute(update(orders).where(orders.c.id == order_id).values(until=until))

    def read_orders(
        self,
        *,
        plan_id: int | None = None,
        team_code: str | None = None,
        order_ids: Collection[int] | None = None,
        relieving: Collection[int] | None = None,
    ) -> list[Row]:
        """Return all orders, or those of a plan, of a team, of some numbers or in whose place, by number."""
        orders = tables.orders.c
        one_of = {"id": order_ids, "relieves": relieving}
        exactly = {"plan_id": plan_id, "team_code": team_code}
        wanted = select(tables.orders).order_by(orders.id)
        wanted = wanted.where(*(orders[name].in_(values) for name, values in one_of.items() if values is not None))
        return all_rows(
            self._connection,
            wanted.where(*(orders[name] == value for name, value in exactly.items() if value is not None)),
        )

    def read_orders_between(self, start: str, end: str) -> list[Row]:
        """Return the orders that hold at some time after ``start`` and before ``end`` (ISO 8601), by number."""
        orders = tables.orders
        overlaps = (orders.c.start < end) & (orders.c.until > start) & (orders.c.until > orders.c.start)
        return all_rows(self._connection, select(orders).where(overlaps).order_by(orders.c.id))

    def read_orders_meant_for(self, start: str, end: str) -> list[Row]:
        """Return the orders that were to hold at some time after ``start`` and before ``end``, recalled ones too."""
        orders = tables.orders
        overlaps = (orders.c.start < end) & (orders.c.end > start)
        return all_rows(self._connection, select(orders).where(overlaps).order_by(orders.c.id))

    def put_meeting_point(self, layer: str, code: str, **values: object) -> None:
        """Write where people meet in a zone in place of what was there."""
        row = insert_into(self._connection, tables.meeting_points).values(layer=layer, code=code, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["layer", "code"], set_=values))

    def remove_meeting_point(self, layer: str, code: str) -> None:
        """Remove where people meet in a zone; nothing happens where nothing is stated."""
        points = tables.meeting_points
        self._connection.execute(delete(points).where(points.c.layer == layer, points.c.code == code))

    def read_meeting_points(self, codes: Collection[str]) -> list[Row]:
        """Return where people meet in the zones of some codes, of whatever layer."""
        points = tables.meeting_points
        found = (all_rows(self._connection, select(points).where(points.c.code.in_(part))) for part in in_parts(codes))
        return [row for rows in found for row in rows]

    def read_endings(self, order_ids: Collection[int]) -> list[Row]:
        """Return how some orders came to an early end, oldest first: recalled or relieved, and why."""
        events = tables.order_events
        wanted = select(events).where(events.c.what.in_(("recalled", "relieved"))).order_by(events.c.id)
        return all_rows(self._connection, wanted.where(events.c.order_id.in_(order_ids)))

    def add_order_event(self, **values: object) -> None:
        """Write a line of the history of a team."""
        self._connection.execute(insert(tables.order_events).values(**values))

    def read_team_events(self, team_code: str) -> list[Row]:
        """Return the history of a team, newest first."""
        events = tables.order_events
        return all_rows(
            self._connection, select(events).where(events.c.team_code == team_code).order_by(events.c.id.desc())
        )

    def read_order_events(self, order_ids: Collection[int]) -> list[Row]:
        """Return the histories of some orders together, oldest first."""
        events = tables.order_events
        return all_rows(self._connection, select(events).where(events.c.order_id.in_(order_ids)).order_by(events.c.id))

    # What plans rest on

    def read_standing(self) -> list[Row]:
        """Return every team with a home: ``code home size stored named``.

        ``stored`` is how many members are stored as standing in it, ``named`` how many of them belong to its home grid.
        """
        team, stands, at = tables.layers[Layer.TEAMS].c, tables.team_members.c, tables.assignments.c
        known = (
            select(stands.team_code, stands.member_code, at.grid_code)
            .join_from(tables.team_members, tables.assignments, at.member_code == stands.member_code, isouter=True)
            .subquery()
            .c
        )
        is_at_home = case((known.grid_code == team.parent_code, 1))
        counted = func.count(known.member_code).label("stored"), func.count(is_at_home).label("named")
        wanted = select(team.code, team.parent_code.label("home"), func.coalesce(team.size, 0).label("size"), *counted)
        joined = wanted.outerjoin(known.member_code.table, known.team_code == team.code)
        return all_rows(
            self._connection,
            joined.where(team.parent_code.is_not(None)).group_by(team.code, team.parent_code, team.size),
        )

    def count_members(self) -> dict[tuple[str, str], int]:
        """Return how many members there are by the codes of their grid and of their estate in it.

        The estate is ``""`` for those who live in none of the grid's estates.
        """
        at, estate = tables.assignments.c, tables.layers[Layer.ESTATES].c
        inside = func.coalesce(case((estate.parent_code == at.grid_code, estate.code)), "")
        joined = tables.assignments.outerjoin(tables.layers[Layer.ESTATES], estate.code == at.estate_code)
        wanted = select(at.grid_code, inside, func.count()).select_from(joined).where(at.grid_code.is_not(None))
        rows = self._connection.execute(wanted.group_by(at.grid_code, inside))
        return {(str(grid), str(of)): int(count) for grid, of, count in rows}

    def read_rows(self, layer: Layer, codes: Collection[str]) -> dict[str, Row]:
        """Return some rows of a layer without geometry, by ``code``; unknown codes are left out."""
        table = tables.layers[layer]
        columns = [c for c in table.columns if c.name not in {"fid", "batch_id", "geom"}]
        rows = (all_rows(self._connection, select(*columns).where(table.c.code.in_(part))) for part in in_parts(codes))
        return {row["code"]: row for part in rows for row in part}


class TeamRows:
    """Memberships, read and written on one connection.

    A membership ends with its team. A member who is no longer stored (an import was taken back) counts nowhere, and
    stands in the team again when they come back.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_members(self, team_code: str, members: Sequence[tuple[str, str]]) -> None:
        """Write the members (code, place) of a team that has none yet; their order is not kept."""
        rows = [{"team_code": team_code, "member_code": code, "place": place} for code, place in members]
        if rows:
            self._connection.execute(insert(_MEMBERS), rows)

    def count_members(self) -> dict[str, int]:
        """Return how many stored members each team has, by code; teams without any are left out."""
        wanted = (
            select(_MEMBERS.c.team_code, func.count().label("people"))
            .join(_PEOPLE, _PEOPLE.c.code == _MEMBERS.c.member_code)
            .group_by(_MEMBERS.c.team_code)
            .order_by(_MEMBERS.c.team_code)
        )
        return {row.team_code: int(row.people) for row in self._connection.execute(wanted)}

    def read_memberships(self) -> list[tuple[str, str, str]]:
        """Return every membership of a stored member as (team, member, place), by team and member."""
        wanted = (
            select(_MEMBERS.c.team_code, _MEMBERS.c.member_code, _MEMBERS.c.place)
            .join(_PEOPLE, _PEOPLE.c.code == _MEMBERS.c.member_code)
            .order_by(_MEMBERS.c.team_code, _MEMBERS.c.member_code)
        )
        return [(row.team_code, row.member_code, row.place) for row in self._connection.execute(wanted)]

    def read_members_of(self, team_codes: Collection[str]) -> dict[str, str]:
        """Return the team of each stored member who stands in one of some teams, by member code."""
        wanted = select(_MEMBERS.c.member_code, _MEMBERS.c.team_code).where(_MEMBERS.c.team_code.in_(list(team_codes)))
        there = wanted.join(_PEOPLE, _PEOPLE.c.code == _MEMBERS.c.member_code).order_by(_MEMBERS.c.member_code)
        return {row.member_code: row.team_code for row in self._connection.execute(there)}

    def teams_of(self, member_codes: Collection[str]) -> Mapping[str, str]:
        """Return the team in which each of some members stands, by member code; free members are left out."""
        wanted = (
            select(_MEMBERS.c.member_code, _MEMBERS.c.team_code)
            .where(_MEMBERS.c.member_code.in_(sorted(set(member_codes))))
            .order_by(_MEMBERS.c.team_code.desc())
        )
        return {row.member_code: row.team_code for row in self._connection.execute(wanted)}

    def forget_deleted(self) -> None:
        """Delete the memberships of teams that are no longer there."""
        there = select(_TEAMS.c.code)
        self._connection.execute(delete(_MEMBERS).where(_MEMBERS.c.team_code.not_in(there)))


class Calls:
    """Which grids were asked for people, read and written on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_call(self, *, grid_code: str, start: str, end: str, people: int, at: str, actor: str) -> bool:
        """Note that a grid was asked for a window (ISO 8601); return whether that was new.

        A grid is asked for a window once: the first time stays, and the number of people is the largest asked for.
        """
        same = (_CALLS.c.grid_code == grid_code) & (_CALLS.c.start == start) & (_CALLS.c.end == end)
        before = self._connection.scalar(select(_CALLS.c.people).where(same))
        if before is None:
            row = {"grid_code": grid_code, "start": start, "end": end, "people": people, "at": at, "actor": actor}
            self._connection.execute(insert(_CALLS).values(**row))
        elif people > before:
            self._connection.execute(update(_CALLS).where(same).values(people=people))
        return before is None

    def read_calls(self, since: str) -> list[Row]:
        """Return the calls given out at an instant (ISO 8601) or later, in the order in which they were."""
        wanted = select(_CALLS).where(_CALLS.c.at >= since).order_by(_CALLS.c.at, _CALLS.c.id)
        return all_rows(self._connection, wanted)
