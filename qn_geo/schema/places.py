"""Files of places: boundaries, zones, land use, transport, logistics, plots, and shapes brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo.schema import columns, rules, words

if TYPE_CHECKING:
    import pandera.pandas as pa


def boundaries() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the files of communes, areas and the ground around them."""
    return {
        "communes.geojson": columns.file(
            {
                "code": columns.key(rules.COMMUNE_CODE),
                **columns.names(),
                "kind": columns.word(words.CommuneKind),
                "slug": columns.key(rules.SLUG),
                "area_id": columns.word(words.Area, optional=True),
                "area_km2": columns.number(rules.POSITIVE),
            }
        ),
        "former_units.csv": columns.file(
            {
                "former_name": columns.text(),
                "former_kind": columns.word(words.FormerKind),
                "former_district": columns.text(),
                "former_code": columns.text(rules.COMMUNE_CODE),
                "code": columns.text(rules.COMMUNE_CODE),
                "part": columns.word(words.Part),
                **columns.sourced(),
            }
        ),
        "natural_earth_land.geojson": columns.file({"part": columns.column("Int64", rules.POSITIVE, unique=True)}),
        "areas.geojson": columns.file(
            {
                "area_id": columns.key(rules.one_of(words.Area)),
                **columns.names(),
                "area_km2": columns.number(rules.POSITIVE),
            }
        ),
        "city.geojson": columns.file(columns.names()),
        "backdrop.geojson": columns.file({"kind": columns.text(rules.SLUG)}),
    }


def zones() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the zones' table and map layer."""
    shared = {
        "zone_id": columns.key(rules.ZONE_ID),
        "kind": columns.word(words.ZoneKind),
        **columns.names(),
        "area": columns.word(words.AreaOrOther),
        "parent_id": columns.text(rules.ZONE_ID, optional=True),
    }
    table = {
        **shared,
        "legal_basis_vi": columns.text(optional=True),
        "legal_basis_en": columns.text(optional=True),
        "established": columns.text(rules.DATE, optional=True),
        "area_ha": columns.area_ha(),
        "land_ha": columns.area_ha(),
        "sea_ha": columns.area_ha(),
        "industrial_land_ha": columns.area_ha(),
        **columns.position(),
        "developer": columns.text(optional=True),
        "status": columns.word(words.Status),
        "extent_vi": columns.text(optional=True),
        "extent_en": columns.text(optional=True),
        **columns.sourced(),
        **columns.notes(),
    }
    layer = {
        **shared,
        "status": columns.word(words.Status),
        "established": columns.text(rules.DATE, optional=True),
        "area_ha": columns.area_ha(),
        "quality": columns.word(words.Quality),
    }
    return {
        "zones.csv": columns.file(table, rules.OWN_PARENT, rules.KIND_OF_ID, rules.BOTH_COORDINATES),
        "zones.geojson": columns.file(layer, rules.OWN_PARENT, rules.KIND_OF_ID),
    }


