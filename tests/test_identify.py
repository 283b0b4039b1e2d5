"""What lies at a point, over the real data and over shapes made for the purpose."""

from __future__ import annotations

import json

import pytest

from qn_geo import identify, layers
from qn_geo.crs import to_vn2000, to_wgs84
from qn_geo.errors import DataFileError, QnGeoError

SONG_KHOAI = (106.81, 20.978)


def inside(layer_id, column, value):
    """Longitude and latitude of a point inside one feature."""
    frame = layers.layer(layer_id)
    return frame.loc[frame[column] == value].geometry.iloc[0].representative_point().coords[0]


def cell(zone_id, horizon, shape, name="cell"):
    """A land-use cell as a GeoJSON feature."""
    properties = {
        "cell_id": f"{zone_id}-{horizon}-{name}",
        "row_id": None,
        "zone_id": zone_id,
        "horizon": horizon,
        "use_code": "SKK",
        "use_name_vi": "Đất khu công nghiệp",
        "use_name_en": "Industrial land",
        "area_ha": 1.0,
        "quality": "schematic",
        "source_id": "vq26",
    }
    return {"type": "Feature", "properties": properties, "geometry": shape}


def square(lon, lat, half=0.001):
    """A GeoJSON square around a point."""
    ring = [(lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def test_everything_at_a_point_of_a_park():
    place = identify.at(*inside("zones", "zone_id", "kcn-song-khoai"), year=2026)
    assert place.commune["name_vi"] == "Phường Hiệp Hòa"
    assert [row["zone_id"] for row in place.zones] == ["kcn-song-khoai", "kkt-quang-yen"]
    assert place.plot["zone_id"] == "kcn-song-khoai"
    assert place.plot["quality"] == "demo"


def test_zones_come_smallest_first_with_the_columns_of_their_table():
    place = identify.at(*inside("zones", "zone_id", "kcn-texhong-hai-ha"))
    assert [row["zone_id"] for row in place.zones] == ["kcn-texhong-hai-ha", "kcn-cang-bien-hai-ha", "kkt-mong-cai"]
    assert "648/QĐ-UBND" in place.zones[0]["legal_basis_vi"]
    assert place.zones[0]["quality"] == "schematic"
    assert "geometry" not in place.zones[0]


def test_every_row_is_plain_and_names_its_sources():
    place = identify.at(107.97, 21.5372)
    nearby = [row for row, _ in (*place.links, *place.centres)]
    assert nearby
    for row in [place.commune, *place.zones, *nearby]:
        assert row["source_id"]
    for row in [place.commune, *place.zones, *place.landuse, *nearby]:
        assert all(value is None or isinstance(value, (str, int, float)) for value in row.values())
        assert all(value == value for value in row.values())  # noqa: PLR0124 - NaN differs from itself


def test_links_and_centres_within_a_kilometre_by_distance():
    frame = layers.layer("logistics").set_index("centre_id")
    gate = frame.loc["gate-mong-cai-bac-luan-1"].geometry
    north, east = to_vn2000(gate.x, gate.y)
    place = identify.at(*to_wgs84(north, east + 400))
    found = {row["centre_id"]: metres for row, metres in place.centres}
    assert found["gate-mong-cai-bac-luan-1"] == pytest.approx(400, abs=0.01)
    for near in (place.links, place.centres):
        distances = [metres for _, metres in near]
        assert distances == sorted(distances)
        assert all(metres <= 1000 for metres in distances)
    far = identify.at(*to_wgs84(north, east + 1001))
    assert "gate-mong-cai-bac-luan-1" not in {row["centre_id"] for row, _ in far.centres}
    # A line counts from its nearest part, not from its ends.
    assert any(row["mode"] == "national-road" for row, _ in place.links)


def test_a_plot_is_found_by_a_point_inside_it():
    plots = layers.layer("plots")
    for row in plots.sample(20, random_state=1).itertuples():
        point = row.geometry.representative_point()
        assert identify.at(point.x, point.y).plot["plot_id"] == row.plot_id


def test_the_open_sea_has_nothing():
    place = identify.at(108.5, 20.5)
    assert place.commune is None
    assert place.plot is None
    assert place.zones == place.landuse == place.links == place.centres == []


@pytest.mark.parametrize(("lon", "lat"), [(21.0, 106.8), (float("nan"), 21.0)])
def test_an_impossible_position_is_refused(lon, lat):
    with pytest.raises(QnGeoError):
        identify.at(lon, lat)


@pytest.mark.parametrize(
    ("year", "horizon"),
    [(None, 2040), (2014, 2020), (2020, 2020), (2021, 2030), (2026, 2030), (2040, 2040), (2050, 2040)],
)
def test_land_use_is_of_the_plan_in_force(data_copy, year, horizon):
    at = square(*SONG_KHOAI)
    cells = [cell("kcn-song-khoai", horizon, at) for horizon in (2020, 2030, 2040)]
    (data_copy / "zones/landuse.geojson").write_text(collection(*cells), encoding="utf-8")
    place = identify.at(*SONG_KHOAI, year=year)
    assert [row["horizon"] for row in place.landuse] == [horizon]


def test_each_zone_has_its_own_plan_in_force_and_a_horizon_drawn_elsewhere_counts(data_copy):
    here, there = square(*SONG_KHOAI), square(106.83, 20.978)
    cells = [
        cell("kkt-quang-yen", 2040, square(*SONG_KHOAI, half=0.002)),
        cell("kcn-song-khoai", 2030, here),
        # The plan of 2026 says nothing about this point, so nothing of the plan of 2030 may stand in for it.
        cell("kcn-dong-mai", 2026, there),
        cell("kcn-dong-mai", 2030, here),
    ]
    (data_copy / "zones/landuse.geojson").write_text(collection(*cells), encoding="utf-8")
    place = identify.at(*SONG_KHOAI, year=2026)
    assert [(row["zone_id"], row["horizon"]) for row in place.landuse] == [
        ("kcn-song-khoai", 2030),
        ("kkt-quang-yen", 2040),
    ]


LAYERS = {
    "boundaries/communes.geojson": "commune",
    "zones/zones.geojson": "zones",
    "zones/plots.geojson": "plot",
    "zones/transport.geojson": "links",
    "zones/logistics.geojson": "centres",
}


@pytest.mark.parametrize("file", LAYERS)
@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_a_missing_or_broken_layer_is_named_and_the_rest_answers(data_copy, file, damage):
    (data_copy / "zones/landuse.geojson").write_text(collection(cell("kcn-song-khoai", 2030, square(*SONG_KHOAI))))
    if damage == "missing":
        (data_copy / file).unlink()
    else:
        (data_copy / file).write_text('{"type": "FeatureCollection", "features": [', encoding="utf-8")
    place = identify.at(*SONG_KHOAI)
    assert [error.file for error in place.unavailable] == [f"data/{file}"]
    assert all(isinstance(error, DataFileError) for error in place.unavailable)
    assert not getattr(place, LAYERS[file])
    assert place.landuse
    for other in set(LAYERS.values()) - {LAYERS[file], "links", "centres"}:
        assert getattr(place, other), other


def test_a_missing_table_costs_columns_not_the_layer(data_copy):
    (data_copy / "zones/zones.csv").unlink()
    place = identify.at(*SONG_KHOAI)
    assert place.zones[0]["zone_id"] == "kcn-song-khoai"
    assert "legal_basis_vi" not in place.zones[0]


def test_a_changed_file_is_noticed(data_copy):
    assert identify.at(*SONG_KHOAI).commune["name_vi"] == "Phường Hiệp Hòa"
    path = data_copy / "boundaries/communes.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("Phường Hiệp Hòa", "Phường Đổi Tên"), encoding="utf-8")
    assert identify.at(*SONG_KHOAI).commune["name_vi"] == "Phường Đổi Tên"


def test_an_official_plot_names_its_document(data_copy):
    path = data_copy / "zones/plots.geojson"
    plot = next(
        feature
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
        if feature["properties"]["zone_id"] == "kcn-song-khoai"
    )
    plot["properties"]["quality"] = "official"
    path.write_text(collection(plot), encoding="utf-8")
    given = {
        "layer": "plots",
        "feature_id": plot["properties"]["plot_id"],
        **dict.fromkeys(("zone_id", "horizon", "use_code", "sheet", "parcel", "status", "sector")),
        "source_id": "survey-2027",
        "date": "2027-01-05",
    }
    official = {"type": "Feature", "properties": given, "geometry": plot["geometry"]}
    (data_copy / "zones/official.geojson").write_text(collection(official), encoding="utf-8")
    found = identify.at(*inside("plots", "plot_id", plot["properties"]["plot_id"])).plot
    assert found["source_id"] == "survey-2027"
    assert found["zone_id"] == "kcn-song-khoai"


def test_answers_can_be_changed_without_changing_the_next():
    identify.at(*SONG_KHOAI).zones[0]["name_vi"] = "something else"
    assert identify.at(*SONG_KHOAI).zones[0]["name_vi"].startswith("Khu công nghiệp Sông Khoai")
