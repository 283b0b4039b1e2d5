from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from qn_geo import crs, layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import columns, evidence, proposals, systems, tables, vectors
from qn_geo.intake.proposals import Choices
from qn_geo.intake.raw import RawLayer
from qn_geo.schema import submitted
from tests.old_encodings import WRITERS, tcvn3
from tests.plot_files import dgn, dxf
from tests.plot_files import write as write_frame

ZONE = "kcn-song-khoai"
PLACE = (401_000.0, 2_320_500.0)


def plots(count: int = 6) -> gpd.GeoDataFrame:
    """Plots in Sông Khoai as an office would send them."""
    east, north = PLACE
    index = np.arange(count)
    return gpd.GeoDataFrame(
        {
            "SoHieuToBanDo": ["12"] * count,
            "SoThuTuThua": [str(number + 1) for number in index],
            "DienTich": [2_000.0] * count,
            "KyHieuMucDichSuDung": ["SKK"] * count,
            "TenChu": ["Công ty Cổ phần Đầu tư Sông Khoai"] * count,
            "GhiChu": (["Đất đã bàn giao", "Chưa giải phóng mặt bằng"] * count)[:count],
        },
        geometry=shapely.box(east + index * 40, north, east + index * 40 + 40, north + 50),
        crs=5899,
    )


def old_shapefile(folder, frame: gpd.GeoDataFrame, encoding: str):
    """A shapefile as old programs leave it: no .prj, no .cpg, bytes of an old encoding."""
    stored = pd.DataFrame(frame.drop(columns="geometry"))
    for name in stored.columns[stored.dtypes != "float64"]:
        stored[name] = [WRITERS[encoding](value) for value in stored[name]]
    path = folder / "thua.shp"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names are cut at ten characters
        gpd.GeoDataFrame(stored, geometry=frame.geometry.to_numpy()).to_file(path, encoding="ISO-8859-1")
    for ending in (".prj", ".cpg"):
        path.with_suffix(ending).unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "windows-1258", "utf-8"])
def test_a_shapefile_without_anything_beside_it(tmp_path, encoding):
    raw = vectors.read(old_shapefile(tmp_path, plots(), encoding), "shp")
    found = proposals.Reading(raw, evidence.known(ZONE)).inspection()
    assert found.encodings["TenChu"][0].encoding == encoding
    assert found.encodings["TenChu"][0].samples == ("Công ty Cổ phần Đầu tư Sông Khoai",)
    assert found.columns == {
        "SoHieuToBa": "sheet_no",
        "SoThuTuThu": "parcel_no",
        "DienTich": "area_m2",
        "KyHieuMucD": "landuse_code",
        "TenChu": "holder",
        "GhiChu": None,
    }
    assert found.stored is None
    assert (found.systems[0].system, found.certain) == ("EPSG:5899", True)
    made = proposals.Reading(raw, evidence.known(ZONE)).canonical()
    frame = made.frame
    assert list(frame["plot_id"]) == [f"12-{number}" for number in range(1, 7)]
    assert frame["holder"][0] == "Công ty Cổ phần Đầu tư Sông Khoai"
    assert frame["x_GhiChu"][1] == "Chưa giải phóng mặt bằng"
    assert frame.crs == crs.TM3
    assert frame.area.to_numpy() == pytest.approx(frame["area_m2"].to_numpy())
    assert made.problems == []
    assert made.encodings["GhiChu"] == encoding


@pytest.mark.parametrize(
    ("name", "code"), [("a.gpkg", "EPSG:5899"), ("a.geojson", "EPSG:5899"), ("a.tab", None), ("a.kml", "EPSG:4326")]
)
def test_other_formats(tmp_path, name, code):
    path = write_frame(plots(), tmp_path / name)
    kind = {"tab": "mapinfo"}.get(path.suffix[1:], path.suffix[1:])
    raw = vectors.read(path, kind)
    made = proposals.Reading(raw, evidence.known(ZONE), Choices(system=None if code else "EPSG:5899")).canonical()
    assert made.frame.geometry.hausdorff_distance(plots().geometry).max() < 0.02  # MapInfo keeps centimetres
    if code:
        assert made.system.system == code
    assert set(made.frame["parcel_no"]) == {str(number) for number in range(1, 7)}


