"""Where the named projects of the Vân Đồn economic zone lie, as far as names and general knowledge say.

Their areas are published, their outlines are not: each is set near the place in its name, as a schematic cell.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Precinct:
    """A site shared by the rows of one group, or one row.

    Attributes:
        rows: Vietnamese use names (`use_name_vi`) drawn on it, each with its manner (see `layout`).
        point: Its middle, WGS 84.
        reach_m: How far the middle may move to find room.
        outline: Key of `placing.OUTLINES`.
        aspect: Length over width.
        bearing_deg: Direction of the long side from east to north; None takes that of the nearest road or shore.
        within: A zone whose drawn outline is the precinct, or a part of it.
    """

    rows: tuple[tuple[str, str], ...]
    point: tuple[float, float]
    reach_m: float
    outline: str = "cut"
    aspect: float = 1.4
    bearing_deg: float | None = None
    within: str | None = None


KKT_VAN_DON = "kkt-van-don"

# The airport comes first: its runway is the one well located thing (107.4080 21.1058 to 107.4230 21.1351).
VAN_DON: tuple[Precinct, ...] = (
    Precinct(
        rows=(("Cảng hàng không quốc tế Vân Đồn", "lots"),),
        point=(107.4155, 21.1205),
        reach_m=300.0,
        outline="cut",
        aspect=4.2,
        bearing_deg=64.4,
    ),
    Precinct(
        rows=(("Cụm công nghiệp Vân Đồn", "lots"),),
        point=(107.39, 21.08),
        reach_m=0.0,
        within="ccn-van-don",
    ),
    Precinct(
        rows=(("KCN phía Bắc sân bay Vân Đồn", "lots"),),
        point=(107.424, 21.150),
        reach_m=2500.0,
        outline="cut",
        within="kcn-dong-bac-san-bay-van-don",
    ),
    Precinct(
        rows=(("Khu đô thị thương mại dịch vụ Đông Nam sân bay (khu B)", "lots"),),
        point=(107.428, 21.105),
        reach_m=1500.0,
        outline="wedge",
    ),
    Precinct(
        rows=(("Khu đô thị thương mại dịch vụ Đông Bắc sân bay (khu C)", "lots"),),
        point=(107.447, 21.140),
        reach_m=2000.0,
        outline="step",
    ),
    Precinct(
        rows=(("Khu đô thị tại phân khu 1 và 2, khu đô thị Cái Rồng", "lots"),),
        point=(107.418, 21.067),
        reach_m=1500.0,
        outline="cut",
    ),
    Precinct(
        rows=(
            ("Monbay Vân Đồn - đất thực hiện dự án", "lots"),
            ("Monbay Vân Đồn - di chỉ khảo cổ Ba Vũng", "far"),
            ("Monbay Vân Đồn - đường trục Cái Rồng", "road"),
        ),
        point=(107.446, 21.078),
        reach_m=2000.0,
        outline="wedge",
        aspect=1.8,
    ),
    Precinct(
        rows=(("Khu phức hợp đô thị nghỉ dưỡng giải trí cao cấp Vạn Yên", "lots"),),
        point=(107.500, 21.125),
        reach_m=4000.0,
        outline="step",
        aspect=1.8,
    ),
    Precinct(
        rows=(
            ("Khu dịch vụ du lịch phức hợp cao cấp - đất xây dựng", "lots"),
            ("Khu dịch vụ du lịch phức hợp cao cấp - rừng phòng hộ", "far"),
            ("Khu dịch vụ du lịch phức hợp cao cấp - rừng sản xuất", "far"),
        ),
        point=(107.530, 21.145),
        reach_m=4000.0,
        outline="cut",
        aspect=1.6,
    ),
)
