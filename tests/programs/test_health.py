"""`drillmate health`, run as a container engine runs it, and the beats that it looks for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import MovableClock, SystemClock
from bot.health import EVERY, Beat, Heartbeat
from bot.settings import HealthSettings
from tests.programs.command_line import Done, drillmate

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that `drillmate health` looks at; nothing stands in it yet."""
    path = tmp_path / "beat"
    monkeypatch.setenv("DRILLMATE_HEALTH__FILE", str(path))
    return path


def health_after(seconds: float, file: Path, role: str = "gateway") -> Done:
    """Return what is said of a beat that was so many seconds ago."""
    Heartbeat(file, role).beat(SystemClock().now() - timedelta(seconds=seconds))
    return drillmate("health")


def test_a_program_that_beats_is_alive_and_named_by_its_role(file: Path) -> None:
    done = health_after(2, file)
    assert done.status == 0
    assert done.out.startswith("Alive: last beat ")
    assert done.out.endswith(" s ago (gateway).\n")


def test_a_beat_that_is_too_old_is_told_with_its_age_and_what_to_do(file: Path) -> None:
    done = health_after(600, file, "sender")
    assert (done.status, done.out) == (1, "")
    assert done.told.startswith("The last beat was 60")
    assert "(sender); 30 s are allowed." in done.told
    assert "start it again" in done.told


def test_whoever_allows_more_time_finds_the_same_beat_alive(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRILLMATE_HEALTH__STALE_S", "1200")
    assert health_after(600, file).status == 0


def test_a_beat_from_the_future_counts_for_nothing(file: Path) -> None:
    done = health_after(-3600, file)
    assert done.status == 1
    assert "in the future" in done.told


def test_where_nothing_has_beaten_that_is_said_without_a_traceback(file: Path) -> None:
    done = drillmate("health")
    assert (done.status, done.out) == (1, "")
    assert done.told.startswith(f"Nothing has beaten in {file} yet.\n")
    assert len(done.told.splitlines()) == 2


@pytest.mark.parametrize("unset", [True, False], ids=["unset", "empty"])
def test_without_a_file_the_setting_is_named(unset: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if unset:
        monkeypatch.delenv("DRILLMATE_HEALTH__FILE", raising=False)
    else:
        monkeypatch.setenv("DRILLMATE_HEALTH__FILE", "")
    done = drillmate("health")
    assert done.status == 1
    assert "Set DRILLMATE_HEALTH__FILE" in done.told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alive",
        "[]",
        "{}",
        '{"role": "all", "pid": 1, "at": 7}',
        '{"role": "all", "pid": null, "at": "2026-03-23T08:00:00+00:00"}',
        '{"role": "all", "pid": 1, "at": "2026-03-23T08:00:00"}',
        "\udcff",
    ],
    ids=["nothing", "words", "list", "no fields", "number", "no pid", "no zone", "not UTF-8"],
)
def test_what_is_no_heartbeat_is_refused_in_a_sentence(text: str, file: Path) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = drillmate("health")
    assert done.status == 1
    assert done.told.startswith(f"What is in {file} is no heartbeat.\n")


def test_a_folder_in_the_files_place_cannot_be_read(file: Path) -> None:
    file.mkdir()
    done = drillmate("health")
    assert done.status == 1
    assert done.told.startswith(f"The heartbeat in {file} cannot be read: ")


def test_a_beat_is_written_whole_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    file = tmp_path / "beat"
    file.write_text("x" * 10_000)
    Heartbeat(file, "worker").beat(NOW)
    assert set(json.loads(file.read_text())) == {"role", "pid", "at"}
    assert (Beat.read(file).role, Beat.read(file).at) == ("worker", NOW)
    assert list(tmp_path.iterdir()) == [file]


def test_beats_come_as_often_as_one_likes_and_are_written_every_few_seconds(tmp_path: Path) -> None:
    file, clock = tmp_path / "beat", MovableClock(NOW)
    heartbeat = Heartbeat(file)
    heartbeat.beat(clock.now())
    clock.advance(EVERY - timedelta(milliseconds=1))
    heartbeat.beat(clock.now())
    assert Beat.read(file).at == NOW
    clock.advance(timedelta(milliseconds=1))
    heartbeat.beat(clock.now())
    assert Beat.read(file).at == NOW + EVERY


def test_a_clock_that_is_put_back_does_not_stop_the_beats(tmp_path: Path) -> None:
    file, clock = tmp_path / "beat", MovableClock(NOW)
    heartbeat = Heartbeat(file)
    heartbeat.beat(clock.now())
    clock.advance(timedelta(hours=-1))
    heartbeat.beat(clock.now())
    assert Beat.read(file).at == NOW - timedelta(hours=1)


def test_a_file_that_cannot_be_written_is_told_once_until_it_can_be_again(tmp_path: Path) -> None:
    folder, clock = tmp_path / "away", MovableClock(NOW)
    heartbeat = Heartbeat(folder / "beat")

    def beat_twice() -> None:
        for _ in range(2):
            clock.advance(EVERY)
            heartbeat.beat(clock.now())

    with capture_logs() as told:
        beat_twice()
        folder.mkdir()
        beat_twice()
        assert Beat.read(folder / "beat").at == clock.now()
        (folder / "beat").unlink()
        folder.rmdir()
        beat_twice()
    assert [(entry["event"], entry["reason"]) for entry in told] == [
        ("no heartbeat", "No such file or directory")
    ] * 2


def test_no_beat_may_count_as_late_before_a_second_one_is_due() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 10"):
        HealthSettings(stale_s=EVERY.total_seconds())
    assert HealthSettings(stale_s=2 * EVERY.total_seconds()).stale_s == 10
