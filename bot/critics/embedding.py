"""Likeness of texts by meaning, from static word vectors: an extra that the critic does without.

The vectors come with the `wordllama` package (`pip install drillmate[embeddings]`). Only its files
are read: importing it configures logging, and its own loading looks for files elsewhere first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Vectors = NDArray[np.float32]
    """One unit vector a row; a text without a known word part is all zeros."""

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
NEEDS = ("numpy", "safetensors", "tokenizers")
"""What reads its files; its own dependencies."""
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


class Embedding:
    """Turns texts into vectors; about 0.04 ms for a sentence, 45 MB for all of it."""

    def __init__(self, weights: NDArray[np.float16], tokenizer: Tokenizer) -> None:
        """Keep the vectors of all word parts, in half precision, and what cuts texts into them."""
        self._weights = weights
        self._tokenizer = tokenizer

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the mean of each text's word parts, as unit vectors."""
        import numpy as np

        found = np.zeros((len(texts), self._weights.shape[1]), np.float32)
        for row, text in enumerate(texts):
            # One at a time: a batch would start threads, for less work than starting them is.
            parts = self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids
            if parts:
                mean = self._weights[parts].mean(axis=0, dtype=np.float32)
                found[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return found


@cache
def installed() -> bool:
    """Whether there are vectors to be read."""
    return _files() is not None and all(find_spec(name) for name in NEEDS)


@cache
def embedding() -> Embedding | None:
    """Return the vectors, read on the first call (0.2 s); None where they are not installed."""
    files = _files()
    if files is None or not installed():
        return None
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights, tokenizer = files
    (vectors,) = load_file(weights).values()
    return Embedding(vectors, Tokenizer.from_file(str(tokenizer)))


def _files() -> tuple[Path, Path] | None:
    """Return where the weights and the tokenizer are, without importing the package."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        weights, tokenizer = Path(folder) / WEIGHTS, Path(folder) / TOKENIZER
        if weights.is_file() and tokenizer.is_file():
            return weights, tokenizer
    return None


def _encodable(text: str) -> str:
    """Return `text` without halves of characters, which cannot be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")
