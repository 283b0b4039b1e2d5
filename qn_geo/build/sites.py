"""What the published descriptions say about the place of each park and cluster, in the terms that `placing` needs.

Points, areas and accuracies are in `zones.csv`; here stands what its extent text adds: the commune, the side of a road
or river, the share that lies on land. Every choice that is ours and not the source's is explained in a note.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """Where and how a zone lies.

    Attributes:
        communes: Codes of the present communes its extent names; empty for any.
        side: A transport link it lies beside and on which side of it (N, E, S, W, NE, ...).
        near: A better known point within the published accuracy, WGS 84.
        outline: Key of `placing.OUTLINES`.
        aspect: Length over width before fitting.
        drawn_ha: Area to draw where it differs from the published `area_ha`.
        bearing_deg: Direction of the long side, degrees from east to north; None takes that of the nearest
            road or shore.
        served_by: Links that end inside it and may therefore cross it.
        sea_m: How far from the shore it may lie, for parks whose source counts water or reclaimed land.
        note_vi: Remark for the record, Vietnamese.
        note_en: The same in English.
    """

    communes: tuple[str, ...] = ()
    side: tuple[str, str] | None = None
    near: tuple[float, float] | None = None
    outline: str = "cut"
    aspect: float = 1.4
    drawn_ha: float | None = None
    bearing_deg: float | None = None
    served_by: tuple[str, ...] = ()
    sea_m: float = 0.0
    note_vi: str = ""
    note_en: str = ""


MONG_CAI_1, MONG_CAI_3 = "06712", "06736"
QUANG_HA, QUANG_DUC = "06922", "06931"
QUANG_YEN, DONG_MAI, HIEP_HOA, HA_AN, LIEN_HOA, PHONG_COC = "07132", "07135", "07147", "07168", "07180", "07183"
VIET_HUNG, BAI_CHAY, HOANG_QUE, DONG_TRIEU, TIEN_YEN, VAN_DON = "06661", "06673", "07114", "07093", "06862", "06994"

HINTS: dict[str, Hint] = {
    "kcn-hai-yen": Hint(communes=(MONG_CAI_3,), side=("ql18-hai-ha-mong-cai", "S"), outline="step"),
    "ccn-hai-yen": Hint(communes=(MONG_CAI_3,), outline="cut"),
    "ccn-luc-lam-1": Hint(communes=(MONG_CAI_1,), outline="wedge", aspect=1.6),
    "kcn-cang-bien-hai-ha": Hint(
        communes=(QUANG_HA,),
        near=(107.715, 21.408),
        outline="cut",
        aspect=1.5,
        bearing_deg=25.0,
        sea_m=1500.0,
        note_vi="Nguồn nêu gần 5.000 ha gồm phần công nghiệp và phần cảng biển; hình vẽ vì vậy gồm cả vùng nước ven bờ "
        "trước xã Quảng Hà.",
        note_en="The source gives nearly 5,000 ha in an industrial and a seaport part; the shape therefore takes in "
        "water off the shore of Quảng Hà commune.",
    ),
    "kcn-texhong-hai-ha": Hint(communes=(QUANG_HA,), near=(107.704, 21.425), outline="cut", bearing_deg=25.0),
    "ccn-quang-thanh": Hint(
        communes=(QUANG_DUC,),
        outline="wedge",
        note_vi="Xã Quảng Thành cũ nay thuộc xã Quảng Đức, nên cụm được đặt ở phía nam xã này.",
        note_en="Former Quảng Thành is part of the present Quảng Đức commune, so the cluster is set in its south.",
    ),
    "kcn-dong-mai": Hint(communes=(DONG_MAI,), outline="cut"),
    "ccn-dong-mai": Hint(communes=(DONG_MAI,), outline="wedge"),
    "kcn-song-khoai": Hint(communes=(HIEP_HOA,), near=(106.808, 20.980), outline="step", bearing_deg=12.0),
    "kcn-bac-tien-phong": Hint(
        communes=(LIEN_HOA,),
        near=(106.857, 20.853),
        outline="cut",
        aspect=1.3,
        note_vi="1.192,9 ha gồm đất và mặt nước; ranh xã Liên Hòa của lớp nền đã gồm bãi triều nên toàn bộ hình nằm "
        "trong ranh xã. Đặt về phía các bến cảng đã có tọa độ, trong sai số của điểm công bố.",
        note_en="The 1,192.9 ha count land and water; the commune outline of Liên Hòa holds the tidal flats, so the "
        "whole shape lies inside it. Set towards the located ports, within the accuracy of the published point.",
    ),
    "kcn-nam-tien-phong": Hint(
        communes=(LIEN_HOA,),
        near=(106.838, 20.826),
        outline="cut",
        drawn_ha=366.3,
        note_vi="Chỉ vẽ 366,3 ha nằm trong địa giới Quảng Ninh; 121,1 ha còn lại của 487,4 ha nằm ngoài.",
        note_en="Only the 366.3 ha inside Quảng Ninh are drawn; the other 121.1 of 487.4 ha lie outside.",
    ),
    "kcn-bach-dang": Hint(communes=(LIEN_HOA,), side=("exp-hai-phong-ha-long", "SE"), outline="wedge"),
    "ccn-van-don": Hint(communes=(VAN_DON,), outline="cut"),
    "kcn-dong-bac-san-bay-van-don": Hint(communes=(VAN_DON,), outline="step", aspect=1.6),
    "kcn-cai-lan": Hint(
        communes=(BAI_CHAY, VIET_HUNG), outline="step", served_by=("rail-ha-long-cai-lan", "rail-yen-vien-cai-lan")
    ),
    "kcn-viet-hung": Hint(communes=(VIET_HUNG,), side=("exp-ha-long-van-don", "E"), outline="wedge"),
    "kcn-dong-trieu": Hint(communes=(DONG_TRIEU,), outline="cut"),
    "ccn-yen-tho": Hint(communes=(HOANG_QUE,), outline="cut"),
    "ccn-yen-than": Hint(communes=(TIEN_YEN,), outline="wedge"),
}
