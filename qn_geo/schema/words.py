"""The closed lists of the data: every value a coded column may hold."""

from __future__ import annotations

from typing import Final, Literal, get_args

Area = Literal["mong-cai", "van-don", "quang-yen", "hai-ha"]
AreaOrOther = Literal["mong-cai", "van-don", "quang-yen", "hai-ha", "other"]
CommuneKind = Literal["Phường", "Xã", "Đặc khu"]
FormerKind = Literal["Phường", "Xã", "Thị trấn"]
ZoneKind = Literal["KKT", "KCN", "CCN"]
Status = Literal["operating", "building", "planned", "proposed"]
ProjectStatus = Literal["operating", "building", "planned", "proposed", "revoked"]
PlotStatus = Literal["leased", "building", "vacant", "reserved"]
Quality = Literal["official", "digitised", "approximate", "schematic", "demo"]
Role = Literal["total", "use", "part"]
Mode = Literal[
    "expressway",
    "national-road",
    "provincial-road",
    "coastal-road",
    "railway",
    "high-speed-railway",
    "bridge",
    "airport",
    "port",
    "border-gate",
]
CentreKind = Literal[
    "logistics-centre", "port", "dry-port", "border-gate", "border-crossing", "bonded-yard", "airport-cargo"
]
FigureKind = Literal["actual", "plan", "target"]
FigureClass = Literal["official", "reported", "derived", "estimated", "demo"]
Precision = Literal["day", "month", "year", "horizon", "unknown"]
Basis = Literal["leasable", "phase", "industrial", "whole", "cluster", "equipped", "unstated"]
Flow = Literal["stock", "new", "ytd", "sum", "level"]
Tier = Literal["official", "agency", "press", "weak", "own"]
CodeGroup = Literal["agricultural", "non-agricultural", "unused", "coastal water", "functional zone"]
CodeStatus = Literal["current and legacy", "current", "legacy"]
Confidence = Literal["confirmed", "knowledge"]
RuleConfidence = Literal["confirmed", "knowledge", "own"]
Severity = Literal["error", "warning", "info"]
Part = Literal["whole", "part"]
YesNo = Literal["yes", "no"]

# Figures may also be about these; a former district outside the four areas is `area-` and its slug.
CITY: Final = "province"  # it became a city on 1 September 2026; the id stays
ALL_ZONES: Final = "group-kkt-kcn"
ALL_PARKS: Final = "group-kcn"
ZONE_GROUPS: Final = (CITY, ALL_ZONES, ALL_PARKS)

# Everything of ours lies well inside this window of WGS 84 degrees: the province and the roads that lead to it.
LON_WINDOW: Final = (105.5, 109.0)
LAT_WINDOW: Final = (20.0, 22.5)
# The land behind it reaches as far as the smallest scale shows on a wide screen: west, south, east, north.
BACKDROP_WINDOW: Final = (102.9, 18.5, 111.7, 23.7)
BACKDROPS: Final = ("backdrop", "natural_earth_land")


def values(literal: object) -> tuple[str, ...]:
    """Return the words of one of the lists above."""
    return get_args(literal)


def listed(*cells: str | None) -> list[str]:
    """Return the ids that cells list, parted by semicolons within a cell: each once, in the order of the cells."""
    parts = (part.strip() for cell in cells for part in (cell or "").split(";"))
    return list(dict.fromkeys(part for part in parts if part))
