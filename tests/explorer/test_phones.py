"""Phones in Node against the real server: short forms of `script/soak storm`, `drain` and `zones`."""

from __future__ import annotations

import socket

from soak.drain import drain
from soak.storm import storm
from soak.zones import all_zones, compare

SOME = 8  # every eighth zone; script/soak zones takes all


def test_a_storm_of_retries_leaves_each_moment_once() -> None:
    assert storm(free_port(), phones=10, moments=120, times=5, dropped=0.3, seed=2) == []


def test_weeks_without_a_network_drain_over_a_thin_line() -> None:
    assert drain(free_port(), within=30, moments=600, days=90, kbits=1_600, delay=20, seed=2) == []


def test_a_phones_day_is_the_day_of_its_zone() -> None:
    found = compare(all_zones()[::SOME])
    assert found.differing == []
    assert found.unknown == []
    assert found.instants > 1_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
