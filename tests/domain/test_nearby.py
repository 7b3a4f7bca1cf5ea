"""The zones offered to a newcomer exist, are few, and fit on a button."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.cards.onboarding import region, when, where
from bot.cards.words import place
from bot.chat.view import Button
from bot.domain.nearby import LIKELY, MOST, REGIONS, WORLD, likely
from bot.domain.zones import parse_zone

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
ALL = {zone for zones in LIKELY.values() for zone in zones} | {
    zone for _, *zones in REGIONS.values() for zone in zones
}


@pytest.mark.parametrize("zone", sorted(ALL))
def test_every_zone_exists_under_that_very_name(zone: str) -> None:
    assert ZoneInfo(zone).key == zone
    assert parse_zone(zone) == zone


def test_a_language_has_its_places_first_and_the_world_behind_them() -> None:
    assert likely("de")[:3] == ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich")
    assert likely("pt-BR")[0] == likely("pt_br")[0] == "America/Sao_Paulo"
    assert likely("de-AT")[0] == "Europe/Berlin"
    assert likely("") == likely("xx") == WORLD
    assert all(len(likely(language)) == MOST for language in LIKELY)


def test_a_zone_that_is_known_comes_first_and_only_once() -> None:
    assert likely("de", "Asia/Tokyo")[0] == "Asia/Tokyo"
    assert likely("de", "Europe/Berlin").count("Europe/Berlin") == 1
    assert "UTC" not in likely("de", "UTC")


def test_every_button_is_short_enough_for_a_phone() -> None:
    cards = [where(likely(language), NOW) for language in LIKELY]
    cards += [region(key, NOW) for key in REGIONS]
    buttons = [item for card in cards for row in card.rows for item in row]
    assert all(isinstance(each, Button) and len(each.label) <= 34 for each in buttons)
    assert all(len(row) <= 3 for card in cards for row in card.rows)
    assert all(len(card.title) <= 45 for card in cards)


@pytest.mark.parametrize("zone", sorted(ALL))
def test_a_zone_fits_in_the_cards_that_name_it_and_can_be_typed_as_shown(zone: str) -> None:
    assert len(when(zone, NOW).title) <= 45
    assert parse_zone(place(zone)) == zone
