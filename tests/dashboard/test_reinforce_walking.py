"""While the ways along the roads are worked out, the page says so; then it draws the map."""

from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages.planning import travel_times
from dashboard.streamlit.job import Job


@pytest.fixture
def go_on():
    event = Event()
    yield event
    event.set()


def test_the_page_tells_how_far_the_ways_are_and_goes_on_by_itself(own_demo, monkeypatch, go_on):
    def find(tell, _is_cancelled):
        tell(0.25)
        go_on.wait(30)

    job = Job(find).start()
    monkeypatch.setattr(travel_times, "QUICK_S", 0.0)
    monkeypatch.setattr("dashboard.pages.planning.travel_times.cache.walk", lambda *_: job)
    monkeypatch.setattr("services.planning.snapshot.PlanningSnapshot.knows_walks", property(lambda _: job.is_done))
    app = AppTest.from_file("../../dashboard/app.py", default_timeout=30).run()
    app.switch_page("pages/planning/reinforce.py").run()
    assert not app.exception
    assert "正在沿道路计算步行时间" in " ".join(str(part.proto.body) for part in app.get("html"))
    assert [bar.proto.text for bar in app.get("progress")] == ["25\\%"]
    assert "target" not in {box.key for box in app.selectbox}
    go_on.set()
    assert job.wait(30)
    app.run()
    assert "target" in {box.key for box in app.selectbox}
