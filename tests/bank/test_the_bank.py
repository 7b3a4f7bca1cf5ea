"""The bank that we ship: every question of the roadmap's list, complete."""

from __future__ import annotations

from functools import cache

import pytest

from bot import bundled
from bot.bank.walk import Bank, question_files, read_bank
from bot.domain.question import Question

FOLDER = bundled.questions_folder()
SLUGS = [path.stem for path in question_files(FOLDER)]


@cache
def bank() -> Bank:
    return read_bank(FOLDER)


def question(slug: str) -> Question:
    return next(each for each in bank().questions if each.slug == slug)


def test_all_46_questions_of_the_roadmaps_list_are_there_in_its_words() -> None:
    asked = {
        f"{section.number}.{place}": words
        for level in bank().roadmap.levels
        if level.number == "I"
        for section in level.sections
        if section.number.startswith("2.")
        for place, words in enumerate(section.topics, 1)
    }
    assert len(asked) == 46
    assert {each.seed: each.prompt for each in bank().questions if each.seed} == asked


def test_each_seed_is_filed_where_the_roadmap_has_it() -> None:
    topics = {
        f"{level.number}.{section.number}": section.topic
        for level in bank().roadmap.levels
        for section in level.sections
    }
    wrong = [
        each.slug
        for each in bank().questions
        if each.seed and topics[f"I.{each.seed.rpartition('.')[0]}"] != each.topic
    ]
    assert wrong == []


def test_each_seed_covers_its_own_place_in_the_roadmap() -> None:
    wrong = [e.slug for e in bank().questions if e.seed and f"I.{e.seed}" not in e.covers]
    assert wrong == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_has_all_that_an_interviewer_and_a_critic_need(slug: str) -> None:
    rubric = question(slug).rubric
    assert len(rubric.points) >= 4
    assert all(len(point.paraphrases) >= 5 for point in rubric.points)
    assert len(rubric.misconceptions) >= 2
    assert all(len(wrong.said) >= 2 and wrong.correction for wrong in rubric.misconceptions)
    assert 2 <= len(rubric.hints) <= 3
    assert 2 <= len(rubric.follow_ups) <= 3
    assert all(source.url and source.section for source in rubric.sources)
    assert rubric.sources
    assert rubric.versions
    assert rubric.model_answer


@pytest.mark.parametrize("slug", SLUGS)
def test_a_follow_up_leads_to_another_question_of_the_bank_or_says_what_to_listen_for(
    slug: str,
) -> None:
    for follow_up in question(slug).rubric.follow_ups:
        if follow_up.question is not None:
            assert follow_up.question in SLUGS
            assert follow_up.question != slug
        else:
            assert follow_up.listen_for
