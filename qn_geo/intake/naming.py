"""Columns of a file to the canonical ones of `qn_geo.schema.submitted`, by the names they have been seen under.

Case, marks, underscores and units in brackets do not count, and a shapefile's cut at ten characters is allowed for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from qn_geo.search import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Seen in public sources: the land data base of the ministry, VBDLIS exports and published parcel services. In each row
# the likelier name comes first; a file that has two of them keeps the other one under its own name.
SEEN: Final[Mapping[str, Sequence[str]]] = {
    "sheet_no": ("SoHieuToBanDo", "so_to"),
    "parcel_no": ("SoThuTuThua", "so_thua"),
    "old_sheet_no": ("SoHieuToBanDoCu",),
    "old_parcel_no": ("SoThuTuThuaCu",),
    "area_m2": ("DienTich",),
    "area_legal_m2": ("DienTichPhapLy",),
    "landuse_code": ("KyHieuMucDichSuDung", "MDSD"),
    "holder": ("TenChu",),
    "address": ("DiaChi",),
    "commune_code": ("MaXa", "KVHCID", "xaId"),
    "source_id": ("ThuaDatId", "OBJECTID"),
}
# Not seen in a source, but plausible: what offices and the templates of planning packages call these things.
KNOWLEDGE: Final[Mapping[str, Sequence[str]]] = {
    "plot_id": (
        "MaLo", "KyHieuLo", "Ký hiệu ô đất", "KyHieuODat", "KyHieuKhuDat", "Ký hiệu lô đất", "TenLo", "SoLo", "Lô số",
        "Lô đất", "Tên lô đất", "MaLoDat", "Lô", "PlotId", "plot_no", "plot", "lot", "maDoiTuong", "Ký hiệu", "Name",
    ),
    "sheet_no": (
        "SHTo", "SHBanDo", "Số tờ bản đồ", "Tờ bản đồ", "Tờ số", "ToBanDo", "SoHieuTo", "Tờ", "sheet", "sheet_no",
    ),
    "parcel_no": (
        "SHThua", "Số thửa đất", "Thửa đất số", "Thửa số", "ThuaDat", "Thửa", "SoHieuThua", "parcel", "parcel_no",
    ),
    "old_sheet_no": ("SoToCu", "Tờ bản đồ cũ"),
    "old_parcel_no": ("SoThuaCu", "Thửa cũ"),
    "area_m2": (
        "DTich", "DT", "Diện tích đo đạc", "Diện tích lô đất", "area", "area_m2", "Tổng diện tích", "Shape_Area",
    ),
    "area_legal_m2": (
        "DTPL", "Diện tích trên giấy", "Diện tích giấy tờ", "Diện tích theo giấy chứng nhận", "DienTichGCN",
        "area_legal",
    ),
    "landuse_code": (
        "LoaiDat", "KHLD", "MaLoaiDat", "MLD", "Mục đích sử dụng", "Mục đích sử dụng đất", "Mã loại đất", "MaMDSD",
        "KyHieuLoaiDat", "Ký hiệu loại đất", "KyHieuDat", "landuse", "landuse_code", "MucDichSD", "ChucNang",
        "Chức năng sử dụng đất",
    ),
    "commune_code": ("MaDVHC", "Mã đơn vị hành chính", "MaDVHCXa", "MaPhuongXa", "commune_code"),
    "address": ("XuDong", "Địa chỉ thửa đất", "Vị trí", "address"),
    "holder": (
        "TenCSD", "HoTen", "Chủ sử dụng", "Chủ sử dụng đất", "Tên chủ sử dụng", "Người sử dụng đất", "TenChuSuDung",
        "owner",
    ),
    "source_id": ("GlobalID", "Mã thửa đất", "MaThua", "fid"),
    "density_pct": ("MDXD", "Mật độ xây dựng", "Mật độ xây dựng tối đa", "MatDo", "MatDoXD", "density", "density_pct"),
    "green_pct": ("Tỷ lệ cây xanh", "Mật độ cây xanh", "TyLeCX", "TLCX", "CayXanh", "green", "green_pct"),
    "floors": ("TangCao", "SoTang", "Tầng cao tối đa", "Số tầng cao", "Tầng", "floors", "storeys"),
    "height_m": ("ChieuCao", "Chiều cao tối đa", "Chiều cao công trình", "CaoCT", "height", "height_m"),
    "setback_m": ("KhoangLui", "Khoảng lùi tối thiểu", "KLui", "ChiGioiXayDung", "setback", "setback_m"),
}  # fmt: skip

_CUT: Final = 10  # a shapefile keeps so many characters of a name
_LEAST: Final = 6  # fewer letters in common mean nothing
_NUMBERED: Final = re.compile(r"(.{4,8})_(\d)")
_BRACKETS: Final = re.compile(r"[(\[{].*?[)\]}]|,.*$")
_HECTARES: Final = re.compile(r"(?i)(?:^|[^a-z])ha(?:$|[^a-z])")
_UNIT_WORDS: Final = frozenset({"m2", "ha", "m", "pct"})


def propose(columns: Iterable[str]) -> dict[str, str | None]:
    """Return the canonical column each column of a file means, or None; no canonical one twice.

    Args:
        columns: Names as in the file, decoded, in its order.
    """
    names = list(columns)
    proposed: dict[str, str | None] = dict.fromkeys(names)
    known = _known()
    # The likeliest name of each canonical column wins, whatever the order in the file.
    for name in sorted(names, key=lambda name: (known.get(_key(name), (0, ""))[0], in_hectares(name))):
        canonical = known.get(_key(name), (0, None))[1]
        proposed[name] = canonical if canonical not in proposed.values() else None
    for name in names:
        if proposed[name] is None and _key(name) not in known:
            proposed[name] = next((one for one in _of_cut(name) if one not in proposed.values()), None)
    return proposed


def is_knowledge(column: str) -> bool:
    """Return whether a column's name was never seen in a source, only expected."""
    keys = {_key(name) for names in SEEN.values() for name in names}
    return _key(column) not in keys and not any(key.startswith(_key(column)) for key in keys)


def in_hectares(column: str) -> bool:
    """Return whether a column's name says that its areas are in hectares: "Diện tích (ha)", "DT_ha"."""
    return _HECTARES.search(text.fold(column.replace("_", " "))) is not None


def _key(name: str) -> str:
    words = text.fold(_BRACKETS.sub(" ", name)).split() or text.fold(name).split()
    while len(words) > 1 and words[-1] in _UNIT_WORDS:
        words.pop()
    return "".join(words)


@lru_cache(maxsize=1)
def _known() -> Mapping[str, tuple[int, str]]:
    """Return rank and canonical column by folded name."""
    known: dict[str, tuple[int, str]] = {}
    for table in (SEEN, KNOWLEDGE):
        for canonical, names in table.items():
            for name in (*names, canonical):
                known.setdefault(_key(name), (len(known), canonical))
    return known


def _of_cut(name: str) -> list[str]:
    """Return what a name cut at ten characters may be; several only when it was numbered to be told from another."""
    numbered = _NUMBERED.fullmatch(name) if len(name) == _CUT else None
    stem = _key(numbered[1] if numbered else name)
    if len(name) != _CUT or len(stem) < _LEAST:
        return []
    fitting = sorted((len(key), canonical) for key, (_, canonical) in _known().items() if key.startswith(stem))
    canonical = list(dict.fromkeys(canonical for _, canonical in fitting))
    return canonical if numbered else canonical[:1]