def landuse() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of land use, as a table and as cells."""
    use = {"use_code": columns.text(optional=True), "use_name_vi": columns.text(), "use_name_en": columns.text()}
    return {
        "landuse.csv": columns.file(
            {
                "row_id": columns.key(rules.SLUG),
                "zone_id": columns.text(rules.PLACE_ID),
                "horizon": columns.integer(rules.YEAR),
                **use,
                "area_ha": columns.area_ha(),
                "area_ha_max": columns.area_ha(),
                "role": columns.word(words.Role),
                "group": columns.text(rules.SLUG, optional=True),
                **columns.sourced(),
                **columns.notes(),
            },
            rules.in_order("area_ha", "area_ha_max"),
        ),
        "landuse.geojson": columns.file(
            {
                "cell_id": columns.key(rules.SLUG),
                "row_id": columns.text(rules.SLUG, optional=True),
                "zone_id": columns.text(rules.ZONE_ID),
                "horizon": columns.integer(rules.YEAR),
                **use,
                "area_ha": columns.area_ha(),
                "quality": columns.word(words.Quality),
                **columns.sourced(),
            }
        ),
    }


def codes() -> dict[str, pa.DataFrameSchema]:
    """Return the schema of the official land-use codes."""
    return {
        "landuse_codes.csv": columns.file(
            {
                "code": columns.key(),
                **columns.names(),
                "group": columns.word(words.CodeGroup),
                "parent": columns.text(optional=True),
                **{part: columns.integer(rules.BYTE, optional=True) for part in "rgb"},
                "hex": columns.text(rules.COLOUR, optional=True),
                "status": columns.word(words.CodeStatus),
                "legal_source": columns.text(),
                "confidence": columns.word(words.Confidence),
                "colour_confidence": columns.word(words.Confidence, optional=True),
                **columns.sourced(),
                "note": columns.text(optional=True),
            },
            rules.COLOUR_PARTS,
        ),
    }


def plots() -> dict[str, pa.DataFrameSchema]:
    """Return the schema of the plots."""
    return {
        "plots.geojson": columns.file(
            {
                "plot_id": columns.key(),
                "zone_id": columns.text(rules.ZONE_ID),
                "sheet": columns.text(optional=True),
                "parcel": columns.text(optional=True),
                "area_m2": columns.number(rules.POSITIVE),
                "use_code": columns.text(optional=True),
                "status": columns.word(words.PlotStatus, optional=True),
                "sector": columns.text(optional=True),
                "quality": columns.word(words.Quality),
            }
        ),
    }


def transport() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the transport table and layer."""
    link = {
        "link_id": columns.key(rules.SLUG),
        **columns.names(),
        "mode": columns.word(words.Mode),
        "status": columns.word(words.Status),
    }
    length, lanes = columns.number(rules.POSITIVE, optional=True), columns.integer(rules.POSITIVE, optional=True)
    opened, accuracy = columns.text(rules.DATE, optional=True), columns.number(rules.POSITIVE, optional=True)
    return {
        "transport.csv": columns.file(
            {
                **link,
                "length_km": length,
                "lanes": lanes,
                "opened": opened,
                "from_to": columns.text(optional=True),
                "waypoints": columns.text(rules.WAYPOINTS, optional=True),
                "location_accuracy_m": accuracy,
                **columns.sourced(),
                **columns.notes(),
            }
        ),
        "transport.geojson": columns.file(
            {
                **link,
                "opened": opened,
                "length_km": length,
                "lanes": lanes,
                "location_accuracy_m": accuracy,
                "quality": columns.word(words.Quality),
                **columns.sourced(),
            }
        ),
    }


def logistics() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the table and layer of logistics centres."""
    centre = {
        "centre_id": columns.key(rules.SLUG),
        **columns.names(),
        "kind": columns.word(words.CentreKind),
        "area": columns.word(words.AreaOrOther),
        "zone_id": columns.text(rules.ZONE_ID, optional=True),
    }
    return {
        "logistics.csv": columns.file(
            {
                **centre,
                "area_ha": columns.area_ha(),
                "capacity_vi": columns.text(optional=True),
                "capacity_en": columns.text(optional=True),
                "status": columns.word(words.Status),
                **columns.position(),
                **columns.sourced(),
                **columns.notes(),
            },
            rules.BOTH_COORDINATES,
        ),
        "logistics.geojson": columns.file(
            {
                **centre,
                "status": columns.word(words.Status),
                "location_accuracy_m": columns.number(rules.POSITIVE, optional=True),
                "quality": columns.word(words.Quality),
                **columns.sourced(),
            }
        ),
    }


def official() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of the shapes an authority brought in (see `data import`)."""
    names = ("zone_id", "horizon", "use_code", "sheet", "parcel", "status", "sector")
    return {
        "official.geojson": columns.file(
            {
                "layer": columns.text(),
                "feature_id": columns.text(),
                **{name: columns.text(optional=True) for name in names},
                **columns.sourced(),
                "date": columns.text(rules.DATE, optional=True),
            }
        )
    }
