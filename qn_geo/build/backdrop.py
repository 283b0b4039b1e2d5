"""Make the neighbouring land of the offline basemap: Natural Earth fitted to our own border and shore.

Natural Earth's 1:10m shore is about a kilometre off. Drawn as it is, it would leave strips of sea along the inland
border and ghosts of land in the bays. So its land counts only outside our waters, and the inland border is backed
by land whatever Natural Earth says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import substring

from qn_geo.build.plane import areal, polygons, to_file
from qn_geo.build.reading import COMMUNES, NEIGHBOURS, read_communes, read_shapes, record_sources
from qn_geo.build.writing import Column, Feature, Layer, write_layer
from qn_geo.crs import project

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LAYER = Layer(
    id="backdrop",
    file="boundaries/backdrop.geojson",
    title_vi="Đất liền lân cận (nền bản đồ)",
    title_en="Neighbouring land (basemap)",
    description_vi="Đất của các tỉnh lân cận và Trung Quốc, chỉ để vẽ nền: Natural Earth 1:10 triệu, cắt khớp với ranh "
    "giới và bờ biển của ta. Không dùng để đo đạc hay xác định ranh giới.",
    description_en="Land of neighbouring provinces and China, only to draw a background: Natural Earth 1:10m fitted to "
    "our border and shore. Not for measuring, and it decides no boundary.",
    quality="approximate",
    licence="Public domain",
    columns=(Column("kind", "string", "Loại nền: land (đất)", "Kind of ground: land"),),
)

# Where the inland border meets the sea: mouth of the Bắc Luân (Ka Long), and head of the Bạch Đằng estuary.
BORDER_EAST = (108.049, 21.538)
BORDER_WEST = (106.771, 20.940)
# Seaward limit of our waters from the east round the south to the west, drawn by hand between the neighbours' land:
# east of Trà Cổ, open sea, Lan Hạ bay between Cát Bà and Hạ Long bay, Lạch Huyện, Bạch Đằng mouth.
WATERS = (
    (108.075, 21.545),
    (108.22, 21.40),
    (108.35, 20.60),
    (107.20, 20.62),
    (107.12, 20.80),
    (107.02, 20.845),
    (106.965, 20.868),
    (106.905, 20.834),
    (106.885, 20.815),
    (106.862, 20.822),
    (106.842, 20.808),
    (106.800, 20.815),
    (106.755, 20.842),
    (106.745, 20.870),
    (106.757, 20.920),
)
# Natural Earth strays by a kilometre or two from the border; this much land behind it closes every gap.
BACKING_M = 6000.0


def build(data_dir: Path) -> list[Path]:
    """Write `backdrop.geojson`; return the files written."""
    home = shapely.union_all([commune.land for commune in read_communes(data_dir)])
    neighbours = shapely.union_all([geometry for _, geometry in read_shapes(data_dir, NEIGHBOURS)])
    land = areal(surroundings(home, neighbours))
    features = [Feature({"kind": "land"}, to_file(part)) for part in polygons(land)]
    return write_layer(data_dir, LAYER, features, record_sources(data_dir, NEIGHBOURS, COMMUNES))


def surroundings(home: BaseGeometry, neighbours: BaseGeometry) -> BaseGeometry:
    """Return neighbouring land without false sea along the inland border or false land in our waters (EPSG:5899)."""
    border = inland_border(polygons(home)[0])
    backing = border.buffer(BACKING_M, cap_style="flat")
    return neighbours.union(backing).difference(_domain(border)).difference(home)


def inland_border(mainland: Polygon) -> LineString:
    """Return the part of the mainland's outline between the two river mouths that runs inland, east to west."""
    ring = LineString(mainland.exterior.coords)
    east, west = (ring.project(Point(project(Point(place)))) for place in (BORDER_EAST, BORDER_WEST))
    # The inland side is the one that reaches farther north.
    return max(_along(ring, east, west), _along(ring, west, east).reverse(), key=lambda line: line.centroid.y)


def _along(ring: LineString, start: float, end: float) -> LineString:
    """Return a closed line from one distance along it to another, past its own start where need be."""
    if start < end:
        return LineString(substring(ring, start, end).coords)
    head, tail = substring(ring, start, ring.length), substring(ring, 0.0, end)
    return LineString([*head.coords, *list(tail.coords)[1:]])


def _domain(border: LineString) -> BaseGeometry:
    """Return our land and waters: the inland border closed by the seaward limit."""
    seaward = project(LineString(WATERS))
    return Polygon([*border.coords, *reversed(seaward.coords)]).buffer(0)
