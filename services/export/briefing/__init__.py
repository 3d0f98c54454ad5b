"""A briefing as files: slides, an official paper, pictures, all from the one value that the screen shows."""

from services.export.briefing.atlas import AtlasError, to_atlas_pdf
from services.export.briefing.content import NoSuchSectionError, choose_sections, record_file
from services.export.briefing.paper import to_pdf
from services.export.briefing.pictures import section_png
from services.export.briefing.slides import to_pptx

__all__ = [
    "AtlasError",
    "NoSuchSectionError",
    "choose_sections",
    "record_file",
    "section_png",
    "to_atlas_pdf",
    "to_pdf",
    "to_pptx",
]
