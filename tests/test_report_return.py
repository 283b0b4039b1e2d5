from __future__ import annotations

import io

import ezdxf
import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
from ezdxf.lldxf.encoding import decode_dxf_unicode

from qn_geo import decisions, dossier, i18n, outcomes, report
from qn_geo.crs import project
from qn_geo.decisions import Identity
from qn_geo.report import returning, tables
from qn_geo.report.cad import DECISIONS, FINDING_LAYERS, NOTES, PLOT_LABELS, PLOT_LAYERS, plain
from qn_geo.settings import settings
from tests.small_reviews import LAN, package, submitted

pytest_plugins = "tests.review_fixtures"
pytestmark = pytest.mark.usefixtures("reviews")

EVIL = "=HYPERLINK(1)"
REASON = "=1+1 Đo lại ranh giới"


@pytest.fixture
def reviewed(tmp_path):
    """A checked submission with hostile texts; one plot accepted by a signed-in reviewer, one returned by another."""
    path = package(
        tmp_path / "lô.gpkg", areas=[(5, 9_000)], parcels=[(2, "2"), (3, EVIL)], codes=[(7, "=cmd|' /C calc'!A0")]
    )
    opened = dossier.check(submitted(path))
    store = decisions.store()
    store.decide(opened.id, ["7-1"], "accept", who=Identity("Phạm Bảo", verified=True), seen=opened.version)
    store.decide(opened.id, ["7-6"], "return", reason=REASON, who=LAN, seen=store.version(opened.id))
    return dossier.open_dossier(opened.id)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_geopackage_holds_plots_findings_decisions_and_evidence(reviewed, tmp_path, lang):
    path = tmp_path / "back.gpkg"
    path.write_bytes(report.returned(reviewed, "gpkg", lang))
    assert {name for name, _kind in pyogrio.list_layers(path)} == {"plots", "findings", "decisions", "evidence"}
    plots, findings = (gpd.read_file(path, layer=name) for name in ("plots", "findings"))
    assert (plots.crs.to_epsg(), findings.crs.to_epsg()) == (5899, 5899)
    assert plots.geometry.geom_equals_exact(reviewed.plots.geometry, 0.0).all()
    assert len(findings) == len(reviewed.findings)
    decided = gpd.read_file(path, layer="decisions")
    assert decided.iloc[:, 1].tolist() == ["7-1", "7-6"]
    assert decided.iloc[:, -1].tolist() == [entry.hash for entry in reviewed.history]
    evidence = gpd.read_file(path, layer="evidence")["value"].tolist()
    assert {reviewed.submission.sha256, reviewed.findings_hash, reviewed.rules_version} <= set(evidence)
    assert f"2 · {decisions.store().newest()[1]}" in evidence


def test_columns_that_differ_only_in_case_all_come_back(reviewed, tmp_path):
    reviewed.plots.insert(2, "x_A", 1)
    reviewed.plots.insert(3, "x_a", 2)
    path = tmp_path / "back.gpkg"
    path.write_bytes(report.returned(reviewed, "gpkg", "en"))
    assert {"x_A", "x_a 2"} <= set(gpd.read_file(path, layer="plots"))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_workbook_runs_nothing_and_marks_typed_names(reviewed, lang):
    book = openpyxl.load_workbook(io.BytesIO(report.returned(reviewed, "xlsx", lang)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+", "@"))]
    values = {str(cell.value) for cell in cells}
    assert {f"'{REASON}", dossier.signed("Trần Thị Lan", lang, verified=False), "Phạm Bảo"} <= values
    assert len(book.sheetnames) == 4
    assert book.worksheets[0].max_row == len(reviewed.findings) + 1


def test_drawing_opens_in_cad_and_gis_with_its_layers(reviewed, tmp_path):
    path = tmp_path / "back.dxf"
    path.write_bytes(report.returned(reviewed, "dxf", "vi"))
    drawing = ezdxf.readfile(path)
    audited = drawing.audit()
    assert (audited.errors, audited.fixes) == ([], [])
    layers = {PLOT_LABELS, DECISIONS, NOTES} | {
        name for known in (PLOT_LAYERS, FINDING_LAYERS) for name, *_look in known.values()
    }
    assert layers <= {layer.dxf.name for layer in drawing.layers}
    assert all(name.isascii() for name in layers)
    description = decode_dxf_unicode(drawing.layers.get("QN_LOI").description)
    assert description == f"Kết quả kiểm tra: {outcomes.severity_name('error', 'vi')}"
    assert drawing.header["$INSUNITS"] == 6, "metres"
    assert reviewed.submission.sha256 in dict(drawing.header.custom_vars.properties).values()

    drawn = gpd.read_file(path)
    states = reviewed.summary["states"]
    for result, (layer, *_look) in PLOT_LAYERS.items():
        assert (drawn["Layer"] == layer).sum() == states.count(result)
    assert drawn[drawn["Layer"] == "QN_LO_DAT"].total_bounds == pytest.approx(
        reviewed.plots.geometry[[state == "pass" for state in states]].total_bounds, abs=0.001
    )
    texts = drawn[drawn["Layer"] == PLOT_LABELS]["Text"].tolist()
    assert {"7-1", "7-2#2", "7-2#3"} <= set(texts)
    assert drawn[drawn["Layer"] == DECISIONS]["Text"].tolist() == ["Chấp nhận", "Trả lại để sửa"]
    assert not drawn[drawn["Layer"] == "QN_LOI"].empty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7-1", "7-1"),
        ("a\\Pb", "a/Pb"),
        ("%%u", "% %u"),
        ("x^J{y}", "x'J(y)"),
        ("a\nb\x00", "a b "),
        ("Lô Đ1", "Lô Đ1"),
    ],
)
def test_control_codes_of_cad_are_taken_out(text, expected):
    assert plain(text) == expected


