"""What the tests of requests and of forms share."""

from __future__ import annotations

import pytest

from tests.chat.kitchen import Room


@pytest.fixture
def room() -> Room:
    """Return a chat with a product behind it."""
    return Room()