def test_nothing_goes_on_while_the_system_is_open(tmp_path):
    raw = vectors.read(old_shapefile(tmp_path, plots(), "tcvn3"), "shp")
    with pytest.raises(QnGeoError, match="not certain; it may be: VN-2000 / TM-3 107°45'"):
        proposals.Reading(raw, evidence.known()).canonical()
    made = proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5899")).canonical()
    assert len(made.frame) == 6
    moved = proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5898")).canonical()
    assert moved.frame.centroid.x.mean() - made.frame.centroid.x.mean() == pytest.approx(26_000, abs=100)


def test_a_wrong_meridian_in_the_file_is_seen_by_the_zone(tmp_path):
    """Numbers of 108° that the file calls 107°45'."""
    frame = plots().to_crs(5898).set_crs(5899, allow_override=True)
    raw = vectors.read(write_frame(frame, tmp_path / "a.gpkg"), "gpkg")
    found = proposals.Reading(raw, evidence.known(ZONE)).inspection()
    assert (found.systems[0].system, found.certain) == ("EPSG:5898", False)
    with pytest.raises(QnGeoError, match="not certain"):
        proposals.Reading(raw, evidence.known(ZONE)).canonical()


def test_commune_codes_count_as_evidence_and_regain_their_zero(tmp_path):
    communes = layers.layer("communes")
    place = crs.unproject(shapely.Point(*PLACE))
    code = communes.loc[communes.intersects(place), "code"].iloc[0]
    frame = plots().assign(MaXa=int(code))
    raw = vectors.read(write_frame(frame.to_crs(5898).set_crs(None, allow_override=True), tmp_path / "a.gpkg"), "gpkg")
    made = proposals.Reading(raw, evidence.known()).canonical()
    assert made.system.system == "EPSG:5898"
    assert set(made.frame["commune_code"]) == {code}
    assert len(code) == 5


def test_a_swapped_list_of_corners(tmp_path):
    rows = ["Lô;X;Y;Loại đất;Diện tích (ha)"]
    for number, shape in enumerate(plots().geometry, 1):
        for place, (east, north) in enumerate(shape.exterior.coords[:-1]):
            rows.append(f"CN-{number};{north:.3f};{east:.3f};{'SKK' if not place else ''};0,2".replace(".", ","))
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    made = proposals.Reading(tables.read(tmp_path / "a.csv", "csv")[0], evidence.known(ZONE)).canonical()
    assert made.system.swapped
    assert list(made.frame["plot_id"]) == [f"CN-{number}" for number in range(1, 7)]
    assert made.frame["area_m2"].to_numpy() == pytest.approx([2_000] * 6)
    assert made.frame.area.to_numpy() == pytest.approx([2_000] * 6)
    assert list(made.frame["row"]) == [2, 6, 10, 14, 18, 22]


def test_a_workbook_typed_in_an_old_font(tmp_path):
    """Excel keeps TCVN3 as the Unicode characters of its bytes, in the header too."""
    book = openpyxl.Workbook()
    book.active.append([tcvn3(name) for name in ("Tên lô", "Tọa độ X", "Tọa độ Y", "Chủ sử dụng đất")])
    for number, shape in enumerate(plots(2).geometry, 1):
        for east, north in shape.exterior.coords[:-1]:
            book.active.append([f"L{number}", north, east, tcvn3("Công ty Cổ phần Đầu tư")])
    book.save(tmp_path / "a.xlsx")
    made = proposals.Reading(tables.read(tmp_path / "a.xlsx", "xlsx")[0], evidence.known(ZONE)).canonical()
    assert list(made.frame["holder"]) == ["Công ty Cổ phần Đầu tư"] * 2
    assert list(made.frame["plot_id"]) == ["L1", "L2"]


def test_a_drawing_whose_labels_are_in_old_fonts(tmp_path):
    raw = vectors.read(dxf(tmp_path), "dxf")
    made = proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5899")).canonical()
    assert list(made.frame["parcel_no"]) == ["12"]
    assert list(made.frame["x_Text"]) == ["ĐẤT Ở"]  # drawn in a font of capitals
    assert made.frame.area.to_numpy() == pytest.approx([400])


