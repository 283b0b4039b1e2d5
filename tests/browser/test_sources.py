"""What a reader takes away from the page of sources opens in their programs and says where it comes from."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile

import geopandas
import openpyxl
import pyogrio
import pytest

from tests.browser.helpers import settled
from tests.browser.test_linking import BOTH


@pytest.fixture
def sources(page, address):
    page.goto(address("/nguon-so-lieu"))
    page.wait_for_selector(".st-key-downloads button")
    settled(page)
    return page


def choose(page, path):
    """Open one of the data files of the list; its record stands there once its hash does."""
    box = page.locator(".st-key-w-file input")
    box.click()
    box.fill(path.name)
    page.locator("[role=option]", has_text=path.name).first.click()
    page.get_by_text(hashlib.sha256(path.read_bytes()).hexdigest()).wait_for()
    settled(page)


def download(page, name, folder):
    button = page.locator(".st-key-downloads button", has_text=name)
    button.scroll_into_view_if_needed()
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@BOTH
def test_a_layer_opens_in_every_format_with_its_sources(sources, root, tmp_path):
    layer = root / "data/zones/zones.geojson"
    choose(sources, layer)
    zones = geopandas.read_file(layer)

    path = download(sources, "GEOJSON", tmp_path)
    assert path.name == "qn-geo-zones.geojson"
    drawn = geopandas.read_file(path)
    assert (len(drawn), drawn.crs.to_epsg()) == (len(zones), 4326)
    assert b'"sources": [' in path.read_bytes()

    path = download(sources, "GPKG", tmp_path)
    assert {"sources", "record"} <= set(pyogrio.list_layers(path)[:, 0])
    assert len(geopandas.read_file(path, layer="zones")) == len(zones)
    assert pyogrio.read_dataframe(path, layer="sources", read_geometry=False)["source_id"].notna().all()

    book = openpyxl.load_workbook(download(sources, "XLSX", tmp_path))
    assert book.sheetnames == ["Data", "Sources", "Record"]
    assert book["Data"].max_row == len(zones) + 1
    assert book["Sources"].max_row > 1

    with zipfile.ZipFile(download(sources, "CSV", tmp_path)) as archive:
        assert {"data.csv", "sources.csv", "record.json"} == set(archive.namelist())
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("data.csv"), encoding="utf-8")))
    assert len(rows) == len(zones)
    assert all(row["wkt"].startswith(("POLYGON", "MULTIPOLYGON")) for row in rows)


def test_a_table_opens_as_a_workbook_with_its_sources(sources, root, tmp_path):
    path = root / "data/zones/figures.csv"
    choose(sources, path)
    with path.open(encoding="utf-8", newline="") as table:
        count = sum(1 for _row in csv.DictReader(table))
    book = openpyxl.load_workbook(download(sources, "XLSX", tmp_path))
    assert book["Data"].max_row == count + 1
    assert book["Sources"].cell(1, 1).value == "source_id"
    assert book["Sources"].max_row > 10
    assert sources.locator(".st-key-downloads button", has_text="GEOJSON").count() == 0


@BOTH
def test_the_table_under_the_map_can_be_taken_away(page, visit, lang):
    visit("/quang-yen")
    with page.expect_download() as waiting:
        page.locator(".st-key-zones button").last.click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert book["Data"].cell(1, 1).value == {"vi": "Khu", "en": "Zone"}[lang]
    assert book["Data"].max_row == page.locator(".st-key-zones tbody tr").count() + 1
    assert book["Sources"].max_row > 1


@BOTH
def test_the_lists_are_filtered_by_words(sources, lang):
    figures = {"vi": "Số liệu", "en": "Figures"}[lang]
    sources.locator("[data-testid=stButtonGroup] button", has_text=figures).last.click()
    count = int(sources.get_by_text(re.compile(r"^\d+ (trên|of) \d+ ")).inner_text().split()[0])
    sources.locator(".st-key-w-find-figure input").fill(
        "song khoai lap day" if lang == "vi" else "song khoai occupancy"
    )
    sources.get_by_text(re.compile(rf"^[1-9]\d? (trên|of) {count} ")).wait_for()
