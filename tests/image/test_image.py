"""The Dockerfile keeps what is promised of the image; `make image-replay` carries it out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.health import EVERY
from bot.settings import Settings
from tests.image.dockerfile import Instruction, expand, parse
from tests.image.ignored import Ignored
from tests.image.names import seconds, settings_names, told_by

ROOT = Path(__file__).parents[2]
DOCKERFILE = parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))
IGNORED = Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
IMAGE = DOCKERFILE.image


def last(name: str) -> Instruction:
    """Return the image's instruction of that name; there must be one."""
    found = IMAGE.last(name)
    assert found is not None, f"the image has no {name}"
    return found


def environment() -> dict[str, str]:
    """Return what the image sets."""
    values = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    for stage in reversed(DOCKERFILE.ancestry(IMAGE)):
        for one in stage.instructions:
            if one.name == "ENV":
                values |= {name: expand(value, values) for name, value in one.pairs().items()}
    return values


def test_every_base_is_pinned_to_a_full_version_and_no_registry_is_named() -> None:
    outside = [one.source for one in DOCKERFILE.stages if DOCKERFILE.named(one.source) is None]
    assert outside
    for source in outside:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+-slim-[a-z]+", source), source


def test_a_digest_can_be_given_for_the_base() -> None:
    digest = "@sha256:" + "0" * 64
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert parse(text, {"PYTHON_DIGEST": digest}).stages[0].source.endswith("bookworm" + digest)


def test_the_program_does_not_run_as_root_and_its_user_is_a_number() -> None:
    user = last("USER").rest
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    uid = user.split(":")[0]
    made = " ".join(one.rest for one in IMAGE.instructions if one.name == "RUN")
    assert f"useradd --uid {uid} " in made


def test_nothing_is_run_or_copied_after_the_user_was_changed() -> None:
    names = [one.name for one in IMAGE.instructions]
    assert not {"RUN", "COPY"} & set(names[names.index("USER") :])


def test_the_image_listens_to_the_signal_that_the_program_listens_to() -> None:
    assert last("STOPSIGNAL").rest == "SIGTERM"


def test_health_is_asked_of_the_program_itself_and_less_strictly_than_it_beats() -> None:
    check = last("HEALTHCHECK")
    command, _, words = check.rest.partition(" ")
    assert command == "CMD"
    form = Instruction(check.line, "CMD", {}, words).form()
    assert form is not None
    assert form[0] == "drillmate"
    assert told_by(form[1:]) == "health"
    settings = Settings()
    assert seconds(check.flags["timeout"]) < seconds(check.flags["interval"])
    assert seconds(check.flags["interval"]) * int(check.flags["retries"]) > settings.health.stale_s
    assert settings.health.stale_s >= 2 * EVERY.total_seconds()


def test_the_heartbeat_is_neither_on_the_volume_nor_somewhere_that_is_read_only() -> None:
    file = Path(environment()["DRILLMATE_HEALTH__FILE"])
    assert file.parent == Path("/tmp")


def test_entrypoint_and_command_are_what_the_command_line_knows() -> None:
    entrypoint, command = last("ENTRYPOINT").form(), last("CMD").form()
    assert entrypoint == ["drillmate"]  # the form without a shell: signals reach the program
    assert command is not None
    assert told_by(command) == "run"


def test_the_entrypoint_is_on_the_path_where_the_program_is_installed() -> None:
    places = environment()["PATH"].split(":")
    assert places[:2] == ["/program/bin", "/venv/bin"]
    assert environment()["PYTHONPATH"] == "/program"
    copied = {one.words()[-1] for one in IMAGE.instructions if one.name == "COPY"}
    assert copied == {"/program", "/venv"}


def test_what_the_image_keeps_is_kept_on_its_volume() -> None:
    assert last("VOLUME").words() == ["/data"]
    assert environment()["DRILLMATE_DATABASE__URL"].startswith("sqlite:////data/")


