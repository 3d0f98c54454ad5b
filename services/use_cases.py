"""Use cases declare themselves: what is checked, written down and said of a change, and how people ask for it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import datetime
from functools import cached_property, update_wrapper
from typing import Annotated, Any, Concatenate, Final, Generic, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

from services.catalog.actions import ACTIONS, Action
from services.context import Context, Work
from services.i18n import Param, Text, text
from services.wording import short_time

P = ParamSpec("P")
T = TypeVar("T")

Reason = Annotated[str, text("Why")]
"""Why somebody does something; the audit trail keeps it."""
PLAIN: Final = (str, int, float)
"""Kinds of arguments that a word on the command line, or a field of a page, can say."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What people say for a use case."""

    name: str
    kind: type
    label: Text
    default: object = inspect.Parameter.empty

    @property
    def is_required(self) -> bool:
        """Whether there is no use case without it."""
        return self.default is inspect.Parameter.empty


@dataclass(eq=False)
class UseCase(Generic[P, T]):
    """A change that the program can make; called with a context and the arguments of its function.

    Calling it checks role and area, opens a transaction, and keeps the change and its audit row together or not at
    all. What is said here makes its plain command (``services.cli.plain_commands``) and its button
    (``dashboard.frame.use_case_button``).

    Raises
    ------
    RefusedError
        If the actor's role does not allow the action.
    WiderAreaError
        If the action concerns everything (``OF_THE_WHOLE``) and the actor is in charge of a part.
    """

    action: Action
    function: Callable[Concatenate[Work, P], T]
    target: str
    """What the audit row is about, with the arguments of the function, and who acts: ``account:{actor}``."""
    title: Text
    """What its button says."""
    note: Text | None
    """What else has to be known before: beside the button, and as the help of the command."""
    outcome: Text | None
    """What is said when it is done, with the arguments and the result (``_facts``)."""
    question: Text | None
    """What has to be agreed to before, with the arguments."""
    example: str
    """How the command line calls it, as ``user enable wang``, its name first; empty where it has no plain command."""
    signature: inspect.Signature = field(init=False)

    def __post_init__(self) -> None:
        """Look like the function."""
        update_wrapper(self, self.function)
        self.signature = inspect.signature(self.function)

    def __call__(self, context: Context, /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make the change, as whoever the context is of."""
        arguments = self.signature.bind(None, *args, **kwargs).arguments
        target = self.target.format(**arguments, actor=context.actor.name)
        with context._act(self.action, target) as work:  # noqa: SLF001 - the one place that may
            return self.function(work, *args, **kwargs)

    @property
    def name(self) -> str:
        """What its function is called."""
        return self.function.__name__

    @property
    def module(self) -> str:
        """Where its function is written."""
        return self.function.__module__

    @property
    def command(self) -> str:
        """What its command is called, group first; empty where it has none."""
        return " ".join(self.example.split()[:2])

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What people say for it: its arguments that are plain values (``PLAIN``), in their order."""
        kinds = get_type_hints(self.function, include_extras=True)
        arguments = list(self.signature.parameters.values())[1:]
        asked = (_parameter(each.name, kinds[each.name], each.default) for each in arguments)
        return tuple(parameter for parameter in asked if parameter.kind in PLAIN)

    def outcome_text(self, arguments: Mapping[str, Any], result: object) -> Text | None:
        """Return what is said when it is done; None for nothing."""
        return self.outcome and _with(self.outcome, dict(arguments) | _facts(result))

    def question_text(self, arguments: Mapping[str, Any]) -> Text | None:
        """Return what has to be agreed to before it is done; None for nothing."""
        return self.question and _with(self.question, arguments)


def use_case(
    action: Action,
    target: str = "",
    *,
    title: Text | None = None,
    note: Text | None = None,
    outcome: Text | None = None,
    question: Text | None = None,
    example: str = "",
) -> Callable[[Callable[Concatenate[Work, P], T]], UseCase[P, T]]:
    """Declare a function as a use case (``UseCase``): the one way to change what a store holds."""

    def declare(function: Callable[Concatenate[Work, P], T]) -> UseCase[P, T]:
        made = UseCase(action, function, target, title or ACTIONS[action].title, note, outcome, question, example)
        _declared.append(made)
        return made

    return declare


def use_cases() -> tuple[UseCase[Any, Any], ...]:
    """Return every use case of the modules that this process has loaded, in the order they were declared."""
    return tuple(_declared)


def use_cases_of(kind: str) -> tuple[UseCase[Any, Any], ...]:
    """Return those that a card offers by itself: about one thing of a kind (``team``), told in words when done."""
    return tuple(case for case in _declared if case.target.startswith(f"{kind}:") and case.outcome)


_declared: Final[list[UseCase[Any, Any]]] = []


def _parameter(name: str, kind: Any, default: object) -> Parameter:
    plain, *notes = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    label = next((note for note in notes if isinstance(note, Text)), text(name))
    return Parameter(name, plain, label, default)


def _facts(result: object) -> dict[str, Any]:
    """Return what a text may say of a result: the number as ``count``, the fields of a value, else nothing."""
    if isinstance(result, int):
        return {"count": result}
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else {}


def _with(words: Text, facts: Mapping[str, Any]) -> Text:
    return text(words.id, **{name: _param(value) for name, value in facts.items() if f"{{{name}}}" in words.id})


def _param(value: Any) -> Param:
    return short_time(value) if isinstance(value, datetime) else value
