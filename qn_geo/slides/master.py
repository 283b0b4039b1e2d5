"""The master of the slides: our theme, a title, body, source and number on every layout, and nothing of a template.

Made from python-pptx's own empty presentation, whose theme, master and layouts are all replaced. Arial is on every
Windows and Mac, holds Vietnamese, and has a free twin of the same widths elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from pptx import Presentation
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Mm

from qn_geo import i18n, style
from qn_geo.charts.frame import FAINT, SECOND
from qn_geo.slides import boxes
from qn_geo.slides.boxes import CAPTION, CHART, FIGURES, HORIZON, MAP, NOTE, NUMBER, SOURCE, SUBTITLE, TITLE, Box
from qn_geo.slides.words import LOCALES

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck

FONT: Final = "Arial"
COVER: Final = "cover"
HEADLINE_SIZES: Final = (30, 28, 26, 24, 22, 20, 18)
BODY_SIZE: Final = 12
SOURCE_SIZE: Final = 10

_COLOURS: Final = {
    "dk1": style.INK,
    "lt1": "#ffffff",
    "dk2": FAINT,
    "lt2": style.LAND,
    "accent1": style.ACCENT,
    "accent2": SECOND,
    "accent3": style.AREA_COLOURS["van-don"],
    "accent4": style.AREA_COLOURS["quang-yen"],
    "accent5": style.AREA_COLOURS["hai-ha"],
    "accent6": style.ZONE_COLOURS["KKT"],
    "hlink": SECOND,
    "folHlink": style.EDGE,
}
_THEME: Final = "/theme"
_UNUSED: Final = ("/printerSettings", "/thumbnail")
_BULLET: Final = 180_000  # EMU before the text of each further level
_TYPES: Final = {
    TITLE: "title",
    SUBTITLE: "subTitle",
    SOURCE: "body",
    NUMBER: "sldNum",
    MAP: "pic",
    FIGURES: "tbl",
    CAPTION: "body",
    CHART: "chart",
    NOTE: "body",
    HORIZON: "body",
}
_LOOKS: Final = {  # size, bold, colour of the theme, alignment, where text stands in the box
    TITLE: (HEADLINE_SIZES[0], True, "tx1", "l", "b"),
    SUBTITLE: (16, False, "tx2", "l", "t"),
    SOURCE: (SOURCE_SIZE, False, "tx2", "l", "b"),
    NUMBER: (SOURCE_SIZE, False, "tx2", "r", "b"),
    MAP: (BODY_SIZE, False, "tx2", "l", "t"),
    FIGURES: (BODY_SIZE, False, "tx1", "l", "t"),
    CAPTION: (14, True, "tx1", "l", "t"),
    CHART: (BODY_SIZE, False, "tx2", "l", "t"),
    NOTE: (SOURCE_SIZE, False, "tx2", "l", "b"),
    HORIZON: (11, True, "accent1", "l", "t"),
}


def blank(lang: str) -> tuple[Deck, dict[str, Any]]:
    """Return a presentation without slides, and its layouts by name: `cover` and those of `boxes.SCENES`."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(boxes.WIDE), Mm(boxes.HIGH)
    _tidy(deck)
    _master(deck.slide_master, lang)
    names = _layout_names(lang)
    layouts = dict(zip(names, list(deck.slide_layouts), strict=False))
    for layout in list(deck.slide_layouts)[len(names) :]:
        deck.slide_layouts.remove(layout)
    for key, layout in layouts.items():
        _layout(layout, key, names[key], lang)
    return deck, layouts


def _layout_names(lang: str) -> dict[str, str]:
    _ = i18n.translator(lang)
    return {
        COVER: _("Title"),
        "strip": _("Figures, map and chart"),
        "chart": _("Map and chart"),
        "figures": _("Map and figures"),
        "map": _("Map"),
    }


def _prompts(lang: str) -> dict[int, str]:
    _ = i18n.translator(lang)
    return {
        TITLE: _("Headline"),
        SUBTITLE: _("Subtitle"),
        SOURCE: _("Sources"),
        NUMBER: _("Slide number"),
        MAP: _("Map"),
        FIGURES: _("Figures"),
        CAPTION: _("Chart heading"),
        CHART: _("Chart"),
        NOTE: _("Note"),
        HORIZON: _("Plan horizon"),
    }


def _tidy(deck: Deck) -> None:
    """Drop what came from the empty presentation of a library, and set our theme."""
    package: Any = deck.part.package
    for relations in (deck.part.rels, package._rels):
        for name in [name for name, each in relations.items() if each.reltype.endswith(_UNUSED)]:
            relations.pop(name)
    for part in package.iter_parts():
        if part.partname.endswith("/app.xml"):
            part._blob = _APP
    paint(deck.slide_master.part)


def paint(part: Any) -> None:
    """Give the theme of a master our fonts and colours."""
    theme = part.part_related_by(_relation(part, _THEME))
    root = parse_xml(theme.blob)
    colours, fonts = root.find(f".//{qn('a:clrScheme')}"), root.find(f".//{qn('a:fontScheme')}")
    for named in (root, colours, fonts):
        named.set("name", "QN Geo")
    for name, value in _COLOURS.items():
        slot = colours.find(qn(f"a:{name}"))
        slot[:] = [parse_xml(f'<a:srgbClr {nsdecls("a")} val="{value.lstrip("#").upper()}"/>')]
    for kind in fonts:
        kind[:] = [parse_xml(f'<a:{script} {nsdecls("a")} typeface="{face}"/>') for script, face in _SCRIPTS]
    theme._blob = serialize_part_xml(root)


