"""The curriculum as data: levels, sections and topics of roadmap.toml, in its order."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.bank.fault import BankFaults, Fault


@dataclass(frozen=True, slots=True)
class Topic:
    """A folder of questions, and what /practice is asked for."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of a level, with its bullets in order."""

    number: str
    title: str
    topic: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoadmapLevel:
    """A level of the roadmap."""

    number: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The whole curriculum."""

    topics: tuple[Topic, ...]
    levels: tuple[RoadmapLevel, ...]

    @property
    def topic_titles(self) -> dict[str, str]:
        """Titles by topic slug, in the roadmap's order."""
        return {topic.slug: topic.title for topic in self.topics}

    @property
    def nodes(self) -> dict[str, str]:
        """Bullets by id ("I.1.1.3"), in the roadmap's order."""
        return {
            f"{level.number}.{section.number}.{place}": title
            for level in self.levels
            for section in level.sections
            for place, title in enumerate(section.topics, start=1)
        }


_ROADMAP = TypeAdapter(Roadmap)


def load_roadmap(path: Path) -> Roadmap:
    """Read roadmap.toml.

    Raises:
        BankFaults: The file is missing or not of that form.
    """
    try:
        return _ROADMAP.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        message, remedy = f"cannot be read: {error.strerror}", "Restore the file from the release"
        raise BankFaults([Fault(path, 1, "", message, remedy)]) from error
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        remedy = "Restore the file from the release, or mend it there"
        raise BankFaults([Fault(path, 1, "", f"is not a roadmap: {error}", remedy)]) from error
