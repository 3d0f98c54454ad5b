"""Packages as the store keeps them, read as the rules know them, and whose they are."""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from geo.schema import Layer
from services.context import Context, Transaction
from services.rostering.model import minute, window_of_row
from services.rostering.package_errors import UnknownPackageError
from services.rules.areas import OutsideAreaError, Scope
from services.rules.roster.packages import Batch, Package, PackagePost, PackageState, SeatRelease
from services.rules.windows import Window


def read_accepted(tx: Transaction, window: Window) -> tuple[Package, ...]:
    """Return the packages that units have accepted and that hold at some time of a window."""
    rows = tx.packages.read_packages(start=minute(window.start), end=minute(window.end))
    return tuple(package for package in map(package_from_row, rows) if package.state is PackageState.ACCEPTED)


def fetch_package_for(context: Context, tx: Transaction, number: int) -> Package:
    """Return a package inside a transaction, if its community or its unit is of the actor's area.

    Raises
    ------
    UnknownPackageError
        If there is no such package.
    OutsideAreaError
        If it is of others.
    """
    rows = tx.packages.read_packages(numbers=[number])
    if not rows:
        raise UnknownPackageError(number)
    package = package_from_row(rows[0])
    if not is_of(context.scope_in(tx), package.community_code, package.unit_code):
        raise OutsideAreaError([f"#{number}"])
    return package


def is_of(scope: Scope, community_code: str, unit_code: str) -> bool:
    """Return whether the community or the unit of a package, or of a pairing, lies inside an area."""
    return scope.holds(Layer.COMMUNITIES, community_code) or scope.holds(Layer.UNITS, unit_code)


def name_in(rows: Mapping[str, Mapping[str, Any]], code: str) -> str:
    """Return what a row is called; one that is not there or has no name, its code."""
    return str(rows.get(code, {}).get("name") or code)


def unit_name(tx: Transaction, code: str) -> str:
    """Return what a unit is called; one that is not there or has no name, its code."""
    return name_in(tx.plans.read_rows(Layer.UNITS, [code]), code)


def unit_of_duty(tx: Transaction, row: Mapping[str, Any]) -> str:
    """Return of which unit the people of a duty are: its own, that of their team, or of the member; empty for none."""
    return units_of_duties(tx, [row])[0]


def units_of_duties(tx: Transaction, rows: Collection[Mapping[str, Any]]) -> list[str]:
    """Return the same of several duties, in their order."""
    teams = tx.plans.read_rows(Layer.TEAMS, {row["team_code"] for row in rows if row["team_code"]})
    places = tx.people.read_places({row["member_code"] for row in rows if row["member_code"]})
    homes = [teams.get(row["team_code"]) or places.get(row["member_code"]) or {} for row in rows]
    return [str(row["unit_code"] or home.get("unit_code") or "") for row, home in zip(rows, homes, strict=True)]


def package_from_row(row: Mapping[str, Any]) -> Package:
    """Return a package from its row, which has rows of ``posts batches members releases``."""
    return Package(
        id=row["id"],
        unit_code=row["unit_code"],
        community_code=row["community_code"],
        name=row["name"],
        period=window_of_row(row),
        state=PackageState(row["state"]),
        people_promised=row["people_promised"],
        posts=tuple(
            PackagePost(post["post_code"], _hour(post["from_time"]), _hour(post["to_time"]), post["weekdays"])
            for post in row["posts"]
        ),
        releases=tuple(SeatRelease(window_of_row(each), each["post_code"]) for each in row["releases"]),
        batches=tuple(_batch(each, row["members"]) for each in row["batches"]),
    )


def post_row(post: PackagePost) -> dict[str, Any]:
    """Return the row of a post of a package."""
    return {
        "post_code": post.post_code,
        "from_time": f"{post.from_time:%H:%M}",
        "to_time": f"{post.to_time:%H:%M}",
        "weekdays": post.weekdays,
    }


def batch_row(batch: Batch) -> dict[str, Any]:
    """Return the row of a batch, without whom was named for it."""
    period = batch.period
    return {
        "number": batch.number,
        "start": minute(period.start),
        "end": minute(period.end),
        "people": batch.people,
    }


def _batch(row: Mapping[str, Any], members: list[Mapping[str, Any]]) -> Batch:
    named = frozenset(each["member_code"] for each in members if each["number"] == row["number"])
    return Batch(row["number"], window_of_row(row), row["people"], named)


def _hour(words: str) -> time:
    return datetime.strptime(words, "%H:%M").time()
