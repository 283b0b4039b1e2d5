"""Files to take away: layers and tables in common formats, each with its record and its sources inside.

Spreadsheets run text that begins like a formula. Such text gets a leading apostrophe in CSV and XLSX, headers included;
numbers stay numbers. The same data give the same bytes, so a download can be compared with an earlier one.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyogrio
import shapely
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from qn_geo import catalog, layers
from qn_geo.errors import DataFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import geopandas as gpd
    from openpyxl.worksheet.worksheet import Worksheet

LAYER_FORMATS: Final = ("geojson", "gpkg", "csv", "xlsx")
TABLE_FORMATS: Final = ("csv", "xlsx")

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST_COLUMN: Final = 60  # characters; longer notes are read in the cell
_LONGEST_TEXT: Final = 32_767  # characters a cell of a workbook can hold
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip archive can hold
_FIXED_TIME: Final = "1980-01-01T00:00:00Z"
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LINE_BREAK: Final = re.compile(r"\r\n?")
# GDAL's clock option belongs to the process, not to the file being written.
_GDAL_LOCK: Final = threading.Lock()


def layer_bytes(layer_id: str, fmt: str) -> bytes:
    """Return a layer as a file, WGS 84.

    Args:
        layer_id: Record id, such as "zones".
        fmt: "geojson" (record and sources as members of the collection), "gpkg" (as tables `record` and `sources`),
            "csv" (a zip archive of data.csv with the shapes as WKT, sources.csv and record.json) or "xlsx" (sheets
            Data, Sources, Record; a point inside each shape stands for it, as cells are too short for shapes).

    Raises:
        ValueError: If the format is unknown.
        DataFileError: If the layer or its record cannot be used.
    """
    if fmt not in LAYER_FORMATS:
        raise ValueError(f"unknown format {fmt!r}; known: {', '.join(LAYER_FORMATS)}")
    frame, record = layers.layer(layer_id), catalog.record(layer_id)
    about, sources = record.model_dump(mode="json"), _sources(record.sources)
    if fmt == "geojson":
        return _geojson(layers.geojson(layer_id), about, sources)
    if fmt == "gpkg":
        return geopackage({record.stem: frame, "sources": sources, "record": _listed(about).astype("str")})
    return _packed(_flat(frame, with_shapes=fmt == "csv"), fmt, about, sources)


def table_bytes(stem: str, fmt: str) -> bytes:
    """Return a table as a file.

    Args:
        stem: File name without ending, such as "figures".
        fmt: "csv" (a zip archive of data.csv, sources.csv and record.json) or "xlsx" (sheets Data, Sources, Record).

    Raises:
        ValueError: If the format is unknown.
        DataFileError: If the table or its record cannot be used.
    """
    _check_table_format(fmt)
    frame, record = layers.table(stem), catalog.record_of(f"{stem}.csv")
    return _packed(frame, fmt, record.model_dump(mode="json"), _sources(record.sources))


def dataframe_bytes(frame: pd.DataFrame, fmt: str, sources: Iterable[str], title: str) -> bytes:
    """Return any table, such as a chart's twin, as a file; columns as they are, the index left out.

    Args:
        frame: The table.
        fmt: "csv" or "xlsx", as in `table_bytes`.
        sources: Source ids of its figures.
        title: What the table shows.

    Raises:
        ValueError: If the format is unknown.
    """
    _check_table_format(fmt)
    about = {"title": title, "rows": len(frame), "columns": [str(column) for column in frame.columns]}
    return _packed(frame, fmt, about, _sources(sources))


def safe_text(value: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _check_table_format(fmt: str) -> None:
    if fmt not in TABLE_FORMATS:
        raise ValueError(f"unknown format {fmt!r}; known: {', '.join(TABLE_FORMATS)}")


def _sources(ids: Iterable[str]) -> pd.DataFrame:
    """Return the rows of the given sources; only their ids where the table of sources cannot be read."""
    wanted = list(dict.fromkeys(ids))
    try:
        table = layers.table("sources")
    except DataFileError:
        return pd.DataFrame({"source_id": wanted})
    return table.set_index("source_id").reindex(wanted).reset_index()


def _packed(frame: pd.DataFrame, fmt: str, about: Mapping[str, Any], sources: pd.DataFrame) -> bytes:
    if fmt == "xlsx":
        return workbook({"Data": frame, "Sources": sources, "Record": _listed(about)})
    record = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    return _archive({"data.csv": csv_bytes(frame), "sources.csv": csv_bytes(sources), "record.json": record.encode()})


def _listed(about: Mapping[str, Any]) -> pd.DataFrame:
    """Return a record as two columns, field and value, with one line for each column it describes."""
    rows = []
    for field, value in about.items():
        if field == "columns":
            rows += [_described(column) for column in value]
        else:
            rows.append((field, json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value))
    return pd.DataFrame(rows, columns=["field", "value"], dtype=object)


def _described(column: Any) -> tuple[str, str]:
    if isinstance(column, str):
        return "column", column
    unit = f" ({column['unit']})" if column["unit"] else ""
    return f"column {column['name']}", f"{column['vi']} / {column['en']}{unit}"


def _flat(frame: gpd.GeoDataFrame, *, with_shapes: bool) -> pd.DataFrame:
    """Return a layer's properties with longitude and latitude of a point inside each shape, and the shape as WKT."""
    shapes = frame.geometry.to_numpy()
    inside = shapely.point_on_surface(shapes)
    flat = pd.DataFrame(frame.drop(columns="geometry"))
    flat["lon"], flat["lat"] = shapely.get_x(inside).round(6), shapely.get_y(inside).round(6)
    if with_shapes:
        flat["wkt"] = shapely.to_wkt(shapes, rounding_precision=6)
    return flat


