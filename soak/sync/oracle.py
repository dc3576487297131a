"""What has to be true of one universe after quiet: nothing lost, doubled, brought back, reordered; all see the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from soak.sync.model import UNKNOWN_CODE, Home, Json, grouped, instant, kept

ON_A_PHONE = timedelta(days=28)  # a fresh phone takes 30 days; two for zones and midnight

ABOUT = {"id", "revision", "removed", "others", "family", "waiting", "at", "noted_by", "settled", "clock_off_minutes"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """An operation that the server said it took (or refused), in the order in which it said so."""

    operation: Json
    device: str
    result: Json


class Log:
    """What the server answered to every push, universe by universe."""

    def __init__(self, seeds: Iterable[int]) -> None:
        self.arrivals: dict[int, list[Arrival]] = {seed: [] for seed in seeds}
        self.wrong: dict[int, list[str]] = {seed: [] for seed in self.arrivals}
        self.verdicts: Counter[str] = Counter()
        self._looked_at: set[tuple[str, int]] = set()

    def write(self, push: Json, answer: Json) -> None:
        """What it had before, or holds something else for, is no arrival."""
        if answer["status"] != 200:
            self.wrong[push["seed"]].append(f"the server answered {answer['status']}: {answer['body']}")
            return
        sent = {operation["seq"]: operation for operation in push["operations"]}
        for result in answer["body"]["results"]:
            self.verdicts[result["verdict"]] += 1
            if result["verdict"] != "already" and result["reason"] != "other-content":
                self._arrived(push, Arrival(sent[result["seq"]], push["device"], result))

    def _arrived(self, push: Json, arrival: Arrival) -> None:
        number = (arrival.device, arrival.operation["seq"])
        again = number in self._looked_at
        self._looked_at.add(number)
        if again and arrival.result["verdict"] == "refused":
            return  # said once more, as it has to be
        if again:
            self.wrong[push["seed"]].append(f"counted twice: {brief(arrival.operation)}")
        self.arrivals[push["seed"]].append(arrival)


@dataclass(frozen=True, slots=True)
class Universe:
    """All that is known of one after its end: what its phones report, what reached the server, what the server holds."""

    report: Json
    arrivals: list[Arrival]
    held: dict[str, Json]
    today: date


def findings(universe: Universe) -> Iterator[str]:
    yield from universe.report["trouble"]
    yield from missing_or_extra(universe)
    yield from out_of_order(universe)
    yield from set_aside(universe)
    yield from unlike_the_rules(universe)
    yield from unlike_each_other(universe)


def missing_or_extra(universe: Universe) -> Iterator[str]:
    poisoned = poisoned_in(universe)
    arrived = {said(arrival.operation) for arrival in universe.arrivals}
    for phone in universe.report["phones"]:
        for operation in operations(phone):
            if operation["entity"] not in poisoned and said(operation) not in arrived:
                yield f"never arrived: {brief(operation)}"
            if operation["type"] == "note" and operation["entity"] not in poisoned | universe.held.keys():
                yield f"lost: {brief(operation)}"
    noted = {operation["entity"] for operation in captured(universe) if operation["type"] == "note"}
    for entity in universe.held.keys() - (noted - poisoned):
        yield f"from nowhere: moment {entity}"


def out_of_order(universe: Universe) -> Iterator[str]:
    first: dict[str, int] = {}
    for place, arrival in enumerate(universe.arrivals):
        first.setdefault(said(arrival.operation), place)
    for phone in universe.report["phones"]:
        if phone["rewound"]:
            continue  # it may say again what it does not remember saying
        places = [first[text] for text in map(said, operations(phone)) if text in first]
        if places != sorted(places):
            yield f"operations of one phone arrived in another order: {places}"


def set_aside(universe: Universe) -> Iterator[str]:
    poisoned = poisoned_in(universe)
    for phone in universe.report["phones"]:
        if phone["waiting"]:
            yield f"{phone['waiting']} still wait"
        for entry in phone["aside"]:
            if entry["operation"]["entity"] not in poisoned:
                yield f"refused ({entry['reason']}): {brief(entry['operation'])}"
        wrong = sum(operation["entity"] in poisoned for operation in operations(phone))
        if len(phone["aside"]) < wrong:
            yield f"{wrong} could not be taken, and only {len(phone['aside'])} are shown as set aside"


def unlike_the_rules(universe: Universe) -> Iterator[str]:
    """The server's rows against the plain rules, given the order in which operations arrived."""
    claimed, seen = replayed(universe, {}), replayed(universe, seen_on_screen(universe))
    for entity, noted in claimed.moments.items():
        held, wanted = universe.held.get(entity), kept(noted)
        if held is None:
            yield f"acknowledged and not there: moment {entity}"
            continue
        if held["removed"] != wanted["removed"]:
            yield f"moment {entity} is {'removed' if held['removed'] else 'back from the dead'}"
        yield from differing("the server holds", plain(held["shown"]), plain(wanted["shown"]), entity)
        unseen = versions(kept(seen.moments[entity]))
        if unseen - versions(held):
            yield f"moment {entity} lost another version: {sorted(unseen - versions(held))}"
        invented = versions(held) - versions(wanted) - unseen
        if invented:
            yield f"moment {entity} has a version that lost to nobody: {sorted(invented)}"


