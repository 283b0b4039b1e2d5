"""What a story is: a title, a language and scenes, each of which says what to show and what to say.

The models hold everything that can be judged without the data: texts in NFC without control characters, closed lists,
limits. Whether a zone or a figure exists is for `qn_geo.stories.parsing`, which looks at the data.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from qn_geo import charts, crs, style
from qn_geo.horizons import THIS_YEAR, YEARS
from qn_geo.stories.complaints import Told, one_of

MOST_SCENES: Final = 60
MOST_FIGURES: Final = 6
MOST_ZONES: Final = 12
LON_WINDOW: Final = (104, 110)  # the map's surroundings, as in addresses
LAT_WINDOW: Final = (19, 23)
ZOOMS: Final = (5, 20)
SCREEN: Final = (900, 560)  # pixels of the map that zoom levels are meant for
_EQUATOR_M: Final = 156_543.034  # metres of a pixel there at zoom 0
FAINTEST: Final = 0.1  # a layer that is on must not be invisible
HEADLINE_LETTERS: Final = 160
TITLE_LETTERS: Final = 160
NOTE_LETTERS: Final = 10_000
LANGUAGES: Final = ("vi", "en")
AREAS: Final = tuple(charts.MAIN_ZONES)

_ID: Final = r"^[a-z0-9][a-z0-9-]{0,79}$"
_PLOT: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
_PICK: Final = r"^(link|centre|commune|area|project):[a-z0-9][a-z0-9-]{0,79}$"
_FIGURE: Final = r"^[a-z0-9][a-z0-9-]{0,79}(/[a-z0-9_]{1,80})?$"

# A space that breaks lines; the two that hold a number and its unit together are left as written.
_SPACES: Final = re.compile(r"[^\S\u00a0\u202f]+")
_LINE_END: Final = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Characters that turn the direction of a text round: with them a slide could show another number than its file holds.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _plain(text: str) -> str:
    """NFC, and no character that is not meant to be seen."""
    if _TURNING.search(text) or any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text
    ):
        raise Told(
            "có ký tự điều khiển không nhìn thấy.",
            "holds control characters that cannot be seen.",
            "xóa phần chữ này và gõ lại.",
            "delete that text and type it again.",
        ).error()
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    return _plain(_SPACES.sub(" ", text).strip())


def _many_lines(text: str) -> str:
    lines = _LINE_END.sub("\n", text).split("\n")
    return _plain("\n".join(line.replace("\t", " ").rstrip() for line in lines).strip("\n"))


def _known_year(year: int) -> int:
    if year not in YEARS:
        known = f"{YEARS[0]}-{THIS_YEAR}, {', '.join(str(year) for year in YEARS if year > THIS_YEAR)}"
        raise Told(
            f"không có năm {year} để chọn.",
            f"there is no year {year} to choose.",
            f"chọn một trong: {known}.",
            f"choose one of {known}.",
        ).error()
    return year


def _items(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value  # as a file or a widget gives them


def _in_order(allowed: tuple[str, ...]) -> AfterValidator:
    """Each item known, each once, in the order in which everything else lists them."""
    check = one_of(allowed)

    def ordered(items: tuple[str, ...]) -> tuple[str, ...]:
        for item in items:
            check(item)
        return tuple(item for item in allowed if item in items)

    return AfterValidator(ordered)


def _each_once(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _shares(shares: dict[str, float]) -> dict[str, float]:
    check = one_of(style.GROUPS)
    for group in shares:
        check(group)
    return {group: shares[group] for group in style.GROUPS if group in shares}


Line = Annotated[str, AfterValidator(_one_line)]
Items = Annotated[tuple[str, ...], BeforeValidator(_items)]
Ids = Annotated[tuple[Annotated[str, Field(pattern=_ID)], ...], BeforeValidator(_items), AfterValidator(_each_once)]


class Look(BaseModel):
    """Where the map looks: the centre in WGS 84 degrees, and the zoom level as on a map of 900 by 560 pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    lon: float = Field(ge=LON_WINDOW[0], le=LON_WINDOW[1])
    lat: float = Field(ge=LAT_WINDOW[0], le=LAT_WINDOW[1])
    zoom: float = Field(ge=ZOOMS[0], le=ZOOMS[1])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """What such a map shows: west, south, east, north in EPSG:5899."""
        return window(self.lon, self.lat, self.zoom)


