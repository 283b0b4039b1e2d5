"""How much is read, and what the process that reads may do.

The numbers are settings. Whoever goes beyond one is told which, how far, and what to do.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

from qn_geo.errors import QnGeoError
from qn_geo.intake.kinds import CAD
from qn_geo.settings import settings

MEGABYTE: Final = 2**20
MAX_ENTRIES: Final = 2_000
"""Most files of an archive; a planning package has some hundred, a file geodatabase some dozen a layer."""
MAX_RATIO: Final = 200
"""Largest ratio of unpacked to packed. Coordinates as text shrink 10 times, the emptiest attribute table 100."""
RATIO_FROM: Final = 10 * MEGABYTE
"""Content below this size may shrink as well as it likes."""
CAD_PARTS: Final = 10
"""Drawing elements (lines and labels) a plot of a drawing may have on average."""
FARTHEST: Final = 1e12
"""No coordinate we can make sense of is beyond this; northings in millimetres reach 2.3e9."""

_DRIVERS_OFF: Final = (
    "PCIDSK PDS4 VICAR PDF MBTiles EEDA OGCAPI GDALG LVBAG S57 OGR_VRT CSV GPX KML GeoJSONSeq ESRIJSON TopoJSON "
    "OGR_GMT SQLite WAsP FlatGeobuf GeoRSS VFK PGDUMP OSM GPSBabel OGR_PDS WFS OAPIF EDIGEO Idrisi ODS XLSX "
    "Elasticsearch Carto AmigoCloud SXF Selafin JML PLSCENES CSW VDV MVT NGW MapML GTFS PMTiles JSONFG "
    "MiraMonVector ADBC AVCBin AVCE00 AIVector HTTP VRT STACTA STACIT WCS WMS WMTS DAAS PLMOSAIC GTI Zarr GRIB "
    "MRF NITF"
)
_NOWHERE: Final = "http://127.0.0.1:9"  # the discard port: a proxy that never answers

ENVIRONMENT: Final = {
    # GDAL forgets every driver that we do not use, so that no file can ask for one.
    "GDAL_SKIP": _DRIVERS_OFF.replace(" ", ","),
    # Nothing is fetched: not by links in a file, not by a schema's address.
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "NO_PROXY": "",
    "no_proxy": "",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "PROJ_NETWORK": "OFF",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_NUM_THREADS": "1",
    # Threads and arenas reserve address space, which the memory limit counts.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # A process that lives for one file touches each page for the first time: with large pages, half as many.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""Environment of the process that reads."""


def _number(value: float) -> tuple[str, str]:
    """Return a count as Vietnamese and as English text."""
    english = f"{value:,.0f}"
    return english.replace(",", "."), english


_SPLIT: Final = ("chia thành nhiều tệp nhỏ hơn.", "split it into smaller files.")
_FEWER: Final = ("bỏ bớt các cột không cần.", "leave out columns nobody needs.")


def _too_much(
    file: str, what: tuple[str, str], found: float, limit: float, remedy: tuple[str, str] = _SPLIT
) -> QnGeoError:
    (found_vi, found_en), (limit_vi, limit_en) = _number(found), _number(limit)
    return QnGeoError(
        f"có {found_vi} {what[0]}, nhiều hơn mức cho phép {limit_vi}.",
        f"it has {found_en} {what[1]}, more than the {limit_en} allowed.",
        file=file,
        remedy_vi=remedy[0],
        remedy_en=remedy[1],
    )


def check_size(file: str, size: int) -> None:
    """Refuse a file that is too large as sent.

    Args:
        file: Its name, for the message.
        size: Bytes.

    Raises:
        QnGeoError: With the limit.
    """
    limit = settings().max_upload_mb
    if size > limit * MEGABYTE:
        raise _too_much(file, ("MB", "MB"), size / MEGABYTE, limit)


def max_features(kind: str) -> int:
    """Return how many features of a kind of file are read; a drawing has several elements a plot."""
    return settings().max_plots * (CAD_PARTS if kind in CAD else 1)


def check_features(file: str, count: int, kind: str = "") -> None:
    """Refuse a layer of too many features.

    Raises:
        QnGeoError: With the limit.
    """
    if count > (limit := max_features(kind)):
        raise _too_much(file, ("thửa hoặc đối tượng", "plots or features"), count, limit)


def check_vertices(file: str, count: int) -> None:
    """Refuse geometry of too many vertices.

    Raises:
        QnGeoError: With the limit.
    """
    if count > (limit := settings().max_vertices):
        raise _too_much(file, ("đỉnh", "vertices"), count, limit)


def check_rows(file: str, count: int) -> None:
    """Refuse a table of more rows than corners are allowed, each of which can have one.

    Raises:
        QnGeoError: With the limit.
    """
    if count > (limit := settings().max_vertices):
        raise _too_much(file, ("dòng", "rows"), count, limit)


def check_columns(file: str, count: int) -> None:
    """Refuse a layer of too many columns.

    Raises:
        QnGeoError: With the limit.
    """
    if count > (limit := settings().max_columns):
        raise _too_much(file, ("cột", "columns"), count, limit, _FEWER)


def confine() -> None:
    """Put this process under the limits of time and memory; only Linux has all of them.

    Beyond the time the kernel ends the process, beyond the memory an allocation fails.
    """
    seconds = settings().reader_seconds
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not on every system

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    wanted = {
        resource.RLIMIT_AS: taken + settings().reader_memory_mb * MEGABYTE,
        resource.RLIMIT_CPU: seconds + 1,
        resource.RLIMIT_FSIZE: 2 * settings().max_unpacked_mb * MEGABYTE,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        with contextlib.suppress(ValueError):  # whoever started the app has set a lower one already
            resource.setrlimit(what, (most, most))
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)
    # 1 is PR_SET_PDEATHSIG: when the process that started this one ends, so does this one.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def drop_output() -> None:
    """Send everything that libraries print to nowhere; what matters comes as errors."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
