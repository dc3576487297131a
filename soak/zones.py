"""Every time zone, around each change of its clocks in two years: the phone's local day against Python's zoneinfo.

On the phone the browser's own tables count, here those of the tzdata package: the two years are past ones, which all
tables in use know alike (a law of this year may be in one and not yet in the other).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from soak.sync.explorer import HERE, NODE
from soak.sync.site import begin

BEGINS = date(2024, 1, 1)
YEARS = 2
AROUND = [timedelta(minutes=minutes) for minutes in (-24 * 60, -61, -1, 0, 1, 59, 61, 24 * 60)]
WALLS = [time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(12), time(23, 59)]
NO_PLACES = {"Factory"}


@dataclass(slots=True)
class Compared:
    zones: int = 0
    unknown: list[str] = field(default_factory=list)  # to the phone's tables
    instants: int = 0
    walls: int = 0
    differing: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak zones", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the scattered instants (default 0)")
    asked = parser.parse_args()
    begin()
    found = compare(all_zones(), seed=asked.seed)
    print(f"{found.zones} zones, {found.instants:,} instants, {found.walls:,} times given by wall clock or rough word:")
    print(f"{len(found.differing)} differ; {len(found.unknown)} zones unknown to the phone's tables")
    print(*found.differing[:10], sep="\n")
    return int(bool(found.differing or found.unknown))


def compare(zones: list[str], *, begins: date = BEGINS, seed: int = 0) -> Compared:
    found = Compared()
    asked = [_asked(zone, begins, random.Random(f"{seed} {zone}")) for zone in zones]
    lines = "".join(json.dumps({name: each[name] for name in ("zone", "instants", "walls")}) + "\n" for each in asked)
    ran = subprocess.run(
        [NODE, HERE / "phone" / "zones.js"], input=lines, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    for each, line in zip(asked, ran.stdout.splitlines(), strict=True):
        _compare(each, json.loads(line), found)
    return found


def all_zones() -> list[str]:
    return sorted(set((files("tzdata") / "zones").read_text(encoding="utf-8").split()) - NO_PLACES)


@cache
def pinned(name: str) -> ZoneInfo:
    """From the package whose version is pinned: a machine's own tables may be years older."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as table:
        return ZoneInfo.from_file(table, key=name)


def changes(zone: ZoneInfo, begins: date) -> Iterator[datetime]:
    """The instants, to the minute, at which the clocks of this zone change."""
    at = datetime.combine(begins, time(0), UTC)
    end = at + timedelta(days=366 * YEARS)
    while at < end:
        after = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _exactly(zone, at, after)
        at = after


def _exactly(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _asked(name: str, begins: date, chance: random.Random) -> dict[str, Any]:
    zone = pinned(name)
    turns = list(changes(zone, begins))
    scattered = [
        datetime.combine(begins, time(0), UTC) + timedelta(seconds=chance.randrange(YEARS * 366 * 86_400))
        for _ in range(20)
    ]
    instants = [turn + step for turn in turns for step in AROUND] + scattered
    days = {turn.astimezone(zone).date() + timedelta(days=more) for turn in turns for more in (-1, 0, 1)}
    days |= {scattered[0].date()}
    noted = instants[-1] + timedelta(days=800)
    walls = [(_ms(noted), "day", day.isoformat(), wall.isoformat("minutes")) for day in sorted(days) for wall in WALLS]
    walls += [(_ms(at), precision, None, None) for at in instants for precision in ("now", "while", "today")]
    return {"zone": name, "instants": [_ms(at) for at in instants], "walls": walls, "when": instants}


def _compare(asked: dict[str, Any], told: dict[str, Any], found: Compared) -> None:
    from attunement_web.diary.actions import when

    zone = pinned(asked["zone"])
    found.zones += 1
    if not told["known"]:
        found.unknown.append(zone.key)
        return
    for at, (day, offset) in zip(asked["when"], told["shown"], strict=True):
        found.instants += 1
        local = at.astimezone(zone)
        right = (local.date().isoformat(), round((local.utcoffset() or timedelta(0)) / timedelta(minutes=1)))
        if (day, offset) != right:
            found.differing.append(f"{zone.key} at {at:%Y-%m-%d %H:%M}Z: the phone says {day} {offset}, we say {right}")
    for (now, precision, day, wall), said in zip(asked["walls"], told["told"], strict=True):
        found.walls += 1
        ours = when(
            precision,
            noted_at=datetime.fromtimestamp(now / 1000, UTC),
            zone=zone,
            day=date.fromisoformat(day) if day else None,
            clock=time.fromisoformat(wall) if wall else None,
        )
        theirs = {**said, "happened_at": datetime.fromisoformat(said["happened_at"])}
        right = {**ours.fields(), "local_day": ours.local_day.isoformat()}
        if theirs != right:
            found.differing.append(f"{zone.key}, {precision} {day} {wall}: the phone says {theirs}, we say {right}")


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


if __name__ == "__main__":
    sys.exit(main())
