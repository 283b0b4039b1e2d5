"""Plots as they are shown, decided on and sent out: with ids that tell them apart, without what is about persons."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from qn_geo import i18n
from qn_geo.schema import submitted
from qn_geo.search.text import fold
from qn_geo.settings import settings

if TYPE_CHECKING:
    import geopandas as gpd

_LONGEST: Final = 80  # of an id; what is longer is no id, and no list or sheet has room for it

# Columns that only the file knows are kept, but not those whose names speak of persons.
_PERSON: Final = re.compile(
    r"\b(?:ho (?:va )?ten|ten ?(?:chu|nguoi|csd|vo|chong)\w*|chu ?(?:su dung|sd|ho|dat|so huu)\w*|nguoi\w*|vo|chong"
    r"|cmnd|cccd|cmt|can cuoc|ho chieu|so ?giay ?to|(?:ngay|nam) ?sinh|dien ?thoai|sdt|email|dia ?chi\w*|thuong tru"
    r"|owner\w*|holder\w*|surname|full ?name|birth\w*|passport|phone|mobile|address)\b"
)


def shown(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return plots as read with unique `plot_id` and `row`, and without columns about persons."""
    return public(distinct(raw))


def distinct(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return plots as read with unique `plot_id` and `row`."""
    plots = apart(raw)
    return plots.assign(plot_id=unique_ids(plots))


def public(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return plots without columns about persons, unless the setting `show_personal` allows them.

    Those are `submitted.PERSONAL` and columns of the file whose names say so, such as "CCCD" or "Họ tên vợ".
    """
    if settings().show_personal:
        return plots
    own = [name for name in plots if name.startswith(submitted.OWN)]
    persons = [name for name in own if _PERSON.search(fold(name.removeprefix(submitted.OWN).replace("_", " ")))]
    return plots.drop(columns=[*(name for name in submitted.PERSONAL if name in plots), *persons])


def apart(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return plots whose `row` tells them apart: several may come from one line of a drawing, then they are counted."""
    return plots.assign(row=range(1, len(plots) + 1)) if plots["row"].duplicated().any() else plots


def unique_ids(plots: gpd.GeoDataFrame) -> list[str]:
    """Return the ids that decisions are taken on: the plot's own; with "#" and the row where several share one.

    A plot without an id is named by its row alone. Characters that cannot be seen become blanks, and what is longer
    than any id is cut.

    Args:
        plots: Plots whose rows are unique.
    """
    own = [_clean(value) for value in plots["plot_id"]]
    count = Counter(own)
    taken = {name for name in own if name and count[name] == 1}
    made = []
    for name, row in zip(own, plots["row"].tolist(), strict=True):
        chosen, shared = name, not name or count[name] > 1
        while shared and (chosen == name or chosen in taken):
            chosen = f"{chosen}#{row}"  # which another plot may be called by itself
        taken.add(chosen)
        made.append(chosen)
    return made


def _clean(value: object) -> str:
    text = "" if i18n.is_missing(value) else str(value)
    seen = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return seen if len(seen) <= _LONGEST else f"{seen[: _LONGEST - 1].rstrip()}…"
