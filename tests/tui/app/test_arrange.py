"""Where panes stand: no overlap, nothing lost, nothing that is not permitted, on any size of screen."""

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.board import PANE_NAMES, Board
from wallboard_tui.tui.arrange import LEAST, OPEN_TO_ALL, Leaf, arrange, board_of, share_out, zoomed
from wallboard_tui.tui.look import Size

panes = st.builds(
    lambda name, width: {"pane": name, "width": width},
    st.sampled_from(PANE_NAMES),
    st.integers(min_value=1, max_value=12),
)
rows = st.builds(
    lambda height, content: {"height": height, "panes": content},
    st.integers(min_value=1, max_value=12),
    st.lists(panes, min_size=1, max_size=4),
)
boards = st.lists(st.lists(rows, min_size=1, max_size=4), min_size=1, max_size=3).map(
    lambda pages: Board.model_validate(
        {"key": "b", "name": "B", "pages": [{"name": f"P{i}", "seconds": 20, "rows": r} for i, r in enumerate(pages)]}
    )
)
sizes = st.builds(Size, st.integers(min_value=40, max_value=400), st.integers(min_value=10, max_value=100))
permitted = st.sets(st.sampled_from(PANE_NAMES))


def cells_of(leaf: Leaf) -> list[tuple[int, int]]:
    return [(x, y) for p in leaf.places for x in range(p.x, p.x + p.w) for y in range(p.y, p.y + p.h)]


@given(boards, permitted, sizes)
def test_each_leaf_fills_the_screen_without_overlap(board: Board, may: set[str], size: Size) -> None:
    for leaf in arrange(board, may, size):
        cells = cells_of(leaf)
        assert len(cells) == len(set(cells)) == size.w * size.h


@given(boards, permitted, sizes)
def test_exactly_the_permitted_panes_are_there_once(board: Board, may: set[str], size: Size) -> None:
    there = [place.pane for leaf in arrange(board, may, size) for place in leaf.places]
    wanted = [pane for page in board.pages for row in page.rows for pane in row.panes if pane.pane in may | OPEN_TO_ALL]
    assert there == wanted


@given(boards, permitted, sizes)
def test_every_pane_has_room_to_be_read(board: Board, may: set[str], size: Size) -> None:
    for leaf in arrange(board, may, size):
        for place in leaf.places:
            assert place.w >= min(size.w, LEAST[place.pane.pane].w)
            assert place.h >= min(size.h, LEAST[place.pane.pane].h)


@given(boards, sizes, sizes)
def test_a_pane_keeps_its_id_when_the_screen_changes_its_size(board: Board, one: Size, two: Size) -> None:
    def ids(size: Size) -> list[str]:
        return [place.id for leaf in arrange(board, PANE_NAMES, size) for place in leaf.places]

    assert ids(one) == ids(two)


@given(st.integers(0, 300), st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40)), min_size=1, max_size=6))
def test_shares_sum_up_and_respect_the_least(total: int, parts: list[tuple[int, int]]) -> None:
    shares, least = [share for share, _ in parts], [low for _, low in parts]
    given_ = share_out(total, shares, least)
    assert sum(given_) == total
    if sum(least) <= total:
        assert all(has >= low for has, low in zip(given_, least, strict=True))


def test_what_is_not_permitted_gives_its_room_to_the_rest() -> None:
    board = Board.model_validate(
        {
            "key": "b",
            "name": "B",
            "pages": [{"name": "P", "rows": [{"panes": [{"pane": "agents"}, {"pane": "missed"}]}]}],
        }
    )
    (leaf,) = arrange(board, {"missed"}, Size(120, 40))
    (place,) = leaf.places
    assert (place.x, place.y, place.w, place.h) == (0, 0, 120, 40)


def test_nothing_permitted_is_no_leaf() -> None:
    board = Board.model_validate(
        {"key": "b", "name": "B", "pages": [{"name": "P", "rows": [{"panes": [{"pane": "calls"}]}]}]}
    )
    assert arrange(board, (), Size(80, 22)) == ()


def test_a_page_that_does_not_fit_becomes_several_and_shares_its_seconds() -> None:
    board = board_of(("wallboard", "agents"))
    page = board.pages[0].model_copy(update={"seconds": 30})
    leaves = arrange(board.model_copy(update={"pages": (page,)}), ("wallboard", "agents"), Size(80, 12))
    assert [leaf.name for leaf in leaves] == ["Page 1", "Page 1"]
    assert [leaf.seconds for leaf in leaves] == [15, 15]


def test_a_zoomed_pane_has_all_the_room() -> None:
    (leaf, *_) = arrange(board_of(("wallboard", "agents")), ("wallboard", "agents"), Size(160, 46))
    one = zoomed(leaf, leaf.places[1].id, Size(160, 46))
    assert [(p.pane.pane, p.x, p.y, p.w, p.h) for p in one.places] == [("agents", 0, 0, 160, 46)]
