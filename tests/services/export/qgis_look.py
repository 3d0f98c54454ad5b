"""Run by the system's Python: what QGIS makes of a GeoPackage by itself, as JSON; optionally a picture.

Arguments: file, layer, and where to put a PNG.
"""

import json
import sys

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize

path, name, picture = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
_, loaded = layer.loadDefaultStyle()
renderer = layer.renderer()
found = {"valid": layer.isValid(), "loaded": loaded, "type": renderer.type()}
found["alias"] = layer.attributeAlias(layer.fields().indexOf("ratio"))
if renderer.type() == "categorizedSymbol":
    found["categories"] = [
        [c.value(), c.label(), c.symbol().symbolLayer(0).color().name(), c.symbol().symbolLayerCount()]
        for c in renderer.categories()
    ]
settings = QgsMapSettings()
settings.setLayers([layer])
settings.setDestinationCrs(layer.crs())
settings.setExtent(layer.extent())
settings.setOutputSize(QSize(800, 100))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
image.save(picture)
found["pixels"] = [image.pixelColor(50 + 100 * k, 80).name() for k in range(8)]
print(json.dumps(found, ensure_ascii=False))
