from __future__ import annotations

import numpy as np
import pytest

from bot.critics import embedding as module
from bot.critics.embedding import Embedding, embedding, installed
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import PointState
from tests.critics.rubrics import STACKS


@pytest.fixture
def vectors() -> Embedding:
    found = embedding()
    if found is None:
        pytest.skip("no embeddings installed")
    return found


def test_vectors_have_the_length_of_one(vectors: Embedding) -> None:
    found = vectors.vectors(["a stack", "a much longer text about queues, stacks and brokers"])

    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_other_words_for_the_same_are_nearer_than_something_else(vectors: Embedding) -> None:
    text, same, else_ = vectors.vectors(["a quick car", "a fast vehicle", "boiled potatoes"])

    assert text @ same > text @ else_ + 0.2


def test_a_text_has_the_same_vector_alone_and_among_others(vectors: Embedding) -> None:
    among = vectors.vectors(["a queue", "a stack, last in first out", "?"])

    assert np.array_equal(among[1], vectors.vectors(["a stack, last in first out"])[0])


@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "🙂" * 500])
def test_any_text_has_a_vector(vectors: Embedding, text: str) -> None:
    assert np.isfinite(vectors.vectors([text])).all()


def test_no_texts_have_no_vectors(vectors: Embedding) -> None:
    assert len(vectors.vectors([])) == 0


def test_without_the_package_there_are_no_vectors_and_the_critic_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")
    for cached in (installed, embedding):
        cached.cache_clear()
    try:
        assert not installed()
        assert embedding() is None
        critic = KeypointsCritic()
        assert critic.version == KeypointsCritic.version
        states = [point.state for point in critic.judge(STACKS, "a stack is LIFO").points]
        assert states[0] is PointState.COVERED
    finally:
        for cached in (installed, embedding):
            cached.cache_clear()
