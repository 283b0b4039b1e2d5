"""Outlines of the five economic zones, from whole communes where their legal extent allows it (EPSG:5899)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, box

from qn_geo.build.boundaries import join
from qn_geo.build.placing import bisect
from qn_geo.build.plane import M2_PER_HA, areal
from qn_geo.crs import project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

VAN_DON = ("06994",)
HOANH_MO = ("06841",)
QUANG_DUC = "06931"
# The six communes of the former city of Móng Cái, then Quảng Hà and Cái Chiên of the former district of Hải Hà.
MONG_CAI = ("06709", "06712", "06724", "06733", "06736", "06757", "06922", "06967")
# Complex of Quảng Yên: Uông Bí and Yên Tử for the five wards of Uông Bí; Đông Mai, Hiệp Hòa, Quảng Yên, Hà An.
UONG_BI_SIDE = ("06811", "06832")
QUANG_YEN_SIDE = ("07132", "07135", "07147", "07168")
DAM_NHA_MAC = ("07180", "07183")

BAC_PHONG_SINH_HA = 9373.43
UONG_BI_PART_HA = 2551.0
QUANG_YEN_PART_HA = 3852.7
DAM_NHA_MAC_HA = 6899.3

# Spines of the complex, our sketch between the named wards: along the Đá Bạch river; then past Sông Khoai and Biểu Nghi
# to Hoàng Tân. Longitude, latitude, and half width there relative to the other points.
RIVERSIDE = ((106.650, 21.017, 1.0), (106.700, 21.004, 1.0), (106.750, 20.999, 1.0), (106.783, 20.989, 1.6))
SPINE = (
    (106.775, 20.979, 2.2),
    (106.812, 20.981, 2.2),
    (106.842, 21.000, 1.5),
    (106.872, 20.970, 0.7),
    (106.940, 20.930, 0.7),
)
# Direction of the cut between Đầm Nhà Mạc and the older part of Hà Nam island: that of the expressway.
EXPRESSWAY = ((106.768, 20.8535), (106.858, 20.9165))
WIDEST_M = 8_000.0


@dataclass(frozen=True)
class EconomicZone:
    """An outline with how true it is and why it looks so."""

    shape: BaseGeometry
    quality: str
    note_vi: str
    note_en: str


def outlines(lands: Mapping[str, BaseGeometry]) -> dict[str, EconomicZone]:
    """Return the economic zones by id from the land of the communes by code."""
    north, south = quang_yen_parts(lands)
    return {
        "kkt-van-don": EconomicZone(
            _whole(lands, VAN_DON),
            "approximate",
            "Toàn bộ đặc khu Vân Đồn, chỉ phần đất; 158.950 ha mặt biển không vẽ.",
            "The whole special zone of Vân Đồn, land only; the 158,950 ha of sea are not drawn.",
        ),
        "kkt-mong-cai": EconomicZone(
            _whole(lands, MONG_CAI),
            "approximate",
            "Sáu đơn vị của thành phố Móng Cái cũ, xã Quảng Hà và xã Cái Chiên, chỉ phần đất (nguồn tính cả bãi "
            "triều). Thiếu xã Quảng Thành cũ, nay là một phần xã Quảng Đức chưa có ranh riêng; thừa xã Quảng Chính cũ.",
            "The six communes of the former Móng Cái city, Quảng Hà and Cái Chiên, land only (the source counts tidal "
            "flats). Former Quảng Thành, now an unmapped part of Quảng Đức, is missing; former Quảng Chính should not "
            "be in it.",
        ),
        "kkt-hoanh-mo-dong-van": EconomicZone(
            _whole(lands, HOANH_MO),
            "approximate",
            "Xã Hoành Mô hiện nay, gồm hai xã Hoành Mô và Đồng Văn cũ. Diện tích đo được nhỏ hơn 14.236 ha đã công bố "
            "khoảng 3 %: số liệu đo đạc khác nhau, không phải ranh giới khác.",
            "The present Hoành Mô commune, made of the former Hoành Mô and Đồng Văn. It measures about 3 % less than "
            "the published 14,236 ha: another survey, not another extent.",
        ),
        "kkt-bac-phong-sinh": EconomicZone(
            border_side(lands[QUANG_DUC], BAC_PHONG_SINH_HA),
            "approximate",
            "Xã Quảng Đức cũ là phần giáp biên giới của xã Quảng Đức hiện nay; đường cắt phía nam do chúng tôi đặt để "
            "đủ 9.373,43 ha.",
            "Former Quảng Đức is the border side of the present commune; the cut in the south is ours, set to give "
            "9,373.43 ha.",
        ),
        "kkt-quang-yen": EconomicZone(
            areal(north.union(south)),
            "schematic",
            "Khu phức hợp 6.403,7 ha (Uông Bí 2.551 ha, Quảng Yên 3.852,7 ha) vẽ thành dải qua các phường được nêu; "
            "khu Đầm Nhà Mạc 6.899,3 ha là phần phía biển của Liên Hòa và Phong Cốc. Ranh giới do chúng tôi đặt.",
            "The complex of 6,403.7 ha (Uông Bí 2,551, Quảng Yên 3,852.7) is a band through the named wards; Đầm Nhà "
            "Mạc, 6,899.3 ha, is the seaward part of Liên Hòa and Phong Cốc. The limits are ours.",
        ),
    }


def quang_yen_parts(lands: Mapping[str, BaseGeometry]) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the complex in the north and Đầm Nhà Mạc in the south of the Quảng Yên economic zone."""
    west = band(_whole(lands, UONG_BI_SIDE), RIVERSIDE, UONG_BI_PART_HA)
    east = band(_whole(lands, QUANG_YEN_SIDE), SPINE, QUANG_YEN_PART_HA)
    return areal(west.union(east)), seaward(_whole(lands, DAM_NHA_MAC), EXPRESSWAY, DAM_NHA_MAC_HA)


