"""The process that is started with the first workbook; see ``tasks``."""

from services.imports.read.upload import FileFormat
from services.imports.sandbox.drivers import keep_driver_of
from services.imports.sandbox.line import FrameSocket
from services.imports.sandbox.server import main
from services.workbooks.tasks import respond


def respond_without_drivers(line: FrameSocket) -> None:
    """Do one task; GDAL has nothing to do with it."""
    keep_driver_of(FileFormat.SHEET)
    respond(line)


if __name__ == "__main__":
    main(respond_without_drivers)
