from __future__ import annotations

from qn_geo import figures


def test_sources_in_notes_become_publishers_without_brackets_of_their_own():
    told = figures.readable("Neo vào trạm thu phí (pv-geo5). Vẽ theo hiểu biết (general-geography), xem g08.")
    assert (
        told
        == "Neo vào trạm thu phí (public GitHub repository). Vẽ theo hiểu biết (general knowledge), xem Vietnam.vn."
    )
