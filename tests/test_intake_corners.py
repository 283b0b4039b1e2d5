from __future__ import annotations

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo.errors import QnGeoError
from qn_geo.intake import corners, systems, tables
from qn_geo.intake.evidence import Evidence
from qn_geo.intake.raw import RawLayer

A = [(2304415.666, 403010.161), (2304415.666, 403110.161), (2304515.666, 403110.161), (2304515.666, 403010.161)]
B = [(north, east + 200) for north, east in A]


def raw(fields: dict[str, list[object]], rows: list[int] | None = None) -> RawLayer:
    count = len(next(iter(fields.values())))
    return RawLayer(
        name="",
        kind="csv",
        fields=fields,
        geometry=np.full(count, None, dtype=object),
        rows=rows or list(range(2, count + 2)),
        system=None,
        encoding="utf-8",
        fonts=[],
        problems=[],
    )


def from_text(tmp_path, text: str) -> RawLayer:
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8")
    return corners.polygons(tables.read(path, "text")[0])


def vietnamese(number: float) -> str:
    return f"{number:,.3f}".replace(",", " ").replace(".", ",")


def places(shape) -> set[tuple[float, float]]:
    return {(round(x, 3), round(y, 3)) for x, y in shapely.get_coordinates(shape)}


def test_a_row_for_each_corner_with_the_plots_name():
    made = corners.polygons(
        raw(
            {
                "Tên lô": ["A1", None, None, None, "B2", None, None, None],  # merged cells
                "STT": [1, 2, 3, 4] * 2,
                "X (m)": [vietnamese(x) for x, _ in A + B],
                "Y (m)": [vietnamese(y) for _, y in A + B],
                "Cạnh (m)": [100.0] * 8,
                "Loại đất": ["SKK", None, None, None, "DGT", None, None, None],
            }
        )
    )
    assert made.fields == {"Tên lô": ["A1", "B2"], "Loại đất": ["SKK", "DGT"]}
    assert made.rows == [2, 6]
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]  # X stays before Y
    assert shapely.area(made.geometry) == pytest.approx([10_000, 10_000])
    assert made.problems == []


def test_the_axes_are_found_from_the_numbers():
    made = corners.polygons(raw({"X": [x for x, _ in A], "Y": [y for _, y in A]}))
    first = systems.propose(made.geometry, Evidence())[0]
    assert (first.system, first.swapped) == ("EPSG:5899", True)
    made = corners.polygons(raw({"X": [y for _, y in A], "Y": [x for x, _ in A]}))
    assert not systems.propose(made.geometry, Evidence())[0].swapped


@pytest.mark.parametrize(
    "names",
    [
        ("X", "Y"),
        ("Tọa độ X(m)", "Tọa độ Y(m)"),
        ("Northing", "Easting"),
        ("A", "B"),
        ("Vĩ độ", "Kinh độ"),
        ("x_vn2000", "y_vn2000"),
    ],
)
def test_coordinate_columns_under_many_names(names):
    made = corners.polygons(
        raw({"TT": [1, 2, 3, 4], names[0]: [x for x, _ in A], names[1]: [y for _, y in A], "S": [1.5] * 4})
    )
    assert places(made.geometry[0]) == set(A)


def test_east_before_north_keeps_the_order_of_the_file():
    made = corners.polygons(raw({"Easting": [y for _, y in A], "Northing": [x for x, _ in A]}))
    assert places(made.geometry[0]) == {(y, x) for x, y in A}


def test_corners_out_of_order_are_sorted_by_their_numbers():
    order = [0, 2, 1, 3]
    made = corners.polygons(
        raw(
            {
                "Điểm": [place + 1 for place in order],
                "X": [A[place][0] for place in order],
                "Y": [A[place][1] for place in order],
            }
        )
    )
    assert made.geometry[0].is_valid
    assert made.geometry[0].area == pytest.approx(10_000)


def test_interleaved_plots_are_put_together_by_name():
    made = corners.polygons(
        raw(
            {
                "Lô": ["A", "B"] * 4,
                "X": [pair[0] for pairs in zip(A, B, strict=True) for pair in pairs],
                "Y": [pair[1] for pairs in zip(A, B, strict=True) for pair in pairs],
            }
        )
    )
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]


def test_sheet_and_parcel_name_a_plot_together():
    made = corners.polygons(
        raw(
            {
                "Tờ số": [1] * 4 + [2] * 4,
                "Thửa số": [7] * 8,
                "X": [x for x, _ in A + B],
                "Y": [y for _, y in A + B],
            }
        )
    )
    assert len(made.geometry) == 2


