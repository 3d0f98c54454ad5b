"""The process that is started with the first file; see ``server``."""

from services.imports.reader.server import main

main()
