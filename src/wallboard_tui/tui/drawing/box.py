"""Room ``tui``, drawing: the frame around a pane or a tile, with words set into its border."""

from collections.abc import Sequence

from wallboard_tui.tui.drawing.lines import Block, blank, exactly, fitted, merged
from wallboard_tui.tui.drawing.text import clean, name, pad, wrap
from wallboard_tui.tui.drawing.units import age
from wallboard_tui.tui.look import Line, Look, Size, Span, width

LEVEL_WORDS = {"warn": "WARN", "alert": "ALERT"}


def badge(level: str, look: Look) -> tuple[Span, ...]:
    """A level as glyph and word, since colour alone is not enough: ``▲ WARN``. Nothing for ``ok``."""
    if level not in LEVEL_WORDS:
        return ()
    return (Span(f"{look.glyphs.level[level]} {LEVEL_WORDS[level]}", f"badge.{level}"),)


def frame(
    content: Sequence[Line],
    size: Size,
    look: Look,
    title: str = "",
    *,
    right: Sequence[Span] = (),
    after_title: Sequence[Span] = (),
    bottom: Sequence[Span] = (),
    level: str = "ok",
) -> Block:
    """A box of exactly that size around content. An alert's box is drawn heavier as well as in another colour.

    With fewer than three lines or four columns there is no box, and the title stands above the content.
    """
    if size.h < 3 or size.w < 4:
        heading = [fitted([Span(name(title, size.w, look.glyphs), "title")], size.w)] if title and size.h > 1 else []
        return exactly([*heading, *content], size)
    kind = level if level in LEVEL_WORDS else ""
    role = f"frame.{kind}" if kind else "frame"
    glyphs = look.glyphs.heavy if level == "alert" else look.glyphs.box
    top = _edge(glyphs[0], glyphs[1], glyphs[2], size.w, role, _heading(title, after_title, right, size.w, look), right)
    under = _edge(glyphs[4], glyphs[1], glyphs[5], size.w, role, bottom, stale_note(look))
    wall = Span(glyphs[3], role)
    inside = exactly(content, Size(size.w - 2, size.h - 2))
    return [top, *((wall, *each, wall) for each in inside), under]


def inside(size: Size) -> Size:
    """The room that ``frame`` leaves for content."""
    if size.h < 3 or size.w < 4:
        return Size(max(0, size.w), max(0, size.h - 1 if size.h > 1 else size.h))
    return Size(size.w - 2, size.h - 2)


def stale_note(look: Look) -> tuple[Span, ...]:
    """How old the data is, when it is too old to be believed."""
    if look.stale_s is None:
        return ()
    old = f"{look.stale_s:.0f} s" if look.stale_s < 100 else age(look.stale_s, look.glyphs)
    return (Span(f"{look.glyphs.stale} {old} old", "stale.note"),)


def _heading(title: str, after: Sequence[Span], right: Sequence[Span], w: int, look: Look) -> tuple[Span, ...]:
    """The title, as long as there is room for it beside what stands at the right; then what may follow it."""
    after = [Span(clean(span.text, look.glyphs.ascii), span.style) for span in after]
    if not title:
        return tuple(after)
    taken = width(tuple(right)) + 3 if right else 0
    room = w - 6 - taken
    if room < 4:
        return ()
    text = name(title, room, look.glyphs).rstrip()
    heading: list[Span] = [Span(text, "title")]
    if after and width((*heading, *after)) + 3 <= room:
        heading += [Span(f" {look.glyphs.box[1]} ", "frame"), *after]
    return tuple(heading)


def _edge(start: str, middle: str, end: str, w: int, role: str, left: Sequence[Span], right: Sequence[Span]) -> Line:
    """A border line with words set into it, each with a blank on both sides; what has no room falls out."""
    left_w, right_w = width(tuple(left)), width(tuple(right))
    if right and right_w + 6 > w:
        right, right_w = (), 0
    if left and left_w + 6 + (right_w + 3 if right else 0) > w:
        left, left_w = (), 0
    spans: list[Span] = [Span(start + (" " if left else ""), role), *left, Span(" " if left else "", role)]
    used = 2 + (left_w + 2 if left else 0) + (right_w + 3 if right else 0)
    spans.append(Span(middle * max(0, w - used), role))
    if right:
        spans += [Span(" ", role), *right, Span(f" {middle}", role)]
    spans.append(Span(end, role))
    return merged(spans)


def listed(parts: Sequence[Sequence[Span]], room: int, look: Look) -> tuple[Span, ...]:
    """Parts with a dot between them, as many as fit in ``room`` cells."""
    spans: list[Span] = []
    for part in parts:
        gap = [Span(f" {look.glyphs.dot} ", "dim")] if spans else []
        if width((*spans, *gap, *part)) > room:
            break
        spans += [*gap, *part]
    return tuple(spans)


def message(text: str, size: Size, look: Look, *, role: str = "dim") -> Block:
    """A sentence in the middle of an otherwise empty block."""
    room = max(1, min(size.w - 2, 72))
    sentences = wrap(text, room, look.glyphs)[: max(0, size.h)]
    above = max(0, (size.h - len(sentences)) // 2)
    lines = [blank(size.w)] * above + [(Span(pad(each, size.w, "centre"), role),) for each in sentences]
    return exactly(lines, size)
