"""Ideas, Learn, when to ask, urgent help: the whole content is reachable, kind, and help is near."""

import re

import pytest
from django.templatetags.static import static
from django.urls import reverse

from attunement.guidance import all_strategies, countries, groups, help_lines, topics, urgent
from attunement_web.learning import bridge

pytestmark = pytest.mark.django_db
SCRIPT = f'<script type="module" src="{static("learning/ui/leave.js")}">'


def test_ideas_of_the_age_are_shown_and_every_idea_on_asking(cast, signed_in, django_assert_max_num_queries):
    page = signed_in(cast.alice)
    with django_assert_max_num_queries(7):  # three of them remember whose page was seen last
        response = page.get(reverse("learning:ideas", args=[cast.mia.pk]))
    shown = set(re.findall(r'id="([\w-]+)"', response.content.decode())) & {one.id for one in all_strategies()}
    assert 10 < len(shown) <= 2 * len(groups()) < len(all_strategies())
    more = page.get(reverse("learning:ideas", args=[cast.mia.pk]) + "?about=crying").content.decode()
    assert len(set(re.findall(r'id="([\w-]+)"', more)) & {one.id for one in all_strategies()}) > 2
    every = page.get(reverse("learning:ideas", args=[cast.mia.pk]) + "?all").content.decode()
    assert all(f'id="{one.id}"' in every for one in all_strategies())


def test_one_heading_can_be_chosen_and_an_unknown_one_shows_all(cast, signed_in):
    page = signed_in(cast.alice)
    url = reverse("learning:ideas", args=[cast.mia.pk])
    crying, nonsense = page.get(f"{url}?about=crying"), page.get(f"{url}?about=nothing")
    assert b'id="hold-till-calm"' in crying.content
    assert b'id="answer-with-a-sound"' not in crying.content
    assert b'id="answer-with-a-sound"' in nonsense.content


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_each_text_says_where_it_comes_from(client, topic):
    response = client.get(reverse("learning:topic", args=[topic.id]))
    assert response.status_code == 200
    assert response.content.decode().count('class="source"') == len(topic.paragraphs)


def test_a_text_that_is_not_there_is_not_found(client):
    assert client.get(reverse("learning:topic", args=["nothing"])).status_code == 404


def test_asking_soon_lists_this_age_and_the_caregiver(cast, signed_in):
    words = signed_in(cast.alice).get(reverse("learning:ask", args=[cast.mia.pk])).content.decode()
    assert "At 2 months" in words  # Mia is three months old: the last list she has reached
    assert "At 4 months" not in words
    assert "A skill was there and is now gone" in words


def test_urgent_help_needs_no_sign_in_and_shows_the_call_first(client, settings):
    settings.TIME_ZONE = "Europe/Madrid"
    response = client.get(reverse("learning:urgent"))
    words = response.content.decode()
    assert response.status_code == 200
    assert words.index("tel:112") < words.index("What is happening?")
    assert words.count("<details") >= len(urgent())


def test_urgent_help_speaks_of_the_country_the_family_lives_in(cast, signed_in):
    words = signed_in(cast.alice).get(reverse("learning:urgent")).content.decode()
    assert words.index("tel:112") < words.index("tel:911")


def test_urgent_help_holds_every_shown_number_so_that_it_serves_without_a_network(client):
    words = client.get(reverse("learning:urgent")).content.decode()
    dials = {line.dial for code in countries() if code != "ZZ" for line in help_lines(code) if line.dial}
    assert {dial for dial in dials if f":{dial}" not in words} == set()


def test_urgent_help_asks_nothing_and_the_browser_may_keep_it(client, cast, signed_in):
    response = signed_in(cast.alice).get(reverse("learning:urgent"))
    assert b"<form" not in response.content
    assert re.findall(r"<script[^>]*>", response.text) == [SCRIPT], "only what makes leaving leave nothing behind"
    assert "max-age=86400" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers["Vary"]  # a browser without a network has no newer page to ask for
    stranger = client.get(reverse("learning:urgent"))
    assert "max-age=600" in stranger.headers["Cache-Control"]  # whose family may live elsewhere


def test_urgent_help_that_the_browser_kept_in_light_is_not_what_the_dark_opens(cast, signed_in):
    browser = signed_in(cast.alice)
    here, urgent_help = reverse("today:today", args=[cast.mia.pk]), reverse("learning:urgent")
    assert browser.get(here).text.count(f'href="{urgent_help}"') == 2  # one is fetched beforehand
    browser.post(reverse("shell:look"), {"look": "dark", "back": "/"})
    assert browser.get(here).text.count(f'href="{urgent_help}?look=dark"') == 2
    assert 'data-look="dark"' in browser.get(f"{urgent_help}?look=dark").text


def test_a_line_says_how_to_reach_it_in_words_and_a_site_can_be_opened(client):
    words = client.get(reverse("learning:urgent")).text
    assert "By text." in words
    assert "look up." not in words
    assert 'href="https://befrienders.org"' in words
    assert "Lists lines by country." in words


def test_urgent_help_can_be_left_so_that_back_does_not_lead_to_it(client):
    page = client.get(reverse("learning:urgent")).text
    assert re.search(r'href="about:blank"[^>]* data-leave>', page)


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Madrid", "ES"), ("America/New_York", "US"), ("Europe/London", "GB"), ("Asia/Tokyo", "ZZ"), ("UTC", "ZZ")],
)
def test_the_country_follows_the_familys_clock(zone, country):
    assert bridge.country_of(zone) == country


def test_a_stranger_finds_no_child(cast, signed_in):
    stranger = signed_in(cast.charlie)
    for name in ("learning:ideas", "learning:ask"):
        assert stranger.get(reverse(name, args=[cast.mia.pk])).status_code == 404
