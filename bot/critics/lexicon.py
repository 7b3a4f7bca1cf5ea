"""Lists of English words that matching needs: function words, light words, negations.

Everyday words only. What a word means in one question is the rubric's business.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP = _words(
    """a an the this that these those it its itself they them their theirs he she him his her we
    us our you your yours i me my mine one's is am are was were be been being do does did doing
    done has have having had will would shall should can could may might must ought to of in on
    at by for with from into onto as about over under and or if then else so than too very just
    also there here what which whom whose how why because while whereas whilst although though
    however but yet nor neither either both such some any etc eg ie vs e g s t re ve ll d m let
    lets like well really actually basically simply quite rather still even ever much up out off
    down again further say says said mean means meaning thing things something anything stuff
    kind kinds i'd i've i'll you've you'll we've way ways case cases example instance able kinda
    gonna wanna u ur pls im that's it's they're you're don't doesn't isn't aren't can't cannot
    won't wouldn't couldn't shouldn't didn't hasn't haven't wasn't weren't ain't mustn't not no
    never nothing nobody without dont doesnt isnt arent cant wont wouldnt couldnt shouldnt didnt
    hasnt havent wasnt werent aint"""
)
"""Words that carry no content of their own. Negations are here because polarity.py reads them."""

LIGHT = _words(
    """use used uses using usage make makes made making want wants need needs needed give gives
    given take takes go goes come comes put work works working know known think look see good bad
    better best nice important useful normal usual usually often sometimes generally typically
    common commonly mostly mainly easy easier simple value values item items element elements data
    object objects code program python people person time times when where first second last next
    new old lot lots many few more most less least much other another every each all only own same
    different difference between using via per within inside during after before once until since
    call calls called name set sets type types long big small main part whole around instead help
    helps happen happens happening exist exists keep keeps have possible allow allows allowed
    require requires required certain specific particular general actual real extra additional
    place start point fact situation purpose reason who get gets got getting one two three depend
    depends"""
)
"""Words that say something, but little: they count for less when a wording is compared."""

PREPOSITIONS = _words(
    "against per within during via among along across upon towards until after before"
)
"""Words that count when a wording is compared, though a mere list of terms has none of them."""

VERBS = _words(
    """accepts adds allows answers applies arrives avoids becomes begins behaves belongs blocks
    breaks brings builds calls cannot carries catches changes checks chooses clears collects comes
    compares computes consists contains controls converts copies costs creates decides declares
    decodes defines deletes delivers depends describes destroys detects determines differs
    disables does duplicates enables encodes encrypts ends ensures equals escapes evaluates
    executes exists expects explains expires exposes fails falls fetches fills finds finishes fits
    follows forbids forwards frees gets gives goes grants groups grows guarantees handles happens
    has helps hides hits holds identifies ignores improves includes increases inherits inserts
    inspects invokes isolates iterates joins keeps kills knows lacks lasts leaks leaves lets limits
    listens lives loads locks looks loses maintains makes manages maps matches means measures
    merges modifies moves must needs notices offers opens orders overrides overwrites owns packages
    parses passes pauses performs permits points prevents prints processes produces proves protects
    provides publishes pulls pushes puts raises reaches reads receives records reduces refers
    registers rejects releases relies reloads remains remembers removes renders repeats replaces
    reports represents requires resets resolves responds restarts restores restricts returns
    reverts rolls runs saves scales scans searches sees sends separates serialises serializes
    serves shares shows shrinks signs skips slows solves sorts specifies splits spreads starts stays
    stops stores suppresses survives supervises takes tells terminates throws tracks transforms
    translates treats triggers tries turns understands undoes unpacks updates uses validates
    verifies waits wants watches waives works wraps writes yields
    allow apply avoid become belong carry contain decide define depend describe differ enable
    ensure exist expect follow forbid guarantee hold identify ignore include improve keep
    let lose maintain make manage mean need offer prevent produce protect provide raise reduce
    refer reject rely remain remove render replace represent require restrict run save scan send
    serve show solve speed start stay stop store survive take tell throw turn verify wait write"""
)
"""Forms of everyday verbs that say something of the noun before them."""

NEGATORS = _words(
    """not cannot never no nobody nothing neither nor without dont doesnt isnt arent cant wont
    wouldnt couldnt shouldnt didnt hasnt havent hadnt wasnt werent aint mustnt neednt hardly"""
)
"""Words that turn what follows them into its opposite ("n't" forms also with an apostrophe)."""

VERBAL_NEGATORS = _words(
    """prevent prevents prevented preventing forbid forbids forbidden disallow disallows disallowed
    refuse refuses reject rejects lack lacks lacking unable stop stops stopping avoid avoids
    prohibit prohibits impossible false untrue wrong incorrect protect protects protecting"""
)
"""Content words that deny what follows; for facts only, since paraphrases carry them."""

FAILURES = _words(
    "typeerror attributeerror fail fails failing raise raises throw throws impossible"
)
"""Words that deny what stands before them ("assigning to a tuple raises TypeError")."""

FORBIDDEN = _words("error forbidden illegal disallowed prohibited")
"""Words that do if something is said to be it: "is forbidden", but not "a 403 Forbidden error"."""


def negates(word: str) -> bool:
    """Whether `word` denies what follows it."""
    return word in NEGATORS or word.endswith("n't")


TURNS = _words(
    """only once unless instead even though although rather prevent block stop avoid forbid
    protect reject refuse restrict lack skip ignore lose impossible false wrong yourself manually
    must should need fail unlike until just alone for when if too outside"""
)
"""Words that may turn a statement round or narrow it. One that a wrong wording has not, or has
alone, leaves in doubt whether that wording is said."""

NOT_REALLY = _words("only just merely simply forget")
"""After "not", these do not deny the claim ("not only fast but safe", "don't forget")."""

SUPPOSING = _words("if unless suppose assume hypothetically otherwise were except")
"""A clause with one of these supposes; nobody is accused because of a fact in it."""

REPORTING = _words("myth misconception mistakenly wrongly beginners believe imagine pretend")
"""A sentence with one of these reports what others say; nobody is accused because of it."""

SOFT_TURNS = _words(
    """until even though although rather should just alone once fail wrong manually for when if too
    outside"""
)
"""Those of them that may be left out all the same."""

FOILS = _words("unlike than versus vs instead opposed contrary compared contrast")
"""What follows these is what the subject is compared with, not the subject."""

INNER = _words("of in inside within from into by for per with between among under")
"""A noun behind one of these is not the subject of its clause ("elements inside a tuple")."""

CONTAINS = _words(
    """contain contains containing hold holds holding store stores storing include includes
    including reference references referencing refer refers point points if when unless replace
    replaces replacing manage manages managing wrap wraps wrapping need needs require requires
    start starts starting supervise supervises control controls launch launches behind like"""
)
"""Between subject and property these make the property somebody else's ("can hold a mutable list").
"""

PRONOUNS = _words("it they them its their this these those which that he she both one ones")
"""Words that carry the subject over from the clause before."""
