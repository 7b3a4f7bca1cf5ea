"""Questions as moderators handle them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.question import heading
from bot.cards.words import clip, count
from bot.chat.markup import code, escape, prose
from bot.chat.view import Card, Form, Input
from bot.domain.question import Question
from bot.services.drafts import MAX_PROMPT, Draft
from bot.store.records import StoredQuestion


def form(
    submit: str, titles: Mapping[str, str], draft: Draft | None = None, *, title: str = ""
) -> Form:
    """Return the form that makes or changes a question, under a `title` of its own if given."""
    filled = draft or Draft("", "", "", "", "")
    topics = tuple((title, slug) for slug, title in titles.items())
    return Form(
        title or ("Edit a question" if draft else "Add a question"),
        submit,
        (
            Input("prompt", "Question", multiline=True, max_length=MAX_PROMPT, value=filled.prompt),
            Input("topic", "Topic", choices=topics, value=filled.topic),
            Input(
                "points",
                "Key points, one a line",
                multiline=True,
                value=filled.points,
                about="What a good answer says. A number in brackets at the end is its weight.",
            ),
            Input("answer", "Model answer", multiline=True, value=filled.answer),
            Input(
                "wrong",
                "What people wrongly say (optional)",
                multiline=True,
                required=False,
                value=filled.wrong,
                about="One a line: what people wrongly say => what is right",
            ),
        ),
    )


def kept(stored: StoredQuestion, titles: Mapping[str, str], *, edited: bool) -> Card:
    """Return that a question was added or changed."""
    title = "Question changed" if edited else "Question added"
    slug = stored.question.slug
    note = f"It is asked from now on. To change it: {code(f'/question edit {slug}')}"
    return Card(title, f"{_about(stored.question, titles)}\n\n{note}", kind="bank")


def retired(stored: StoredQuestion) -> Card:
    """Return that a question is asked no more."""
    body = f"{escape(stored.question.prompt)}\n\nIt is asked no more; answers to it stay."
    return Card("Question retired", body, kind="bank")


def shown(stored: StoredQuestion, titles: Mapping[str, str]) -> Card:
    """Return a question with its rubric, for a moderator."""
    rubric = stored.question.rubric
    total = sum(point.weight for point in rubric.points) or 1
    points = [f"- {p.weight * 100 // total} %: {prose(p.text)}" for p in rubric.points]
    wrong = [
        f"- {escape(w.said[0])}: {prose(w.correction)}" for w in rubric.misconceptions if w.said
    ]
    lines = [_about(stored.question, titles), "*Key points*\n" + "\n".join(points)]
    if wrong:
        lines.append("*Misconceptions*\n" + "\n".join(wrong))
    if stored.question.author:
        licence = f", {stored.question.licence}" if stored.question.licence else ""
        lines.append(escape(f"By {stored.question.author}{licence}."))
    return Card(f"{stored.question.slug} ({stored.status})", "\n\n".join(lines), kind="bank")


def found(questions: list[StoredQuestion], total: int, text: str) -> Card:
    """Return what a search found."""
    if not questions:
        body = "Fewer or other words may find it. /question add adds a new one."
        return Card(f'No question has "{clip(text, 40)}"', body, kind="bank")
    lines = [
        f"- `{each.question.slug}` {escape(clip(each.question.prompt, 90))}" for each in questions
    ]
    if total > len(questions):
        lines.append(f"and {total - len(questions)} more: add a word to see fewer.")
    return Card(count(total, "question"), "\n".join(lines), kind="bank")


def _about(question: Question, titles: Mapping[str, str]) -> str:
    return f"{escape(heading(question, titles))}\n*{escape(question.prompt)}*"
