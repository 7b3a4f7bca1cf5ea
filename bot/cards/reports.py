"""What members tell moderators."""

from __future__ import annotations

from bot.cards.words import clip, count
from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import Button, Card, Form, Input, Style
from bot.services.drafts import MAX_PROMPT
from bot.services.reports import Told
from bot.store.records import ReportKind

SUGGESTED_POINTS = 400
"""Characters of what a suggestion says of its answer."""

WHAT = {
    ReportKind.REPORT: "reports",
    ReportKind.SUGGESTION: "suggests",
    ReportKind.APPEAL: "appeals a verdict",
}


def form(prompt: str) -> Form:
    """Return the form of a suggestion, with what is known of it."""
    return Form(
        "Suggest a question",
        pack("suggested"),
        (
            Input("prompt", "Question", multiline=True, max_length=MAX_PROMPT, value=prompt),
            Input(
                "points",
                "What a good answer says (optional)",
                multiline=True,
                required=False,
                max_length=SUGGESTED_POINTS,
                about="One thing a line. The moderators look at it before it is asked.",
            ),
        ),
    )


def thanks(kind: ReportKind, *, placed: bool, prompt: str = "") -> Card:
    """Return that a report or suggestion was kept; `prompt` is of the question it is about."""
    title = "Reported, thank you" if kind is ReportKind.REPORT else "Suggested, thank you"
    where = "The moderators have it." if placed else "The moderators find it with /reports show."
    about = f"*{escape(clip(prompt, 120))}*\n\n" if prompt else ""
    return Card(title, f"{about}{where}", kind="note")


def told(of: Told) -> Card:
    """Return what the moderators' channel is told."""
    report = of.report
    if report.kind is ReportKind.SUGGESTION:
        prompt, _, points = report.body.partition("\n")
        lines = [f"*{escape(prompt)}*", *([escape(points)] if points else [])]
        lines.append(f"Suggested by {escape(report.name)}.")
        do = Button("Make it a question", pack("rmake", report.id), Style.PRIMARY)
        rows = ((do, Button("Decline", pack("rdone", report.id))),)
        return Card("A question is suggested", "\n\n".join(lines), rows=rows, kind="bank")
    if report.kind is ReportKind.APPEAL:
        return _appeal(of)
    lines = [f"{escape(report.name)}: {escape(report.body)}"]
    buttons = [Button("Done", pack("rdone", report.id), Style.PRIMARY)]
    if of.question is not None:
        lines.insert(0, f"*{escape(of.question.question.prompt)}*")
        buttons.append(Button("See the question", pack("rsee", report.id)))
    return Card("A question is reported", "\n\n".join(lines), rows=(tuple(buttons),), kind="bank")


def _appeal(of: Told) -> Card:
    """Return that somebody finds a verdict unfair; the answer is behind the button."""
    report = of.report
    lines = [f"{escape(report.name)} finds the critique of an answer unfair."]
    if of.question is not None:
        lines.insert(0, f"*{escape(of.question.question.prompt)}*")
    if report.body:
        lines.append(f'"{escape(report.body)}"')
    look = Button("Look at it", pack("regrade", report.attempt_id or 0), Style.PRIMARY)
    rows = ((look, Button("It stands", pack("rdone", report.id))),)
    return Card("A verdict is appealed", "\n\n".join(lines), rows=rows, kind="bank")


def closed(of: Told, by: str) -> Card:
    """Return what becomes of the card when a moderator has dealt with it."""
    said = clip(" ".join(of.report.body.split()), 200)
    title, done = {
        ReportKind.REPORT: ("Done", "Dealt with"),
        ReportKind.SUGGESTION: ("Not now", "Left aside"),
        ReportKind.APPEAL: ("The verdict stands", "Looked at"),
    }[of.report.kind]
    told_ = f"{escape(of.report.name)}: {escape(said)}" if said else escape(of.report.name)
    return Card(title, f"{told_}\n\n{done} by {escape(by)}.", kind="bank")


def placed() -> Card:
    """Return that reports come to a place."""
    body = (
        "Reports and suggestions of this group come there from now on, with the names of who sends "
        "them: let only moderators read it."
    )
    return Card("The moderators' place is set", body, kind="bank")


def waiting(found: list[Told], total: int) -> Card:
    """Return what waits for a group's moderators."""
    if not found:
        body = "Members tell you with /report what is wrong with a question, and /suggest new ones."
        return Card("Nothing waits", body, kind="bank")
    lines, buttons = [], []
    for number, each in enumerate(found, start=1):
        what = WHAT[each.report.kind]
        about = f" on `{each.question.question.slug}`" if each.question is not None else ""
        said = clip(" ".join(each.report.body.split()), 160)
        colon = f": {escape(said)}" if said else ""
        lines.append(f"{number}. {escape(each.report.name)} {what}{about}{colon}")
        buttons.append(Button(f"Open {number}", pack("ropen", each.report.id)))
    if total > len(found):
        lines.append(f"and {total - len(found)} more after these.")
    return Card(f"{count(total, 'thing')} to look at", "\n".join(lines), rows=(tuple(buttons),))
