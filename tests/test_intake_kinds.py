"""Files are told by their content, whatever they are called, and what we do not read says what to send instead."""

from __future__ import annotations

import pytest

from qn_geo.errors import QnGeoError
from qn_geo.intake import kinds
from qn_geo.intake.kinds import Kind
from tests import plot_files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = {
    "dwg": (b"AC1032\x00\x00\x00", "DXF"),
    "old dwg": (b"AC1.50\x00", "DXF"),
    "dgn v8": (OLE + "Dgn~H".encode("utf-16-le"), "DXF"),
    "unknown ole": (OLE, "DXF"),
    "xls": (OLE + "Workbook".encode("utf-16-le"), ".xlsx"),
    "locked xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), ".xlsx"),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "XLSX"),
    "pdf": (b"%PDF-1.7\n", "XLSX"),
    "png": (b"\x89PNG\r\n\x1a\n\x00", "XLSX"),
    "jpg": (b"\xff\xd8\xff\xe0\x00", "XLSX"),
    "tiff": (b"II*\x00\x08\x00", "XLSX"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "ZIP"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "ZIP"),
    "gzip": (b"\x1f\x8b\x08\x00", "ZIP"),
    "tar": (b"a" + bytes(256) + b"ustar" + bytes(250), "ZIP"),
    "program": (b"MZ\x90\x00", "GeoPackage"),
    "access": (b"\x00\x01\x00\x00Standard Jet DB", "GeoPackage"),
    "sqlite": (b"SQLite format 3\x00" + bytes(200), "GeoPackage"),
    "web page": (b"<!DOCTYPE html><html><body>404</body></html>", "GeoPackage"),
    "qgis project": (b'<!DOCTYPE qgis><qgis version="3.40"></qgis>', "GeoPackage"),
    "other xml": (b'<?xml version="1.0"?><invoice/>', "GeoPackage"),
    "topojson": (b'{"type":"Topology","objects":{}}', "GeoPackage"),
    "other json": (b'{"name": "qn-geo", "version": 1}', "GeoPackage"),
    "workspace": (b"!workspace\n!version 600\n", "GeoPackage"),
    "noise": (bytes(range(256)) * 40, "GeoPackage"),
    "empty": (b"", ""),
    "blank": (b" \r\n\t\n", ""),
}


def recognised(folder, content):
    path = folder / "misleading.png"
    path.write_bytes(content)
    return kinds.recognise(path)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "kml", "gml", "mif", "tab", "parquet", "shp"])
def test_formats_are_told_whatever_they_are_called(tmp_path, suffix):
    content = plot_files.write(plot_files.plots(), tmp_path / f"thua.{suffix}").read_bytes()
    expected = {"mif": "mapinfo", "tab": "mapinfo", "parquet": "geoparquet"}.get(suffix, suffix)
    assert recognised(tmp_path, content) == expected


@pytest.mark.parametrize("binary", [False, True])
def test_drawings_are_told(tmp_path, binary):
    assert recognised(tmp_path, plot_files.dxf(tmp_path, binary=binary).read_bytes()) is Kind.DXF
    assert recognised(tmp_path, plot_files.dgn(tmp_path).read_bytes()) is Kind.DGN


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"X;Y\n2310000,5;404000,5\n", Kind.CSV),
        (b"BM,X,Y\n1,2310000,404000\n", Kind.CSV),
        (b"PK,X,Y\n1,2310000,404000\n", Kind.CSV),
        (b"AC1032,X,Y\n1,2310000,404000\n", Kind.CSV),
        (b"1 2310000,5 404000,5\n2 2310000,5 404020,5\n", Kind.TEXT),
        ("X\tY\n1\t2\n".encode("utf-16"), Kind.CSV),
        (b"  999\ncomment\n  0\nSECTION\n  2\nHEADER\n", Kind.DXF),
        (b'PROJCS["VN-2000 / TM-3 107-45",GEOGCS["VN-2000"]]', Kind.PART),
        (b"UTF-8\r\n", Kind.PART),
        (plot_files.pack({"a.txt": b"1"}), Kind.ZIP),
        (b"<kml><Document>", Kind.KML),
        (b'{"type": "FeatureCollection", "features": [', Kind.GEOJSON),
        (b'{"type": Feature', Kind.GEOJSON),
    ],
)
def test_texts_and_parts_are_told(tmp_path, content, kind):
    assert recognised(tmp_path, content) is kind


def test_index_and_table_of_a_shapefile_are_its_parts(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    told = {name: recognised(tmp_path, content) for name, content in parts.items()}
    assert told.pop("thua.shp") is Kind.SHP
    assert set(told.values()) == {Kind.PART}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_says_what_to_send(tmp_path, name):
    content, remedy = REFUSED[name]
    with pytest.raises(QnGeoError) as caught:
        recognised(tmp_path, content)
    problem = caught.value.problem
    assert problem.file == "misleading.png"
    assert remedy in problem.remedy_vi
    assert remedy in problem.remedy_en
    assert problem.vi != problem.en
