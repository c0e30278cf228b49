"""Room ``tui``, drawing: spans into lines and lines into blocks, each exactly as wide and high as it should be."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from rich.cells import cell_len

from wallboard_tui.tui.drawing.text import cut
from wallboard_tui.tui.look import Line, Size, Span, cells, width

Block = list[Line]
"""Lines of equal width."""


def line(*parts: Span | tuple[str, str] | str) -> Line:
    """A line of spans; bare text is in the role ``text``. Empty parts fall out."""
    spans = (Span(part) if isinstance(part, str) else Span(*part) for part in parts)
    return tuple(span for span in spans if span.text)


def fitted(spans: Sequence[Span], w: int, role: str = "text") -> Line:
    """A line in exactly ``w`` cells: filled with blanks, or cut where it is too long."""
    if w <= 0:
        return ()
    # Widths and merging in one pass: every line of every picture comes through here.
    taken, before = 0, ""
    kept: list[Span] = []
    for span in spans:
        text, own = span
        if not text:
            continue
        needed = len(text) if text.isascii() else cell_len(text)
        over = taken + needed > w
        if over:
            text = cut(text, w - taken)
            needed = cells(text)
            span = Span(text, own)
        if own == before and kept:
            kept[-1] = Span(kept[-1][0] + text, own)
        elif text:
            kept.append(span)
            before = own
        taken += needed
        if over:
            break
    if taken < w:
        rest = " " * (w - taken)
        if role == before and kept:
            kept[-1] = Span(kept[-1][0] + rest, role)
        else:
            kept.append(Span(rest, role))
    return tuple(kept)


def merged(spans: Iterable[Span]) -> Line:
    """The same picture in as few spans as possible; a terminal is told about a role only when it changes."""
    result: list[Span] = []
    before = ""
    for span in spans:
        text, role = span
        if not text:
            continue
        if role == before and result:
            result[-1] = Span(result[-1][0] + text, role)
        else:
            result.append(span)
            before = role
    return tuple(result)


@lru_cache(maxsize=1024)
def blank(w: int, role: str = "text") -> Line:
    """A line of blanks."""
    return (Span(" " * w, role),) if w > 0 else ()


def exactly(lines: Sequence[Line], size: Size, role: str = "text") -> Block:
    """A block of exactly that size: lines cut or filled, lines added below or left out."""
    h, w = max(0, size.h), max(0, size.w)
    block = [each if width(each) == w else fitted(each, w, role) for each in lines[:h]]
    return block + [blank(w, role)] * (h - len(block))


def settled(each: Line, w: int) -> Line:
    """A line in exactly ``w`` cells and as few spans as possible; the same one where it is that already."""
    taken, before, well = 0, "", True
    for text, role in each:
        taken += len(text) if text.isascii() else cell_len(text)
        if role == before or not text:
            well = False
        before = role
    if taken != w:
        return fitted(each, w)
    return each if well else merged(each)


def beside(blocks: Sequence[Sequence[Line]]) -> Block:
    """Blocks of equal height, side by side."""
    return [tuple(chain.from_iterable(parts)) for parts in zip(*blocks, strict=True)]


def aired(lines: Iterable[Line]) -> Block:
    """The same lines with a blank on both sides, so that nothing touches a frame."""
    air = Span(" ")
    return [(air, *each, air) for each in lines]


def layered(lines: Iterable[Line], role: str) -> Block:
    """The same lines with a role laid over every span, but over those that already belong to it (``stale.note``)."""
    return [
        tuple(span if span.style.startswith(role) else Span(span.text, f"{span.style}+{role}") for span in each)
        for each in lines
    ]


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` cells divided by weights into whole numbers that add up to it."""
    whole = sum(weights)
    if not weights or whole <= 0:
        return [0] * len(weights)
    ends = [total * sum(weights[: index + 1]) // whole for index in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
