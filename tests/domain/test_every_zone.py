"""What must hold in every zone of the world, held against a scan of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.cadence import EVERY_DAY, Cadence, latest_due, next_due, upcoming
from bot.domain.days import day_ends_at, exists, local_day

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

cadences = st.builds(
    Cadence,
    minute=st.integers(0, 1439) | st.sampled_from([0, 1, 30, 60, 120, 150, 1380, 1410, 1439]),
    days=st.just(EVERY_DAY) | st.frozensets(st.integers(0, 6), min_size=1),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@cache
def changes(key: str, year: int) -> tuple[datetime, ...]:
    """The midnights (UTC) of `year` within a day after which the zone's offset changes."""
    zone = ZoneInfo(key)
    days = [datetime(year, 1, 1, tzinfo=UTC) + number * DAY for number in range(366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return tuple(
        day for day, old, new in zip(days, offsets, offsets[1:], strict=False) if old != new
    )


@st.composite
def instants(draw: st.DrawFn, zone: ZoneInfo, first_year: int, last_year: int) -> datetime:
    """Instants, half of them near a clock change if the year has one."""
    year = draw(st.integers(first_year, last_year))
    near = changes(zone.key, year)
    close: bool = draw(st.booleans())
    if near and close:
        start: datetime = draw(st.sampled_from(near))
    else:
        start = datetime(year, 1, 1, tzinfo=UTC) + draw(st.integers(0, 364)) * DAY
    return start + timedelta(seconds=draw(st.integers(-3 * 86_400, 3 * 86_400)))


def scanned_due(
    cadence: Cadence, zone: ZoneInfo, after: datetime, last_day: date | None
) -> tuple[datetime, date]:
    """The first due instant and its date, found by watching the clock minute by minute."""
    at = after.replace(second=0, microsecond=0) - 2 * DAY
    wall = at.astimezone(zone).replace(tzinfo=None)
    fired: set[date] = set()
    while True:
        following = (at + MINUTE).astimezone(zone).replace(tzinfo=None)
        for day in sorted({wall.date(), following.date()}):
            target = datetime.combine(day, time(*divmod(cadence.minute, 60)))
            if wall <= target < following and day not in fired:
                fired.add(day)
                due = at + (target - wall)
                allowed = last_day is None or day > last_day
                if due > after and allowed and day.weekday() in cadence.days:
                    return due, day
        at, wall = at + MINUTE, following


@settings(max_examples=120, deadline=None)
@given(st.data(), zones, cadences)
def test_the_next_due_instant_is_what_a_scan_of_the_clock_finds(
    data: st.DataObject, zone: ZoneInfo, cadence: Cadence
) -> None:
    after = data.draw(instants(zone, 1973, 2040))
    ahead = data.draw(st.none() | st.integers(-2, 2))
    last_day = None if ahead is None else after.astimezone(zone).date() + ahead * DAY
    due = next_due(cadence, zone, after, last_day=last_day)
    assert (due.at, due.day) == scanned_due(cadence, zone, after, last_day)


@settings(max_examples=300, deadline=None)
@given(st.data(), zones, cadences)
def test_no_date_that_exists_is_skipped_and_none_comes_twice(
    data: st.DataObject, zone: ZoneInfo, cadence: Cadence
) -> None:
    after = data.draw(instants(zone, 1840, 2100))
    dues = upcoming(cadence, zone, after, 12)
    assert all(due.at.tzinfo is UTC and due.at > after for due in dues)
    assert all(one.at < two.at for one, two in pairwise(dues))
    first, last = dues[0].day, dues[-1].day
    between = [first + number * DAY for number in range((last - first).days + 1)]
    assert [due.day for due in dues] == [
        day for day in between if day.weekday() in cadence.days and exists(day, zone)
    ]


@settings(max_examples=300, deadline=None)
@given(st.data(), zones, cadences, st.integers(0, 40 * 86_400))
def test_a_later_start_never_comes_due_earlier(
    data: st.DataObject, zone: ZoneInfo, cadence: Cadence, seconds: int
) -> None:
    after = data.draw(instants(zone, 1840, 2100))
    later = after + timedelta(seconds=seconds)
    due = next_due(cadence, zone, after)
    due_later = next_due(cadence, zone, later)
    assert due.at <= due_later.at
    if later < due.at:
        assert due_later == due


@settings(max_examples=300, deadline=None)
@given(st.data(), zones, cadences, st.integers(0, 30 * 86_400), st.integers(0, 5))
def test_catching_up_finds_what_going_forward_would_have_served(
    data: st.DataObject, zone: ZoneInfo, cadence: Cadence, seconds: int, keep: int
) -> None:
    after = data.draw(instants(zone, 1840, 2100))
    until = after + timedelta(seconds=seconds)
    forward = [due for due in upcoming(cadence, zone, after, 34) if due.at <= until]
    missed = latest_due(cadence, zone, after, until, keep=keep)
    assert missed.newest == (forward[-1] if forward else None)
    assert list(missed.skipped) == forward[:-1][-keep or len(forward) :]
    assert missed.more == (len(forward) > keep + 1)


@settings(max_examples=200, deadline=None)
@given(st.data(), zones)
def test_a_date_exists_where_some_clock_in_the_zone_showed_it(
    data: st.DataObject, zone: ZoneInfo
) -> None:
    day = data.draw(instants(zone, 1840, 2100)).astimezone(zone).date()
    noon = datetime.combine(day, time(12), UTC)
    quarters = (noon + number * timedelta(minutes=15) for number in range(-160, 160))
    assert exists(day, zone) == any(at.astimezone(zone).date() == day for at in quarters)


@settings(max_examples=150, deadline=None)
@given(st.data(), zones, st.integers(0, 23))
@example(None, ZoneInfo("Pacific/Apia"), 3)
def test_a_day_ends_at_the_first_minute_that_counts_for_a_later_one(
    data: st.DataObject | None, zone: ZoneInfo, starts_at: int
) -> None:
    if data is None:
        at = datetime(2011, 12, 30, 9, tzinfo=UTC)
    else:
        at = data.draw(instants(zone, 1973, 2040)).replace(second=0)
    day = local_day(at, zone, starts_at)
    end = at
    while local_day(end, zone, starts_at) <= day:
        end += MINUTE
    # St. John's and a few others once changed their clocks at a minute past midnight, and half a
    # minute is not seen by this scan.
    assume(end.second == 0)
    assert day_ends_at(at, zone, starts_at) == end
