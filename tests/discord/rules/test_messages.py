from __future__ import annotations

from typing import Any

import pytest

from tests.discord.rules.messages import EPHEMERAL, SILENT, V2, check_message
from tests.discord.rules.wrongs import wrongs

TEXT = {"type": 10, "content": "hello"}
ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]}
FILE = {"type": 13, "file": {"url": "attachment://a.txt"}}
PLACES = ("create", "edit", "callback", "followup", "forum")


@pytest.mark.parametrize("where", PLACES)
def test_a_message_that_says_something_is_taken_everywhere(where: str) -> None:
    check_message({"content": "a" * 2000, "embeds": [], "tts": False}, where=where)


@pytest.mark.parametrize("where", PLACES)
def test_content_ends_at_two_thousand_characters(where: str) -> None:
    told = wrongs(check_message, {"content": "é" * 2001}, where=where)
    place = {"callback": "data.content", "forum": "message.content"}.get(where, "content")
    assert told == {place: "BASE_TYPE_MAX_LENGTH"}


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"content": None, "embeds": []}])
def test_a_message_with_nothing_in_it_is_refused(body: dict[str, Any]) -> None:
    assert wrongs(check_message, body, where="create") == {"": "50006"}


@pytest.mark.parametrize(
    "body", [{"embeds": [{"title": "t"}]}, {"components": [ROW]}, {"sticker_ids": ["5"]}]
)
def test_a_message_without_content_may_hold_something_else(body: dict[str, Any]) -> None:
    check_message(body, where="create")


def test_a_file_alone_is_a_message() -> None:
    check_message({"attachments": [{"id": 0, "filename": "a.txt"}]}, where="create", files=1)


def test_an_edit_may_leave_the_content_alone_but_not_take_all_away() -> None:
    old = {"content": "was", "embeds": [], "components": [ROW]}
    check_message({"components": []}, where="edit", old=old)
    told = wrongs(check_message, {"content": None, "components": []}, where="edit", old=old)
    assert told == {"": "50006"}


@pytest.mark.parametrize(
    ("body", "where", "told"),
    [
        ({"content": "a", "nonce": "n" * 26}, "create", {"nonce": "BASE_TYPE_MAX_LENGTH"}),
        ({"content": "a", "nonce": "n"}, "followup", {"nonce": "UNKNOWN_FIELD"}),
        ({"content": "a", "text": "b"}, "create", {"text": "UNKNOWN_FIELD"}),
        ({"content": 5}, "create", {"content": "STRING_TYPE_CONVERT"}),
        ({"content": "a", "tts": "no"}, "create", {"tts": "BOOLEAN_TYPE_CONVERT"}),
        ({"content": "a", "flags": EPHEMERAL}, "create", {"flags": "MESSAGE_FLAGS_INVALID"}),
        ({"content": "a", "flags": SILENT}, "edit", {"flags": "MESSAGE_FLAGS_INVALID"}),
        (
            {"content": "a", "message_reference": {"message_id": "first"}},
            "create",
            {"message_reference.message_id": "NUMBER_TYPE_COERCE"},
        ),
        (
            {"content": "a", "embeds": [{"title": "t" * 257}]},
            "create",
            {"embeds.0.title": "BASE_TYPE_MAX_LENGTH"},
        ),
    ],
)
def test_what_is_not_a_message_is_refused(
    body: dict[str, Any], where: str, told: dict[str, str]
) -> None:
    assert wrongs(check_message, body, where=where) == told


def test_an_answer_to_an_interaction_may_be_for_one_person() -> None:
    check_message({"content": "a", "flags": EPHEMERAL | SILENT}, where="callback")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"content": "a"}, "content"),
        ({"embeds": [{"title": "t"}]}, "embeds"),
        ({"sticker_ids": ["5"]}, "sticker_ids"),
    ],
)
def test_a_layout_has_no_content_of_the_old_kind(more: dict[str, Any], field: str) -> None:
    body = {"flags": V2, "components": [TEXT], **more}
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    assert wrongs(check_message, body, where="create") == {field: code}


def test_a_layout_needs_its_flag() -> None:
    told = wrongs(check_message, {"components": [TEXT]}, where="create")
    assert told == {"components.0.type": "UNION_TYPE_CHOICES"}


def test_a_layout_stays_one_when_it_is_edited() -> None:
    check_message({"components": [TEXT]}, where="edit", old_flags=V2)
    assert wrongs(
        check_message, {"components": [TEXT], "flags": 0}, where="edit", old_flags=V2
    ) == {"flags": "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"}
    assert "content" in wrongs(
        check_message, {"components": [TEXT], "content": "a"}, where="edit", old_flags=V2
    )


def test_an_old_message_becomes_a_layout_when_its_content_is_taken_away() -> None:
    old = {"content": "was", "embeds": []}
    body = {"components": [TEXT], "flags": V2}
    assert "content" in wrongs(check_message, body, where="edit", old=old)
    check_message({**body, "content": None}, where="edit", old=old)


@pytest.mark.parametrize(
    ("given", "files", "told"),
    [
        ([{"id": 1}], 1, {"attachments.0.id": "ATTACHMENT_NOT_FOUND"}),
        ([{"id": 0}, {"id": "0"}], 1, {"attachments.1.id": "ATTACHMENT_ID_DUPLICATED"}),
        ([{"id": n} for n in range(11)], 11, {"attachments": "BASE_TYPE_MAX_LENGTH"}),
        ([{"filename": "a"}], 1, {"attachments.0.id": "BASE_TYPE_REQUIRED"}),
    ],
)
def test_attachments_are_the_files_that_came_along(
    given: list[dict[str, Any]], files: int, told: dict[str, str]
) -> None:
    body = {"content": "a", "attachments": given}
    assert wrongs(check_message, body, where="create", files=files) == told


def test_an_edit_may_keep_the_attachments_there_are() -> None:
    check_message({"attachments": [{"id": 10**17}]}, where="edit")


def test_a_layout_shows_only_files_that_came_along() -> None:
    body = {"flags": V2, "components": [FILE], "attachments": [{"id": 0, "filename": "a.txt"}]}
    check_message(body, where="create", files=1)
    body["attachments"] = [{"id": 0, "filename": "b.txt"}]
    told = wrongs(check_message, body, where="create", files=1)
    assert told == {"components": "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"}
