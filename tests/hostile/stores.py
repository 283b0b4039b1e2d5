"""Databases, shapefiles and Parquet."""

from __future__ import annotations

import json
import sqlite3
import struct

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from tests import plot_files
from tests.hostile import NOISE, maker


def geopackage(folder, *statements):
    path = plot_files.write(plot_files.plots(), folder / "thua.gpkg")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path.read_bytes()


@maker("GeoPackage tải dở | incomplete GeoPackage")
def gpkg_truncated(folder, _address):
    return {"thua.gpkg": geopackage(folder)[:9_000]}


@maker("GeoPackage có trang dữ liệu là rác | GeoPackage with pages of noise")
def gpkg_noise(folder, _address):
    content = geopackage(folder)
    return {"thua.gpkg": content[:4_096] + NOISE[: len(content) - 4_096]}


@maker("GeoPackage có khung nhìn chạy mãi | GeoPackage with a view that never ends")
def gpkg_endless(folder, _address):
    view = (
        "CREATE VIEW evil AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) "
        "SELECT count(*) AS fid, x'00' AS geom FROM n"
    )
    return {"thua.gpkg": geopackage(
        folder, view,
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
        "VALUES ('evil', 'features', 'evil', 5899)",
        "INSERT INTO gpkg_geometry_columns VALUES ('evil', 'geom', 'POLYGON', 5899, 0, 0)",
    )}  # fmt: skip


@maker("GeoPackage có hình là rác | GeoPackage whose shapes are noise")
def gpkg_blobs(folder, _address):
    path = plot_files.write(plot_files.plots(), folder / "thua.gpkg", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE thua SET geom = x'47500001000016fbdeadbeef'")
    database.close()
    return {"thua.gpkg": path.read_bytes()}


@maker("SQLite không phải GeoPackage | SQLite that is no GeoPackage")
def sqlite_other(folder, _address):
    with sqlite3.connect(folder / "a.db") as database:
        database.execute("CREATE TABLE x (y)")
    database.close()
    return {"thua.gpkg": (folder / "a.db").read_bytes()}


@maker("Shapefile bị cắt cụt | shapefile cut short")
def shp_truncated(folder, _address):
    parts = plot_files.shapefile(folder / "made")
    return parts | {"thua.shp": parts["thua.shp"][:180]}


@maker("Shapefile khai hai tỷ đỉnh | shapefile that claims two billion vertices")
def shp_counts(folder, _address):
    content = bytearray((parts := plot_files.shapefile(folder / "made"))["thua.shp"])
    struct.pack_into("<i", content, 100 + 8 + 40, 2**31 - 1)
    return parts | {"thua.shp": bytes(content)}


@maker("Chỉ mục shapefile trỏ ra ngoài tệp | shapefile index that points outside the file")
def shp_index(folder, _address):
    content = bytearray((parts := plot_files.shapefile(folder / "made"))["thua.shx"])
    for entry in range(100, len(content), 8):
        struct.pack_into(">i", content, entry, 2**30)
    return parts | {"thua.shx": bytes(content)}


@maker("Shapefile thiếu .dbf | shapefile without .dbf")
def shp_no_table(folder, _address):
    parts = plot_files.shapefile(folder / "made")
    return {name: content for name, content in parts.items() if not name.endswith(".dbf")}


@maker("Thiếu tệp .shp | .shp missing")
def shp_no_main(folder, _address):
    parts = plot_files.shapefile(folder / "made")
    return {name: content for name, content in parts.items() if not name.endswith(".shp")}


@maker("Bảng .dbf khai bốn tỷ dòng | .dbf that claims four billion rows")
def dbf_records(folder, _address):
    content = bytearray((parts := plot_files.shapefile(folder / "made"))["thua.dbf"])
    struct.pack_into("<I", content, 4, 2**32 - 1)
    del parts["thua.shp"]
    return {"thua.dbf": bytes(content)}


@maker("GeoParquet tải dở | incomplete GeoParquet")
def parquet_truncated(folder, _address):
    return {"a.parquet": plot_files.write(plot_files.plots(), folder / "a.parquet").read_bytes()[:500]}


@maker("GeoParquet có siêu dữ liệu sai | GeoParquet with wrong metadata")
def parquet_metadata(folder, _address):
    table = pa.table({"geometry": [b"x"]}).replace_schema_metadata({"geo": '{"primary_column": 5}'})
    pq.write_table(table, folder / "a.parquet")
    return {"a.parquet": (folder / "a.parquet").read_bytes()}


@maker("GeoParquet phình to trong bộ nhớ | GeoParquet that swells in memory")
def parquet_bomb(folder, _address):
    frame = plot_files.plots(4_000)
    long = pa.DictionaryArray.from_arrays(np.zeros(4_000, dtype="int32"), ["x" * 2_000_000])
    table = pa.table({"geometry": shapely.to_wkb(np.asarray(frame.geometry)), "t": long})
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(geo)}),
        folder / "a.parquet",
        compression="zstd",
    )
    return {"a.parquet": (folder / "a.parquet").read_bytes()}


@maker("Parquet không có hình | Parquet without shapes")
def parquet_plain(folder, _address):
    pd.DataFrame({"x": [1]}).to_parquet(folder / "a.parquet")
    return {"a.parquet": (folder / "a.parquet").read_bytes()}