def test_every_setting_of_the_image_is_a_setting() -> None:
    named = {name for name in environment() if name.startswith("DRILLMATE_")}
    assert named
    assert named <= settings_names()


def copies() -> list[tuple[Instruction, str]]:
    """Return each source that is copied from the context."""
    return [
        (one, source)
        for stage in DOCKERFILE.stages
        for one in stage.instructions
        if one.name == "COPY" and "from" not in one.flags
        for source in one.words()[:-1]
    ]


@pytest.mark.parametrize("source", [source for _, source in copies()])
def test_what_is_copied_exists_and_reaches_the_builder(source: str) -> None:
    assert (ROOT / source).exists()
    assert not IGNORED.hides(source)
    if (ROOT / source).is_dir():
        inside = [p for p in (ROOT / source).rglob("*") if p.is_file()]
        seen = [p for p in inside if not IGNORED.hides(p.relative_to(ROOT).as_posix())]
        assert seen
        assert {p.suffix for p in seen} <= {".py", ".toml", ".json", ".md", ".typed", ".mako"}


def test_only_what_is_copied_reaches_the_builder() -> None:
    copied = {source for _, source in copies()}
    assert {file.name for file in ROOT.iterdir() if not IGNORED.hides(file.name)} == copied


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        (".env", True),
        (".git/config", True),
        ("drillmate.db", True),
        ("bot/cli.py", False),
        ("bot/__pycache__/cli.cpython-313.pyc", True),
        ("bot/adapters/stray.pyc", True),
        ("botany/leaf.py", True),
        ("tests/image/test_image.py", True),
    ],
)
def test_the_patterns_hide_what_should_not_leave_the_machine(path: str, hidden: bool) -> None:
    assert IGNORED.hides(path) is hidden


def test_stages_that_are_copied_from_stand_before() -> None:
    seen: set[str] = set()
    for stage in DOCKERFILE.stages:
        sources = {one.flags["from"] for one in stage.instructions if "from" in one.flags}
        assert sources <= seen
        seen.add(stage.name)


def test_what_only_builds_is_taken_out_and_nothing_that_runs() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    needed_by = {}
    for block in re.split(r"^(?=\S)", pins, flags=re.MULTILINE)[1:]:
        name = block.split("==")[0]
        via = re.search(r"# via(.*)", block, re.DOTALL)
        assert via is not None, name
        needed_by[name] = set(re.findall(r"drillmate \(\S+\)|[a-z][\w.-]*", via[1]))
    building: set[str] = set()
    while True:
        more = {
            name
            for name, users in needed_by.items()
            if users <= building | {"drillmate (pyproject.toml:build)"}
        }
        if more == building:
            break
        building = more
    lean = DOCKERFILE.named("lean")
    assert lean is not None
    [run] = [one for one in lean.instructions if one.name == "RUN"]
    taken_out = {word for word in run.words()[2:] if not word.startswith("-")}
    assert taken_out == building | {"pip", "setuptools"}


def test_pip_installs_only_what_is_pinned_and_keeps_no_cache() -> None:
    installs = [
        one.rest
        for stage in DOCKERFILE.stages
        for one in stage.instructions
        if one.name == "RUN" and "pip install" in one.rest
    ]
    assert len(installs) == 2
    for install in installs:
        assert "--no-cache-dir" in install
        assert "--require-hashes" in install or "--no-deps" in install


def test_the_labels_agree_with_the_package_and_name_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    labels = last("LABEL").pairs()
    assert labels["org.opencontainers.image.version"] == project["version"]
    assert labels["org.opencontainers.image.description"] == project["description"]
    assert project["license"] in labels["org.opencontainers.image.licenses"]
    assert not [value for value in labels.values() if "://" in value]


def test_what_the_reader_of_dockerfiles_does_not_know_it_refuses() -> None:
    with pytest.raises(ValueError, match="line 2: ADD is not known"):
        parse("FROM a:1\nADD x /x\n")
    with pytest.raises(ValueError, match="here-documents"):
        parse("FROM a:1\nRUN <<END\n")