@pytest.mark.parametrize("ends", ["closing", "numbers", "blank lines", "closing numbers"])
def test_plots_without_names_are_parted(ends):
    points, order, rows = [*A, *B], [1, 2, 3, 4] * 2, list(range(2, 10))
    if ends in {"closing", "closing numbers"}:
        points, order, rows = [*A, A[0], *B, B[0]], [1, 2, 3, 4, 1] * 2, list(range(2, 12))
    if ends == "blank lines":
        rows = [2, 3, 4, 5, 8, 9, 10, 11]
    fields: dict[str, list[object]] = {"X": [x for x, _ in points], "Y": [y for _, y in points]}
    if "numbers" in ends:
        fields = {"STT": list(order), **fields}
    made = corners.polygons(raw(fields, rows))
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]


def test_lines_between_name_plots_and_give_areas():
    pairs = [(vietnamese(x), vietnamese(y)) for x, y in A]
    second = [(vietnamese(x), vietnamese(y)) for x, y in B]
    made = corners.polygons(
        raw(
            {
                "STT": ["Lô CN-01", 1, 2, 3, 4, "Diện tích: 10.000,0 m2", "Lô CN-02", 1, 2, 3, 4, "Tổng diện tích"],
                "X": [None, *[x for x, _ in pairs], None, None, *[x for x, _ in second], 10_000],
                "Y": [None, *[y for _, y in pairs], None, None, *[y for _, y in second], None],
            }
        )
    )
    assert made.fields == {"plot_id": ["Lô CN-01", "Lô CN-02"], "area_m2": ["10.000,0 m2", 10_000]}
    assert made.problems == []


def test_pasted_text(tmp_path):
    lines = "\n".join(f"{place}\t{vietnamese(x)}\t{vietnamese(y)}\t100,00" for place, (x, y) in enumerate(A, 1))
    assert places(from_text(tmp_path, lines).geometry[0]) == set(A)
    assert places(from_text(tmp_path, "\n".join(f"{x:.3f} {y:.3f}" for x, y in A)).geometry[0]) == set(A)
    assert places(from_text(tmp_path, "\n".join(f"X={x:.3f}; Y={y:.3f}" for x, y in A)).geometry[0]) == set(A)


@pytest.mark.parametrize(
    "written",
    [
        lambda pairs: "; ".join(f"{x:.3f} {y:.3f}" for x, y in pairs),
        lambda pairs: "; ".join(f"{x:.3f},{y:.3f}" for x, y in pairs),
        lambda pairs: "; ".join(f"{x:.3f}, {y:.3f}" for x, y in pairs),
        lambda pairs: "; ".join(f"{x:.3f} {y:.3f}".replace(".", ",") for x, y in pairs),
        lambda pairs: "; ".join(f"{x:.3f},{y:.3f}".replace(".", ",") for x, y in pairs),
        lambda pairs: "\n".join(f"{place} {x:.3f} {y:.3f}" for place, (x, y) in enumerate(pairs, 1)),
        lambda pairs: "(" + "), (".join(f"{x:.3f}, {y:.3f}" for x, y in pairs) + ")",
        lambda pairs: " ".join(f"{x:.3f} {y:.3f}" for x, y in pairs),
        lambda pairs: "|".join(f"X: {x:.3f} Y: {y:.3f}" for x, y in pairs),
    ],
)
def test_one_cell_a_plot(written):
    made = corners.polygons(raw({"Lô": ["A", "B"], "Tọa độ": [written(A), written(B)], "Diện tích": [10_000, 10_000]}))
    assert list(made.fields) == ["Lô", "Diện tích"]
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]


def test_wkt():
    shapes = [shapely.Polygon(A), None, shapely.MultiPolygon([shapely.Polygon(B)])]
    texts = [shapes[0].wkt, None, f"SRID=5899;{shapes[2].wkt}"]
    made = corners.polygons(raw({"id": [1, 2, 3], "geom": texts}))
    assert list(made.fields) == ["id"]
    assert made.geometry[0].equals(shapes[0])
    assert made.geometry[1] is None
    assert made.geometry[2].equals(shapes[2])
    broken = corners.polygons(raw({"geom": [texts[0], texts[2], "POLYGON ((1 2, 3"]}))
    assert broken.geometry[2] is None
    assert broken.problems[0].row == 4


def test_a_missing_or_damaged_corner_leaves_the_plot_without_shape():
    fields: dict[str, list[object]] = {
        "Lô": ["A"] * 4 + ["B"] * 4,
        "X": [A[0][0], None, A[2][0], A[3][0], *[x for x, _ in B]],
        "Y": [y for _, y in A + B],
    }
    made = corners.polygons(raw(fields))
    assert made.geometry[0] is None
    assert made.geometry[1] is not None
    assert [problem.row for problem in made.problems] == [3]
    fields["X"][1] = "2026-05-12T00:00:00"
    made = corners.polygons(raw(fields))
    assert made.geometry[0] is None
    assert "date" in made.problems[0].en


