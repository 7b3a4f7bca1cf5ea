"""People that the services' tests are about."""

from __future__ import annotations

import pytest

from bot.chat.context import Role
from bot.testing import Person, World


@pytest.fixture
def ana(world: World) -> Person:
    """Return somebody in her direct chat."""
    return world.person("Ana")


@pytest.fixture
def ben(world: World) -> Person:
    """Return a member of a group."""
    return world.person("Ben", group="prep")


@pytest.fixture
def chi(world: World) -> Person:
    """Return another member of the group."""
    return world.person("Chi", group="prep")


@pytest.fixture
def maya(world: World) -> Person:
    """Return the group's moderator."""
    return world.person("Maya", group="prep", role=Role.MODERATOR)
