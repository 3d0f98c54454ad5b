"""A database restarted in mid-request: what was answered is there, the rest is refused, and work goes on by itself."""

from services.store import Store
from tests.services.planning.conftest import fill

from .restarting import restart_in_mid_request


def test_nothing_answered_is_lost_and_work_goes_on_by_itself(cluster):
    name = cluster.new_database()
    store = Store.open(cluster.url(name))
    fill(store)
    store.close()
    tally, _refused = restart_in_mid_request(cluster, cluster.url(name), 2)
    assert tally.answered > 2
