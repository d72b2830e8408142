"""The flow from records to corrections, drawn by hand: two lanes, each to a scale it states."""

from __future__ import annotations

import html
from dataclasses import dataclass

from scslab.core.results import Flow
from scslab.report import vega, words

_SLOT = 33.0
_BAR = 9.0
_STAGES = ("Records", "Listings", "Objections", "Outcome")


@dataclass(frozen=True)
class Lane:
    """One lane: what really happened, or what did not, from its records to its corrections."""

    title: str
    records: tuple[tuple[str, int], ...]
    entries: int
    objections: int
    corrected: int
    rejected: int
    by_record: bool
    dark: str
    pale: str

    @property
    def recorded(self) -> int:
        """All records of the lane."""
        return sum(number for _, number in self.records)

    @property
    def largest(self) -> int:
        """The largest stage: it sets the scale."""
        return max(self.recorded, self.entries, self.objections)

    @property
    def open(self) -> int:
        """Objections without a decision: open at the end, or lapsed with their entry."""
        return max(0, self.objections - self.corrected - self.rejected)


@dataclass
class Node:
    """A bar of the drawing: where it stands and how high it is."""

    name: str
    number: int
    x: float
    y: float
    height: float
    colour: str


def lanes(row: Flow) -> tuple[Lane, Lane]:
    """The two lanes of a flow: rightful and wrongful."""
    rightful = Lane(
        "Records of what the person did",
        (("True", row.records_true),),
        row.entries_rightful,
        row.objections_rightful,
        row.corrected_rightful,
        row.rejected_rightful,
        row.by_record,
        vega.BLUE,
        vega.PALE_BLUE,
    )
    wrongful = Lane(
        "False records: another person's act, or no act at all",
        (("Another's act", row.records_misattributed), ("No act", row.records_from_nothing)),
        row.entries_wrongful,
        row.objections_wrongful,
        row.corrected_wrongful,
        row.rejected_wrongful,
        row.by_record,
        vega.RUST,
        vega.PALE_RUST,
    )
    return rightful, wrongful


def flow(row: Flow, width: int) -> str:
    """Draw records, listings, objections and outcomes of one regime, true and false apart."""
    narrow = vega.is_narrow(width)
    full = 90.0 if narrow else 130.0
    columns = [4 + place * (width - (76 if narrow else 90)) / 3 for place in range(4)]
    parts = [
        f'<text x="{x:.1f}" y="14" font-size="11" fill="{vega.QUIET}">{name}</text>'
        for x, name in zip(columns, _STAGES, strict=True)
    ]
    y = 42.0
    drawn = [lane for lane in lanes(row) if lane.largest]
    for lane in drawn:
        note = _scale_note(lane, drawn[0])
        title = f'<tspan font-weight="600">{html.escape(lane.title)}</tspan>'
        if note and not narrow:
            title += f'<tspan fill="{vega.QUIET}">  ({note})</tspan>'
        parts.append(f'<text x="4" y="{y:.1f}" font-size="12" fill="{vega.INK}">{title}</text>')
        if note and narrow:
            y += 15
            parts.append(
                f'<text x="4" y="{y:.1f}" font-size="11" fill="{vega.QUIET}">{note}</text>'
            )
        drawing, y = _lane(lane, columns, y + 16, full)
        parts.append(drawing)
        y += 34
    label = (
        f"From records to corrections. True records {words.count(row.records_true)}, false "
        f"{words.count(row.records_misattributed + row.records_from_nothing)}; entries rightful "
        f"{words.count(row.entries_rightful)}, wrongful {words.count(row.entries_wrongful)}; "
        f"objections rightful {words.count(row.objections_rightful)}, wrongful "
        f"{words.count(row.objections_wrongful)}; corrected rightful "
        f"{words.count(row.corrected_rightful)}, wrongful {words.count(row.corrected_wrongful)}"
    )
    return f"{vega.open_svg(width, round(y - 18), label)}{''.join(parts)}</svg>"


def _scale_note(lane: Lane, first: Lane) -> str:
    """How much larger this lane is drawn than the first one."""
    times = first.largest / lane.largest
    if lane is first or 0.95 < times < 1.05:
        return ""
    return (
        f"drawn {words.number(times, 1 if times < 10 else 0)} times larger"
        if times > 1
        else f"drawn {words.number(1 / times, 1)} times smaller"
    )


