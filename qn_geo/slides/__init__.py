"""A story to leave behind: slides that can be edited in PowerPoint, and pages that can be printed."""

from __future__ import annotations

from qn_geo.slides.deck import deck
from qn_geo.slides.pages import pages

__all__ = ["deck", "pages"]
