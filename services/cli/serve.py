"""``gridmuster serve``: the dashboard on this machine, on a store or on made-up data."""

import errno
import ipaddress
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from services import accounts
from services.catalog.actions import Action
from services.cli.app import app
from services.cli.shell import Exit, StoreOption, complain, refuse, say
from services.cli.stopping import Stop
from services.clock import district_zone
from services.context import Context, open_context
from services.demo import DemoSize, complete_demo, make_demo
from services.i18n import text
from services.rules.roles import roles_of_second_factor
from services.settings import read_settings

DEMO_FILE: Final = Path("var") / "demo.gpkg"
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_PROXIES_HERE: Final = ("127.0.0.1", "::1")
"""A proxy on this machine says from where and how a request came."""


@app.command(help="打开看板。")
def serve(
    store: StoreOption = "",
    demo: Annotated[bool, typer.Option("--demo", help="用虚构的演示数据")] = False,  # noqa: FBT002 - a flag on the command line
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8501,
) -> None:
    """Serve the dashboard in this one process until it is stopped.

    With ``--demo`` and no store named, the made-up data is kept in ``var/demo.gpkg`` under the current folder; a store
    that holds something else is left as it is.
    """
    _require_names(host)
    _require_proxies()
    roles_of_second_factor(read_settings().second_factor)  # a slip in a setting ends here, in a sentence
    district_zone()
    _require_port(host, port)
    address = store or (demo_address() if demo else "")
    if address:
        os.environ["GRIDMUSTER_STORE"] = address
    context = open_context(address or None)
    context.storage().check_content()
    if demo:
        fill_if_empty(context)
    _warn_of_real_data_in_a_demo(context)
    _configure(host, port)
    _say_how_to_begin(context, f"http://{host}:{port}")
    say("The dashboard is at {address}; Ctrl+C stops it.", address=f"http://{host}:{port}")
    import uvicorn  # noqa: PLC0415 - other commands need not wait for it

    # A server that is busy for a while must not take its own lateness for a lost browser; packing what is sent to pages
    # costs more than an office network saves (Streamlit leaves it off as well). Pages ask something every five seconds.
    with suppress(Stop):  # the server has ended in order, and then hands on the signal that ended it
        uvicorn.run(
            "dashboard.server:app",
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            ws_per_message_deflate=False,
            ws_ping_timeout=90.0,
            forwarded_allow_ips=[*_PROXIES_HERE, *read_settings().proxies],
            timeout_keep_alive=20,
        )


def _say_how_to_begin(context: Context, address: str) -> None:
    """Print the one-time address that makes the first administrator, where there is no account yet."""
    if not accounts.is_set_up(context):
        way = f"{address}/set-up/{accounts.begin_setup(context)}"
        say("There is no account yet. Open this address once to make the first administrator: {address}", address=way)


def _warn_of_real_data_in_a_demo(context: Context) -> None:
    """Say so where real data came into a demo before imports ended it."""
    with context.look(Action.SIGN_IN) as tx:
        is_mixed = accounts.runs_demo(context) and len(tx.records.read_batches()) > 0
    if is_mixed:
        complain(
            "Real data were imported into this demo, and its accounts, whose password is known, can still sign in: "
            "{command}",
            command="gridmuster demo --end",
        )


def demo_address() -> str:
    """Return the address of the demo store under the current folder, which is made where it is missing."""
    DEMO_FILE.parent.mkdir(exist_ok=True)
    return f"sqlite:///{DEMO_FILE.resolve()}"


def fill_if_empty(context: Context) -> None:
    """Put the made-up sub-district into an empty store; add what a demo lacks that was cut short in the making."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        is_empty = tx.is_empty()
    if is_empty:
        make_demo(context, DemoSize.SUBDISTRICT)
    else:
        complete_demo(context)


def _require_names(host: str) -> None:
    """End here if the server is to be reached from elsewhere and nobody said under which names."""
    if host not in _LOCAL and not read_settings().hosts:
        refuse(
            "Others reach this server under a name or an address: set it first, for example "
            "GRIDMUSTER_HOSTS=wangge.office.lan,10.1.2.3. Requests under other names are refused."
        )


def _require_proxies() -> None:
    """End here if what is trusted as a proxy is no address: a slip would let others say who they are."""
    for proxy in read_settings().proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            refuse(
                "“{proxy}” in GRIDMUSTER_PROXIES is no address; give some like 10.1.2.3 or 10.1.2.0/24.", proxy=proxy
            )


_PORT_FAULTS: Final = {
    errno.EADDRINUSE: text("Port {port} is used by another program; give another one with --port"),
    errno.EACCES: text("Port {port} may not be opened by this user; give one from 1024 up with --port"),
    errno.EADDRNOTAVAIL: text("This machine does not have the address {host}; give one that it has with --host"),
}


def _require_port(host: str, port: int) -> None:
    """End here if nobody can be served at the port."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        number = errno.EADDRNOTAVAIL if isinstance(error, socket.gaierror) else error.errno or 0
        fault = _PORT_FAULTS.get(number)
        if fault is None:
            raise
        complain(fault, port=port, host=host)
        raise typer.Exit(Exit.FAILED) from None


def _configure(host: str, port: int) -> None:
    """Tell Streamlit where it runs."""
    os.environ["STREAMLIT_SERVER_PORT"] = str(port)
    os.environ["STREAMLIT_SERVER_ADDRESS"] = host
