"""Drawings and MapInfo tables."""

from __future__ import annotations

from tests import plot_files
from tests.hostile import OLE, maker, simple


@maker("DXF tải dở | incomplete DXF")
def dxf_truncated(folder, _address):
    return {"a.dxf": plot_files.dxf(folder).read_bytes()[:3_000]}


@maker("DXF có khối lồng nhau nhân lên 10^12 lần | DXF whose nested blocks multiply to 10^12")
def dxf_blocks(_folder, _address):
    line = "0\nLINE\n8\n10\n10\n0\n20\n0\n11\n1\n21\n1\n"
    blocks = f"0\nBLOCK\n2\nB0\n10\n0\n20\n0\n{line}0\nENDBLK\n"
    for depth in range(1, 13):
        inserts = f"0\nINSERT\n8\n10\n2\nB{depth - 1}\n10\n1\n20\n1\n" * 10
        blocks += f"0\nBLOCK\n2\nB{depth}\n10\n0\n20\n0\n{inserts}0\nENDBLK\n"
    text = (
        f"0\nSECTION\n2\nBLOCKS\n{blocks}0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
        "0\nINSERT\n8\n10\n2\nB12\n10\n0\n20\n0\n0\nENDSEC\n0\nEOF\n"
    )
    return {"a.dxf": text.encode()}


@maker("DXF có tọa độ NaN | DXF with NaN coordinates")
def dxf_nan(folder, _address):
    return {"a.dxf": plot_files.dxf(folder).read_bytes().replace(b"404020.0", b"nan")}


simple(
    "dxf-empty",
    "DXF không có đối tượng | DXF without anything drawn",
    lambda: {"a.dxf": b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"},
)
simple("dwg", "bản vẽ DWG | DWG drawing", lambda: {"a.dxf": b"AC1032" + bytes(200)})
simple(
    "dgn-v8",
    "bản vẽ DGN V8 | DGN V8 drawing",
    lambda: {"a.dgn": OLE + "Dgn~H".encode("utf-16-le")},
)


@maker("DGN bị cắt cụt | DGN cut short")
def dgn_truncated(folder, _address):
    return {"a.dgn": plot_files.dgn(folder).read_bytes()[:1_000]}


simple(
    "tab-elsewhere",
    "bảng MapInfo trỏ tới tệp máy chủ | MapInfo table that points to a file of the server",
    lambda: {"a.tab": b'!table\n!version 300\n\nDefinition Table\n  File "/etc/passwd"\n  Type "RASTER"\n'},
)
simple(
    "tab-alone",
    "chỉ có .tab, thiếu .dat và .map | .tab without .dat and .map",
    lambda: {
        "a.tab": b"!table\n!version 300\n!charset Neutral\n\nDefinition Table\n"
        b'  Type NATIVE Charset "Neutral"\n  Fields 1\n    a Char (9) ;\n'
    },
)
simple(
    "mif-counts",
    "MIF khai số đỉnh quá lớn | MIF that claims too many vertices",
    lambda: {
        "a.mif": b'Version 300\nCharset "Neutral"\nDelimiter ","\nColumns 1\n  a Char(9)\nData\n\n'
        b"Region 1\n  2000000000\n0 0\n1 1\n",
        "a.mid": b'"x"\n',
    },
)
