"""The plain commands: arguments, question and answer are those of their use case; the help too (``cli.wording``)."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from services.cli.app import app
from services.cli.shell import StoreOption, context_for, say
from services.i18n import translate
from services.use_cases import Parameter, UseCase, use_cases

_STORE: Final = inspect.Parameter("store", inspect.Parameter.KEYWORD_ONLY, default="", annotation=StoreOption)
_YES: Final = inspect.Parameter(
    "yes",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--yes", help="不再询问")],
)


def add_plain_commands() -> None:
    """Give every use case that says how it is called its command; its group must be there."""
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    for case in use_cases():
        if case.command:
            group, name = case.command.split()
            instance = groups[group]
            if instance is not None:
                instance.command(name)(command_of(case))


def command_of(case: UseCase[Any, Any]) -> Callable[..., None]:
    """Return the function that typer makes a command of: what is required stands as an argument, the rest as options.

    What only has a name in the function (``*, reason: str``) is an option too, and has to be given without a default.
    """

    def command(*, store: str, yes: bool = False, **arguments: Any) -> None:
        question = case.question_text(arguments)
        if question is not None and not yes:
            typer.confirm(translate(question), abort=True)
        outcome = case.outcome_text(arguments, case(context_for(store), **arguments))
        if outcome is not None:
            say(outcome)

    said = [_shell_parameter(case, parameter) for parameter in case.parameters]
    signature = inspect.Signature([*said, _STORE, *([_YES] if case.question else [])])
    made: Any = command
    made.__signature__ = signature  # where typer looks, and for the kinds of the values below
    made.__annotations__ = {each.name: each.annotation for each in signature.parameters.values()}
    return command


def _shell_parameter(case: UseCase[Any, Any], parameter: Parameter) -> inspect.Parameter:
    is_named = case.signature.parameters[parameter.name].kind is inspect.Parameter.KEYWORD_ONLY
    default = ... if parameter.is_required else parameter.default
    if is_named or not parameter.is_required:
        asked: Any = typer.Option(default, f"--{parameter.name.replace('_', '-')}", show_default=False)
    else:
        asked = typer.Argument(default)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(parameter.name, kind, default=asked, annotation=parameter.kind)
