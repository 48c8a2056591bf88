"""The configuration is read again when somebody has written it, and not while they do."""

from __future__ import annotations

import asyncio
import os

import pytest

from aggregator.run.watch import Watch


@pytest.fixture
def config(tmp_path):
    (tmp_path / "universities").mkdir()
    (tmp_path / "aggregator.yaml").write_text("port: 1\n")
    (tmp_path / "universities" / "north.yaml").write_text("name: North\n")
    return tmp_path


def settled(watch) -> bool:
    """After somebody wrote something: seen at the first look, believed at the second."""
    first, second = watch.look(), watch.look()
    assert not first
    return second


def test_nothing_has_changed_where_nobody_wrote(config):
    watch = Watch(config)

    assert [watch.look() for _ in range(3)] == [False, False, False]


@pytest.mark.parametrize("name", ["aggregator.yaml", "universities/north.yaml", "universities/new.yml"])
def test_a_file_that_was_written_is_seen_once(config, name):
    watch = Watch(config)

    (config / name).write_text("name: Another\n")

    assert settled(watch)
    assert not watch.look()


def test_a_file_that_went_is_seen(config):
    watch = Watch(config)

    (config / "universities" / "north.yaml").unlink()

    assert settled(watch)


def test_a_file_that_was_put_in_its_place_with_the_same_size_and_time_is_seen(config):
    watch = Watch(config)
    target, fresh = config / "aggregator.yaml", config / "aggregator.yaml.new"
    fresh.write_text("port: 2\n")
    told = target.stat()
    os.utime(fresh, ns=(told.st_atime_ns, told.st_mtime_ns))

    fresh.replace(target)

    assert settled(watch)


def test_half_a_file_is_not_believed_until_it_rests(config):
    watch, path = Watch(config), config / "universities" / "east.yaml"

    told = []
    for part in ("name: East\n", "sources:\n", "  - url: https://east.example.edu/\n"):
        with path.open("a") as half:
            half.write(part)
        told.append(watch.look())

    assert told == [False, False, False]
    assert watch.look()


def test_what_was_changed_and_put_back_is_no_change(config):
    watch, path = Watch(config), config / "universities" / "north.yaml"
    aside = path.with_name("north.yaml~")

    path.rename(aside)
    assert not watch.look()
    aside.rename(path)

    assert [watch.look(), watch.look()] == [False, False]


@pytest.mark.parametrize("name", [".north.yaml.swp", "north.yaml~", "4913", "#north.yaml#", ".#north.yaml", "north.yaml.tmp", "README.md"])
def test_what_editors_leave_beside_it_is_not_looked_at(config, name):
    watch = Watch(config)

    (config / "universities" / name).write_text("half")

    assert [watch.look(), watch.look()] == [False, False]


def test_links_are_followed_as_a_config_map_is_mounted(tmp_path):
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "aggregator.yaml").write_text(f"port: {len(version)}\n")
    (tmp_path / "two" / "aggregator.yaml").write_text("port: 22\n")
    (tmp_path / "..data").symlink_to("one")
    (tmp_path / "aggregator.yaml").symlink_to("..data/aggregator.yaml")
    watch = Watch(tmp_path)

    (tmp_path / "..new").symlink_to("two")
    (tmp_path / "..new").rename(tmp_path / "..data")

    assert settled(watch)


def test_a_folder_that_is_away_and_comes_back_is_looked_at_again(config):
    watch, aside = Watch(config), config.with_name("away")

    config.rename(aside)
    assert settled(watch)
    aside.rename(config)

    assert settled(watch)


def test_it_calls_until_it_is_ended(config):
    async def scenario() -> None:
        told = asyncio.Event()
        following = asyncio.create_task(Watch(config).follow(told.set, pause=0.001))
        (config / "aggregator.yaml").write_text("port: 33\n")
        async with asyncio.timeout(10):
            await told.wait()
        following.cancel()

    asyncio.run(scenario())


def test_what_somebody_else_had_read_is_not_told_again(config):
    watch = Watch(config)
    (config / "aggregator.yaml").write_text("port: 44\n")

    watch.take()

    assert [watch.look(), watch.look()] == [False, False]
