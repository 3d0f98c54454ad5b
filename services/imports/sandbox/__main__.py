"""The process that is started with the first file; see ``server``."""

from services.imports.sandbox.server import main

if __name__ == "__main__":
    main()
