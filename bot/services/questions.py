"""The bank in the database: importing it from disk, and what moderators add."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from bot.bank.roadmap import Roadmap, load_roadmap
from bot.bank.walk import fingerprint, read_bank
from bot.chat.context import Actor, Chat, Role
from bot.clock import Clock
from bot.domain.question import Question
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.drafts import Draft, question_of
from bot.store.records import StoredQuestion
from bot.store.uow import Database, UnitOfWork

_QUESTION = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    added: int = 0
    revised: int = 0
    retired: int = 0


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic, with how many questions a chat may ask of it."""

    slug: str
    title: str
    count: int


class QuestionBank:
    """Questions: from the bank on disk, and from moderators."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.roadmap: Roadmap | None = None

    async def import_bank(self, folder: Path) -> Imported:
        """Bring the public bank to what `folder` holds; unchanged files cost one hash.

        A changed question gets a new revision, one that is gone is retired; attempts keep the
        wording they were made at.

        Raises:
            BankFaults: A file is at fault; nothing was changed.
        """
        self.roadmap = load_roadmap(folder / "roadmap.toml")
        found = fingerprint(folder)
        async with self._database.read() as unit:
            if await unit.kv.get("bank") == found:
                return Imported()
        bank = read_bank(folder)
        async with self._database.write() as unit:
            await unit.alone("import")
            if await unit.kv.get("bank") == found:
                return Imported()  # another process was first
            result = await self._bring_in(unit, bank.questions)
            await unit.kv.put("bank", found)
            await unit.commit()
        return result

    async def topics(self, chat: Chat) -> list[TopicCount]:
        """Return the topics that have questions, in the roadmap's order."""
        async with self._database.read() as unit:
            counts = await unit.questions.topic_counts(chat.id)
        titles = self.topic_titles()
        order = [*titles, *sorted(counts.keys() - titles.keys())]
        return [TopicCount(t, titles.get(t, t), counts[t]) for t in order if counts.get(t)]

    def topic_titles(self) -> dict[str, str]:
        """Return all topics of the roadmap: titles by slug."""
        return self.roadmap.topic_titles if self.roadmap else {}

    async def topic_like(self, chat: Chat, typed: str) -> str:
        """Return the topic that `typed` means: a slug, a title, or the beginning of one.

        Raises:
            Invalid: No topic, or more than one.
        """
        wanted = _letters(typed)
        topics = await self.topics(chat)
        exact = [t for t in topics if wanted in (_letters(t.slug), _letters(t.title))]
        found = exact or [
            t for t in topics if wanted and wanted in _letters(t.slug) + " " + _letters(t.title)
        ]
        if len(found) == 1:
            return found[0].slug
        ways = ", ".join(t.slug for t in found or topics)
        wrong = "could be several topics" if found else "is not a topic with questions"
        raise Invalid(f'"{typed[:40]}" {wrong}.', f"Use one of: {ways}.", field="topic")

    async def get(self, chat: Chat, slug: str) -> StoredQuestion:
        """Return a question that a chat can see, by slug or seed number.

        Raises:
            NotFound: There is none; the hint says how to search.
        """
        async with self._database.read() as unit:
            return await _find(unit, chat, slug)

    async def search(self, chat: Chat, text: str, limit: int) -> tuple[list[StoredQuestion], int]:
        """Return questions that have all the words of `text`, and how many there are."""
        words = [word[:60] for word in text.split()[:8]]
        async with self._database.read() as unit:
            return await unit.questions.search(chat.id, words, limit=limit)

    async def add(self, actor: Actor, chat: Chat, draft: Draft, difficulty: int) -> StoredQuestion:
        """Add a group's own question; it is asked from now on.

        Raises:
            NotAllowed: Not a moderator.
            Invalid: A field is wrong.
            Conflict: The group has that question already.
        """
        check_moderator(actor)
        now = self._clock.now()
        async with self._database.write() as unit:
            same, _ = await unit.questions.search(
                chat.id, _letters(draft.prompt).split()[:12], limit=50
            )
            for other in same:
                if _letters(other.question.prompt) == _letters(draft.prompt):
                    slug = other.question.slug
                    raise Conflict("That question is in the bank already.", f"See {slug}.")
            question = question_of(draft, difficulty, actor.name, self.topic_titles())
            # A name that no question of the public bank can ever have.
            slug = f"g{chat.id}-{question.slug}"
            taken = await unit.questions.slugs_like(slug)
            question = replace(question, slug=_free(slug, taken))
            await unit.questions.add(
                question,
                content_hash(question),
                now,
                chat_id=chat.id,
                author_user_id=actor.user_id,
            )
            after = {"prompt": question.prompt}
            subject = f"question:{question.slug}"
            await unit.audit.add(now, actor.user_id, chat.id, "question add", subject, after=after)
            await unit.commit()
            return await _find(unit, chat, question.slug)

    async def edit(self, actor: Actor, chat: Chat, slug: str, draft: Draft) -> StoredQuestion:
        """Give a group's own question a new wording; answers keep the one they were given to.

        Raises:
            NotAllowed: Not a moderator, or not the group's own question.
            NotFound: No such question.
            Invalid: A field is wrong.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            stored = await _own(unit, actor, chat, slug)
            made = question_of(draft, stored.question.difficulty, actor.name, self.topic_titles())
            question = replace(stored.question, slug=stored.question.slug, prompt=made.prompt)
            question = replace(question, topic=made.topic, rubric=made.rubric)
            digest = content_hash(question)
            if digest != stored.content_hash:
                await unit.questions.revise(
                    stored, question, digest, now, author_user_id=actor.user_id
                )
                await unit.audit.add(
                    now,
                    actor.user_id,
                    chat.id,
                    "question edit",
                    f"question:{stored.question.slug}",
                    before={"prompt": stored.question.prompt, "revision": stored.number},
                    after={"prompt": question.prompt},
                )
                await unit.commit()
            return await _find(unit, chat, slug)

    async def retire(self, actor: Actor, chat: Chat, slug: str) -> StoredQuestion:
        """Ask a group's own question no more; what was answered stays.

        Raises:
            NotAllowed: Not a moderator, or not the group's own question.
            NotFound: No such question.
        """
        async with self._database.write() as unit:
            stored = await _own(unit, actor, chat, slug)
            await unit.questions.set_status(stored.id, "retired")
            subject = f"question:{stored.question.slug}"
            await unit.audit.add(
                self._clock.now(), actor.user_id, chat.id, "question retire", subject
            )
            await unit.commit()
            return replace(stored, status="retired")

    async def own(self, actor: Actor, chat: Chat, slug: str) -> StoredQuestion:
        """Return a group's own question, for editing.

        Raises:
            NotAllowed: Not a moderator, or not the group's own question.
            NotFound: No such question.
        """
        async with self._database.read() as unit:
            return await _own(unit, actor, chat, slug)

    async def _bring_in(self, unit: UnitOfWork, questions: tuple[Question, ...]) -> Imported:
        now, added, revised, retired = self._clock.now(), 0, 0, 0
        kept = await unit.questions.all_public()
        for question in questions:
            digest = content_hash(question)
            stored = kept.pop(question.slug, None)
            if stored is None:
                await unit.questions.add(question, digest, now)
                added += 1
                continue
            if stored.content_hash != digest:
                await unit.questions.revise(stored, question, digest, now)
                revised += 1
            if stored.status == "retired":
                await unit.questions.set_status(stored.id, "published")
        for stored in kept.values():
            if stored.status == "published":
                await unit.questions.set_status(stored.id, "retired")
                retired += 1
        return Imported(added, revised, retired)


def content_hash(question: Question) -> str:
    """Return a hash of all that a revision holds."""
    return hashlib.sha256(_QUESTION.dump_json(question)).hexdigest()


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _free(slug: str, taken: set[str]) -> str:
    number = 2
    name = slug
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    return name


def check_moderator(actor: Actor) -> None:
    """Let only a group's moderators pass.

    Raises:
        NotAllowed: Not a moderator.
    """
    if actor.role < Role.MODERATOR:
        raise NotAllowed("Only a group's moderators can do that.", "Ask one of them.")


async def _find(unit: UnitOfWork, chat: Chat, slug: str) -> StoredQuestion:
    name = slug.strip().casefold()
    found = await unit.questions.by_slug(name) or await unit.questions.by_seed(name)
    if found is None or found.chat_id not in (None, chat.id):
        raise NotFound(f'There is no question "{slug[:40]}" here.', "/question search finds them.")
    return found


async def _own(unit: UnitOfWork, actor: Actor, chat: Chat, slug: str) -> StoredQuestion:
    check_moderator(actor)
    stored = await _find(unit, chat, slug)
    if stored.chat_id != chat.id:
        raise NotAllowed(
            "That question belongs to the public bank and is the same for everybody.",
            "You can edit and retire the questions your group has added.",
        )
    return stored