def test_a_microstation_drawing(tmp_path):
    raw = vectors.read(dgn(tmp_path), "dgn")
    found = proposals.Reading(raw, evidence.known()).inspection()
    assert found.systems == []
    assert "in no known coordinate system" in found.problems[-1].en
    with pytest.raises(QnGeoError, match="in no known coordinate system"):
        proposals.Reading(raw, evidence.known()).canonical()


def layer(fields: dict[str, list[object]], shapes=None, **other) -> RawLayer:
    count = len(next(iter(fields.values())))
    given = plots(count).geometry.to_numpy() if shapes is None else np.asarray(shapes, dtype=object)
    return RawLayer(
        **{
            "name": "",
            "kind": "gpkg",
            "fields": fields,
            "geometry": given,
            "rows": list(range(1, count + 1)),
            "system": "EPSG:5899",
            "encoding": "utf-8",
            "fonts": [],
            "problems": [],
        }
        | other
    )


def test_choices_overrule_proposals():
    raw = layer({"DienTich": [1.0, 2.0], "MucDat": ["SKK", "DGT"], "Ten": [tcvn3("Hà"), "x"]}, encoding=None)
    choices = Choices(columns={"MucDat": "landuse_code", "DienTich": ""}, encodings={"Ten": "tcvn3"})
    made = proposals.Reading(raw, evidence.known(), choices).canonical()
    assert list(made.frame["landuse_code"]) == ["SKK", "DGT"]
    assert made.frame["area_m2"].isna().all()
    assert list(made.frame["x_DienTich"]) == [1.0, 2.0]
    assert list(made.frame["x_Ten"]) == ["Hà", "x"]
    assert made.columns["MucDat"] == "landuse_code"
    twice = Choices(columns={"MucDat": "area_m2"})
    assert proposals.Reading(raw, evidence.known(), twice).inspection().columns["DienTich"] is None


def test_a_column_with_one_name_follows_its_layer():
    """`H¹ Long` alone could be several things; the other columns of the file settle it."""
    names = ["Phường Móng Cái", "Đất ở đô thị", "Vân Đồn", "Xã Vạn Ninh"]
    raw = layer({"Ten": [tcvn3(name) for name in names], "Ho": ["Hèm La"] * 4}, encoding=None)
    found = proposals.Reading(raw, evidence.known()).inspection()
    assert found.encodings["Ho"][0].encoding == "tcvn3"
    assert found.encodings["Ho"][0].certain


def test_areas_written_with_groups_are_read_by_the_size_of_the_plots():
    for written in ("2.000", "2,000"):
        made = proposals.Reading(layer({"DienTich": [written] * 4}), evidence.known()).canonical()
        assert list(made.frame["area_m2"]) == [2_000.0] * 4
    made = proposals.Reading(layer({"DienTich": ["0.200"] * 4}), evidence.known()).canonical()
    assert list(made.frame["area_m2"]) == [0.2] * 4


def test_hectares_by_the_name_of_the_column():
    made = proposals.Reading(
        layer({"DT_ha": [0.2, 0.3]}), evidence.known(), Choices(columns={"DT_ha": "area_m2"})
    ).canonical()
    assert list(made.frame["area_m2"]) == [2_000, 3_000]
    made = proposals.Reading(layer({"Diện tích (ha)": ["0,2 ha", "0,3"]}), evidence.known()).canonical()
    assert list(made.frame["area_m2"]) == pytest.approx([2_000, 3_000])


def test_cells_that_are_no_numbers_are_told():
    made = proposals.Reading(
        layer({"DienTich": ["12 mẫu", "2026-05-12T00:00:00", "2000"]}), evidence.known()
    ).canonical()
    assert [(problem.row, problem.column) for problem in made.problems] == [(1, "DienTich"), (2, "DienTich")]
    assert made.frame["area_m2"].isna().tolist() == [True, True, False]


def test_own_columns_have_one_type_each_and_one_name():
    big = 10**30
    raw = layer({"a": [1, "x"], "A": [1.5, None], "b": [1, 2], "c": [None, None], "d": [big, 1], "row": ["q", "r"]})
    made = proposals.Reading(raw, evidence.known()).canonical()
    assert list(made.frame["x_a"]) == ["1", "x"]
    assert list(made.frame["x_A_2"].dropna()) == [1.5]
    assert list(made.frame["x_b"]) == [1, 2]
    assert list(made.frame["x_d"]) == [str(big), "1"]
    assert list(made.frame["x_row"]) == ["q", "r"]
    made.frame.to_parquet("/dev/null")