def window(lon: float, lat: float, zoom: float) -> tuple[float, float, float, float]:
    """Return what a map of 900 by 560 pixels shows: west, south, east, north in EPSG:5899.

    Args:
        lon: Longitude of its middle, WGS 84.
        lat: Latitude of its middle.
        zoom: Its zoom level.
    """
    north, east = crs.to_vn2000(lon, lat)
    metres = _EQUATOR_M * math.cos(math.radians(lat)) / 2**zoom
    wide, high = (pixels * metres / 2 for pixels in SCREEN)
    return east - wide, north - high, east + wide, north + high


class Scene(BaseModel):
    """One page of a story.

    Attributes:
        headline: The finding, in one sentence.
        area: Slug of an area; None is the whole city.
        zones: Zones in question; the first is the chosen one.
        plot: `plot_id` of the chosen plot.
        pick: Another chosen thing: `link:`, `centre:`, `commune:`, `area:` or `project:` and its id.
        layers: Visible map layers; None for those shown by default.
        statuses: Visible statuses of transport and logistics; None for all.
        plots: Visible statuses of plots; None for all.
        opacity: Opacity by layer group, 0.1 to 1, only where it is not 1.
        year: Actual year or plan horizon.
        view: Where the map looks; None fits the zones, else the area, else the city.
        figures: Highlighted figures: a `figure_id`, or `place/measure` for what is known of it at `year`.
        chart: One of `charts.NAMES`; None shows none.
        notes: What the presenter says, plain text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    headline: Annotated[Line, Field(min_length=1, max_length=HEADLINE_LETTERS)]
    area: Annotated[str, AfterValidator(one_of(AREAS))] | None = None
    zones: Annotated[Ids, Field(max_length=MOST_ZONES)] = ()
    plot: Annotated[str, Field(pattern=_PLOT)] | None = None
    pick: Annotated[str, Field(pattern=_PICK)] | None = None
    layers: Annotated[Items, _in_order(tuple(style.LAYER_BY_ID))] | None = None
    statuses: Annotated[Items, _in_order(style.STATUSES)] | None = None
    plots: Annotated[Items, _in_order(style.PLOT_STATUSES)] | None = None
    opacity: Annotated[dict[str, Annotated[float, Field(ge=FAINTEST, le=1)]], AfterValidator(_shares)] = Field(
        default_factory=dict
    )
    year: Annotated[int, AfterValidator(_known_year)] = THIS_YEAR
    view: Look | None = None
    figures: Annotated[
        tuple[Annotated[str, Field(pattern=_FIGURE)], ...],
        BeforeValidator(_items),
        AfterValidator(_each_once),
        Field(max_length=MOST_FIGURES),
    ] = ()
    chart: Annotated[str, AfterValidator(one_of(charts.NAMES))] | None = None
    notes: Annotated[str, AfterValidator(_many_lines), Field(max_length=NOTE_LETTERS)] = ""

    @property
    def subject(self) -> charts.Subject:
        """What the scene's chart is about."""
        return charts.Subject(self.year, self.area, self.zones)

    @property
    def visible(self) -> tuple[str, ...]:
        """Ids of the map layers that are shown."""
        return style.DEFAULT_LAYERS if self.layers is None else self.layers


class Story(BaseModel):
    """Scenes in the order in which they are shown, in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: Annotated[Line, Field(min_length=1, max_length=TITLE_LETTERS)]
    lang: Literal["vi", "en"]
    scenes: Annotated[tuple[Scene, ...], BeforeValidator(_items), Field(min_length=1, max_length=MOST_SCENES)]
