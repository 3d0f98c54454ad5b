"""Faults of a call about plans and orders; each makes its own message."""

from services.errors import ServiceError
from services.i18n import text


class PlanningError(ServiceError):
    """Base of what planning refuses."""


class UnknownPlanError(PlanningError, LookupError):
    """There is no such plan."""

    def __init__(self, plan_id: int) -> None:
        super().__init__(text("There is no plan with the number {number}.", number=plan_id))


class PlanClosedError(PlanningError, RuntimeError):
    """A plan that was committed or discarded was to be changed."""

    def __init__(self, name: str) -> None:
        super().__init__(text("The plan “{name}” is closed and cannot be changed; copy it instead.", name=name))


class PlanEmptyError(PlanningError, ValueError):
    """A plan without moves was to be committed."""

    def __init__(self, name: str) -> None:
        super().__init__(text("The plan “{name}” sends nobody yet.", name=name))


class PastWindowError(PlanningError, ValueError):
    """A window that is over was to be planned."""

    def __init__(self) -> None:
        super().__init__(text("This window is over; choose one that ends in the future."))


class JointWindowsError(PlanningError, ValueError):
    """Windows that cannot be planned together."""

    def __init__(self, most: int) -> None:
        super().__init__(text("Windows that are planned together must not overlap, and are {most} at most.", most=most))


class UnknownTeamError(PlanningError, LookupError):
    """There is no such team."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no team with the code {code}.", code=code))


class UnknownTargetError(PlanningError, LookupError):
    """There is no such grid, or no such estate in it."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no grid or estate with the code {code}.", code=code))


class WrongCountError(PlanningError, ValueError):
    """More people than a team has, or none, were to be sent."""

    def __init__(self, name: str, people: int, size: int) -> None:
        if size <= 0:
            said = text("{team} has no people; enter its size first.", team=name)
        else:
            said = text("{team} has {size} people; {people} cannot be sent.", team=name, size=size, people=people)
        super().__init__(said)


class NotInPlanError(PlanningError, LookupError):
    """A move that is not in the plan was to be changed."""

    def __init__(self, team_code: str) -> None:
        super().__init__(text("The plan does not send {team} there.", team=team_code))


class UnknownOrderError(PlanningError, LookupError):
    """There is no such order."""

    def __init__(self, order_id: int) -> None:
        super().__init__(text("There is no order with the number {number}.", number=order_id))


class OrderOverError(PlanningError, RuntimeError):
    """An order that is over was to be changed."""

    def __init__(self, team_name: str) -> None:
        super().__init__(text("The order for {team} is over already.", team=team_name))


class TeamBusyError(PlanningError, RuntimeError):
    """A team that is out already was to relieve another."""

    def __init__(self, team_name: str) -> None:
        super().__init__(text("{team} is sent elsewhere in this window.", team=team_name))


class ReasonNeededError(PlanningError, ValueError):
    """Something that needs a reason was asked for without."""

    def __init__(self) -> None:
        super().__init__(text("Please say why."))


class TeamUnnamedError(PlanningError, ValueError):
    """A team without a name was to be formed."""

    def __init__(self) -> None:
        super().__init__(text("Give the team a name."))


class TooLateError(PlanningError, RuntimeError):
    """A plan was to be taken back that was not sent just now."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            text(
                "Orders can be taken back for {seconds} seconds after they were sent; recall them instead.",
                seconds=seconds,
            )
        )


class TeamExistsError(PlanningError, ValueError):
    """A second team of a name was to be formed in a grid."""

    def __init__(self, name: str, grid_name: str) -> None:
        super().__init__(
            text("{grid} has a team “{name}” already; give this one another name.", grid=grid_name, name=name)
        )


class NobodyNamedError(PlanningError, ValueError):
    """A team without people was to be formed."""

    def __init__(self) -> None:
        super().__init__(text("A team needs at least one person; fill a role first."))


class MemberTwiceError(PlanningError, ValueError):
    """A member was to hold two places of one team."""

    def __init__(self, member_code: str) -> None:
        super().__init__(text("The member {code} stands in two roles; one person takes one role.", code=member_code))


class MemberElsewhereError(PlanningError, LookupError):
    """Somebody who is no member of the grid was to join its team as one."""

    def __init__(self, member_code: str, grid_name: str) -> None:
        super().__init__(text("{grid} has no member with the code {code}.", grid=grid_name, code=member_code))


class MemberInTeamError(PlanningError, RuntimeError):
    """Somebody who stands in another team was to join one."""

    def __init__(self, member: str, team_name: str, grid_name: str) -> None:
        super().__init__(
            text(
                "{member} stands in the team “{team}” of {grid}; name somebody else, or dissolve that team first.",
                member=member,
                team=team_name,
                grid=grid_name,
            )
        )


class TeamAtWorkError(PlanningError, RuntimeError):
    """A team with orders that are not over was to be dissolved."""

    def __init__(self, team_name: str, orders: str) -> None:
        super().__init__(text("{team} still has orders: {orders}. Recall them first.", team=team_name, orders=orders))


class NotFormedHereError(PlanningError, ValueError):
    """A team that came with a file was to be dissolved."""

    def __init__(self, team_name: str) -> None:
        super().__init__(
            text("{team} came with a file; take that import back or import the teams anew.", team=team_name)
        )