_SCRIPTS: Final = (("latin", FONT), ("ea", ""), ("cs", ""))
_APP: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>QN Geo</Application></Properties>"
)


def _relation(part: Any, ending: str) -> str:
    return next(str(relation.reltype) for relation in part.rels.values() if relation.reltype.endswith(ending))


def _master(master: Any, lang: str) -> None:
    prompts = _prompts(lang)
    places = {TITLE: boxes.HEADLINE, CAPTION: boxes.SCENES["map"][MAP], NUMBER: boxes.PAGE}
    shapes = [_rule(boxes.RULE), *(_placeholder(key, box, prompts[key], lang) for key, box in places.items())]
    element = master._element
    element.replace(element.cSld, _surface(shapes, "", master=True))
    styles = element.find(qn("p:txStyles"))
    element.replace(styles, parse_xml(_styles(lang)))


_FRAME: Final = {TITLE: boxes.HEADLINE, SOURCE: boxes.SOURCES, NUMBER: boxes.PAGE, HORIZON: boxes.TIMES}


def _layout(layout: Any, key: str, name: str, lang: str) -> None:
    """Replace what a layout of the library holds."""
    places = boxes.COVER if key == COVER else _FRAME | boxes.SCENES[key]
    prompts = _prompts(lang)
    shapes = [_placeholder(number, box, prompts[number], lang, cover=key == COVER) for number, box in places.items()]
    if key == COVER:
        shapes.append(_rule(boxes.COVER_RULE))
    element = layout._element
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.attrib.update({"preserve": "1", "type": "title"} if key == COVER else {"preserve": "1", "userDrawn": "1"})
    if key == COVER:
        element.set("showMasterSp", "0")
    element.append(_surface(shapes, name))
    element.append(parse_xml(f"<p:clrMapOvr {nsdecls('p', 'a')}><a:masterClrMapping/></p:clrMapOvr>"))


def _surface(shapes: list[str], name: str, *, master: bool = False) -> Any:
    """Return the XML of a surface; shapes are numbered in their order."""
    numbered = "".join(shape.replace("@ID@", str(number)) for number, shape in enumerate(shapes, start=2))
    called = f" name={quoteattr(name)}" if name else ""
    ground = '<p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
    return parse_xml(
        f"<p:cSld {nsdecls('p', 'a', 'r')}{called}>{ground if master else ''}<p:spTree><p:nvGrpSpPr>"
        '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
        f"{numbered}</p:spTree></p:cSld>"
    )


def _at(box: Box) -> str:
    x, y, wide, high = (int(Mm(value)) for value in (box.x, box.y, box.wide, box.high))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def _rule(box: Box) -> str:
    """Return a short bar in the accent colour, which decorates only."""
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="@ID@" name="Rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'{_at(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/>'
        "</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


def _placeholder(number: int, box: Box, prompt: str, lang: str, *, cover: bool = False) -> str:
    kind = "ctrTitle" if cover and number == TITLE else _TYPES[number]
    index = f' idx="{number}"' if number else ""
    size, bold, colour, align, anchor = _LOOKS[number]
    if cover and number == TITLE:
        size, anchor = 36, "t"
    look = (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr lang="{LOCALES[lang]}" sz="{size * 100}" '
        f'b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )
    words = quoteattr(prompt)[1:-1]
    run = (
        f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="{LOCALES[lang]}"/>'
        "<a:t>‹#›</a:t></a:fld>"
        if number == NUMBER
        else f'<a:r><a:rPr lang="{LOCALES[lang]}"/><a:t>{words}</a:t></a:r>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="@ID@" name={quoteattr(prompt)}/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}"{index}/></p:nvPr></p:nvSpPr><p:spPr>{_at(box)}'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        f"<a:normAutofit/></a:bodyPr><a:lstStyle>{look}</a:lstStyle><a:p>{run}</a:p></p:txBody></p:sp>"
    )


def _styles(lang: str) -> str:
    """Return the text styles of the master: headlines, and a body with five levels."""

    def level(number: int, size: int, indent: int = 0, *, bold: bool = False) -> str:
        bullet = '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if indent else "<a:buNone/>"
        return (
            f'<a:lvl{number}pPr marL="{indent}" indent="{-_BULLET if indent else 0}" algn="l" defTabSz="914400" '
            f'rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:spcBef><a:spcPts val="0"/></a:spcBef>{bullet}'
            f'<a:defRPr lang="{LOCALES[lang]}" sz="{size * 100}" b="{int(bold)}" kern="1200"><a:solidFill>'
            '<a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/>'
            f'<a:cs typeface="+mn-cs"/></a:defRPr></a:lvl{number}pPr>'
        )

    title = level(1, HEADLINE_SIZES[0], bold=True).replace("+mn", "+mj")
    body = "".join(level(number, BODY_SIZE, _BULLET * (number - 1)) for number in range(1, 6))
    other = "".join(level(number, BODY_SIZE) for number in range(1, 6))
    return (
        f"<p:txStyles {nsdecls('p', 'a')}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle>"
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )
