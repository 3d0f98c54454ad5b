"""The commands, by name."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback(help="网格集结：看清哪些网格缺人，把力量调过去。")
def gridmuster() -> None:
    """Hold the commands together."""
