"""A proposal that is looked for while the planner watches, and stopped with the best so far."""

from collections.abc import Callable, Sequence

from dashboard.streamlit.job import Job
from geo.optimise import Progress
from services.planning import JointProposal, Plan, PlanningSnapshot, PlanProposal, propose_plan, propose_windows

Search = Job[PlanProposal | JointProposal, Progress]


def search_for(
    snapshot: PlanningSnapshot, plan: Plan, seconds: float, propose: Callable[..., PlanProposal] = propose_plan
) -> Search:
    """Return the search for a proposal as a job; cancelling it asks for the best plan so far.

    Parameters
    ----------
    snapshot, plan
        As ``services.planning.propose_plan`` takes them.
    seconds
        When to stop at the latest.
    propose
        What searches; another one in tests.
    """
    return Job(
        lambda tell, is_cancelled: propose(snapshot, plan, seconds=seconds, is_cancelled=is_cancelled, report=tell)
    )


def joint_search_for(windows: Sequence[tuple[PlanningSnapshot, Plan]], seconds: float) -> Search:
    """Return the search for a proposal over several windows, each with what it is planned on and its plan."""
    snapshots, plans = [snapshot for snapshot, _ in windows], [plan for _, plan in windows]
    return Job(
        lambda tell, is_cancelled: propose_windows(
            snapshots, plans, seconds=seconds, is_cancelled=is_cancelled, report=tell
        )
    )
