from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leaderboard import WINDOWS, Place, Row, rank, window
from bot.errors import Invalid

rows = st.lists(
    st.builds(
        Row,
        user_id=st.integers(1, 10_000),
        name=st.text(max_size=4),
        points=st.integers(-3, 3),
        answers=st.integers(0, 9),
    ),
    unique_by=lambda row: row.user_id,
)


def test_ties_share_a_place_and_the_next_place_is_skipped() -> None:
    board = rank(
        [
            Row(4, "Dev", 310, 4),
            Row(2, "Ben", 790, 9),
            Row(3, "Chi", 790, 8),
            Row(1, "Ana", 840, 12),
        ]
    )
    assert [(one.place, one.name) for one in board] == [
        (1, "Ana"),
        (2, "Ben"),
        (2, "Chi"),
        (4, "Dev"),
    ]
    assert board[0] == Place(1, 1, "Ana", 840, 12)


def test_within_a_tie_names_decide_whatever_their_case_and_then_ids() -> None:
    board = rank(
        [Row(9, "ben", 5, 1), Row(7, "Ana", 5, 1), Row(8, "BEN", 5, 1), Row(6, "chi", 5, 1)]
    )
    assert [one.user_id for one in board] == [7, 8, 9, 6]
    assert {one.place for one in board} == {1}


def test_nobody_makes_an_empty_board() -> None:
    assert rank([]) == []


@given(rows)
def test_a_place_is_one_more_than_the_number_of_people_with_more_points(people: list[Row]) -> None:
    board = rank(people)
    assert sorted(one.user_id for one in board) == sorted(one.user_id for one in people)
    for one in board:
        assert one.place == 1 + sum(other.points > one.points for other in people)
    assert rank(reversed(people)) == board


@pytest.mark.parametrize(
    ("name", "today", "key", "first", "last", "title"),
    [
        ("today", "2026-11-23", "day:2026-11-23", "2026-11-23", "2026-11-23", "Mon 23 Nov"),
        ("week", "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22", "Mon 16 - Sun 22 Nov"),
        ("week", "2026-11-23", "2026-W48", "2026-11-23", "2026-11-29", "Mon 23 - Sun 29 Nov"),
        ("week", "2026-12-01", "2026-W49", "2026-11-30", "2026-12-06", "Mon 30 Nov - Sun 6 Dec"),
        (
            "week",
            "2027-01-01",
            "2026-W53",
            "2026-12-28",
            "2027-01-03",
            "Mon 28 Dec 2026 - Sun 3 Jan 2027",
        ),
        (
            "week",
            "2024-12-30",
            "2025-W01",
            "2024-12-30",
            "2025-01-05",
            "Mon 30 Dec 2024 - Sun 5 Jan 2025",
        ),
        ("month", "2026-11-23", "2026-11", "2026-11-01", "2026-11-30", "November 2026"),
        ("month", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29", "February 2028"),
        ("month", "2026-12-31", "2026-12", "2026-12-01", "2026-12-31", "December 2026"),
    ],
)
def test_a_window_has_its_key_its_dates_and_a_title(
    name: str, today: str, key: str, first: str, last: str, title: str
) -> None:
    found = window(name, date.fromisoformat(today))
    assert (found.key, found.title) == (key, title)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


def test_all_time_has_no_ends() -> None:
    found = window("all", date(2026, 11, 23))
    assert (found.key, found.first, found.last) == ("all", None, None)


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)), st.sampled_from(WINDOWS[:3]))
def test_windows_follow_each_other_without_a_gap(today: date, name: str) -> None:
    found = window(name, today)
    assert found.first is not None
    assert found.last is not None
    assert found.first <= today <= found.last
    assert window(name, found.first) == window(name, found.last) == found
    following = window(name, found.last + timedelta(days=1))
    assert following.first == found.last + timedelta(days=1)
    assert following.key != found.key


def test_a_day_has_a_different_key_in_every_window() -> None:
    keys = {window(name, date(2026, 11, 23)).key for name in WINDOWS}
    assert len(keys) == len(WINDOWS)


@pytest.mark.parametrize("name", ["", "year", "Week", "today\n"])
def test_an_unknown_window_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        window(name, date(2026, 11, 23))
    assert "today, week, month, all" in refused.value.hint
    assert refused.value.field == "window"
