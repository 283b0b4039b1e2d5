"""From a file to the frame all checks read, as the page, the command line and a notebook go there."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from qn_geo import intake, layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import Answers, Choices, submission
from qn_geo.schema import submitted
from qn_geo.settings import settings
from tests import old_encodings, plot_files


@pytest.fixture
def reviews(tmp_path, monkeypatch):
    """A review folder of this test's own."""
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path / "reviews"))
    settings.cache_clear()
    yield tmp_path / "reviews"
    settings.cache_clear()


def received(path, **options):
    return submission.receive(path, "Ủy ban xã", **options)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "kml", "mif", "tab", "gdb", "gml", "parquet"])
def test_every_format_becomes_the_same_frame(tmp_path, suffix):
    path = plot_files.write(plot_files.plots(8), tmp_path / f"thua.{suffix}")
    choices = Choices(system="EPSG:5899") if suffix in {"mif", "tab"} else None
    frame, said = intake.read_file(path, choices)
    assert list(frame.columns)[: len(submitted.FIELDS)] == list(submitted.FIELDS)
    assert frame.crs.to_epsg() == 5899
    assert frame["plot_id"].tolist() == [f"12-{n}" for n in range(1, 9)]
    assert frame["area_m2"].tolist() == [400.0] * 8
    assert frame.geometry.area.to_numpy() == pytest.approx(400, rel=2e-3)
    assert frame.geometry.iloc[0].centroid.x == pytest.approx(plot_files.EAST + 10, abs=0.1)
    assert said["plots"] == 8
    told = [problem["en"] for problem in said["problems"] if "land use" not in problem["en"]]
    assert told == (
        ["WGS 84 coordinates were converted to VN-2000, with an error of about 1 m."] if suffix == "kml" else []
    )


_CHANGES = {
    "as they should be": lambda plots: plots,
    "in another plane": lambda plots: plots.to_crs("EPSG:5898"),
    "with heights": lambda plots: plots.set_geometry(shapely.force_3d(plots.geometry)),
    "as closed lines": lambda plots: plots.set_geometry(plots.boundary),
    "one without a shape": lambda plots: plots.set_geometry([None, *plots.geometry[1:]], crs=plots.crs),
}


@pytest.mark.usefixtures("reviews")
@pytest.mark.parametrize("change", _CHANGES)
def test_plots_read_at_once_are_those_a_submission_keeps(tmp_path, change):
    path = plot_files.write(_CHANGES[change](plot_files.plots(8)), tmp_path / "thua.gpkg")
    choices = Choices(system="EPSG:5898" if change == "in another plane" else "EPSG:5899")
    frame, said = intake.read_file(path, choices)
    sent = received(path)
    assert_geodataframe_equal(frame, intake.normalise(sent, choices))
    assert said["plots"] == len(frame) == 8
    assert set(frame.geom_type.dropna()) == {"Polygon"}
    assert frame.area.dropna().to_numpy() == pytest.approx(400, rel=2e-3)


def test_a_drawing_becomes_plots(tmp_path):
    frame, said = intake.read_file(plot_files.dxf(tmp_path), Choices(system="EPSG:5899"))
    assert frame.geometry.area.tolist() == [400.0]
    assert said["kind"] == "dxf"


def test_a_table_of_corners_becomes_plots(tmp_path):
    north, east = plot_files.NORTH, plot_files.EAST
    corners = [(north, east), (north, east + 20), (north + 20, east + 20), (north + 20, east)]
    rows = "".join(f"1;{n};{x:.2f};{y:.2f}\n".replace(".", ",") for n, (x, y) in enumerate(corners, start=1))
    (tmp_path / "toa do.csv").write_text(f"Thửa;Điểm;X;Y\n{rows}", encoding="utf-8")
    frame, _ = intake.read_file(tmp_path / "toa do.csv", Choices(system="EPSG:5899"))
    assert frame.geometry.area.tolist() == [400.0]


def test_a_submission_is_inspected_confirmed_and_stored(tmp_path, reviews):
    frame = plot_files.plots(40).assign(MDSD=old_encodings.tcvn3("Đất ở"))
    parts = plot_files.shapefile(tmp_path, frame, encoding="ISO-8859-1")
    parts.pop("thua.prj")
    parts.pop("thua.cpg", None)
    stored = submission.receive(list(parts.items()), "Ủy ban xã")
    found = intake.inspect(stored)
    assert found.main.encodings["MDSD"][0].encoding == "tcvn3"
    assert found.main.systems
    with pytest.raises(QnGeoError, match="not been read yet"):
        submission.plots(stored)
    plots = intake.normalise(stored, Choices(system="EPSG:5899"))
    kept, said = submission.plots(stored)
    assert kept.equals(plots)
    assert (said["system"]["system"], said["choices"]["system"], said["plots"]) == ("EPSG:5899", "EPSG:5899", 40)
    assert said["system"]["reason_vi"]
    assert {path.name for path in (reviews / stored.id).iterdir()} == {
        "received",
        "submission.json",
        "plots.parquet",
        "intake.json",
    }