def test_shapes_that_are_no_areas():
    square = plots(1).geometry[0]
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(1, 1), (np.nan, 3), (4, 5)])
    shapes = [
        shapely.LineString(square.exterior),  # a closed line is an area
        shapely.LineString(square.exterior.coords[:-1]),  # an open one is for the checks to tell
        shapely.GeometryCollection([square, square.centroid]),
        None,
        shapely.Point(PLACE),
        broken,
    ]
    made = proposals.Reading(layer({"a": list("abcdef")}, shapes), evidence.known()).canonical()
    kinds = [shape.geom_type if shape is not None else None for shape in made.frame.geometry]
    assert kinds == ["Polygon", "LineString", "Polygon", None, "Point", None]
    assert made.frame.geometry[0].area == pytest.approx(2_000)


def test_features_far_off_are_told():
    shapes = [*plots(6).geometry, shapely.transform(plots(1).geometry[0], lambda points: points[:, ::-1])]
    found = proposals.Reading(layer({"a": list("abcdefg")}, shapes), evidence.known(ZONE)).inspection()
    assert [problem.row for problem in found.problems] == [7]


@pytest.mark.parametrize("system", ["EPSG:5899", None])
def test_a_file_of_metres_and_degrees_is_never_certain(system):
    metres = plots(6).geometry.to_numpy()
    for count in (3, 4, 5):
        shapes = [*metres[:count], *crs.unproject(metres[count:])]
        found = proposals.Reading(layer({"a": ["x"] * 6}, shapes, system=system), evidence.known(ZONE)).inspection()
        assert found.systems[0].system == "EPSG:5899"
        assert found.certain == (count == 5)  # one slip does not make a mixed file, but is told
        assert [problem.row for problem in found.problems] == list(range(count + 1, 7))


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (None, "no shape has coordinates"),
        (shapely.Polygon(), "no shape has coordinates"),
        (shapely.Point(0, 0), "no shape has coordinates"),
        (shapely.box(1e300, 1e300, 1.1e300, 1.2e300), "in no known coordinate system"),
        (shapely.box(0, 0, 10, 10), "in no known coordinate system"),
    ],
)
def test_coordinates_that_mean_nothing(shape, words):
    raw = layer({"a": ["x"] * 3}, [shape] * 3)
    assert words in proposals.Reading(raw, evidence.known()).inspection().problems[-1].en
    with pytest.raises(QnGeoError, match=words):
        proposals.Reading(raw, evidence.known()).canonical()
    assert len(proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5899")).canonical().frame) == 3


def test_a_layer_without_features():
    raw = layer({"a": []}, [])
    assert proposals.Reading(raw, evidence.known()).inspection().count == 0
    assert len(proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5899")).canonical().frame) == 0


def test_the_sample_can_be_drawn():
    found = proposals.Reading(layer({"a": list("abcd")}), evidence.known()).inspection()
    for proposal in found.systems:
        assert len(systems.place(found.sample, proposal)) == 4


def test_an_unknown_zone_is_refused():
    with pytest.raises(QnGeoError, match="no zone"):
        evidence.known("kcn-nowhere")


def test_all_columns_are_canonical_or_marked():
    made = proposals.Reading(layer({"": ["a"], "geometry": ["b"], "plot_id": ["c"]}), evidence.known()).canonical()
    assert all(name in submitted.FIELDS or name.startswith("x_") or name == "geometry" for name in made.frame.columns)


def test_texts_keep_what_needs_no_change():
    values = ["12", "a", None]
    assert columns.texts(values) is values
    assert columns.texts([12.0, 1.5, " a  b ", "", float("nan"), 7]) == ["12", "1.5", "a b", None, None, "7"]
    assert columns.commune_codes([6712, "6712", "06712", 6712.0, "x", None]) == ["06712"] * 4 + ["x", None]


def test_reading_again_gives_the_same(tmp_path):
    raw = vectors.read(write_frame(plots(), tmp_path / "a.gpkg"), "gpkg")
    one, other = (proposals.Reading(raw, evidence.known(ZONE)).canonical() for _ in range(2))
    assert one.frame.equals(other.frame)
    assert pyogrio.read_info(tmp_path / "a.gpkg")["features"] == len(one.frame)
