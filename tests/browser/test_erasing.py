"""What a phone lets go of is gone, whatever was under way: the phone's own modules over a real IndexedDB."""

from __future__ import annotations

import pytest
from django.templatetags.static import static
from django.urls import reverse
from playwright.sync_api import Page
from tests.browser.conftest import Open
from tests.universe import Cast

NAME = "attunement-somebody"
# A turn whose pull is held; `store`, `keeper` and `turn` lie on the window, `release()` lets the answer through.
BEGIN = """async ([databases, keepings]) => {
  const { database } = await import(databases), { keeping } = await import(keepings);
  const ok = body => ({ status: 200, retryAfter: null, body });
  const moment = { id: "m", child: "c", revision: 1, removed: false, local_day: "2026-03-04", words: "hers" };
  const asked = new Promise(reached => {
    const held = new Promise(resolve => {
      window.release = () => resolve(ok({ epoch: "e", cursor: 1, more: false, moments: [moment] }));
    });
    const net = {
      me: async () => ok({ person: { id: "somebody" }, csrf: "", families: [{ id: "f", children: [] }] }),
      push: async () => ok(null), kit: async () => ok(null), pull: () => (reached(), held),
    };
    window.store = database("somebody");
    window.told = [];
    window.keeper = keeping({ store, net, tell: said => told.push(said) });
    window.turn = keeper.now();
  });
  await asked;
}"""
ERASE = "async databases => (await import(databases)).database('somebody').erase()"
KEPT = f"indexedDB.databases().then(found => found.some(one => one.name === '{NAME}'))"


@pytest.fixture
def page(opened: Open, cast: Cast) -> Page:
    return begun(opened(cast.alice), cast)


def begun(page: Page, cast: Cast) -> Page:
    page.goto(reverse("learning:urgent"))
    page.evaluate(BEGIN, [static("offline/store/database.js"), static("offline/store/keeping.js")])
    return page


def test_a_turn_that_runs_while_somebody_signs_out_brings_nothing_back(page: Page) -> None:
    page.evaluate("keeper.stop(); store.erase()")
    page.evaluate("release(); turn")
    assert not page.evaluate(KEPT)
    assert page.evaluate("told") == []


def test_nor_does_one_in_another_tab(page: Page, cast: Cast) -> None:
    other = page.context.new_page()
    other.goto(reverse("learning:urgent"))
    other.evaluate(ERASE, static("offline/store/database.js"))
    page.evaluate("release(); turn")
    assert not page.evaluate(KEPT)
    assert page.evaluate("store.read(tx => tx.all('rows'))") == []
    assert not page.evaluate(KEPT)


def test_whoever_signs_in_again_is_seen_by_a_tab_that_stood_open(page: Page, cast: Cast) -> None:
    page.evaluate("keeper.stop(); store.erase()")
    page.evaluate("release(); turn")
    again = begun(page.context.new_page(), cast)
    again.evaluate("release(); turn")
    assert [row["words"] for row in page.evaluate("store.read(tx => tx.all('rows'))")] == ["hers"]


def test_a_keeper_that_was_stopped_says_nothing_any_more(page: Page) -> None:
    page.evaluate("keeper.stop(); release(); turn")
    assert page.evaluate("told") == []
