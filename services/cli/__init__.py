"""The command line: the second face of the same use cases (DESIGN §12)."""

import sys

from services.cli import assign as _assign  # noqa: F401 - registers its command
from services.cli import audit as _audit  # noqa: F401 - registers its commands
from services.cli import backup as _backup  # noqa: F401 - registers its command
from services.cli import brief as _brief  # noqa: F401 - registers its command
from services.cli import claim as _claim  # noqa: F401 - registers its commands
from services.cli import copy as _copy  # noqa: F401 - registers its command
from services.cli import coverage as _coverage  # noqa: F401 - registers its command
from services.cli import demo as _demo  # noqa: F401 - registers its command
from services.cli import doctor as _doctor  # noqa: F401 - registers its command
from services.cli import export as _export  # noqa: F401 - registers its command
from services.cli import form as _form  # noqa: F401 - registers its commands
from services.cli import import_ as _import  # noqa: F401 - registers its command
from services.cli import matter as _matter  # noqa: F401 - registers its commands
from services.cli import migrate as _migrate  # noqa: F401 - registers its command
from services.cli import package as _package  # noqa: F401 - registers its commands
from services.cli import person as _person  # noqa: F401 - registers its commands
from services.cli import plan as _plan  # noqa: F401 - registers its commands
from services.cli import plan_calls as _plan_calls  # noqa: F401 - registers its commands
from services.cli import privacy as _privacy  # noqa: F401 - registers its commands
from services.cli import restore as _restore  # noqa: F401 - registers its command
from services.cli import roster as _roster  # noqa: F401 - registers its commands
from services.cli import roster_chains as _roster_chains  # noqa: F401 - registers its commands
from services.cli import roster_files as _roster_files  # noqa: F401 - registers its commands
from services.cli import roster_needs as _roster_needs  # noqa: F401 - registers its command
from services.cli import serve as _serve  # noqa: F401 - registers its command
from services.cli import skills as _skills  # noqa: F401 - registers its command
from services.cli import unit as _unit  # noqa: F401 - registers its commands
from services.cli import user as _user  # noqa: F401 - registers its commands
from services.cli.app import app
from services.cli.plain_commands import add_plain_commands
from services.cli.shell import run

__all__ = ["app", "main"]

add_plain_commands()


def main() -> None:
    """Run the command that was typed; a fault becomes one sentence and an exit code, never a traceback."""
    sys.exit(run(app))
