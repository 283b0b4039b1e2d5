"""JSON that is none, or says impossible things."""

from __future__ import annotations

import json

from tests.hostile import GEOJSON, maker, simple


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def polygon(*corners: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [list(corners)]}


SQUARE = polygon([107, 21], [107.001, 21], [107.001, 21.001], [107, 21.001], [107, 21])

simple(
    "json-truncated", "GeoJSON tải dở | incomplete GeoJSON", lambda: {"a.geojson": collection(feature(SQUARE))[:-20]}
)
simple(
    "json-deep",
    "GeoJSON lồng 200.000 tầng | GeoJSON nested 200,000 deep",
    lambda: {"a.geojson": b'{"type":"Feature","geometry":{"type":"Polygon","coordinates":' + b"[" * 200_000},
)
simple(
    "json-other",
    "JSON không phải GeoJSON | JSON that is no GeoJSON",
    lambda: {"a.geojson": b'{"name": "x", "version": 1}'},
)
simple(
    "json-columns",
    "GeoJSON 200.000 cột | GeoJSON of 200,000 columns",
    lambda: {"a.geojson": collection(feature(SQUARE, **{f"c{n}": 1 for n in range(200_000)}))},
)
simple(
    "json-features",
    "GeoJSON quá nhiều thửa | GeoJSON of too many plots",
    lambda: {"a.geojson": collection(*[feature(SQUARE)] * 5_001)},
)
simple(
    "json-vertices",
    "GeoJSON quá nhiều đỉnh | GeoJSON of too many vertices",
    lambda: {"a.geojson": collection(feature(polygon(*[[107, 21], [107.1, 21.1]] * 60_000, [107, 21])))},
)
simple(
    "json-nan",
    "tọa độ NaN | NaN coordinates",
    lambda: {"a.geojson": collection(feature(polygon([107, 21], [float("nan"), 21], [107, 21.1], [107, 21])))},
)
simple(
    "json-infinite",
    "tọa độ vô cực | infinite coordinates",
    lambda: {"a.geojson": collection(feature(SQUARE)).replace(b"107.001", b"1e999")},
)
simple(
    "json-absurd",
    "tọa độ vô lý | absurd coordinates",
    lambda: {"a.geojson": collection(feature(SQUARE)).replace(b"107.001", b"1e300")},
)
simple(
    "json-null",
    "thửa không có hình | plots without a shape",
    lambda: {"a.geojson": collection(feature(None, so=1), feature(SQUARE))},
)
simple(
    "json-empty",
    "hình rỗng | empty shapes",
    lambda: {"a.geojson": collection(feature({"type": "Polygon", "coordinates": []}))},
)
simple(
    "json-open",
    "đường bao không khép kín | rings that are not closed",
    lambda: {"a.geojson": collection(feature(polygon([107, 21], [107.1, 21], [107.1, 21.1])))},
)
simple(
    "json-words",
    "chữ ở chỗ tọa độ | words for coordinates",
    lambda: {"a.geojson": collection(feature(polygon(["a", "b"], ["c", "d"], ["a", "b"])))},
)
simple(
    "json-kind",
    "loại hình không có thật | a shape of no known kind",
    lambda: {"a.geojson": collection(feature({"type": "Blob", "coordinates": [1, 2]}))},
)
simple("json-none", "GeoJSON không có thửa nào | GeoJSON without plots", lambda: {"a.geojson": GEOJSON})


@maker("GeoJSON có hệ tọa độ ở máy khác | GeoJSON whose system lies elsewhere")
def json_system_link(_folder, address):
    crs = {"type": "link", "properties": {"href": f"{address}/crs.wkt", "type": "ogcwkt"}}
    return {
        "a.geojson": json.dumps(
            {"type": "FeatureCollection", "crs": crs, "features": [feature(SQUARE), feature(None)]}
        ).encode()
    }
