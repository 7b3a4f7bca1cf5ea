import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.days import local_day
from bot.domain.streak import Day, PlanFrom, Streak, streak

CASES = json.loads(Path(__file__).with_name("streak_cases.json").read_text("utf-8"))
MON_FRI = frozenset(range(5))
NOTHING: frozenset[int] = frozenset()
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = date(2000, 1, 1)
ONE_DAY = timedelta(days=1)
# 1 June 2026 is a Monday.


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def answer(at: str, zone: str = "Europe/Berlin") -> Day:
    return Day(local_day(utc(at), ZoneInfo(zone)), utc(at), zone)


def june(*days: int) -> list[Day]:
    return [answer(f"2026-06-{day:02}T10:00:00") for day in days]


def on(day: int, answered: list[Day], *plan: PlanFrom, **more: Any) -> Streak:
    return streak(answered, plan, date(2026, 6, day), BERLIN, **more)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_checked_cases_give_the_streak_they_say(case: dict[str, Any]) -> None:
    answered = [answer(one["at_utc"], one["zone"]) for one in case["answers"]]
    plan = [PlanFrom(LONG_AGO, frozenset(case["days"]))]
    now = streak(answered, plan, answered[-1].day, ZoneInfo(answered[-1].zone))
    assert now.current == case["expect_streak"], case["why"]
    assert now.answered_today


def test_somebody_who_never_answered_has_nothing_and_today_is_open() -> None:
    assert on(10, []) == Streak(0, 0, answered_today=False, open_today=True, last_day=None)


def test_today_is_open_until_it_ends() -> None:
    answered = june(8, 9)
    assert on(10, answered) == Streak(
        2, 2, answered_today=False, open_today=True, last_day=date(2026, 6, 9)
    )
    assert on(11, answered).current == 0


def test_a_missed_day_ends_the_run_and_the_longest_and_the_ended_one_are_remembered() -> None:
    answered = june(1, 2, 3, 5, 6)
    assert on(6, answered) == Streak(
        2, 3, answered_today=True, open_today=False, last_day=date(2026, 6, 6), previous=3
    )
    ended = on(9, answered)
    assert (ended.current, ended.longest, ended.previous) == (0, 3, 2)


def test_the_order_in_which_answers_arrive_does_not_matter() -> None:
    answered = june(1, 2, 3, 5, 6)
    assert on(6, answered[::-1]) == on(6, answered)


class TestPlans:
    def test_a_weekend_under_a_weekday_plan_is_not_open_and_cannot_be_missed(self) -> None:
        plan = PlanFrom(LONG_AGO, MON_FRI)
        saturday = on(6, june(4, 5), plan)
        assert (saturday.current, saturday.open_today) == (2, False)
        monday = on(8, june(4, 5), plan)
        assert (monday.current, monday.open_today) == (2, True)
        assert on(9, june(4, 5), plan).current == 0

    def test_a_change_of_plan_rewrites_nothing(self) -> None:
        # Saturday 6 and Sunday 7 were missed while every day was scheduled.
        answered = june(4, 5, 8)
        assert on(8, answered).current == 1
        assert on(8, answered, PlanFrom(date(2026, 6, 8), MON_FRI)).current == 1
        # And a weekend that was free stays free when every day becomes scheduled.
        plan = (PlanFrom(LONG_AGO, MON_FRI), PlanFrom(date(2026, 6, 8), frozenset(range(7))))
        assert on(8, answered, *plan).current == 3

    def test_a_plan_holds_from_its_own_date_on(self) -> None:
        answered = june(5, 8)
        assert on(8, answered, PlanFrom(date(2026, 6, 6), MON_FRI)).current == 2
        assert on(8, answered, PlanFrom(date(2026, 6, 7), MON_FRI)).current == 1

    def test_of_two_plans_from_one_date_the_later_counts(self) -> None:
        day = date(2026, 6, 6)
        paused, busy = PlanFrom(day, NOTHING), PlanFrom(day, frozenset(range(7)))
        assert on(8, june(5), busy, paused).current == 1
        assert on(8, june(5), paused, busy).current == 0

    def test_while_paused_nothing_is_missed_and_nothing_is_added(self) -> None:
        plan = (
            PlanFrom(date(2026, 6, 4), NOTHING),
            PlanFrom(date(2026, 6, 20), frozenset(range(7))),
        )
        assert on(15, june(2, 3), *plan).current == 2
        assert not on(15, june(2, 3), *plan).open_today
        assert on(15, june(2, 3, 10), *plan).current == 2
        assert on(20, june(2, 3, 10, 20), *plan).current == 3
        assert on(22, june(2, 3, 10, 20), *plan).current == 0

    def test_a_first_answer_before_any_plan_counts_whatever_the_plan_says_later(self) -> None:
        saturday_plan_from_sunday = PlanFrom(date(2026, 6, 7), MON_FRI)
        assert on(6, june(6)).current == 1
        assert on(8, june(6, 8), saturday_plan_from_sunday).current == 2

    def test_only_answers_on_free_days_are_a_streak_of_none_that_is_not_broken(self) -> None:
        plan = PlanFrom(LONG_AGO, MON_FRI)
        saturday = on(6, june(6), plan)
        assert (saturday.current, saturday.longest, saturday.answered_today) == (0, 0, True)
        assert on(8, june(6, 8), plan).current == 1


