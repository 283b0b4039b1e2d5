"""Archives and what hides in them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

from tests import plot_files
from tests.hostile import GEOJSON, NOISE, maker, simple
from tests.hostile.markup import kml
from tests.plot_files import pack

NAMES = {
    "path-up": ("../../evil.geojson", "có đường dẫn lên thư mục trên | with a path upwards"),
    "path-up-windows": (
        "..\\..\\evil.geojson",
        "có đường dẫn lên trên kiểu Windows | with a path upwards as Windows writes it",
    ),
    "path-absolute": ("/evil.geojson", "có đường dẫn tuyệt đối | with an absolute path"),
    "path-drive": ("C:\\evil.geojson", "có ổ đĩa trong tên | with a drive letter in a name"),
    "name-control": ("a\nevil.geojson", "có ký tự điều khiển trong tên | with control characters in a name"),
    "name-long": ("a" * 300, "có tên tệp 300 ký tự | with a name of 300 letters"),
}
for key, (path, title) in NAMES.items():
    simple(f"zip-{key}", f"ZIP {title.replace('| ', '| ZIP ')}", lambda path=path: {"goi.zip": pack({path: GEOJSON})})


def special(mode: int) -> dict[str, bytes]:
    entry = zipfile.ZipInfo("evil.geojson")
    entry.external_attr = (mode | 0o777) << 16
    return {"goi.zip": pack({entry: b"/etc/passwd"})}


simple("zip-symlink", "ZIP chứa liên kết tượng trưng | ZIP with a symbolic link", lambda: special(stat.S_IFLNK))
simple("zip-device", "ZIP chứa tệp thiết bị | ZIP with a device file", lambda: special(stat.S_IFCHR))
simple(
    "zip-nested",
    "ZIP lồng trong ZIP | ZIP within a ZIP",
    lambda: {"goi.zip": pack({"trong.zip": pack({"thua.geojson": GEOJSON})})},
)
simple(
    "zip-nested-kmz",
    "KMZ lồng trong ZIP | KMZ within a ZIP",
    lambda: {"goi.zip": pack({"a.kmz": pack({"doc.kml": kml("")})})},
)
simple(
    "zip-nested-gzip",
    "GZIP trong ZIP | GZIP within a ZIP",
    lambda: {"goi.zip": pack({"a.gz": b"\x1f\x8b\x08\x00" + NOISE[:99]})},
)
simple(
    "zip-duplicate",
    "ZIP có hai tệp cùng tên | ZIP with two files of one name",
    lambda: {"goi.zip": pack({"thua.geojson": GEOJSON, "THUA.GEOJSON": GEOJSON})},
)
simple(
    "zip-many",
    "ZIP có 3.000 tệp | ZIP of 3,000 files",
    lambda: {"goi.zip": pack({f"{number}.txt": b"" for number in range(3_000)})},
)
simple("zip-empty", "ZIP rỗng | empty ZIP", lambda: {"goi.zip": pack({})})
simple(
    "zip-pictures",
    "ZIP chỉ có ảnh và PDF | ZIP of pictures and PDF only",
    lambda: {"goi.zip": pack({"a.png": b"\x89PNG\x00", "b.pdf": b"%PDF-1.4"})},
)
simple(
    "zip-bomb",
    "bom nén: 60 MB số không | bomb: 60 MB of zeros",
    lambda: {"goi.zip": pack({"thua.geojson": bytes(60_000_000)})},
)
simple(
    "zip-large",
    "ZIP giải nén vượt giới hạn | ZIP that unpacks to more than allowed",
    lambda: {"goi.zip": pack({f"{n}.csv": NOISE * 12 for n in range(20)}, zipfile.ZIP_STORED)},
)
simple(
    "zip-truncated",
    "ZIP tải dở | incomplete ZIP",
    lambda: {"goi.zip": pack({"thua.geojson": GEOJSON * 40}, zipfile.ZIP_STORED)[:900]},
)


@maker("Bom nén có các mục chồng lên nhau | bomb of overlapping entries")
def zip_overlap(_folder, _address):
    content = bytearray(pack({"0.geojson": b"0" * 9_000_000, "1.geojson": b"1"}))
    central = content.index(b"PK\x01\x02")
    entry = content[central : content.index(b"PK\x01\x02", central + 4)]
    end = content.index(b"PK\x05\x06")
    copies = b"".join(bytes(entry).replace(b"0.geojson", b"%03d.json" % number) for number in range(900))
    tail = bytearray(content[end:])
    struct.pack_into("<HHLL", tail, 8, 900, 900, len(copies), central)
    return {"goi.zip": bytes(content[:central]) + copies + bytes(tail)}


@maker("ZIP có mật khẩu | ZIP with a password")
def zip_password(_folder, _address):
    content = bytearray(pack({"thua.geojson": GEOJSON}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return {"goi.zip": bytes(content)}


@maker("ZIP sai mã kiểm tra | ZIP with a wrong checksum")
def zip_checksum(_folder, _address):
    content = bytearray(pack({"thua.geojson": GEOJSON}, zipfile.ZIP_STORED))
    content[content.index(b"Feature")] ^= 1
    return {"goi.zip": bytes(content)}


@maker("ZIP khai sai kích thước | ZIP that lies about a size")
def zip_size_lie(_folder, _address):
    content = bytearray(pack({"thua.geojson": GEOJSON * 100}))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 5)
    return {"goi.zip": bytes(content)}


@maker("ZIP dùng kiểu nén lạ | ZIP packed by an unknown method")
def zip_method(_folder, _address):
    content = bytearray(pack({"thua.geojson": GEOJSON}))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + place, 99)
    return {"goi.zip": bytes(content)}


@maker("Vừa là PDF vừa là ZIP | PDF and ZIP at once")
def pdf_zip(_folder, _address):
    return {"thua.zip": b"%PDF-1.7\n" + pack({"thua.geojson": GEOJSON})}


@maker("File geodatabase bị cắt cụt | file geodatabase cut short")
def gdb_truncated(folder, _address):
    with zipfile.ZipFile(io.BytesIO(plot_files.geodatabase(folder))) as archive:
        return {"plan.zip": pack({name: archive.read(name)[:60] for name in archive.namelist()})}


@maker("File geodatabase chứa rác | file geodatabase of noise")
def gdb_noise(folder, _address):
    with zipfile.ZipFile(io.BytesIO(plot_files.geodatabase(folder))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return {"plan.zip": pack({name: old[:40] + NOISE[: len(old)] for name, old in content.items()})}
