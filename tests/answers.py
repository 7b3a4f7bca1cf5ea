"""Answers to the small bank's questions, right ones and others, by what the question is about."""

from __future__ import annotations

from bot.chat.markup import plain
from bot.chat.view import Card

GOOD = {
    "tea": "Boil the water. Pour it over the tea leaves. Steep it three minutes. Add milk last.",
    "soup": "Chop the vegetables. Fry the onions. Simmer for half an hour. Add salt to taste.",
    "bread": "Knead the dough. Let the dough rise. Bake it in a hot oven. Let the loaf cool.",
    "rice": "Rinse the rice. Twice as much water as rice. Cook it covered. Let it rest.",
}
PARTIAL = {
    "tea": "Boil the water first.",
    "soup": "Chop the vegetables first.",
    "bread": "Knead the dough first.",
    "rice": "Rinse the rice first.",
}


def topic_of(card: Card) -> str:
    """Return which of the small bank's questions a card asks."""
    asked = plain(card.body)
    return next(slug for slug in GOOD if slug in asked)


def good(card: Card) -> str:
    """Return an answer that covers everything a card asks for."""
    return GOOD[topic_of(card)]


def partial(card: Card) -> str:
    """Return an answer that covers one point of what a card asks for."""
    return PARTIAL[topic_of(card)]