def test_nothing_goes_on_while_the_system_is_open(tmp_path, reviews):
    frame = plot_files.plots(4).set_crs(None, allow_override=True)
    stored = received(plot_files.write(frame, tmp_path / "thua.gpkg"))
    if intake.inspect(stored).main.certain:
        pytest.fail("four squares without a system should leave doubts")
    with pytest.raises(QnGeoError, match="not certain") as caught:
        intake.normalise(stored)
    assert caught.value.file == "thua.gpkg"
    assert not (reviews / stored.id / "plots.parquet").exists()


def test_the_zone_said_with_a_submission_is_evidence(tmp_path, reviews):
    zones = layers.layer("zones").to_crs(5899)
    zone = zones.iloc[int(np.argmax(shapely.area(zones.geometry.to_numpy())))]
    middle = zone.geometry.representative_point()
    frame = plot_files.plots(4)
    moved = frame.set_geometry(
        frame.translate(middle.x - plot_files.EAST, middle.y - plot_files.NORTH).set_crs(None, allow_override=True)
    )
    stored = received(plot_files.write(moved, tmp_path / "thua.gpkg"), zone_id=zone["zone_id"])
    best = intake.inspect(stored).main.systems[0]
    assert best.system == "EPSG:5899"
    assert best.distance_km == pytest.approx(0, abs=0.1)
    assert reviews.is_dir()


def test_the_largest_layer_is_taken_unless_one_is_chosen(tmp_path):
    path = tmp_path / "thua.gpkg"
    plot_files.write(plot_files.plots(4), path, layer="nho")
    plot_files.write(plot_files.plots(12), path, layer="lon")
    frame, said = intake.read_file(path)
    assert (len(frame), said["layer"]) == (12, "lon")
    assert len(intake.read_file(path, Choices(layer="nho"))[0]) == 4
    with pytest.raises(QnGeoError, match="no layer “x”") as caught:
        intake.read_file(path, Choices(layer="x"))
    assert "nho, lon" in caught.value.problem.remedy_vi


def test_several_files_in_one_archive_are_layers_of_their_own(tmp_path, reviews):
    parts = {
        f"{n}.geojson": plot_files.write(plot_files.plots(n), tmp_path / f"{n}.geojson").read_bytes() for n in (4, 8)
    }
    stored = submission.receive([("goi.zip", plot_files.pack(parts | {"anh.png": b"\x89PNG\x00"}))], "A")
    found = intake.inspect(stored)
    assert [(layer.name, layer.count) for layer in found.layers] == [("4", 4), ("8", 8)]
    assert [problem.file for problem in found.problems] == ["goi.zip/anh.png"]
    assert reviews.is_dir()


def test_a_layer_that_holds_no_plots_does_not_stop_the_others(tmp_path):
    table = plot_files.workbook([["Ghi chú", "Số"], ["không có tọa độ", 1]])
    plots = plot_files.write(plot_files.plots(), tmp_path / "thua.geojson").read_bytes()
    (tmp_path / "goi.zip").write_bytes(plot_files.pack({"a.xlsx": table, "thua.geojson": plots}))
    frame, said = intake.read_file(tmp_path / "goi.zip", Answers(take_first=True))
    assert (said["layer"], len(frame)) == ("thua", 4)
    assert len(said["problems"]) == 1
    assert len(intake.read_file(tmp_path / "goi.zip", Choices(layer="thua"))[0]) == 4


def test_progress_is_told_and_cancel_works(tmp_path, reviews):
    stored = received(plot_files.write(plot_files.plots(), tmp_path / "thua.gpkg"))
    told = []
    intake.inspect(stored, progress=lambda *how: told.append(how))
    assert [stage for stage, _, _ in told] == ["reading", "placing"]
    with pytest.raises(QnGeoError, match="stopped as asked"):
        intake.normalise(stored, cancelled=lambda: True)
    assert not (reviews / stored.id / "plots.parquet").exists()


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(QnGeoError, match="there is no such file"):
        intake.read_file(tmp_path / "thua.gpkg")