def band(land: BaseGeometry, spine: tuple[tuple[float, float, float], ...], hectares: float) -> BaseGeometry:
    """Return the land along a spine (longitude, latitude, relative half width) that measures so many hectares."""
    places = [(project(Point(lon, lat)), weight) for lon, lat, weight in spine]

    def within(distance: float) -> BaseGeometry:
        # Octagons joined by their hulls: a band with corners, as limits on plans have, not a brush stroke.
        knots = [place.buffer(distance * weight, quad_segs=2) for place, weight in places]
        spans = [shapely.union(one, other).convex_hull for one, other in pairwise(knots)]
        return areal(shapely.union_all(spans).intersection(land))

    return within(bisect(lambda distance: within(distance).area, hectares * M2_PER_HA, 0.0, WIDEST_M))


def seaward(land: BaseGeometry, along: tuple[tuple[float, float], ...], hectares: float) -> BaseGeometry:
    """Return the part of the land to the right of a line moved until so many hectares remain."""
    start, end = (project(Point(place)) for place in along)
    length = start.distance(end)
    # Unit vector to the left of the line: moving the cut that way adds land on the right.
    left = (-(end.y - start.y) / length, (end.x - start.x) / length)

    def right_of(offset: float) -> BaseGeometry:
        middle = affinity.translate(LineString([start, end]), left[0] * offset, left[1] * offset)
        stretched = affinity.scale(middle, 10, 10)
        return areal(stretched.buffer(-10 * length, single_sided=True).intersection(land))

    offset = bisect(lambda value: right_of(value).area, hectares * M2_PER_HA, -WIDEST_M, WIDEST_M)
    return right_of(offset)


def border_side(land: BaseGeometry, hectares: float) -> BaseGeometry:
    """Return the northern part of a commune that measures so many hectares."""
    west, south, east, north = land.bounds

    def above(depth: float) -> BaseGeometry:
        return areal(land.intersection(box(west, north - depth, east, north)))

    return above(bisect(lambda depth: above(depth).area, hectares * M2_PER_HA, 0.0, north - south))


def _whole(lands: Mapping[str, BaseGeometry], codes: tuple[str, ...]) -> BaseGeometry:
    return join([lands[code] for code in codes])
