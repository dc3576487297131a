"""The rules of syncing once more, as plainly as they can be said: dictionaries, one operation after another.

The oracle replays in it what the server says it took, and compares. It can also stand in for the server (`--server
model`), which tries the phone's logic at many times the speed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SAID_NOTHING = {
    "signal": "", "acts": [], "outcome": "", "mended": None, "calm": None, "with_child": "", "feeling": "", "words": "",
}  # fmt: skip
WHEN = ("happened_at", "local_day", "zone", "offset_minutes", "precision")
UNKNOWN_CODE = "no-such-code"

Json = dict[str, Any]


@dataclass(slots=True)
class Set:
    """Who gave a field its value, and at which revision."""

    value: Any
    device: str
    revision: int


@dataclass(slots=True)
class Noted:
    fields: dict[str, Set]
    others: list[tuple[str, Any]] = field(default_factory=list)  # what lost against somebody who had not seen it
    removed: bool = False
    revision: int = 0

    def shown(self) -> Json:
        told = {name: each.value for name, each in self.fields.items() if name != "when"}
        return {**told, **self.fields["when"].value}


@dataclass(slots=True)
class Home:
    revision: int = 0
    moments: dict[str, Noted] = field(default_factory=dict)

    def apply(self, operation: Json, device: str, *, revision: int | None = None, saw: Json | None = None) -> str:
        """The verdict, or the reason of a refusal, which changes nothing.

        `revision`: what the server called it. `saw`: the moment as it stood on the screen, where that is known.
        """
        reason = self._reason(operation)
        if reason:
            return reason
        there = self.moments.get(operation["entity"])
        if operation["type"] == "note" and there:
            return "kept"
        self.revision = revision or self.revision + 1
        if there is None:
            return self._note(operation, device)
        there.revision = self.revision
        if operation["type"] != "change":
            there.removed = operation["type"] == "remove"
            return "kept"
        return self._change(there, operation, device, saw)

    def _reason(self, operation: Json) -> str:
        if operation["fields"].get("signal") == UNKNOWN_CODE:
            return "unknown-code"
        if operation["type"] != "note" and operation["entity"] not in self.moments:
            return "not-found"
        return ""

    def _note(self, operation: Json, device: str) -> str:
        place = {name: operation[name] for name in ("zone", "offset_minutes")}
        said = {"child": operation["child"], **grouped(SAID_NOTHING | place | operation["fields"])}
        self.moments[operation["entity"]] = Noted(
            {name: Set(value, device, self.revision) for name, value in said.items()}, revision=self.revision
        )
        return "kept"

    def _change(self, there: Noted, operation: Json, device: str, saw: Json | None) -> str:
        verdict = "kept"
        for name, value in grouped(operation["fields"]).items():
            before = there.fields[name]
            if before.value == value:
                continue
            seen = before.revision <= operation["base"] if saw is None else saw[name] == before.value
            if not seen and before.device != device:
                there.others.append((name, before.value))
                verdict = "merged"
            there.fields[name] = Set(value, device, self.revision)
        return verdict


@dataclass(slots=True)
class Phone:
    last: int = 0
    taken: dict[int, tuple[str, Json]] = field(default_factory=dict)


class Model:
    """Stands in for the server. `push` and `pull` take what the phones said in one tick."""

    def __init__(self) -> None:
        self.homes: dict[int, Home] = {}
        self.phones: dict[str, Phone] = {}
        self.epochs: dict[str, int] = {}

    def found(self, universes: list[Json]) -> None:
        for universe in universes:
            self.homes[universe["seed"]] = Home()

    def change_rights(self, rights: list[tuple[int, str]]) -> None:
        for _, person in rights:
            self.epochs[person] = self.epochs.get(person, 0) + 1

    def push(self, pushes: list[Json]) -> list[Json]:
        return [{"status": 200, "body": self._push(push)} for push in pushes]

    def _push(self, push: Json) -> Json:
        phone = self.phones.setdefault(push["device"], Phone())
        home = self.homes[push["seed"]]
        results = []
        for operation in push["operations"]:
            seq, text = operation["seq"], json.dumps(operation, sort_keys=True)
            if seq > phone.last + 1:
                break
            if seq <= phone.last:
                results.append({"seq": seq, **again(phone.taken[seq], text)})
                continue
            result = self._result(home, operation, push["device"])
            phone.last, phone.taken[seq] = seq, (text, result)
            results.append({"seq": seq, **result})
        return {"device": push["device"], "last_seq": phone.last, "results": results}

    def _result(self, home: Home, operation: Json, device: str) -> Json:
        verdict = home.apply(operation, device)
        if verdict not in {"kept", "merged"}:
            return {"verdict": "refused", "reason": verdict, "revision": 0}
        return {"verdict": verdict, "reason": "", "revision": home.moments[operation["entity"]].revision}

    def pull(self, pulls: list[Json]) -> list[Json]:
        return [{"status": 200, "body": self._page(pull)} for pull in pulls]

    def _page(self, pull: Json) -> Json:
        home = self.homes[pull["seed"]]
        after = int(pull["after"])
        changed = sorted((each.revision, key) for key, each in home.moments.items() if each.revision > after)
        rows = [self._row(key, home.moments[key]) for _, key in changed[: pull["limit"]]]
        more = len(changed) > len(rows)
        cursor = rows[-1]["revision"] if more else max(home.revision, after)
        epoch = str(self.epochs.get(pull["person"], 0))
        return {"epoch": epoch, "cursor": cursor, "more": more, "moments": rows}

    def _row(self, key: str, noted: Noted) -> Json:
        head = {"id": key, "revision": noted.revision, "removed": noted.removed}
        if noted.removed:
            return {**head, "child": noted.fields["child"].value}
        return {**head, **noted.shown(), "others": [{"field": name, "value": value} for name, value in noted.others]}

    def state(self, universes: list[Json]) -> dict[int, dict[str, Json]]:
        homes = {each["seed"]: self.homes[each["seed"]] for each in universes}
        return {seed: {key: kept(each) for key, each in home.moments.items()} for seed, home in homes.items()}


def kept(noted: Noted) -> Json:
    """What a server holds of one moment."""
    others = [{"field": name, "value": value} for name, value in noted.others]
    return {"removed": noted.removed, "shown": noted.shown(), "others": others}


def grouped(fields: Json) -> Json:
    """The five fields of time are one thing that somebody says."""
    time = {name: value for name, value in fields.items() if name in WHEN}
    if "happened_at" in time:
        time["happened_at"] = instant(time["happened_at"])
    rest = {name: value for name, value in fields.items() if name not in WHEN}
    return {**rest, "when": time} if time else rest


def instant(text: str) -> str:
    """One way of writing it, to the millisecond of a phone."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds")


def again(taken: tuple[str, Json], text: str) -> Json:
    """What the same number gets the second time."""
    first, result = taken
    if first != text:
        return {"verdict": "refused", "reason": "other-content", "revision": 0}
    return result if result["verdict"] == "refused" else {**result, "verdict": "already"}
