"""Text to words: folding look-alikes and invisible characters away, tokens, stems.

Folding keeps, for every character, where it came from, so that quotes are the person's own words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from bot.critics import lexicon, thesaurus

LOOKALIKES = str.maketrans(
    "аеорсухіјѕкмтнвԁԛԝɡһӏαονιρτκυεχβγ",
    "aeopcyxijskmthbdqwghlaoviptkuexby",
)
"""Cyrillic and Greek letters that look Latin, after case folding."""

_REPLACED = {
    **dict.fromkeys("‘’ʼ′´", "'"),
    **dict.fromkeys("“”«»„", '"'),
    **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("–—―", ";"),
    **dict.fromkeys("•‣▪●◦·…", "\n"),
    "→": "=",
    "⇒": "=",
    "≠": "!=",
    "？": "?",
    "。": ".",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")
MAX_WORD = 40
"""Longer runs of letters are no word of ours; cutting them bounds the cost of stemming."""

_TOKEN = re.compile(
    r"o ?\( ?[^()\n]{1,12}?\)"  # big-O: O(1) and O(n) are different words
    r"|i/o|n ?\+ ?1|[!=]="
    r"|\bnon[- ][a-z]+"  # "non-blocking", "non blocking" and "nonblocking" are one word
    r"|[^\W_]+(?:'[^\W_]+)?"
)
_IS_OPERATOR = re.compile(
    r"is(?=['`]|\s+(?:operator|keyword|checks?|compares?|tests?|looks|asks|verifies|returns)\b)"
)
_HTML = re.compile(r"</?[a-z][^<>\n]{0,300}>|&(?:[a-z]{2,8}|#\d{1,7});")
_LINK = re.compile(r"\b[a-z]{2,10}://[^\s)>\]]+")
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~")
_SHORT_FORM = re.compile(r"\b(?:etc|vs|approx|resp)\.")
_NAMELY = re.compile(r"\b(?:e\.g|i\.e)\.")


@dataclass(frozen=True, slots=True)
class Folded:
    """Text as it is compared: lower-case, plain letters, one origin per character.

    Attributes:
        text: The folded text.
        origin: For each character of `text`, its place in the original.
        obfuscated: Whether characters were hidden or swapped for look-alikes.
    """

    text: str
    origin: tuple[int, ...]
    obfuscated: bool


@dataclass(frozen=True, slots=True)
class Token:
    """One word.

    Attributes:
        word: As folded.
        stem: What is compared: the stem, one for a group of synonyms.
        start: Where it starts in the folded text.
        end: Where it ends there.
    """

    word: str
    stem: str
    start: int
    end: int


def fold(text: str) -> Folded:
    """Return `text` in plain lower-case letters, with the origin of each character."""
    out: list[str] = []
    origin: list[int] = []
    obfuscated = False
    for place, char in enumerate(text):
        if char.isascii():
            plain = _REPLACED.get(char, char.lower() if char.isprintable() or char == "\n" else " ")
        else:
            plain = _fold_char(char)
            if not plain:
                obfuscated = obfuscated or _hides(text, place)
                continue
            if (
                plain.isascii()
                and char.isalpha()
                and char.casefold().translate(LOOKALIKES) != (char.casefold())
            ):
                obfuscated = obfuscated or _beside_ascii(text, place)
        out.append(plain)
        origin.extend([place] * len(plain))
    return Folded("".join(out), tuple(origin), obfuscated)


def blank(text: str) -> str:
    """Return folded `text` with tags, links and struck-out words blanked, its length unchanged."""
    for pattern in (_HTML, _LINK, _STRUCK, _SHORT_FORM):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return _NAMELY.sub(",   ", text)


def tokens(text: str) -> list[Token]:
    """Return the words of folded `text`, with their places in it."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0].replace(" ", "")[:MAX_WORD]
        if word.startswith("non-"):
            word = word.replace("-", "")
        if word == "is" and _IS_OPERATOR.match(text, match.start()):
            word = "is-operator"
        found.append(Token(word, stem(word), match.start(), match.end()))
    return found


def spoken(text: str) -> list[Token]:
    """Return the words of any text, unfolded: for rubrics."""
    return tokens(blank(fold(text).text))


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return what `word` is compared by: its stem, or the stem its synonyms share."""
    bare = _bare_stem(word)
    return _GROUPS.get(bare, bare)


def sequence(words: Iterable[Token]) -> tuple[str, ...]:
    """Return the stems of the words that carry content, in order, with "not" for what denies."""
    return tuple(
        "not" if lexicon.negates(token.word) else token.stem
        for token in words
        if content(token.word) or lexicon.negates(token.word)
    )


def content(word: str) -> bool:
    """Whether `word` carries content, so that matching counts it."""
    return word not in lexicon.STOP and (len(word) > 1 or word.isdigit() or not word.isascii())


@lru_cache(maxsize=4_096)
def _fold_char(char: str) -> str:
    if char in _REPLACED:
        return _REPLACED[char]
    if unicodedata.category(char) in ("Cf", "Cs", "Cn", "Co", "Mn", "Me"):
        return ""
    plain = "".join(
        part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
    )
    plain = plain.casefold().translate(LOOKALIKES)
    return "".join(part if part.isprintable() else " " for part in plain) or " "


def _hides(text: str, place: int) -> bool:
    """Whether the dropped character at `place` hides something; emoji need some of them."""
    char = text[place]
    if char in _BIDI or 0xE0000 <= ord(char) <= 0xE007F:
        return True
    return char in _ZERO_WIDTH and _beside_ascii(text, place)


def _beside_ascii(text: str, place: int) -> bool:
    around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    return any(char.isascii() and char.isalpha() for char in around)


_STEMMER = snowballstemmer.stemmer("english")
_STEMMER_LOCK = threading.Lock()  # the stemmer keeps the word it works on in itself


def _bare_stem(word: str) -> str:
    word = thesaurus.IRREGULAR.get(word, word).removesuffix("'s")
    with _STEMMER_LOCK:
        return str(_STEMMER.stemWord(word))


_GROUPS: dict[str, str] = {}
for _group in thesaurus.synonym_groups():
    for _word in _group:
        _GROUPS.setdefault(_bare_stem(_word), _bare_stem(_group[0]))
