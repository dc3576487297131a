"""One round: taps without a network until the page says saved, then the end of it, then a look at the phone's disk."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import TimeoutError

from soak.phone.browser import Phone, until
from soak.phone.site import Site

WAYS = ("kill", "drop", "reload")
IN_STEP_WITHIN = 60  # seconds

# Taps a choice and answers at the first drawing that says "Saved on this phone".
TAP = """chance => new Promise(resolve => {
  const tiles = [...document.querySelectorAll("form[data-choose] > .tiles .tile")];
  const tile = tiles[Math.floor(chance * tiles.length)], form = tile.form;
  const saved = () => document.querySelector(".keeping, .saved")?.textContent.includes("Saved on this phone");
  const watch = new MutationObserver(() => {
    if (form.isConnected || !saved()) return;
    watch.disconnect();
    resolve({ name: form.dataset.choose, value: tile.value, entity: location.hash.split("/")[1] });
  });
  watch.observe(document.body, { childList: true, subtree: true });
  tile.click();
})"""
KIT_IS_THERE = """async child => {
  await navigator.serviceWorker.ready;
  const [{ name } = {}] = (await indexedDB.databases()).filter(one => one.name.startsWith("attunement-"));
  if (!name) return false;
  return new Promise(resolve => {
    indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
      const kit = db.transaction("kits").objectStore("kits").get(child);
      kit.onsuccess = () => { db.close(); resolve(Boolean(kit.result)); };
    };
  });
}"""


@dataclass
class Found:
    """What the rounds gave. Sound means: nothing lost, nothing doubled, every write asked for the disk."""

    rounds: int = 0
    taps: int = 0
    lost: int = 0
    loose: int = 0
    wrong_on_server: int = 0
    ends: dict[str, int] = field(default_factory=dict)

    @property
    def unsound(self) -> int:
        return self.lost + self.loose + self.wrong_on_server


@dataclass
class Runner:
    """Noting on one phone of the demo family, in `rounds` rounds, with the server dead all the while."""

    site: Site
    phone: Phone
    chance: random.Random
    acked: dict[str, dict[str, str]] = field(default_factory=dict)
    found: Found = field(default_factory=Found)

    def run(self, link: str, rounds: int) -> Found:
        before = self._install(link)
        self.site.kill()
        for number in range(rounds):
            self._round(WAYS[number % len(WAYS)])
        self._sign_in(self.site.start())  # a killed browser may have forgotten its cookie; what waits is not forgotten
        self._compare_with_server(before)
        return self.found

    def _install(self, link: str) -> set[str]:
        self._sign_in(link)
        page = self.phone.page
        self.person = page.evaluate("document.body.dataset.person")
        self.child = page.evaluate("document.body.dataset.child")
        until(page, KIT_IS_THERE, self.child)
        return set(self.site.moments())

    def _sign_in(self, link: str) -> None:
        self.phone.page.goto(link)
        self.phone.page.get_by_role("button", name="Come in").click()
        self.phone.page.wait_for_url("**/child/*/")

    def _round(self, way: str) -> None:
        page = self.phone.page
        page.goto(f"{self.site.url}/child/{self.child}/note/")
        for nth in range(self.chance.randint(1, 3)):
            if not self._is_asked(nth):
                break
            said = page.evaluate(TAP, self.chance.random())
            if way != "kill":
                self.found.loose += page.evaluate("window.loose")
            self._ack(said)
        self._end(way)
        self.found.rounds += 1
        self.found.ends[way] = self.found.ends.get(way, 0) + 1
        self._look()

    def _is_asked(self, nth: int) -> bool:
        """Whether the page asks something more. The first question always comes; a phone that forgot what it called
        saved, as planted faults make it, asks no second one."""
        question = self.phone.page.locator("form[data-choose]")
        if nth and question.count() == 0:
            try:
                question.first.wait_for(timeout=2_000)
            except TimeoutError:
                return False
        question.first.wait_for()
        return True

    def _ack(self, said: dict[str, str]) -> None:
        self.found.taps += 1
        self.acked.setdefault(said["entity"], {})[said["name"]] = said["value"]

    def _end(self, way: str) -> None:
        if way == "kill":
            self.phone.kill()
            self.phone.open()
        elif way == "drop":
            self.phone.drop_tab()
        else:
            self.phone.page.reload()
        self.phone.page.goto(f"{self.site.url}/offline/#moments")

    def _look(self) -> None:
        """Every tap that was called saved is on the disk; what was not is neither expected nor held against us."""
        held: dict[str, dict[str, Any]] = {}
        for operation in self.phone.outbox(self.person):
            held.setdefault(operation["entity"], {}).update(operation["fields"])
        for entity, said in list(self.acked.items()):
            lost = [name for name, value in said.items() if not _is_held(held.get(entity, {}), name, value)]
            self.found.lost += len(lost)
            if lost:
                del self.acked[entity]  # counted once

    def _compare_with_server(self, before: set[str]) -> None:
        ends = time.monotonic() + IN_STEP_WITHIN
        while self.phone.outbox(self.person) and time.monotonic() < ends:
            time.sleep(0.2)
        there = {key: said for key, said in self.site.moments().items() if key not in before}
        wanted = {entity.replace("-", "") for entity in self.acked}
        self.found.wrong_on_server = len(wanted ^ set(there))


def _is_held(fields: dict[str, Any], name: str, value: str) -> bool:
    if name == "act":
        return value in fields.get("acts", [])
    said = fields.get(name, "" if fields else None)  # a note leaves out what was not said
    return said == ({"yes": True, "not-yet": False}.get(value) if name == "mended" else value)
