"""What the command line says when real data have ended a demo."""

from services.accounts import DemoEnd
from services.cli.shell import complain, say


def tell_demo_end(ended: DemoEnd) -> None:
    """Say that the demo is over, what is left of it, and how somebody can sign in again."""
    say(
        "The demo is over: {accounts} of its accounts were disabled and {sessions} sessions ended.",
        accounts=ended.accounts,
        sessions=ended.sessions,
    )
    complain("What was made up still stands in this store. For real work make a new one and import there.")
    if not ended.has_administrator:
        complain(
            "Nobody can manage accounts now: “{command}” gives an address for it.", command="gridmuster user setup"
        )
