"""Work on a workbook from outside, done in a process without rights: function and values go in, its answer comes out.

The process is that of files to import (``services.imports.sandbox``), started for workbooks alone.
"""

from collections.abc import Callable
from functools import cache
from types import GenericAlias
from typing import Any, Final, ParamSpec, TypeVar, cast, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.i18n import Text
from services.imports.options import ProgressMonitor
from services.imports.sandbox.confinement import ResourceLimits
from services.imports.sandbox.line import FrameKind, FrameSocket, FrameSocketError
from services.imports.sandbox.process import COMMAND, Reader
from services.imports.sandbox.wire import is_ours, receive_content, send_limits
from services.workbooks.form_filling import fill_form
from services.workbooks.form_reading import read_form
from services.workbooks.round_trip_reading import read_round_trip
from services.workbooks.template import fill_template, has_marks

P = ParamSpec("P")
R = TypeVar("R")
_TASKS: Final[dict[str, Callable[..., Any]]] = {
    task.__name__: task for task in (fill_template, has_marks, read_form, fill_form, read_round_trip)
}
_BYTES: Final = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_READER: Final = Reader((*COMMAND[:-1], "services.workbooks"))


def run_task(task: Callable[P, R], *values: P.args, **_named: P.kwargs) -> R:
    """Return what a function of this package answers, worked out in a process of its own.

    Parameters
    ----------
    task
        One of the functions that take a file; see the list of this module.
    values
        Its arguments, by position.

    Raises
    ------
    ImportFileError
        As the function does, or if it takes too long or too much memory.
    """
    parameters, result = _adapters(task.__name__)

    def send(line: FrameSocket, limits: ResourceLimits) -> None:
        send_limits(line, limits)
        line.send(FrameKind.DATA, task.__name__.encode())
        line.send(FrameKind.DATA, parameters.dump_json(values))

    def receive(line: FrameSocket) -> R:
        try:
            (answer,) = result.validate_json(bytes(receive_content(line)))
        except ValidationError as error:
            raise FrameSocketError from error
        if not all(map(is_ours, _texts_of(answer))):
            raise FrameSocketError
        return cast(R, answer)

    return _READER.exchange(send, receive, ProgressMonitor())


def respond(line: FrameSocket) -> None:
    """Do one task and send its answer: the side of the process."""
    name = bytes(line.receive()[1]).decode()
    parameters, result = _adapters(name)
    values = parameters.validate_json(bytes(line.receive()[1]))
    line.send(FrameKind.DATA, result.dump_json((_TASKS[name](*values),)))


def _texts_of(answer: Any) -> list[Text]:
    """Return the sentences in an answer."""
    return [note for note in getattr(answer, "notes", ()) if isinstance(note, Text)]


@cache
def _adapters(name: str) -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    """Return what writes and reads the arguments of a task, and its answer."""
    hints = get_type_hints(_TASKS[name])
    answer = hints.pop("return")
    parameters, result = GenericAlias(tuple, tuple(hints.values())), GenericAlias(tuple, (answer,))
    return TypeAdapter(cast(Any, parameters), config=_BYTES), TypeAdapter(cast(Any, result), config=_BYTES)
