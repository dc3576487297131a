"""What a family sees of the milestones, what a moment may show, and what a lost skill leads to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from attunement.milestones import State, all_milestones, at_checkpoint
from attunement_web.diary.actions import Tap, keep_moments
from attunement_web.diary.bridge import wording
from attunement_web.diary.models import Moment, new_id
from attunement_web.ledger.models import Entry
from attunement_web.milestones.actions import tell_milestone
from attunement_web.milestones.models import Sighting, Stage

pytestmark = pytest.mark.django_db


def address(child, milestone_id=None, name="one"):
    return reverse(f"milestones:{name}", args=[child.pk, *([milestone_id] if milestone_id else [])])


def note(child, by, **tap):
    (kept,) = keep_moments(child=child, taps=[Tap(id=new_id(), **tap)], by=by)
    return Moment.objects.get(pk=kept)


def test_the_stages_are_those_of_the_library():
    assert set(Stage.values) == {state.value for state in State}


def test_the_list_opens_at_the_age_the_child_grows_towards(cast, signed_in):
    words = signed_in(cast.alice).get(address(cast.mia, name="list")).content.decode()  # Mia is three months old
    assert all(one.statement.replace("’", "’") in words for one in at_checkpoint(3))


def test_a_child_born_early_is_shown_the_list_of_the_corrected_age(cast, signed_in):
    words = signed_in(cast.alice).get(address(cast.noah, name="list")).content.decode()  # 5 months, 3 from the due date
    assert at_checkpoint(3)[0].statement in words
    assert at_checkpoint(6)[0].statement not in words


@pytest.mark.parametrize("at", ["12", "7", "-3", "twelve", ""])
def test_any_age_in_the_address_gives_a_page(cast, signed_in, at):
    assert signed_in(cast.alice).get(address(cast.mia, name="list") + f"?at={at}").status_code == 200


@pytest.mark.parametrize("one", all_milestones()[::9], ids=lambda one: one.id)
def test_each_milestone_has_a_page_with_its_source(cast, signed_in, one):
    response = signed_in(cast.alice).get(address(cast.mia, one.id))
    assert response.status_code == 200
    assert b"Where this comes from" in response.content


def test_what_is_told_is_kept_and_can_be_told_again(cast, signed_in):
    page, url = signed_in(cast.alice), address(cast.mia, "coos-and-gurgles-3")
    page.post(url, {"stage": "starting", "seen_on": str(cast.today), "words": "in the bath"})
    page.post(url, {"stage": "often", "seen_on": str(cast.today), "words": "in the bath"})
    (kept,) = Sighting.objects.all()
    assert (kept.stage, kept.words, kept.told_by) == ("often", "in the bath", cast.alice)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stage": ""}, "Please choose one."),
        ({"stage": "mastered"}, "Please choose one."),
        ({"seen_on": "2999-01-01"}, "This day has not come yet"),
        ({"seen_on": "1999-01-01"}, "before the birthday"),
        ({"seen_on": "soon"}, "write the day like"),
    ],
)
def test_a_slip_loses_nothing_that_was_typed(cast, signed_in, wrong, said):
    told = {"stage": "starting", "words": "while bathing", **wrong}
    response = signed_in(cast.alice).post(address(cast.mia, "coos-and-gurgles-3"), told)
    words = response.content.decode()
    assert response.status_code == 422
    assert said in words
    assert "while bathing" in words
    assert not Sighting.objects.exists()


def test_a_slip_of_a_finger_is_taken_back_and_nothing_was_told(cast, signed_in):
    page, url = signed_in(cast.alice), address(cast.mia, "coos-and-gurgles-3")
    assert "Take it back" not in page.get(url).text
    page.post(url, {"stage": "gone", "words": "oh"})
    assert "Take it back" in page.get(url).text
    back = page.post(address(cast.mia, "coos-and-gurgles-3", "removal"), follow=True)
    assert back.redirect_chain[-1][0] == url
    assert "Nothing is told of this now." in back.text
    assert "doctor this week" not in back.text
    assert not Sighting.objects.exists()
    page.post(address(cast.mia, "coos-and-gurgles-3", "removal"))  # a second tap has nothing left to do
    entries = Entry.objects.filter(chain=cast.mia.pk, event__startswith="milestone.").order_by("number")
    assert [one.event for one in entries] == ["milestone.told", "milestone.taken_back"]
    looked = page.get(reverse("families:who_looked", args=[cast.mia.pk])).text
    assert "Alice took back what was told of a milestone" in looked


@pytest.mark.parametrize("one", [m for m in all_milestones() if not m.phase][::12], ids=lambda one: one.id)
def test_a_skill_that_is_gone_leads_to_the_doctor_at_once_at_any_age(cast, signed_in, one):
    page = signed_in(cast.alice)
    response = page.post(address(cast.mia, one.id), {"stage": "gone"}, follow=True)
    assert "Please call your doctor this week" in response.content.decode()


def test_not_yet_inside_the_usual_months_raises_no_alarm(cast, signed_in):
    response = signed_in(cast.alice).post(address(cast.mia, "big-laughs-6"), {"stage": "not-yet"}, follow=True)
    words = response.content.decode()
    assert "Many children are still growing into this" in words
    assert "doctor this week" not in words


def test_a_noted_moment_suggests_its_milestone_and_one_tap_adds_it(cast, signed_in):
    moment = note(cast.mia, cast.alice, signal="coo", acts=("talk",), outcome="delighted")
    page = signed_in(cast.alice)
    words = page.get(address(cast.mia, name="list")).content.decode()
    assert "may show this" in words
    page.post(address(cast.mia, "coos-and-gurgles-3", "answer"), {"moment": str(moment.pk), "answer": "yes"})
    (kept,) = Sighting.objects.all()
    assert (kept.stage, kept.seen_on, kept.moment) == ("starting", moment.local_day, moment)


def test_not_quite_yet_is_an_answer_too_and_ends_the_suggestion(cast, signed_in):
    moment = note(cast.mia, cast.alice, signal="coo")
    page = signed_in(cast.alice)
    page.post(address(cast.mia, "coos-and-gurgles-3", "answer"), {"moment": str(moment.pk), "answer": "no"})
    (kept,) = Sighting.objects.all()
    assert (kept.stage, kept.seen_on, kept.moment) == ("not-yet", None, None)


def test_a_moment_of_another_family_cannot_be_added(cast, signed_in):
    foreign = note(cast.strangers_child, cast.charlie, signal="coo")
    response = signed_in(cast.alice).post(
        address(cast.mia, "coos-and-gurgles-3", "answer"), {"moment": str(foreign.pk), "answer": "yes"}
    )
    assert response.status_code == 404
    told = {"stage": "starting", "moment": str(foreign.pk)}
    note(cast.mia, cast.alice, signal="coo")
    assert signed_in(cast.alice).post(address(cast.mia, "coos-and-gurgles-3"), told).status_code == 422


def test_the_latest_moments_are_offered_with_their_words_and_the_chosen_one_stays(
    cast, signed_in, django_assert_num_queries
):
    page, url = signed_in(cast.alice), address(cast.mia, "coos-and-gurgles-3")
    note(cast.mia, cast.alice, signal="cry", acts=("pick-up",))
    first = note(cast.mia, cast.alice, signal="coo", acts=("talk", "smile-back"), outcome="delighted")
    page.post(url, {"stage": "starting", "moment": str(first.pk)})
    later = [note(cast.mia, cast.alice, signal="coo") for _ in range(6)]
    page.get(url)
    with django_assert_num_queries(6):  # session, person, child, what was told, the moments, the picker's children
        shown = page.get(url)
    offered = dict(shown.context["form"].fields["moment"].choices)
    assert list(offered) == ["", *(str(one.pk) for one in reversed(later[1:])), str(first.pk)]
    day = f"{cast.mia.today().day} {cast.mia.today():%B %Y}"
    assert offered[str(first.pk)] == f"{day}: {wording('coo')} → {wording('talk')}, {wording('smile-back')}"
    assert offered[str(later[-1].pk)] == f"{day}: {wording('coo')}"
    page.post(url, {"stage": "often", "moment": str(first.pk)})
    assert Sighting.objects.get().moment == first


def test_a_suggested_moment_is_taken_though_later_ones_were_noted_since(cast, signed_in):
    first = note(cast.mia, cast.alice, signal="coo")
    for _ in range(6):
        note(cast.mia, cast.alice, signal="coo")
    said = {"moment": str(first.pk), "answer": "yes"}
    page = signed_in(cast.alice).post(address(cast.mia, "coos-and-gurgles-3", "answer"), said)
    assert page.status_code == 302
    assert Sighting.objects.get().moment == first


def test_who_may(cast, signed_in):
    told = {"stage": "often"}
    assert signed_in(cast.charlie).get(address(cast.mia, name="list")).status_code == 404
    assert signed_in(cast.charlie).post(address(cast.mia, "coos-and-gurgles-3"), told).status_code == 404
    assert signed_in(cast.ruth).get(address(cast.mia, "coos-and-gurgles-3")).status_code == 403
    assert signed_in(cast.ruth).post(address(cast.mia, "coos-and-gurgles-3"), told).status_code == 403
    assert not Sighting.objects.exists()
    tell_milestone(child=cast.mia, milestone="coos-and-gurgles-3", stage="often", by=cast.alice)
    for person, status in ((cast.charlie, 404), (cast.ruth, 403)):
        removal = address(cast.mia, "coos-and-gurgles-3", "removal")
        assert signed_in(person).post(removal).status_code == status
    assert Sighting.objects.exists()


def test_a_milestone_that_is_not_there_is_not_found(cast, signed_in):
    assert signed_in(cast.alice).get(address(cast.mia, "flies-to-the-moon")).status_code == 404


def test_the_list_costs_the_same_however_much_was_told(cast, signed_in, django_assert_max_num_queries):
    for one in all_milestones():
        tell_milestone(child=cast.mia, milestone=one.id, stage="often", seen_on=cast.today, by=cast.alice)
    keep_moments(child=cast.noah, taps=[Tap(id=new_id(), signal="coo") for _ in range(50)], by=cast.alice)
    page = signed_in(cast.alice)
    page.get(address(cast.mia, name="list"))
    for child in (cast.mia, cast.noah):
        page.get(address(child, name="list"))
        with django_assert_max_num_queries(7):
            page.get(address(child, name="list"))


def test_the_day_a_moment_happened_is_the_day_it_is_shown_with(cast, signed_in):
    note(cast.mia, cast.alice, signal="coo")
    words = signed_in(cast.alice).get(address(cast.mia, name="list")).content.decode()
    assert f"{cast.today.day} {cast.today:%B}" in words
    assert f"{(cast.today - timedelta(days=40)):%Y-%m-%d}" not in words
