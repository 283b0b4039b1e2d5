"""Maps on paper and in pictures: the screen's layers in the screen's style, at an exact scale in EPSG:5899."""

from __future__ import annotations

from qn_geo.atlas.drawing import drawn
from qn_geo.atlas.picture import Picture, picture, png
from qn_geo.atlas.sheet import PAPERS, SCALES, sheet, smallest
from qn_geo.atlas.shown import Bounds, Shown, bounds, version
from qn_geo.atlas.signs import Sign

__all__ = [
    "PAPERS",
    "SCALES",
    "Bounds",
    "Picture",
    "Shown",
    "Sign",
    "bounds",
    "drawn",
    "picture",
    "png",
    "sheet",
    "smallest",
    "version",
]