def _cell(value: Any) -> Any:
    """Return what a cell holds: None for unknown, plain numbers, safe text."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (bool, int, float)):
        return value
    # A lone carriage return ends a row for some readers of CSV, though pandas does not quote it.
    text = _LINE_BREAK.sub("\n", ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    return safe_text(text)


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return pd.DataFrame(cells, columns=[_cell(str(column)) for column in frame.columns], dtype=object)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV, UTF-8, safe against formulas."""
    text: str = _safe(frame).to_csv(index=False, lineterminator="\n")
    return text.encode()


def _archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def workbook(sheets: Mapping[str, pd.DataFrame], filled: Callable[[float], None] = lambda _share: None) -> bytes:
    """Return tables as an XLSX workbook, one sheet each, safe against formulas.

    Args:
        sheets: Tables by the name of their sheet.
        filled: Told the share of cells that are filled after each column, 1.0 before the book is written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    cells, done = sum(frame.size for frame in sheets.values()), 0
    for name, frame in sheets.items():
        for column in _fill(book.create_sheet(name), _safe(frame)):
            done += column
            filled(done / max(cells, 1))
    out = io.BytesIO()
    book.save(out)
    # openpyxl stamps the time of saving into the archive and its properties; the data have none.
    with zipfile.ZipFile(out) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    parts["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + _FIXED_TIME.encode(), parts["docProps/core.xml"])
    return _archive(parts)


def _fill(sheet: Worksheet, frame: pd.DataFrame) -> Iterator[int]:
    """Fill a sheet column by column, and give how many cells each had."""
    for number, (column, values) in enumerate(frame.items(), start=1):
        longest = 0
        for line, value in enumerate([column, *values], start=1):
            if value is None:
                continue
            cell = sheet.cell(line, number, value[:_LONGEST_TEXT] if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever the text
            longest = max(longest, len(str(value)))
        head = sheet.cell(1, number)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = min(longest, _WIDEST_COLUMN) + 2
        yield len(values)
    sheet.freeze_panes = "A2"


def _geojson(content: bytes, about: Mapping[str, Any], sources: pd.DataFrame) -> bytes:
    collection = json.loads(content)
    features = collection.pop("features")
    rows = [
        {key: None if pd.isna(value) else value for key, value in row.items()} for row in sources.to_dict("records")
    ]
    head = json.dumps({**collection, "record": about, "sources": rows}, ensure_ascii=False, indent=1)
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{head.removesuffix("}").rstrip()},\n "features": [\n{lines}\n]}}\n'.encode()


def geopackage(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return layers and tables as a GeoPackage.

    Args:
        tables: By name; those with a geometry become layers, whose shapes may be of any kind or missing.
    """
    with tempfile.TemporaryDirectory() as folder, _GDAL_LOCK:
        path = Path(folder) / "out.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
        try:
            for number, (name, table) in enumerate(tables.items()):
                pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=number > 0)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()
