from __future__ import annotations

import pytest

from bot.critics.words import blank, fold, stem, tokens


def words(text: str) -> list[str]:
    return [token.word for token in tokens(blank(fold(text).text))]


def test_every_folded_character_knows_its_place_in_the_original() -> None:
    text = "Ｆｕｌｌ \u200bwidth ﬁle ½"

    folded = fold(text)

    assert folded.text.startswith("full width file")
    assert len(folded.origin) == len(folded.text)
    assert text[folded.origin[folded.text.index("width")]] == "w"


def test_letters_that_only_look_latin_are_read_as_latin_and_noticed() -> None:
    folded = fold("mutаble")  # the a is Cyrillic

    assert folded.text == "mutable"
    assert folded.obfuscated


def test_plain_cyrillic_and_emoji_are_nothing_to_hide() -> None:
    assert not fold("это очередь 👍🏽 👨\u200d👩\u200d👧").obfuscated


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\U000e0067"])
def test_direction_and_tag_characters_are_dropped_and_noticed(hidden: str) -> None:
    folded = fold(f"a queue {hidden}is FIFO")

    assert folded.text == "a queue is fifo"
    assert folded.obfuscated


def test_tags_links_and_struck_out_words_are_no_words() -> None:
    text = "<b>stack</b> ~~queue~~ [here](http://evil.example/queue) &nbsp;ok"

    assert words(text) == ["stack", "here", "ok"]


def test_the_order_of_growth_is_one_word() -> None:
    assert words("O(1) and O( log n )") == ["o(1)", "and", "o(logn)"]


def test_is_is_a_word_of_its_own_where_it_names_the_operator() -> None:
    assert words("`is` compares identity, a list is fast")[0] == "is-operator"
    assert "is" in words("`is` compares identity, a list is fast")


@pytest.mark.parametrize(
    ("left", "right"),
    [("modified", "changed"), ("faster", "quickly"), ("db", "databases"), ("wrote", "writing")],
)
def test_everyday_synonyms_and_irregular_forms_share_a_stem(left: str, right: str) -> None:
    assert stem(left) == stem(right)


@pytest.mark.parametrize(("left", "right"), [("mutable", "immutable"), ("sync", "async")])
def test_opposites_do_not_share_a_stem(left: str, right: str) -> None:
    assert stem(left) != stem(right)
