"""Every page of the site: axe, targets for a thumb, large text, narrow screens, stillness, print."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.places import NO_PAGE, named_addresses, places, practitioner_of, shared_places

from attunement_web.accounts.models import User
from attunement_web.families.models import Child

Family = dict[str, Child]

# In the dark only colours differ: there the rules about colours suffice.
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = """rules => axe.run({resultTypes: ["violations"], ...(rules && {runOnly: rules})}).then(found =>
  found.violations.map(one => `${one.id} at ${one.nodes.map(node => node.target.join(" ")).join(", ")}`))"""
# Links in the running text of a paragraph are as tall as their line; a label above a field is not the target, the field is.
SMALL_TARGETS = """() => {
  const inSentence = a => getComputedStyle(a).display === "inline"
    && [...a.parentElement.childNodes].some(one => one !== a && one.textContent.trim());
  const target = one => one.closest(".card--link") ?? one;
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input, label:has(input)")]
    .filter(one => one.checkVisibility() && !one.matches("label input, .skip, [type=hidden]"))
    .filter(one => !(one.matches("a") && inSentence(one) && !one.closest(".card--link")))
    .map(one => [one, target(one).getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
    .map(([one, box]) => `${one.tagName} “${one.innerText}” ${Math.round(box.width)} x ${Math.round(box.height)}`)
}"""
MOVING = """() => [
  ...document.getAnimations().filter(one => one.playState === "running").map(one => `runs: ${one.animationName}`),
  ...[...document.querySelectorAll("*")].filter(one => {
      const style = getComputedStyle(one);
      const longest = list => Math.max(...list.split(",").map(parseFloat));
      return longest(style.transitionDuration) > 0.001 || longest(style.animationDuration) > 0.001;
    }).map(one => `would move: ${one.tagName} ${one.className}`),
]"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_address_is_visited(demo: Family) -> None:
    visited = {name for name in {**places(demo["Lina"]), **shared_places(demo["Lina"])} if ":" in name}
    assert visited | NO_PAGE == named_addresses()


@pytest.mark.parametrize("who", ["family", "practitioner"])
def test_axe_finds_nothing_in_light_and_dark_on_phone_and_desk(
    opened: Open, mama: User, demo: Family, watch: object, who: str
) -> None:
    watch.allows += ("status of 404",)
    person, visits = _visits(who, mama, demo["Lina"])
    page, found = opened(person, reduced_motion="reduce"), []
    for name, address in visits.items():
        page.emulate_media(color_scheme="light")
        page.goto(address)
        _open_all(page)
        page.evaluate(AXE_SCRIPT)
        for size in (PHONE["viewport"], DESK["viewport"]):
            page.set_viewport_size(size)
            for scheme, rules in (("light", None), ("dark", COLOURS)):
                page.emulate_media(color_scheme=scheme)
                found += [f"{name}, {size['width']} px, {scheme}: {broken}" for broken in page.evaluate(AXE, rules)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", ["family", "practitioner"])
def test_a_thumb_meets_every_target_and_nothing_is_wider_than_the_screen(
    opened: Open, mama: User, demo: Family, watch: object, who: str
) -> None:
    watch.allows += ("status of 404",)
    person, visits = _visits(who, mama, demo["Lina"])
    page, found = opened(person, reduced_motion="reduce"), []
    for name, address in visits.items():
        page.set_viewport_size(PHONE["viewport"])
        page.goto(address)
        _open_all(page)
        found += [f"{name}: {target}" for target in page.evaluate(SMALL_TARGETS)]
        found += [f"{name}: {moving}" for moving in page.evaluate(MOVING)]
        page.evaluate("document.documentElement.style.fontSize = '225%'")  # twice the 112.5 % of base.css
        wide = {"text at 200 %": page.evaluate(TOO_WIDE)}
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 320, "height": 640})
        wide["320 px"] = page.evaluate(TOO_WIDE)
        found += [f"{name}, {when}: {more} px too wide" for when, more in wide.items() if more > 0]
    assert not found, "\n".join(found)


def test_a_name_without_a_space_widens_no_page(opened: Open, mama: User, demo: Family, watch: object) -> None:
    watch.allows += ("status of 404",)
    Child.objects.update(name="L" + 79 * "i")
    page, found = opened(mama, reduced_motion="reduce"), []
    page.set_viewport_size({"width": 320, "height": 640})
    for name, address in _visits("family", mama, demo["Lina"])[1].items():
        page.goto(address)
        _open_all(page)
        if more := page.evaluate(TOO_WIDE):
            found.append(f"{name}: {more} px too wide")
    assert not found, "\n".join(found)


def test_the_picture_prints_without_the_frame(opened: Open, mama: User, demo: Family) -> None:
    page = opened(mama)
    page.goto(places(demo["Lina"])["diary:picture"])
    page.emulate_media(media="print", color_scheme="light")
    expect(page.get_by_role("heading", name="What it adds up to")).to_be_visible()
    expect(page.get_by_role("heading", name="Upset and comfort")).to_be_visible()
    for frame in (".nav", ".top__help", ".looks", ".actions"):
        expect(page.locator(frame)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }
    assert len(page.pdf(tagged=True)) > 5_000


def _visits(who: str, mama: User, child: Child) -> tuple[User, dict[str, str]]:
    """Whose pages to walk through, and where they are."""
    return (mama, places(child)) if who == "family" else (practitioner_of(child), shared_places(child))


def _open_all(page: Page) -> None:
    """Every disclosure open, the child's menu too, so that what is inside is looked at."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.name = ''; one.open = true })")