def replayed(universe: Universe, screens: dict[str, Json]) -> Home:
    """The plain rules; who had seen what is known from the screens, or else from what the operation claims."""
    home = Home()
    for arrival in universe.arrivals:
        if arrival.result["verdict"] != "refused":
            saw = screens.get(said(arrival.operation))
            home.apply(arrival.operation, arrival.device, revision=arrival.result["revision"], saw=saw)
    return home


def seen_on_screen(universe: Universe) -> dict[str, Json]:
    return {
        said(each["operation"]): grouped(each["saw"])
        for phone in universe.report["phones"]
        for each in phone["captures"] + phone["perhaps"]
        if each["saw"]
    }


def unlike_each_other(universe: Universe) -> Iterator[str]:
    """Every phone against the server; only what is old may be missing on a phone."""
    live = {entity: plain(each["shown"]) for entity, each in universe.held.items() if not each["removed"]}
    for number, phone in enumerate(universe.report["phones"]):
        seen = {row["id"]: row for row in phone["visible"]}
        for entity in seen.keys() - live.keys():
            yield f"phone {number} shows a moment that is not there: {entity}"
        for entity, shown in live.items():
            if entity in seen:
                yield from differing(f"phone {number} shows", plain(seen[entity]), shown, entity)
            elif date.fromisoformat(shown["local_day"]) > universe.today - ON_A_PHONE:
                yield f"phone {number} lacks moment {entity}"


def poisoned_in(universe: Universe) -> set[str]:
    """Moments noted with a code that the server does not know: they belong aside, in sight."""
    notes = (operation for operation in captured(universe) if operation["type"] == "note")
    return {operation["entity"] for operation in notes if operation["fields"].get("signal") == UNKNOWN_CODE}


def operations(phone: Json) -> list[Json]:
    return [each["operation"] for each in phone["captures"]]


def captured(universe: Universe) -> Iterator[Json]:
    for phone in universe.report["phones"]:
        yield from (each["operation"] for each in phone["captures"] + phone["perhaps"])


def differing(who: str, found: Json, wanted: Json, entity: str) -> Iterator[str]:
    for name, value in wanted.items():
        if found.get(name) != value:
            yield f"{who} {name}={found.get(name)!r} where {value!r} is right, moment {entity}"


def said(operation: Json) -> str:
    """An operation without its number, which a renewed phone gives anew."""
    return json.dumps({**operation, "seq": 0}, sort_keys=True)


def brief(operation: Json) -> str:
    return f"{operation['type']} {operation['seq']} of moment {operation['entity']} {json.dumps(operation['fields'])[:120]}"


def versions(held: Json) -> set[str]:
    """Lost values that are not on screen again anyway."""
    shown = plain(held["shown"])
    texts = set()
    for other in held["others"]:
        value = plain(other["value"]) if other["field"] == "when" else {other["field"]: other["value"]}
        if any(shown[name] != each for name, each in value.items()):
            texts.add(json.dumps({other["field"]: value}, sort_keys=True, default=str))
    return texts


def plain(fields: dict[str, Any]) -> Json:
    """Only what a person said, with instants as instants."""
    kept_apart = {
        "id",
        "revision",
        "removed",
        "others",
        "family",
        "waiting",
        "at",
        "noted_by",
        "settled",
        "clock_off_minutes",
    }
    known = {name: value for name, value in fields.items() if name not in kept_apart}
    if "happened_at" in known:
        known["happened_at"] = instant(known["happened_at"])
    return known
