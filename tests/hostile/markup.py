"""XML and what it asks for."""

from __future__ import annotations

from tests.hostile import maker, simple
from tests.plot_files import pack

PLACEMARK = (
    "<Placemark><name>12</name><Polygon><outerBoundaryIs><LinearRing><coordinates>107,21 107.001,21 107.001,21.001 "
    "107,21</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


def kml(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n{before}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n{inside}</Document></kml>'.encode()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))
simple(
    "kml-entities",
    "KML nhân thực thể (billion laughs) | KML that multiplies entities (billion laughs)",
    lambda: {"a.kml": kml("<name>&a9;</name>", f"<!DOCTYPE kml [{LAUGHS}]>")},
)
simple(
    "kml-entities-utf16",
    "như trên, ghi bằng UTF-16 | the same in UTF-16",
    lambda: {
        "a.kml": kml("<name>&a9;</name>", f"<!DOCTYPE kml [{LAUGHS}]>")
        .decode()
        .replace('"1.0"', '"1.0" encoding="UTF-16"', 1)
        .encode("utf-16")
    },
)
simple(
    "kml-file",
    "KML đòi đọc tệp của máy chủ | KML that asks for a file of the server",
    lambda: {"a.kml": kml(f"<name>&x;</name>{PLACEMARK}", '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>')},
)
simple("kml-deep", "KML lồng 100.000 tầng | KML nested 100,000 deep", lambda: {"a.kml": kml("<Folder>" * 100_000)})
simple("kml-broken", "KML sai cú pháp | malformed KML", lambda: {"a.kml": kml("<Placemark></Folder>")})
simple(
    "kml-encoding",
    "KML khai bảng mã không có | KML of an unknown encoding",
    lambda: {"a.kml": b'<?xml version="1.0" encoding="klingon-8"?><kml></kml>'},
)
simple("kml-empty", "KML không có hình | KML without a shape", lambda: {"a.kml": kml("<name>x</name>")})


@maker("KML đòi tải DTD từ máy khác | KML that asks for a DTD elsewhere")
def kml_dtd(_folder, address):
    return {"a.kml": kml(PLACEMARK, f'<!DOCTYPE kml SYSTEM "{address}/kml.dtd">')}


@maker("KML chỉ có liên kết tới máy khác | KML of a link to another host only")
def kml_link(_folder, address):
    return {"a.kml": kml(f"<NetworkLink><Link><href>{address}/a.kml</href></Link></NetworkLink>")}


@maker("KML có dữ liệu và liên kết | KML with data and a link")
def kml_link_beside(_folder, address):
    link = f"<NetworkLink><Link><href>{address}/a.kml</href></Link></NetworkLink>"
    return {"a.kmz": pack({"doc.kml": kml(PLACEMARK + link)})}


@maker("GML đòi đọc tệp của máy chủ | GML that asks for a file of the server")
def gml_file(_folder, _address):
    return {"a.gml": gml("<name>&x;</name>", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')}


@maker("GML có hình nằm ở máy khác | GML whose shape lies elsewhere")
def gml_link(_folder, address):
    return {
        "a.gml": gml(
            f'<gml:featureMember><t:thua><t:g xlink:href="{address}/g.gml"/><t:so>1</t:so></t:thua></gml:featureMember>'
        )
    }


@maker("GML có lược đồ ở máy khác | GML whose schema lies elsewhere")
def gml_schema(_folder, address):
    where = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="t {address}/t.xsd"'
    return {"a.gml": gml("<gml:featureMember><t:thua><t:so>1</t:so></t:thua></gml:featureMember>", more=where)}


def gml(inside: str, before: str = "", more: str = "") -> bytes:
    spaces = 'xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:t="t"'
    return (
        f'<?xml version="1.0"?>{before}<gml:FeatureCollection {spaces}{more}>{inside}</gml:FeatureCollection>'.encode()
    )


simple(
    "vrt",
    "VRT trỏ tới tệp máy chủ | VRT that points to a file of the server",
    lambda: {
        "a.gml": b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
        b"</OGRVRTLayer></OGRVRTDataSource>"
    },
)
simple(
    "html",
    "trang báo lỗi tải nhầm | a downloaded error page",
    lambda: {"thua.geojson": b"<!DOCTYPE html><html><body>404</body></html>"},
)
