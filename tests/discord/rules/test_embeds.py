from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.embeds import check_embeds, texts
from tests.discord.rules.wrongs import wrongs

FIELD = {"name": "n", "value": "v", "inline": True}


def test_a_full_embed_is_taken_and_read_in_order() -> None:
    embed = {
        "type": "rich",
        "title": "title",
        "description": "description",
        "url": "https://example.org",
        "timestamp": "2026-11-23T09:00:00+00:00",
        "color": 0xFFFFFF,
        "author": {"name": "author"},
        "footer": {"text": "footer"},
        "fields": [FIELD],
        "image": {"url": "attachment://a.png"},
    }
    check_embeds([embed])
    assert texts(embed) == ["author", "title", "description", "n", "v", "footer"]


@pytest.mark.parametrize(
    ("embed", "told"),
    [
        ({"title": "t" * 257}, {"title": "BASE_TYPE_MAX_LENGTH"}),
        ({"description": "d" * 4097}, {"description": "BASE_TYPE_MAX_LENGTH"}),
        ({"fields": [FIELD] * 26}, {"fields": "BASE_TYPE_MAX_LENGTH"}),
        (
            {"fields": [{"name": "n" * 257, "value": "v"}]},
            {"fields.0.name": "BASE_TYPE_BAD_LENGTH"},
        ),
        ({"fields": [{"name": "n", "value": ""}]}, {"fields.0.value": "BASE_TYPE_REQUIRED"}),
        (
            {"fields": [{"name": "n", "value": "v" * 1025}]},
            {"fields.0.value": "BASE_TYPE_BAD_LENGTH"},
        ),
        ({"footer": {"text": "f" * 2049}}, {"footer.text": "BASE_TYPE_BAD_LENGTH"}),
        ({"author": {"name": "a" * 257}}, {"author.name": "BASE_TYPE_BAD_LENGTH"}),
        ({"title": "t", "color": 1 << 24}, {"color": "NUMBER_TYPE_MAX"}),
        ({"title": "t", "url": "ftp://a"}, {"url": "URL_TYPE_INVALID_SCHEME"}),
        ({"title": "t", "timestamp": "noon"}, {"timestamp": "DATE_TIME_TYPE_PARSE"}),
        ({"title": "t", "colour": 1}, {"colour": "UNKNOWN_FIELD"}),
        ({"color": 1}, {"description": "BASE_TYPE_REQUIRED"}),
    ],
)
def test_every_part_of_an_embed_has_its_limit(embed: dict[str, Any], told: dict[str, str]) -> None:
    expected = {f"embeds.0.{path}": code for path, code in told.items()}
    assert wrongs(check_embeds, [embed]) == expected


def test_a_message_has_ten_embeds_at_most() -> None:
    check_embeds([{"title": "t"}] * 10)
    assert wrongs(check_embeds, [{"title": "t"}] * 11) == {"embeds": "BASE_TYPE_MAX_LENGTH"}


def test_all_embeds_together_hold_six_thousand_characters() -> None:
    first, second = {"description": "d" * 4000}, {"title": "t" * 256, "description": "d" * 1744}
    check_embeds([first, second])
    too_much = {**second, "fields": [{"name": "n", "value": "v"}]}
    assert wrongs(check_embeds, [first, too_much]) == {"embeds.1": "MAX_EMBED_SIZE_EXCEEDED"}
