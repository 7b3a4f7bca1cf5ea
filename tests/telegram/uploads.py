"""Methods that send files and polls, and hand files out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram import keyboards, markup
from tests.telegram.entities import units
from tests.telegram.messages import Media
from tests.telegram.params import Params
from tests.telegram.polls import Poll
from tests.telegram.refusals import bad
from tests.telegram.registry import answers, chat_to_write, own_message
from tests.telegram.sending import caption_of, send

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")
MOST_PHOTO = 10 * 2**20
MOST_DOCUMENT = 50 * 2**20
MOST_DOWNLOAD = 20 * 2**20


def _file(api: BotApi, params: Params, kind: str, caption: str) -> Media:
    given = params.text(kind)
    upload = params.files.get(given.removeprefix("attach://") or kind)
    if upload:
        return api.store(kind, upload.filename, upload.content, caption, upload.mime_type)
    if given in api.files:
        return api.files[given]._replace(caption=caption)
    if given:
        raise bad("wrong file identifier/HTTP URL specified")
    raise bad(f"there is no {kind} in the request")


def _send_file(api: BotApi, params: Params, kind: str) -> Any:
    chat_to_write(api, params)
    text, entities = caption_of(api, params)
    media = _file(api, params, kind, text)
    if not media.content:
        raise bad("file must be non-empty")
    if kind == "photo" and (
        not media.content.startswith(IMAGES) or len(media.content) > MOST_PHOTO
    ):
        raise bad("IMAGE_PROCESS_FAILED")
    if len(media.content) > MOST_DOCUMENT:
        raise bad("file is too big")
    content = {
        "text": text,
        "entities": entities,
        "html_source": params.text("caption"),
        "uploads": [media],
    }
    return send(api, params, content)


@answers("sendPhoto")
def send_photo(api: BotApi, params: Params) -> Any:
    """Send a picture."""
    return _send_file(api, params, "photo")


@answers("sendDocument")
def send_document(api: BotApi, params: Params) -> Any:
    """Send a file."""
    return _send_file(api, params, "document")


@answers("getFile")
def get_file(api: BotApi, params: Params) -> Any:
    """Return where a file can be fetched."""
    media = api.files.get(params.text("file_id"))
    if media is None:
        raise bad("invalid file_id")
    if len(media.content) > MOST_DOWNLOAD:
        raise bad("file is too big")
    shown = media.shown[0] if isinstance(media.shown, list) else media.shown
    return {
        "file_id": shown["file_id"],
        "file_unique_id": shown["file_unique_id"],
        "file_size": len(media.content),
        "file_path": f"{media.kind}s/{shown['file_id']}",
    }


@answers("sendPoll")
def send_poll(api: BotApi, params: Params) -> Any:
    """Send a poll or a quiz."""
    chat_to_write(api, params)
    question = params.text("question").strip()
    options = [_option(option) for option in params.json("options") or []]
    if not 1 <= units(question) <= 300:
        raise bad(
            "poll question must be non-empty"
            if not question
            else "poll question length must not exceed 300"
        )
    if not 2 <= len(options) <= 12:
        raise bad(
            "poll must have at least 2 option"
            if len(options) < 2
            else "poll can't have more than 12 options"
        )
    kind = params.text("type") or "regular"
    correct = params.json("correct_option_ids") or []
    multiple = params.flag("allows_multiple_answers")
    period = params.whole("open_period")
    if kind not in ("regular", "quiz"):
        raise bad("unsupported poll type specified")
    if kind == "quiz" and (
        not correct
        or not all(isinstance(one, int) and 0 <= one < len(options) for one in correct)
        or (len(correct) > 1 and not multiple)
    ):
        raise bad("wrong correct option ID specified")
    if period is not None and not 5 <= period <= 2_628_000:
        raise bad("open period must be 5-2628000")
    explanation, entities = _explanation(params)
    poll = Poll(
        id=str(5_300_000_000_000_000_000 + len(api.polls)),
        question=question,
        options=options,
        kind=kind,
        anonymous=params.flag("is_anonymous", default=True),
        multiple=multiple,
        revoting=params.flag("allows_revoting", default=kind == "regular"),
        correct=correct,
        explanation=explanation if kind == "quiz" else "",
        explanation_entities=entities,
        open_period=period,
        closed=params.flag("is_closed"),
    )
    api.polls[poll.id] = poll
    return send(api, params, {"poll": poll})


def _option(option: Any) -> str:
    text = (option if isinstance(option, str) else option["text"]).strip()
    if not text:
        raise bad("poll options must be non-empty")
    if units(text) > 100:
        raise bad("poll options length must not exceed 100")
    return str(text)


def _explanation(params: Params) -> tuple[str, list[dict[str, Any]]]:
    renamed = {
        "caption": params.text("explanation"),
        "parse_mode": params.text("explanation_parse_mode"),
        "caption_entities": params.json("explanation_entities"),
    }
    too_long = "poll explanation is too long"
    text, entities = markup.read(Params(renamed, {}), "caption", most=200, too_long=too_long)
    if text.count("\n") > 2:
        raise bad("poll explanation must contain at most 2 line feeds")
    return text, entities


@answers("stopPoll")
def stop_poll(api: BotApi, params: Params) -> Any:
    """Close a poll."""
    message = own_message(api, params, missing="message with poll to stop not found")
    if message.poll is None:
        raise bad("message is not a poll")
    if message.poll.closed:
        raise bad("poll has already been closed")
    below = keyboards.read(params.json("reply_markup"), inline_only=True)
    message.keyboard, message.markup = below.rows or [], below.raw
    message.poll.closed = True
    api.push("poll", message.poll.shown())
    return message.poll.shown()
