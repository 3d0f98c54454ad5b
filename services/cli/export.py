"""``gridmuster export``: one stored layer, or all of them, as a file."""

from pathlib import Path
from typing import Annotated, Final

import typer

from geo.schema import Layer
from services.catalog.layers import LAYERS
from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.help_words import CHINESE_LAYERS
from services.cli.shell import StoreOption, context_for, refuse, say
from services.export.layers import MASKED, LayerFile, export_layers

ALL: Final = "all"


@app.command("export")
def export_command(
    layer: Annotated[str, typer.Argument(help=f"{CHINESE_LAYERS}；{ALL} 全部")],
    out: Annotated[Path, typer.Option("--out", help="结果文件：.gpkg .geojson .parquet .csv .xlsx")],
    store: StoreOption = "",
) -> None:
    """导出图层；姓名和电话已隐去，党员没有坐标。"""
    if layer != ALL and layer not in set(Layer):
        refuse("There is no layer {layer}; give one of {layers}", layer=layer, layers=" ".join([*Layer, ALL]))
    kind = LayerFile(check_target(out, LayerFile, store))
    wanted = list(Layer) if layer == ALL else [Layer(layer)]
    if len(wanted) > 1 and not kind.holds_several:
        refuse("{suffix} holds one layer; for all of them write .gpkg or .xlsx", suffix=kind.value)
    content, rows = export_layers(context_for(store), wanted, kind)
    write_new(out, content)
    say("{rows} rows written to {file}", rows=rows, file=str(out))
    if any(LAYERS[each].is_of_people for each in wanted):
        say(MASKED.id)