class TestFreezes:
    def test_a_frozen_day_cannot_be_missed_and_does_not_add(self) -> None:
        answered = june(1, 2, 4)
        assert on(4, answered).current == 1
        assert on(4, answered, frozen={date(2026, 6, 3)}).current == 3

    def test_a_freeze_forgives_one_day_and_not_its_neighbour(self) -> None:
        assert on(5, june(1, 2, 5), frozen={date(2026, 6, 3)}).current == 1

    def test_yesterday_frozen_keeps_the_streak_today(self) -> None:
        assert on(4, june(1, 2), frozen={date(2026, 6, 3)}).current == 2


class TestTravel:
    EVENING_IN_LA = answer("2026-06-11T05:00:00", "America/Los_Angeles")  # 10 June, 22:00
    TOKYO = ZoneInfo("Asia/Tokyo")

    def test_who_has_just_flown_east_still_sees_the_streak_before_answering(self) -> None:
        landed = utc("2026-06-11T16:00:00")  # 12 June, 01:00
        today = landed.astimezone(self.TOKYO).date()
        assert streak([self.EVENING_IN_LA], [], today, self.TOKYO, now=landed).current == 1
        assert streak([self.EVENING_IN_LA], [], today, self.TOKYO).current == 1

    def test_and_no_longer_once_an_answer_would_come_too_late(self) -> None:
        late = utc("2026-06-12T17:00:00")  # exactly 36 hours: 13 June, 02:00
        just_in_time = late - timedelta(seconds=1)
        today = date(2026, 6, 13)
        assert streak([self.EVENING_IN_LA], [], today, self.TOKYO, now=just_in_time).current == 1
        assert streak([self.EVENING_IN_LA], [], today, self.TOKYO, now=late).current == 0

    def test_flying_straight_back_west_does_not_undo_the_flight_east(self) -> None:
        there_and_back = [
            answer("2026-01-01T00:00:01", "America/Los_Angeles"),  # 31 December
            answer("2026-01-02T10:00:00", "Pacific/Kiritimati"),  # 3 January, 34 hours later
            answer("2026-01-02T19:00:00", "America/Los_Angeles"),  # 2 January
        ]
        la = ZoneInfo("America/Los_Angeles")
        assert streak(there_and_back, [], date(2026, 1, 2), la).current == 3

    def test_a_zone_that_is_only_renamed_or_lies_west_forgives_nothing(self) -> None:
        before = answer("2026-06-10T00:30:00", "Asia/Kolkata")
        for zone in ("Asia/Calcutta", "Europe/Berlin"):
            after = Day(date(2026, 6, 12), before.at + timedelta(hours=35), zone)
            assert streak([before, after], [], after.day, ZoneInfo(zone)).current == 1

    def test_summer_time_at_home_is_no_travel(self) -> None:
        before = answer("2026-03-28T22:30:00")  # 28 March, 23:30
        after = answer("2026-03-29T22:10:00")  # 30 March, 00:10, 23 hours 40 minutes later
        assert (after.day - before.day).days == 2
        assert streak([before, after], [], after.day, BERLIN).current == 1

    def test_a_date_reached_again_by_flying_west_is_open_and_not_missed(self) -> None:
        tokyo = [
            answer("2026-06-08T15:30:00", "Asia/Tokyo"),  # 9 June
            answer("2026-06-10T15:30:00", "Asia/Tokyo"),  # 11 June
        ]
        la = ZoneInfo("America/Los_Angeles")
        back = streak(tokyo, [], date(2026, 6, 10), la)
        assert (back.current, back.open_today, back.answered_today) == (2, True, False)
        assert back.last_day == date(2026, 6, 11)
        filled = [*tokyo, Day(date(2026, 6, 10), utc("2026-06-10T20:00:00"), la.key)]
        assert streak(filled, [], date(2026, 6, 10), la).current == 3
        # Left open until it ended, it was missed after all.
        assert streak(tokyo, [], date(2026, 6, 11), la).current == 1

    def test_a_date_that_never_was_counts_for_the_zone_of_the_later_answer(self) -> None:
        before = answer("2011-12-29T19:00:00", "Pacific/Apia")  # 29 December
        for zone, current in (("Pacific/Apia", 2), ("Pacific/Honolulu", 1)):
            after = Day(date(2011, 12, 31), utc("2011-12-31T20:00:00"), zone)
            assert streak([before, after], [], after.day, ZoneInfo(zone)).current == current

    def test_a_date_that_never_was_is_not_missed_before_the_next_answer_either(self) -> None:
        before = answer("2011-12-29T19:00:00", "Pacific/Apia")
        apia = ZoneInfo("Pacific/Apia")
        assert streak([before], [], date(2011, 12, 31), apia).current == 1
        assert streak([before], [], date(2012, 1, 1), apia).current == 0


