"""Teams and units that could give people to a shift, in words."""

from services.i18n import translate
from services.rostering.group_candidates import GroupCandidate


def group_text(group: GroupCandidate) -> str:
    """Return how many people a team or unit has, how many of them are free then, or by which order it is sent."""
    words = [translate("{n} people", n=group.size)] if group.size is not None else []
    if group.order_id:
        words.append(translate("sent by order {order}", order=group.order_id))
    elif group.free is not None and group.free != group.size:
        words.append(translate("{n} free", n=group.free))
    if group.is_near:
        words.append(translate("own community"))
    return " · ".join(words)
