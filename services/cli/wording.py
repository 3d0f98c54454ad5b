"""What the library for command lines says in English, in the language of the reader: help, and faults of calling."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import typer
from typer import rich_utils
from typer.core import TyperGroup
from typer.exceptions import TyperException

from services.cli.help_words import ENGLISH, EXAMPLES
from services.i18n import DEFAULT_LANGUAGE, Text, current_language, text, translate
from services.use_cases import UseCase, use_cases

_USAGE: Final = (
    ("Usage: ", text("Usage: ")),
    ("[OPTIONS]", text("[OPTIONS]")),
    ("COMMAND [ARGS]...", text("COMMAND [ARGS]...")),
)
_FAULTS: Final[tuple[tuple[str, Text], ...]] = (
    (
        r"Missing \w+ '?(?P<name>[^'\s]+?)'?\. Choose from:(?P<choices>.*)",
        text("{name} is missing; it is one of {choices}"),
    ),
    (r"Missing \w+ '?(?P<name>[^'\s]+?)'?\.", text("{name} is missing")),
    (r"Missing command\.", text("The command is missing")),
    (
        r"Invalid value for '?(?P<name>[^'\s]+?)'?: Value error, '(?P<value>.*)' is not one of (?P<choices>.*)\.",
        text("{name} cannot be {value}; it is one of {choices}"),
    ),
    (r"Invalid value for '?(?P<name>[^'\s]+?)'?: .*valid integer.*", text("{name} must be a whole number")),
    (r"Invalid value for '?(?P<name>[^'\s]+?)'?: .*valid number.*", text("{name} must be a number")),
    (
        r"Invalid value for '?(?P<name>[^'\s]+?)'?: .*(valid date|does not match the format).*",
        text("{name} must be a day or a time, like 2026-11-23 or 2026-11-23T20:00"),
    ),
    (
        r"Invalid value for '?(?P<name>[^'\s]+?)'?: .*greater than or equal to (?P<limit>.*)",
        text("{name} must be at least {limit}"),
    ),
    (
        r"Invalid value for '?(?P<name>[^'\s]+?)'?: .*less than or equal to (?P<limit>.*)",
        text("{name} must be at most {limit}"),
    ),
    (r"Invalid value for '?(?P<name>[^'\s]+?)'?: (?P<why>.*)", text("{name} is wrong: {why}")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<choices>.*)\)",
        text("There is no option {name}; is {choices} meant?"),
    ),
    (r"No such option: (?P<name>\S+)", text("There is no option {name}")),
    (
        r"No such command '(?P<name>.*?)'\. Did you mean (?P<choices>.*)\?",
        text("There is no command {name}; is {choices} meant?"),
    ),
    (r"No such command '(?P<name>.*)'\.", text("There is no command {name}")),
    (r"Option '(?P<name>.*)' requires an argument\.", text("A value is missing after {name}")),
    (r"Option '(?P<name>.*)' does not take a value\.", text("{name} takes no value")),
    (
        r"Got unexpected extra argument\(s\) \((?P<extra>.*)\)",
        text("Too much: {extra}. Put names with spaces into quotation marks"),
    ),
)
_HELP: Final = text("Show this message and exit.")


def speaking(app: typer.Typer) -> Any:
    """Return the command of an application with its help in the current language."""
    rich_utils.ARGUMENTS_PANEL_TITLE = translate("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = translate("Options")
    rich_utils.COMMANDS_PANEL_TITLE = translate("Commands")
    rich_utils.DEFAULT_STRING = translate("[default: {value}]", value="{}")
    rich_utils.ENVVAR_STRING = translate("[env var: {value}]", value="{}")
    rich_utils.REQUIRED_LONG_STRING = translate("[required]")
    command = typer.main.get_command(app)
    _translate_help(command, ())
    return command


def fault_words(error: TyperException) -> str:
    """Return what was wrong with a call, in the current language; what is not known stays as it is."""
    said = re.sub(r"\s+", " ", error.format_message()).strip().removeprefix("Invalid value: ")
    for pattern, message in _FAULTS:
        found = re.fullmatch(pattern, said)
        if found:
            return translate(
                message, **{name: value.replace("'", "").strip() for name, value in found.groupdict().items()}
            )
    return said


def _translate_help(command: Any, path: tuple[str, ...]) -> None:
    option = command.get_help_option(typer.Context(command))
    if option is not None:
        option.help = translate(_HELP)
    command.get_usage = partial(_usage, command.get_usage)
    if current_language() != DEFAULT_LANGUAGE:
        for thing in (command, *command.params):
            thing.help = ENGLISH.get(thing.help, thing.help)
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            _translate_help(part, (*path, name))
        return
    plain = next((case for case in use_cases() if case.command == " ".join(path)), None)
    if plain is not None:
        _help_of_plain(command, plain)
    example = plain.example if plain else EXAMPLES[" ".join(path)]
    command.epilog = translate("Example: {call}", call=f"gridmuster {example}")


def _help_of_plain(command: Any, case: UseCase[Any, Any]) -> None:
    command.help = (
        translate("{title}: {note}", title=case.title, note=case.note) if case.note else translate(case.title)
    )
    labels = {parameter.name: translate(parameter.label) for parameter in case.parameters}
    for parameter in command.params:
        parameter.help = labels.get(parameter.name, parameter.help)


def _usage(told: Callable[[Any], str], context: Any) -> str:
    said = told(context)
    for english, word in _USAGE:
        said = said.replace(english, translate(word))
    return said