def walked(
    answered: set[date], plan: list[PlanFrom], frozen: set[date], today: date
) -> tuple[int, int]:
    """The current and longest streak of somebody who stays at home, date by date."""
    current = longest = 0
    day = min(answered, default=today)
    while day <= today:
        in_force = [one.days for one in plan if one.day <= day]
        scheduled = day.weekday() in (in_force[-1] if in_force else range(7))
        if scheduled and day in answered:
            current += 1
        elif scheduled and day not in frozen and day != today:
            current = 0
        longest = max(longest, current)
        day += ONE_DAY
    return current, longest


START = date(2026, 1, 1)
dates = st.integers(0, 60).map(lambda number: START + number * ONE_DAY)
plans = st.lists(
    st.builds(PlanFrom, dates, st.frozensets(st.integers(0, 6))),
    max_size=4,
    unique_by=lambda one: one.day,
).map(lambda found: sorted(found, key=lambda one: one.day))


def at_home(days: set[date]) -> list[Day]:
    return [Day(day, datetime(day.year, day.month, day.day, 9, tzinfo=UTC), "UTC") for day in days]


@settings(max_examples=300, deadline=None)
@given(st.sets(dates, max_size=60), plans, st.sets(dates, max_size=5), dates)
def test_at_home_the_streak_is_what_walking_through_the_calendar_finds(
    answered: set[date], plan: list[PlanFrom], frozen: set[date], today: date
) -> None:
    answered = {day for day in answered if day <= today}
    found = streak(at_home(answered), plan, today, ZoneInfo("UTC"), frozen=frozen)
    assert (found.current, found.longest) == walked(answered, plan, frozen, today)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 60 * 3600),
            st.sampled_from(["Asia/Tokyo", "America/Los_Angeles", "UTC", "Pacific/Kiritimati"]),
        ),
        min_size=1,
        max_size=30,
    ),
    plans,
)
def test_an_answer_now_adds_at_most_one_to_the_streak_that_is_shown(
    steps: list[tuple[int, str]], plan: list[PlanFrom]
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    answered: list[Day] = []
    for seconds, key in steps:
        at += timedelta(seconds=seconds)
        zone = ZoneInfo(key)
        today = local_day(at, zone)
        shown = streak(answered, plan, today, zone, now=at)
        answered.append(Day(today, at, key))
        after = streak(answered, plan, today, zone, now=at)
        assert after.current - shown.current == (1 if shown.open_today else 0)
        assert after.longest >= shown.longest
        assert after.answered_today
        assert not after.open_today
