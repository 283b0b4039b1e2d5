"""Plots as files in every format, written by GDAL and by hand, for the tests of the intake."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import shapely

if TYPE_CHECKING:
    from pathlib import Path

EAST, NORTH = 404_000.0, 2_310_000.0
"""Lower left corner of the first plot, in EPSG:5899; Hạ Long."""
DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "geojson": "GeoJSON",
    "kml": "LIBKML",
    "mif": "MapInfo File",
    "tab": "MapInfo File",
    "gdb": "OpenFileGDB",
    "gml": "GML",
}


def plots(count: int = 4, size: float = 20.0) -> gpd.GeoDataFrame:
    """Squares in a row, with the attributes a commune office gives them."""
    index = np.arange(count)
    shapes = shapely.box(EAST + index * size, NORTH, EAST + (index + 1) * size, NORTH + size)
    return gpd.GeoDataFrame(
        {
            "SoTo": ["12"] * count,
            "SoThua": [str(number + 1) for number in index],
            "DienTich": [size * size] * count,
            "MDSD": ["ONT", "Đất ở", "CLN", "LUC"] * (count // 4) + ["ONT"] * (count % 4),
        },
        geometry=shapes,
        crs=5899,
    )


def write(frame: gpd.GeoDataFrame, path: Path, **options) -> Path:
    """Write a frame by the driver its extension tells."""
    if path.suffix == ".parquet":
        frame.to_parquet(path)
        return path
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names cut, systems approximated: what old formats are like
        driver = DRIVERS[path.suffix[1:]]
        frame = frame.to_crs(4326) if driver == "LIBKML" else frame
        frame.to_file(path, driver=driver, **options)
    return path


def pack(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def shapefile(folder: Path, frame: gpd.GeoDataFrame | None = None, **options) -> dict[str, bytes]:
    """The parts of a shapefile by name."""
    folder.mkdir(parents=True, exist_ok=True)
    write(plots() if frame is None else frame, folder / "thua.shp", **options)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("thua.*"))}


def geodatabase(folder: Path) -> bytes:
    """A zipped file geodatabase."""
    write(plots(), folder / "plan.gdb", layer="ThuaDat_A")
    return pack({f"plan.gdb/{path.name}": path.read_bytes() for path in sorted((folder / "plan.gdb").iterdir())})


def dxf(folder: Path, version: str = "R2000", *, binary: bool = False, style: str = "vntimeh.ttf") -> Path:
    """A drawing: one closed boundary on level 10, a hatch, and labels in two fonts."""
    drawing = ezdxf.new(version)
    drawing.styles.new("VN", dxfattribs={"font": style})
    model = drawing.modelspace()
    corners = list(shapely.box(EAST, NORTH, EAST + 20, NORTH + 20).exterior.coords)
    model.add_lwpolyline(corners[:-1], close=True, dxfattribs={"layer": "10"})
    text = "§Êt ë" if version == "R2000" else "Đất ở"
    model.add_text(text, dxfattribs={"style": "VN", "layer": "11"}).set_placement((EAST + 5, NORTH + 5))
    model.add_mtext("{\\fVNI-Times|b0;12}", dxfattribs={"layer": "13"}).set_location((EAST + 5, NORTH + 9))
    model.add_hatch(color=2).paths.add_polyline_path(corners[:-1], is_closed=True)
    path = folder / "ve.dxf"
    drawing.saveas(path, fmt="bin" if binary else "asc")
    return path


def dgn(folder: Path, text: bytes = "§Êt ë".encode("latin-1")) -> Path:
    """A MicroStation V7 drawing: a boundary written by GDAL, a label on level 13 by hand."""
    path = folder / "ve.dgn"
    boundary = shapely.box(0, 0, 20, 20).exterior
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path, shapely.to_wkb(np.array([boundary])), [], [], driver="DGN", geometry_type="Unknown", crs=None
        )
    content = path.read_bytes()
    end = 0
    while content[end : end + 2] != b"\xff\xff":
        end += 4 + 2 * struct.unpack_from("<H", content, end + 2)[0]
    path.write_bytes(content[:end] + _dgn_text(13, text) + content[end:])
    return path


def _dgn_text(level: int, text: bytes) -> bytes:
    """A text element. Whole numbers have their two halves the other way round."""

    def halves(value: int) -> bytes:
        return struct.pack("<HH", (value >> 16) & 0xFFFF, value & 0xFFFF)

    size = 60 + len(text) + len(text) % 2
    element = bytearray(60)
    element[0], element[1] = level, 17
    struct.pack_into("<H", element, 2, size // 2 - 2)
    for place, value in enumerate((0, 0, 0, 9, 9, 0)):
        element[4 + 4 * place : 8 + 4 * place] = halves(value + 2**31)
    struct.pack_into("<H", element, 30, size // 2 - 16)
    element[36] = 3
    for place, value in ((38, 1000), (42, 1000), (46, 0), (50, 5000), (54, 5000)):
        element[place : place + 4] = halves(value)
    element[58] = len(text)
    return bytes(element) + text + b"\x00" * (len(text) % 2)


def workbook(rows: list[list[object]], title: str = "Tọa độ") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