def test_names_of_land_users_stay_inside_unless_allowed(reviewed, monkeypatch, tmp_path):
    def said(opened):
        path = tmp_path / "back.gpkg"
        path.write_bytes(report.returned(opened, "gpkg", "vi"))
        tables = [gpd.read_file(path, layer=name).to_csv() for name, _kind in pyogrio.list_layers(path)]
        sheets = openpyxl.load_workbook(io.BytesIO(report.returned(opened, "xlsx", "vi")))
        cells = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row]
        return " ".join([*tables, *cells, report.returned(opened, "dxf", "vi").decode("cp1252")])

    assert not [word for word in ("Nguy", "022099001234") if word in said(reviewed)]
    monkeypatch.setenv("QN_GEO_SHOW_PERSONAL", "true")
    settings.cache_clear()
    assert "Nguyễn" in said(dossier.open_dossier(reviewed.id))


def test_a_decision_on_findings_that_changed_says_so(reviewed, monkeypatch):
    monkeypatch.setattr(dossier.rules, "findings_hash", lambda _found: "0" * 64)
    again = dossier.check(reviewed.id)
    book = openpyxl.load_workbook(io.BytesIO(report.returned(again, "xlsx", "en")))
    heads, *rows = book["Decisions"].iter_rows(values_only=True)
    assert [row[heads.index("On other findings")] for row in rows] == ["yes", "yes"]


def test_unknown_format(reviewed):
    with pytest.raises(ValueError, match="docx"):
        report.returned(reviewed, "docx", "vi")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_workbook_marks_what_was_accepted_despite_errors(reviewed, lang):
    store = decisions.store()
    states = zip(reviewed.plots["plot_id"], reviewed.summary["states"], strict=True)
    bad = next(plot_id for plot_id, state in states if state == "fail")
    store.decide(reviewed.id, [bad], "accept", who=LAN, seen=store.version(reviewed.id))
    words = i18n.translator(lang)("Accepted despite errors")
    book = openpyxl.load_workbook(io.BytesIO(report.returned(dossier.open_dossier(reviewed.id), "xlsx", lang)))
    for sheet in (book.worksheets[1], book.worksheets[2]):
        marked = [row for row in sheet.iter_rows(values_only=True) if words in row]
        assert len(marked) == 1
        assert bad in marked[0]


def test_findings_have_their_place_in_both_systems_and_measures_people_can_read(reviewed):
    table = tables.finding_table(reviewed.findings, "en")
    placed = table["Longitude"].notna()
    assert placed.any()
    x, y = table["X, north (VN-2000, m)"], table["Y, east (VN-2000, m)"]
    assert (x.notna() == placed).all()
    points = project(shapely.points(table["Longitude"][placed], table["Latitude"][placed]))
    assert shapely.get_y(points) == pytest.approx(x[placed], abs=0.2)
    assert shapely.get_x(points) == pytest.approx(y[placed], abs=0.2)
    measures = table.loc[table["Unit"] != "m", "Measured"].dropna()
    assert (measures == measures.round(2)).all()
    assert (table["Measured"].dropna() == table["Measured"].dropna().round(3)).all()


@pytest.mark.parametrize(("lang", "head"), [("vi", "Quy tắc liên quan"), ("en", "Rules concerned")])
def test_a_plot_with_information_only_breaks_no_rule(reviewed, lang, head):
    book = openpyxl.load_workbook(io.BytesIO(report.returned(reviewed, "xlsx", lang)))
    assert head in next(book.worksheets[1].iter_rows(values_only=True))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_times_are_written_one_way(reviewed, lang):
    _ = i18n.translator(lang)
    decided = returning.decision_table(reviewed, lang)[_("Decided on")]
    assert decided.tolist() == [i18n.moment(entry.when, lang) for entry in reviewed.history]