def _column(
    items: tuple[tuple[str, int, str], ...], x: float, y: float, scale: float
) -> dict[str, Node]:
    """Stand the bars of one stage under each other, with room for two lines of text each."""
    nodes: dict[str, Node] = {}
    for name, number, colour in items:
        if number > 0:
            height = max(1.5, number * scale)
            slot = max(height, _SLOT - 5)
            nodes[name] = Node(name, number, x, y + (slot - height) / 2, height, colour)
            y += slot + 9
    return nodes


def _lane(lane: Lane, columns: list[float], y: float, full: float) -> tuple[str, float]:
    """Draw one lane; give it with the y below it."""
    scale = full / lane.largest
    grey = "#8c8c8c"
    unlisted = max(0, lane.recorded - lane.entries)
    open_to_objection = lane.recorded if lane.by_record else lane.entries
    silent = max(0, open_to_objection - lane.objections)
    records = _column(tuple((n, k, lane.dark) for n, k in lane.records), columns[0], y, scale)
    lists = _column(
        (("Listed", lane.entries, lane.dark), ("Not listed", unlisted, grey)), columns[1], y, scale
    )
    objections = _column(
        (("Objected", lane.objections, lane.dark), ("No objection", silent, grey)),
        columns[2],
        y,
        scale,
    )
    outcomes = _column(
        (
            ("Corrected", lane.corrected, lane.dark),
            ("Rejected", lane.rejected, grey),
            ("Undecided", lane.open, grey),
        ),
        columns[3],
        y,
        scale,
    )
    listed, objected = lists.get("Listed"), objections.get("Objected")
    ribbons = _join(list(records.values()), list(lists.values()), lane)
    disputable = list(lists.values()) if lane.by_record else [listed] if listed else []
    ribbons += _join(disputable, list(objections.values()), lane)
    ribbons += _join([objected] if objected else [], list(outcomes.values()), lane)
    nodes = [*records.values(), *lists.values(), *objections.values(), *outcomes.values()]
    bars = "".join(
        f'<rect x="{n.x:.1f}" y="{n.y:.1f}" width="{_BAR:g}" height="{n.height:.1f}" '
        f'fill="{n.colour}"/>'
        for n in nodes
    )
    texts = "".join(_text(n) for n in nodes)
    bottom = max((max(n.y + n.height, n.y + n.height / 2 + 14) for n in nodes), default=y)
    return ribbons + bars + texts, bottom


def _join(sources: list[Node], targets: list[Node], lane: Lane) -> str:
    """Ribbons from every source to every target; each node is divided in proportion."""
    given, taken = sum(n.number for n in sources), sum(n.number for n in targets)
    if not given or not taken:
        return ""
    paths = []
    starts = {id(node): node.y for node in sources}
    ends = {id(node): node.y for node in targets}
    for source in sources:
        for target in targets:
            left = source.height * target.number / taken
            right = target.height * source.number / given
            a, b = starts[id(source)], ends[id(target)]
            starts[id(source)] += left
            ends[id(target)] += right
            colour = lane.pale if target.colour == lane.dark else "#dcdcd8"
            paths.append(_ribbon(source.x + _BAR, a, left, target.x, b, right, colour))
    return "".join(paths)


def _ribbon(x: float, a: float, left: float, to: float, b: float, right: float, fill: str) -> str:
    """One band between two bars, its edges two smooth curves."""
    mid = (x + to) / 2
    return (
        f'<path fill="{fill}" d="M{x:.1f},{a:.1f}C{mid:.1f},{a:.1f} {mid:.1f},{b:.1f} '
        f"{to:.1f},{b:.1f}V{b + right:.1f}C{mid:.1f},{b + right:.1f} {mid:.1f},{a + left:.1f} "
        f'{x:.1f},{a + left:.1f}Z"/>'
    )


def _text(node: Node) -> str:
    """Name and number beside a bar, with a white halo so that it reads over a ribbon."""
    x, y = node.x + _BAR + 5, node.y + node.height / 2
    halo = 'stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text x="{x:.1f}" y="{y - 2:.1f}" font-size="11" fill="{vega.INK}" {halo}>'
        f"{html.escape(node.name)}"
        f'<tspan x="{x:.1f}" dy="13" font-weight="600">{words.count(node.number)}</tspan></text>'
    )
