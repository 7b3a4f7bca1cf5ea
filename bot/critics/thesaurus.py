"""Everyday words that mean the same, or the opposite; irregular forms.

Everyday words only, and spelling: what counts as the same in one question is the rubric's business.
"""

from __future__ import annotations

_SYNONYMS = """
change modify modification alter edit mutate mutation reassign changeable modifiable editable touch
fast quick quickly quicker faster fastest speed speedy speedier speedup rapid rapidly
slow slower slowly slowdown slows
create creation created build built construct instantiate made making make makes
remove delete discard deletion removal erase
add insert insertion append
fetch retrieve obtain load pull
big large huge larger bigger
save store keep persist preserve retain maintain hold
check verify validate validation checking
begin start launch
error exception failure bug mistake
whole entire complete full entirely completely fully
part partial partially portion subset
piece chunk
single one 1
two 2 both twice
three 3
zero 0
several multiple many lots
identical same equal
different distinct separate separately independent independently
function func fn
database db
parameter param argument arg params
dictionary dict dicts
attribute attr
repeat repeated repeatedly again
memory ram
collector gc
cheap cheaper inexpensive lightweight
expensive costly pricey
constant const
need require must
client caller consumer
choose pick choice
parallel simultaneous simultaneously parallelism
concurrent concurrency concurrently
lazy lazily
automatic automatically auto
eager eagerly
iterate iteration
duplicate copy duplicated copies copied
config configuration configure
environment env
application app
directory folder
safe secure safely
wait waiting await idle
execute run runs running execution ran
guarantee ensure ensures
avoid prevent eliminate
inherit subclass inheritance extend derive
lookup lookups search find detect discover
original origin
user users people human humans
reuse reusable reused
unchanged untouched
order ordering ordered
thread threads threading multithreading multithreaded
process processes multiprocessing multiprocess
auth authentication authenticate authenticates authenticated authn
authorization authorisation authorize authorise authz
permission permissions
id identifier ids
index indexes indices indexing
cpu processor
message msg
request req requests
response reply resp responses
transaction tx transactions
asynchronous async asynchronously
synchronous sync synchronously
serialisation serialization serialise serialize serializing
optimise optimize optimisation optimization
heavy intensive
calculate compute calculation computation computing
count counter number
doc docs docstring docstrings documentation document
suppress swallow silence hide
cleanup clean teardown
produce generate generates generated
wrong incorrect invalid bad
fire trigger send emit dispatch
notify inform notification
connect register subscribe
revoke cancel
expire expiration expiry
decide determine
convert transform turn translate
handle deal
limit restrict cap
free release deallocate reclaim
cycle circular cyclic
last end
first initial
url route path
allow permit grant let enable
ignore skip
readable legible
return give
implement override
leave exit
behaviour behavior functionality
shortcut shorthand sugar
forward pass
extra additional
member element item
"""

ANTONYMS = tuple(
    (left, right)
    for left, right in (
        pair.split()
        for pair in """whole part
    all some
    mutable immutable
    mutable unchangeable
    changeable unchangeable
    hashable unhashable
    ordered unordered
    same different
    fast slow
    cheap expensive
    more less
    more fewer
    increase decrease
    increase reduce
    always never
    synchronous asynchronous
    blocking nonblocking
    blocking concurrent
    lazy eager
    safe unsafe
    stateful stateless
    shared separate
    shared own
    shared isolated
    own same
    explicit implicit
    static dynamic
    public private
    weak strong
    optional required
    read write
    horizontal vertical
    parallel sequential
    single multiple
    outer inner
    mandatory optional
    first last
    success error
    allow forbid
    allow deny
    rise fall
    start end
    known unknown
    local remote
    local global
    local shared
    shallow deep
    relative absolute
    valid invalid
    idempotent nonidempotent
    nullable required
    up down
    client server
    heavier lighter
    easy hard
    easier harder
    encrypted plain
    reversible irreversible
    signed unsigned
    strict loose
    compile runtime
    consistent inconsistent
    structured unstructured
    small big
    low high
    short long
    older newer
    oldest newest
    oldest latest
    earlier later
    enabled disabled
    simple complex
    unique duplicate""".splitlines()
    )
)
"""Pairs of opposites: a clause with the opposite of a wording's word does not say the wording."""

SHORT_FORMS = (
    ("pk", "primary", "key"),
    ("fk", "foreign", "key"),
)
"""Short forms of two words."""

IRREGULAR = {
    "args": "starargs",
    "invalidate": "revoke",
    "invalidates": "revoke",
    "invalidated": "revoke",
    "invalidating": "revoke",
    "written": "write",
    "wrote": "write",
    "ran": "run",
    "kept": "keep",
    "held": "hold",
    "sent": "send",
    "built": "build",
    "chosen": "choose",
    "chose": "choose",
    "lose": "loss",
    "lost": "loss",
    "loses": "loss",
    "thrown": "throw",
    "threw": "throw",
    "sped": "speed",
    "paid": "pay",
    "found": "find",
    "grew": "grow",
    "grown": "grow",
    "began": "begin",
    "broken": "break",
    "broke": "break",
    "hidden": "hide",
    "frozen": "freeze",
    "shown": "show",
    "matrices": "matrix",
    "queries": "query",
    "bigger": "big",
    "lighter": "light",
    "heavier": "heavy",
    "lower": "low",
    "lowers": "low",
    "higher": "high",
    "older": "old",
    "newer": "new",
    "longer": "long",
    "shorter": "short",
    "smaller": "small",
    "simpler": "simple",
    "normalisation": "normalform",
    "normalization": "normalform",
    "normalise": "normalform",
    "normalize": "normalform",
    "normalised": "normalform",
    "normalized": "normalform",
    "understood": "understand",
    "goes": "go",
    "went": "go",
    "gone": "go",
    "means": "mean",
    "taken": "take",
    "took": "take",
    "given": "give",
    "gave": "give",
    "knew": "know",
    "caught": "catch",
    "analyses": "analysis",
    "safer": "safe",
    "stronger": "strong",
    "weaker": "weak",
}
"""Forms that the stemmer leaves apart."""


def synonym_groups() -> list[list[str]]:
    """Return groups of everyday words that are read as the same word."""
    return [line.split() for line in _SYNONYMS.strip().splitlines()]
