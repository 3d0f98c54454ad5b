"""Who of a group fills which of the roles it is composed of."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from geo.arrays import Positions

MISSING = -1
"""The person in a role that nobody fills."""


def fill_roles(fits: ArrayLike) -> Positions:
    """Return the person in each role, as many roles filled as can be at once.

    Nobody fills two: a doctor who also drives is not wasted on driving where another can. By maximum bipartite matching
    (Hopcroft & Karp 1973).

    Parameters
    ----------
    fits
        Whether a person may fill a role, shape (persons, roles); a role that is asked for twice is there twice.

    Returns
    -------
    Shape (roles,), ``MISSING`` where nobody is left for it.

    Examples
    --------
    A doctor who drives and a nurse who only nurses; roles: doctor, driver, nurse:

    >>> fill_roles([[1, 1, 0], [0, 0, 1]]).tolist()
    [0, -1, 1]
    """
    able = np.asarray(fits, dtype=np.bool_)
    if not able.size:
        return np.full(able.shape[1], MISSING, dtype=np.intp)
    return np.asarray(maximum_bipartite_matching(csr_array(able), perm_type="row"), dtype=np.intp)
