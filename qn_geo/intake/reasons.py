"""Why a coordinate system is proposed, and how far off the plots would be if it is another: in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import crs, i18n
from qn_geo.errors import Problem
from qn_geo.intake import planes

if TYPE_CHECKING:
    from qn_geo.intake.evidence import Evidence, Fit
    from qn_geo.intake.planes import Plane

_LONGEST_NAME: Final = 40
_EXPORT: Final = (
    "nếu được, xuất lại tệp trong VN-2000, kinh tuyến trục 107°45', múi 3° (EPSG:5899).",
    "if possible, export the file again in VN-2000 / TM-3 107°45' (EPSG:5899).",
)


@dataclass(frozen=True, slots=True)
class Told:
    """All that the sentences about one proposal draw on.

    Attributes:
        plane: The proposed system.
        swapped: Whether the file has north first.
        factor: What numbers are multiplied with.
        offset: What is added to northings.
        fit: How well it agrees with what is known.
        evidence: What is known.
        named: System the file names, where it is understood.
        named_possible: Whether that system brings the plots to the province.
        apart_m: Distance from where the first proposal places the plots.
        first: Whether this is the first proposal.
        certain: Whether it is certain.
    """

    plane: Plane
    swapped: bool
    factor: float
    offset: float
    fit: Fit
    evidence: Evidence
    named: Plane | None
    named_possible: bool
    apart_m: float
    first: bool
    certain: bool

    def words(self, lang: str) -> str:
        """Return the sentences in "vi" or "en"."""
        pairs = [*self._other(), *self._numbers(), *self._file(), *self._place(), *self._doubt()]
        return " ".join(vi if lang == "vi" else en for vi, en in pairs)

    def _other(self) -> list[tuple[str, str]]:
        if self.first or not self.apart_m >= 1:  # nor when it is not known
            return []
        return [
            (
                f"Nếu đúng là hệ này thì đề xuất đầu tiên lệch {i18n.length(self.apart_m, 'vi')}.",
                f"If this is the system, the first proposal is {i18n.length(self.apart_m, 'en')} off.",
            )
        ]

    def _numbers(self) -> list[tuple[str, str]]:
        said = []
        if self.factor != 1:
            said.append(("Số trong tệp là milimét.", "The numbers are millimetres."))
        if self.swapped:
            said.append(("Tệp ghi bắc (X) trước, đông (Y) sau.", "The file has north (X) first, then east (Y)."))
        elif self.evidence.x_column and self.plane.kind != "degrees":
            name = self.evidence.x_column[:_LONGEST_NAME]
            said.append(
                (
                    f"Cột “{name}” chứa tọa độ đông, trái với quy ước X là bắc; đã đọc đảo trục.",
                    f"Column “{name}” holds eastings, although X is north by convention; the axes were read swapped.",
                )
            )
        if self.offset:
            figure = int(self.offset)
            said.append(
                (
                    f"Tọa độ bắc bị cắt chữ số đầu; phải cộng {i18n.number(figure, 'vi')}.",
                    f"Leading digits of the northings were cut; {i18n.number(figure, 'en')} is to be added.",
                )
            )
        return said

    def _file(self) -> list[tuple[str, str]]:
        if self.named is not None and self.named == self.plane:
            return [("Tệp ghi hệ này.", "The file names this system.")]
        return [self._against_file()] if self.first else []

    def _against_file(self) -> tuple[str, str]:
        """Return how the first proposal stands to what the file names."""
        if self.evidence.stored is None:
            return "Tệp không ghi hệ tọa độ.", "The file names no system."
        if self.named is None:
            return "Hệ ghi trong tệp không dùng được.", "The system named in the file is of no use."
        if planes.meant(self.named) == self.plane:
            return (
                "Tệp ghi phép chiếu này nhưng trên WGS 84, thường do phần mềm tự ghi.",
                "The file names this projection, but on WGS 84, which programs often write by habit.",
            )
        if self.named_possible:
            return f"Nhưng tệp ghi {self.named.vi}.", f"But the file names {self.named.en}."
        return (
            f"Tệp ghi {self.named.vi}, nhưng theo đó các lô nằm ngoài tỉnh.",
            f"The file names {self.named.en}, but that puts the plots outside the province.",
        )

    def _place(self) -> list[tuple[str, str]]:
        said = []
        if self.fit.zone is not None:
            vi, en = self.evidence.zone_vi or "khu đã chọn", self.evidence.zone_en or "the chosen zone"
            far = self.fit.metres
            if self.fit.supported or far == 0:
                said.append((f"Các lô nằm ở {vi}.", f"The plots lie in {en}."))
            else:
                said.append(
                    (
                        f"Các lô cách {vi} {i18n.length(far, 'vi')}.",
                        f"The plots lie {i18n.length(far, 'en')} from {en}.",
                    )
                )
        if self.fit.commune is not None:
            share = self.fit.commune * 100
            said.append(
                (
                    f"{i18n.percent(share, 'vi', 0)} số lô nằm đúng xã theo mã xã.",
                    f"{i18n.percent(share, 'en', 0)} of the plots lie in the commune of their code.",
                )
            )
        if self.fit.land == 0:
            said.append(("Các lô nằm ngoài biển hoặc ngoài tỉnh.", "The plots lie at sea or outside the province."))
        elif not self.fit.shares:
            said.append(("Các lô nằm trong tỉnh.", "The plots lie in the province."))
        if self.first and not self.fit.shares:
            said.append(
                (
                    "Chưa có khu hoặc mã xã để đối chiếu vị trí.",
                    "No zone and no commune codes were there to confirm the place.",
                )
            )
        return said

    def _doubt(self) -> list[tuple[str, str]]:
        if self.certain or not self.first:
            return []
        return [("Cần xác nhận.", "Please confirm.")]


def converted(plane: Plane) -> list[Problem]:
    """Return what is to be known about plots whose file is not in the province's own system: they were converted."""
    said = []
    if plane.datum == "wgs84":
        said.append(
            Problem(
                "tọa độ WGS 84 đã chuyển sang VN-2000, sai số khoảng 1 m.",
                "WGS 84 coordinates were converted to VN-2000, with an error of about 1 m.",
                remedy_vi=_EXPORT[0],
                remedy_en=_EXPORT[1],
            )
        )
    own = planes.PLANES[crs.TM3]
    if plane.code != crs.WGS84 and (plane.meridian, plane.scale) != (own.meridian, own.scale):
        said.append(
            Problem(
                f"tệp không theo kinh tuyến trục của tỉnh (107°45') mà theo {plane.vi}; đã chuyển đổi.",
                f"the file is not on the province's central meridian (107°45') but in {plane.en}; it was converted.",
                remedy_vi=_EXPORT[0],
                remedy_en=_EXPORT[1],
            )
        )
    return said


def outside() -> tuple[str, str]:
    """Return what is said of a system somebody chose although it puts the plots outside the province."""
    return (
        "Do người dùng chọn; theo hệ này các lô nằm ngoài tỉnh.",
        "Chosen by the user; it puts the plots outside the province.",
    )
