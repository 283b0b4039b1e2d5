"""The years a person can choose: those of which figures tell, and the horizons of plans."""

from __future__ import annotations

from typing import Final

from qn_geo import i18n

ACTUAL_YEARS: Final = tuple(range(2010, 2027))
HORIZONS: Final = (2030, 2035, 2040, 2045, 2050)
YEARS: Final = ACTUAL_YEARS + HORIZONS
THIS_YEAR: Final = ACTUAL_YEARS[-1]  # of the newest data, not of the clock: both must not differ between two machines


def ahead(year: int) -> bool:
    """Tell whether a year is a plan horizon, so that plans take the place of what has happened."""
    return year in HORIZONS


def year_name(year: int, lang: str) -> str:
    """Return a year as a scene says it: an actual one, or up to which plans reach."""
    _ = i18n.translator(lang)
    return (_("plan to {year}") if ahead(year) else _("year {year}")).format(year=year)