def test_two_corners_are_no_plot():
    made = corners.polygons(
        raw({"Lô": ["A"] * 2 + ["B"] * 4, "X": [x for x, _ in A[:2] + B], "Y": [y for _, y in A[:2] + B]})
    )
    assert made.geometry[0] is None
    assert made.problems[0].row == 2
    with pytest.raises(QnGeoError, match="fewer than three corners"):
        corners.polygons(raw({"Lô": ["A", "B"], "X": [A[0][0], B[0][0]], "Y": [A[0][1], B[0][1]]}))


def test_a_table_without_coordinates_is_refused():
    with pytest.raises(QnGeoError, match="no coordinates"):
        corners.polygons(raw({"Lô": ["A", "B"], "Diện tích": [100, 200]}))


def test_what_has_shapes_already_is_left_alone():
    layer = raw({"X": [1.0]})
    layer.geometry[0] = shapely.Point(1, 2)
    assert corners.polygons(layer) is layer


def test_a_workbook_as_offices_write_it(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["BẢNG KÊ TỌA ĐỘ RANH GIỚI"])
    sheet.append(["Số hiệu điểm", "Tọa độ", None, "Chiều dài cạnh (m)"])
    sheet.append([None, "X (m)", "Y (m)", None])
    for place, (x, y) in enumerate([*A, A[0]]):
        sheet.append([place % 4 + 1, vietnamese(x), vietnamese(y), "100,00"])
    book.save(tmp_path / "a.xlsx")
    made = corners.polygons(tables.read(tmp_path / "a.xlsx", "xlsx")[0])
    assert [places(shape) for shape in made.geometry] == [set(A)]
    assert made.fields == {}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.floats(), st.text(max_size=8), st.floats(2_278_675, 2_401_062))] * 3),
        min_size=1,
        max_size=15,
    )
)
def test_no_table_breaks_it(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    try:
        made = corners.polygons(raw({"STT": columns[0], "X": columns[1], "Y": columns[2]}))
    except QnGeoError:
        return
    assert len(made.geometry) == len(made.rows)
    assert all(len(values) == len(made.rows) for values in made.fields.values())


def pasted(names: tuple[str, str], head: str = "", *, again: bool = False, mark: str = " ") -> str:
    """Corners of two plots as people paste them: the plot's name on a line of its own, then its corners."""
    lines = [head] if head and not again else []
    for name, corner_list in zip(names, (A, B), strict=True):
        lines += [name, *([head] if again else [])]
        lines += [mark.join([str(number), str(x), str(y)]) for number, (x, y) in enumerate(corner_list, 1)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "names",
    [
        ("Lô A1", "Lô A2"),
        ("LÔ 1", "LÔ 2"),
        ("Lô A", "Lô B"),
        ("Lô: 1", "Lô: 2"),
        ("A1", "A2"),
        ("Khu đất số 3", "Khu đất số 4"),
        ("Lô A1 (Công ty X)", "Lô A2 (Công ty Y)"),
        ("Bảng tọa độ lô A1", "Bảng tọa độ lô A2"),
    ],
)
@pytest.mark.parametrize(("head", "mark"), [("", " "), ("STT X Y", " "), ("STT;X;Y", ";"), ("STT\tX\tY", "\t")])
@pytest.mark.parametrize("again", [False, True], ids=["one head", "a head above each"])
def test_a_line_above_its_corners_names_the_plot(tmp_path, names, head, mark, again):
    made = from_text(tmp_path, pasted(names, head, again=again, mark=mark))
    assert tuple(made.fields["plot_id"]) == names
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]
    assert made.problems == []


def test_a_name_above_corners_without_numbers(tmp_path):
    lines = ["Lô A1", *(f"{x} {y}" for x, y in A), "Lô A2", *(f"{x} {y}" for x, y in B)]
    made = from_text(tmp_path, "\n".join(lines))
    assert made.fields["plot_id"] == ["Lô A1", "Lô A2"]
    assert [places(shape) for shape in made.geometry] == [set(A), set(B)]


def test_a_title_above_the_corners_names_no_plot(tmp_path):
    text = "BẢNG KÊ TỌA ĐỘ\nLô;X;Y\n" + "\n".join(f"A1;{x};{y}" for x, y in A)
    assert from_text(tmp_path, text).fields == {"Lô": ["A1"]}
