"""What is answered before anybody has seen a file: the questions that a page would ask one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qn_geo.errors import QnGeoError
from qn_geo.intake.proposals import Choices

if TYPE_CHECKING:
    from qn_geo.intake.proposals import Reading


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a file; the rest is taken as proposed, if that is certain.

    Attributes:
        system: Reference system of the numbers, such as "EPSG:5899"; None takes the one that is certain.
        encoding: Encoding of all texts; None takes the likeliest of each column.
        take_first: Take the first proposal where the reference system is in doubt, instead of refusing.
        zone_id: Zone the plots are said to lie in: evidence for the reference system.
    """

    system: str | None = None
    encoding: str | None = None
    take_first: bool = False
    zone_id: str | None = None

    def choices(self, layer: Reading) -> Choices:
        """Return the choices that follow for a layer.

        Raises:
            QnGeoError: If its reference system is neither certain, nor known, nor to be taken as proposed.
        """
        proposal = next((item for item in layer.proposed if self.system in {None, item.system}), None)
        system, swapped = self.system, None
        if proposal is not None and (proposal.certain or self.take_first):
            system, swapped = proposal.system, proposal.swapped
        if system is None:
            raise _undecided(layer)
        encodings = dict.fromkeys(layer.encodings, self.encoding) if self.encoding else {}
        return Choices(layer.plots.name, encodings, system=system, swapped=swapped, zone_id=self.zone_id)


def _undecided(layer: Reading) -> QnGeoError:
    """Say which reference systems are possible and how to choose one."""
    vi = "; ".join(f"{item.system} ({item.reason_vi})" for item in layer.proposed)
    en = "; ".join(f"{item.system} ({item.reason_en})" for item in layer.proposed)
    return QnGeoError(
        f"Chưa chắc hệ tọa độ. Có thể là: {vi or 'không hệ nào đưa các lô vào Quảng Ninh'}.",
        f"The reference system is not certain. Possible: {en or 'none brings the plots to Quảng Ninh'}.",
        remedy_vi="chọn bằng --crs, ví dụ --crs EPSG:5899, hoặc --yes để lấy đề xuất đầu tiên; --zone giúp xác định.",
        remedy_en="choose with --crs, such as --crs EPSG:5899, or --yes to take the first; --zone helps to tell.",
    )
