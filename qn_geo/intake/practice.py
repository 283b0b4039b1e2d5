"""A first file of our own: what libraries make for the first file is then there for every one that comes."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from qn_geo import layers
from qn_geo.crs import TM3
from qn_geo.intake import evidence, proposals, reading

_FILE: Final = "practice.gpkg"
_PLOT: Final = shapely.box(420_000, 2_320_000, 420_050, 2_320_020)  # on land, in the plane of the province


def read() -> None:
    """Read a plot of ours as any file is read. Whatever goes wrong is told when it goes wrong with a file."""
    with contextlib.suppress(Exception), tempfile.TemporaryDirectory(prefix="qn-geo-") as folder:
        path = Path(folder, _FILE)
        gpd.GeoDataFrame({"SoTo": ["1"], "SoThua": ["1"]}, geometry=[_PLOT], crs=TM3).to_file(path)
        layers.layer("zones")
        for layer in reading.read([(_FILE, path)], Path(folder, "laid-out")).layers:
            proposals.Reading(layer, evidence.known()).canonical()
