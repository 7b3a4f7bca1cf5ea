"""Why there is no opinion; no failure carries a word of an answer, a reply or a key.

CriticUnavailable
└── Failure             no opinion this time
    ├── ServerFailure   the server is to blame: counts for the breaker
    │   └── Declined    it refused the request, perhaps only its manner
    ├── Unusable        what the model wrote is no opinion: the server is well
    └── Held            we did not ask: too much under way, or the server rests
"""

from __future__ import annotations

from bot.critics.base import CriticUnavailable


class Failure(CriticUnavailable):
    """No opinion this time.

    Attributes:
        reason: A few words of ours.
        tokens: What the vain call took all the same.
    """

    def __init__(self, reason: str, tokens: int = 0) -> None:
        """Keep the reason and the price."""
        super().__init__(reason)
        self.tokens = tokens


class ServerFailure(Failure):
    """The server, or the way to it, failed.

    Attributes:
        after_s: Seconds after which one more try is worth it; None: never; 0: when we like.
    """

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        """Keep when to try again."""
        super().__init__(reason)
        self.after_s = after_s


class Declined(ServerFailure):
    """The server understood a request and does not take it.

    Attributes:
        about: What it says of it, in lower case, only for finding out what it minds.
    """

    def __init__(self, reason: str, about: str = "") -> None:
        """Keep what it says."""
        super().__init__(reason)
        self.about = about


class Unusable(Failure):
    """The model refused, stopped early, or wrote something else than asked."""


class Held(Failure):
    """Nobody was asked."""
