"""Which policy goes with which answer, and that no page lets scripts inside it run."""

import pytest

from dashboard.door.headers import FILES, MAPS, policy_of


def scripts(policy):
    """Return what a policy lets run."""
    told = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    return set(told.get("script-src", told["default-src"]).split())


@pytest.mark.parametrize(
    "path", ["/", "/situation", "/screen", "/sign-in", "/component", "/componentx/a", "/x/component/a"]
)
def test_a_page_runs_no_script_that_stands_inside_it_but_streamlits_own(path):
    allowed = scripts(policy_of(path))
    assert not allowed & {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:"}
    assert sum(source.startswith("'sha256-") for source in allowed) == 1


@pytest.mark.parametrize("path", [f"{folder.rstrip('/')}/x" for folder in FILES])
def test_a_file_runs_nothing_at_all(path):
    assert scripts(policy_of(path)) == {"'none'"}


def test_the_frame_of_a_map_sends_nothing_elsewhere():
    policy = policy_of(f"{MAPS}streamlit_folium.st_folium/index.html")
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self';" in policy
    assert "form-action 'none'" in policy
