"""Archives and parts are laid out for reading, under names of ours and within the limits."""

from __future__ import annotations

import random
import stat
import zipfile

import pytest

from qn_geo.errors import QnGeoError
from qn_geo.intake import limits, reading, unpack
from qn_geo.intake.kinds import Kind
from qn_geo.settings import settings
from tests import plot_files

GEOJSON = b'{"type": "FeatureCollection", "features": []}'


@pytest.fixture
def small(monkeypatch):
    """Limits that small files reach."""
    monkeypatch.setenv("QN_GEO_MAX_UNPACKED_MB", "1")
    monkeypatch.setattr(limits, "RATIO_FROM", 100_000)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def arranged(folder, files):
    (folder / "sent").mkdir(exist_ok=True)
    paths = []
    for number, (name, content) in enumerate(files.items()):
        path = folder / "sent" / str(number)
        path.write_bytes(content)
        paths.append((name, path))
    return unpack.arrange(paths, folder / "laid-out")


def refused(folder, files):
    with pytest.raises(QnGeoError) as caught:
        arranged(folder, files)
    assert caught.value.problem.remedy_vi
    assert not [path for path in folder.rglob("*") if "evil" in path.name]
    return caught.value.message("en")


def test_parts_of_a_shapefile_find_each_other(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    [source] = arranged(tmp_path, parts).sources
    assert (source.kind, source.name) == (Kind.SHP, "thua.shp")
    assert {path.suffix for path in source.path.parent.iterdir()} == {".shp", ".shx", ".dbf", ".prj", ".cpg"}


def test_parts_with_names_of_their_own_belong_to_the_only_shapefile(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    renamed = {f"tai ve ({number}){name[4:]}": content for number, (name, content) in enumerate(parts.items())}
    [source] = arranged(tmp_path, renamed).sources
    assert (source.path.parent / "plots.dbf").is_file()


def test_two_shapefiles_in_a_zip_keep_their_parts_apart(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    packed = {f"{folder}/{name.upper()}": content for folder in ("a", "b") for name, content in parts.items()}
    sources = arranged(tmp_path, {"goi.zip": plot_files.pack(packed)}).sources
    assert [source.name for source in sources] == ["goi.zip/a/THUA.SHP", "goi.zip/b/THUA.SHP"]
    assert all((source.path.parent / "plots.dbf").is_file() for source in sources)


def test_a_geodatabase_becomes_a_folder(tmp_path):
    [source] = arranged(tmp_path, {"plan.zip": plot_files.geodatabase(tmp_path)}).sources
    assert source.kind is Kind.FILEGDB
    assert source.path.suffix == ".gdb"
    found = reading.read([("plan.zip", tmp_path / "sent" / "0")], tmp_path / "again")
    assert [layer.name for layer in found.layers] == ["ThuaDat_A"]


def test_a_workbook_is_no_archive(tmp_path):
    [source] = arranged(tmp_path, {"toa do.xlsx": plot_files.workbook([["X", "Y"], [1, 2]])}).sources
    assert source.kind is Kind.XLSX


def test_what_is_not_data_is_skipped_and_said(tmp_path):
    packed = plot_files.pack({"thua.geojson": GEOJSON, "anh.png": b"\x89PNG\x00", "doc.txt": b"ghi chu"})
    contents = arranged(tmp_path, {"goi.zip": packed})
    assert [source.name for source in contents.sources] == ["goi.zip/thua.geojson"]
    assert [problem.file for problem in contents.skipped] == ["goi.zip/anh.png"]


def test_the_original_is_not_touched(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    arranged(tmp_path, parts)
    assert [(tmp_path / "sent" / str(n)).read_bytes() for n in range(len(parts))] == list(parts.values())


@pytest.mark.parametrize(
    "name", ["../evil.geojson", "a/../../evil.geojson", "/evil.geojson", "C:\\evil.geojson", "..\\evil.geojson"]
)
def test_paths_that_lead_elsewhere_are_refused(tmp_path, name):
    assert "dangerous path" in refused(tmp_path, {"goi.zip": plot_files.pack({name: GEOJSON})})


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path, mode):
    entry = zipfile.ZipInfo("evil.geojson")
    entry.external_attr = (mode | 0o777) << 16
    assert "dangerous" in refused(tmp_path, {"goi.zip": plot_files.pack({entry: b"/etc/passwd"})})


def test_an_archive_within_an_archive_is_refused(tmp_path):
    inner = plot_files.pack({"thua.geojson": GEOJSON})
    assert "archive within an archive" in refused(tmp_path, {"goi.zip": plot_files.pack({"trong.zip": inner})})


def test_a_name_that_occurs_twice_is_refused(tmp_path):
    packed = plot_files.pack({"thua.geojson": GEOJSON, "THUA.geojson": GEOJSON})
    assert "twice" in refused(tmp_path, {"goi.zip": packed})


def test_a_password_is_told(tmp_path):
    packed = bytearray(plot_files.pack({"thua.geojson": GEOJSON}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    assert "password" in refused(tmp_path, {"goi.zip": bytes(packed)})


@pytest.mark.usefixtures("small")
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path):
    assert "grows more than" in refused(tmp_path, {"goi.zip": plot_files.pack({"thua.geojson": b"0" * 900_000})})


@pytest.mark.usefixtures("small")
def test_the_size_of_all_files_together_counts(tmp_path):
    noise = random.Random(1)  # noqa: S311 - no secret
    packed = plot_files.pack({f"{n}.geojson": noise.randbytes(300_000) for n in range(4)})
    assert "more than 1 MB" in refused(tmp_path, {"goi.zip": packed})


def test_an_entry_that_lies_about_its_size_is_damage(tmp_path):
    packed = bytearray(plot_files.pack({"thua.geojson": GEOJSON * 100}))
    central = packed.index(b"PK\x01\x02")
    packed[central + 24 : central + 28] = (5).to_bytes(4, "little")
    assert "damaged" in refused(tmp_path, {"goi.zip": bytes(packed)})


@pytest.mark.parametrize("cut", [10, 60, -10])
def test_an_incomplete_archive_is_told(tmp_path, cut):
    assert "damaged" in refused(tmp_path, {"goi.zip": plot_files.pack({"thua.geojson": GEOJSON * 9})[:cut]})


def test_too_many_files_are_refused(tmp_path):
    packed = plot_files.pack({f"{n}.txt": b"" for n in range(limits.MAX_ENTRIES + 1)})
    assert "more than the" in refused(tmp_path, {"goi.zip": packed})


def test_parts_without_their_main_file_are_told(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    del parts["thua.shp"]
    assert "the .shp or .tab is missing" in refused(tmp_path, parts)


def test_only_pictures_are_told_by_name(tmp_path):
    packed = plot_files.pack({"a.png": b"\x89PNG\x00", "b.pdf": b"%PDF-1.4"})
    message = refused(tmp_path, {"goi.zip": packed})
    assert "a.png" in message
    assert "b.pdf" in message


@pytest.mark.parametrize("inside", ["word/document.xml", "content.xml", "xl/workbook.bin"])
def test_office_documents_are_told(tmp_path, inside):
    assert "XLSX" in refused(tmp_path, {"van ban.zip": plot_files.pack({inside: b"<x/>"})}).upper()


def test_beside_a_shapefile_lie_its_parts(tmp_path):
    parts = plot_files.shapefile(tmp_path)
    (tmp_path / "other.dbf").write_bytes(b"x")
    assert {path.name for path in unpack.gather(tmp_path / "thua.shp")} == set(parts)
    with pytest.raises(QnGeoError, match="no such file"):
        unpack.gather(tmp_path / "missing.shp")
