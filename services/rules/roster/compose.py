"""What people make up a shift (C3): who fills which need, so that nobody who could fill a scarce one is wasted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching


def missing_roles(
    composition: Mapping[str, int],
    people: Sequence[Collection[str]],
    skills: Mapping[str, Collection[str]],
    heads: Mapping[str, int],
) -> dict[str, int]:
    """Return how many of each role nobody fills, roles that are filled left out.

    Parameters
    ----------
    composition
        How many of each role are needed.
    people
        The skills of each person; each fills one place at most, of a role that one of their skills serves.
    skills
        By which skills a role is filled; a need that is none of these roles is filled by the skill of its own name.
    heads
        People without a name, by the role that they come for.

    Examples
    --------
    >>> by = {"doctor": ["medical"]}
    >>> missing_roles({"doctor": 1, "driving": 1}, [["medical", "driving"], ["medical"]], by, {})
    {}
    >>> missing_roles({"doctor": 2, "cadre": 1}, [["medical"]], by, {"cadre": 1})
    {'doctor': 1}
    """
    places = [role for role, count in composition.items() for _ in range(max(count - heads.get(role, 0), 0))]
    serving = [frozenset(skills.get(role, (role,))) for role in places]
    can = [[not of_role.isdisjoint(own) for of_role in serving] for own in people]
    graph = csr_array(np.array(can, dtype=np.bool_).reshape(len(people), len(places)))
    holders = maximum_bipartite_matching(graph, perm_type="row")
    open_places = Counter(role for role, holder in zip(places, holders, strict=True) if holder < 0)
    return {role: open_places[role] for role in composition if open_places[role]}
