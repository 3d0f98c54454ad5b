"""Team templates: which roles a team formed on the spot has, who fills them, and which are still empty."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from services.i18n import Text, text


class TeamRole(StrEnum):
    """What somebody is in a team."""

    STREET_CADRE = "street_cadre"
    COMMUNITY_CADRE = "community_cadre"
    GRID_WORKER = "grid_worker"
    PROPERTY_OR_LANDLORD = "property_or_landlord"
    DOCTOR = "doctor"
    POLICE_OFFICER = "police_officer"
    LEADER = "leader"
    MEMBER = "member"


ROLE_NAMES: Final[Mapping[TeamRole, Text]] = {
    TeamRole.STREET_CADRE: text("Street cadre"),
    TeamRole.COMMUNITY_CADRE: text("Community cadre"),
    TeamRole.GRID_WORKER: text("Grid worker"),
    TeamRole.PROPERTY_OR_LANDLORD: text("Property management or landlord"),
    TeamRole.DOCTOR: text("Doctor"),
    TeamRole.POLICE_OFFICER: text("Police officer"),
    TeamRole.LEADER: text("Group leader"),
    TeamRole.MEMBER: text("Member"),
}

_FORMED: Final = re.compile(r"F[0-9a-f]{12}")
_CADRES: Final = frozenset({TeamRole.STREET_CADRE, TeamRole.COMMUNITY_CADRE})
_ANYBODY: Final = frozenset(TeamRole)


@dataclass(frozen=True, slots=True)
class Post:
    """A place in a team: the role it is for, and the roles of people who can fill it."""

    role: TeamRole
    open_to: frozenset[TeamRole]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of team."""

    name: Text
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may join, by code, and what they are."""

    code: str
    roles: frozenset[TeamRole] = frozenset({TeamRole.MEMBER})


@dataclass(frozen=True, slots=True)
class Formation:
    """A template with people in its posts."""

    template: Template
    filled: tuple[str | None, ...]
    """Code of the person in each post, null where it is empty; in the order of the template's posts."""

    @property
    def empty_roles(self) -> tuple[TeamRole, ...]:
        """The roles still empty, in the order of the posts."""
        return tuple(post.role for post, code in zip(self.template.posts, self.filled, strict=True) if code is None)

    @property
    def is_complete(self) -> bool:
        """Whether every post is filled."""
        return None not in self.filled


def one_plus_n(others: int) -> Template:
    """Return the template 1+N: one cadre who leads, and N members (anybody), at least one.

    Raises
    ------
    ValueError
        When N is below 1.
    """
    if others < 1:
        raise ValueError(f"1+N needs at least one member beside the cadre, got {others}")
    cadre = Post(TeamRole.COMMUNITY_CADRE, _CADRES)
    return Template(text("1+{count}: one cadre and {count} members", count=others), (cadre, *_members(others)))


def group_of_seven() -> Template:
    """Return the group of seven: one of each role that a neighbourhood needs, and a member."""
    exact = (
        TeamRole.STREET_CADRE,
        TeamRole.COMMUNITY_CADRE,
        TeamRole.GRID_WORKER,
        TeamRole.PROPERTY_OR_LANDLORD,
        TeamRole.DOCTOR,
        TeamRole.POLICE_OFFICER,
    )
    posts = tuple(Post(role, frozenset({role})) for role in exact)
    return Template(text("Group of seven"), (*posts, *_members(1)))


def group_of_five() -> Template:
    """Return the group of five: a leader (a cadre, a grid worker or whoever is named leader) and four members."""
    leads = _CADRES | {TeamRole.LEADER, TeamRole.GRID_WORKER}
    return Template(text("Group of five with a leader"), (Post(TeamRole.LEADER, leads), *_members(4)))


def groups_of_five(people: int) -> tuple[Template, ...]:
    """Return as many groups of five as so many people fill; fewer than five left over join no group.

    Examples
    --------
    >>> len(groups_of_five(14))
    2
    """
    return (group_of_five(),) * (people // 5)


def form_team(template: Template, candidates: Sequence[Candidate], chosen: Sequence[str | None] = ()) -> Formation:
    """Return a team with as many posts filled as can be.

    Parameters
    ----------
    template
        Its posts are filled in order; nobody stands in two.
    candidates
        Those named first are taken first where several would do.
    chosen
        Who already stands in which post, by code, null for nobody; these stay, whatever their role. May be shorter
        than the posts.

    Returns
    -------
    A maximum matching of posts and people (augmenting paths: Kuhn 1955): a doctor who is also a cadre is moved to
    where nobody else will do.
    """
    held = [*chosen, *[None] * (len(template.posts) - len(chosen))][: len(template.posts)]
    free = [person for person in candidates if person.code not in held]
    seat_of: dict[int, int] = {}
    for seat, post in enumerate(template.posts):
        if held[seat] is None:
            _seat(seat, post, template.posts, free, seat_of, set())
    people = {seat: free[person].code for person, seat in seat_of.items()}
    return Formation(template, tuple(held[seat] or people.get(seat) for seat in range(len(template.posts))))


def formed_code(event_id: str) -> str:
    """Return the code of the team that an event forms, the same each time the event arrives."""
    return "F" + sha256(event_id.encode()).hexdigest()[:12]


def is_formed_here(team_code: str) -> bool:
    """Return whether a team was formed on the spot, which its code tells.

    Examples
    --------
    >>> is_formed_here("F0123456789ab"), is_formed_here("FIRE-1")
    (True, False)
    """
    return _FORMED.fullmatch(team_code) is not None


def _seat(
    seat: int,
    post: Post,
    posts: tuple[Post, ...],
    free: list[Candidate],
    seat_of: dict[int, int],
    tried: set[int],
) -> bool:
    """Put somebody into a post, moving others where that helps; tell whether it worked."""
    for person, candidate in enumerate(free):
        if person in tried or not candidate.roles & post.open_to:
            continue
        tried.add(person)
        held = seat_of.get(person)
        if held is None or _seat(held, posts[held], posts, free, seat_of, tried):
            seat_of[person] = seat
            return True
    return False


def _members(count: int) -> tuple[Post, ...]:
    return (Post(TeamRole.MEMBER, _ANYBODY),) * count
