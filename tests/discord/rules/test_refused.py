from __future__ import annotations

from tests.discord.rules.refused import Refused, invalid


def test_what_is_wrong_with_a_form_is_nested_by_its_path() -> None:
    refused = invalid({("embeds", 0, "title"): ("A", "a"), "content": ("B", "b"), (): ("C", "c")})
    assert (refused.status, refused.body) == (
        400,
        {
            "message": "Invalid Form Body",
            "code": 50035,
            "errors": {
                "embeds": {"0": {"title": {"_errors": [{"code": "A", "message": "a"}]}}},
                "content": {"_errors": [{"code": "B", "message": "b"}]},
                "_errors": [{"code": "C", "message": "c"}],
            },
        },
    )


def test_a_refusal_without_a_form_has_no_errors() -> None:
    assert Refused(403, 50001, "Missing Access").body == {
        "message": "Missing Access",
        "code": 50001,
    }
