"""Understands the taps and the details of a moment; what was typed always comes back with the kind line beside it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from attunement_web.diary import bridge
from attunement_web.diary.actions import When, when
from attunement_web.diary.models import MOST_ACTS, MOST_WORDS, Asks, Feeling, Moment, Precision
from attunement_web.families.models import Child
from attunement_web.shell.forms import CHOOSE

STEPS = ("answer", "ending", "mending", "kept", "moment")  # pages of one moment, by the name of their address
YES, NOT_YET = "yes", "not-yet"
MENDED = {YES: True, NOT_YET: False, "": None}
REVISION = "revision"  # beside the prints of the fields
SOMEONE_ELSE = "+"  # beside the names used before
JUST_NOTED = timedelta(hours=2)  # until then "just now" is what a person would say
CLOCKS_DIFFER = timedelta(minutes=5)  # a phone may run a little ahead of us

WHEN = [
    (Precision.NOW, lazy("Just now")),
    (Precision.WHILE, lazy("A little while ago")),
    (Precision.TODAY, lazy("Earlier today")),
    (Precision.DAY, lazy("Another day")),
]
WHEN_LATER = [
    (Precision.NOW, lazy("When I noted it")),
    (Precision.WHILE, lazy("A little while before")),
    (Precision.TODAY, lazy("Earlier that day")),
    (Precision.DAY, lazy("Another day")),
]
CALM = [
    ("", lazy("Not sure")),
    ("0", lazy("Under 1 minute")),
    ("1", lazy("1 to 5 minutes")),
    ("2", lazy("5 to 15 minutes")),
    ("3", lazy("Longer")),
]
WRITE_A_DAY = lazy("Please write the day like 2025-03-31.")
WRITE_A_TIME = lazy("Please write the time like 14:05.")


class SignalForm(forms.Form):
    """The first tap. `id` was made with the page, so that a second tap on it keeps one moment."""

    id = forms.UUIDField()
    signal = forms.CharField(required=False)
    corrects = forms.BooleanField(required=False)  # the page was opened to change what was noted

    def clean_signal(self) -> str:
        return _known(self.cleaned_data["signal"], bridge.known("signal") | {""})


class StepForm(forms.Form):
    """One tap on a page that showed the moment as it was at the revision `base`."""

    base = forms.IntegerField(min_value=0, required=False)


class AnswerForm(StepForm):
    act = forms.CharField(error_messages=CHOOSE)

    def clean_act(self) -> str:
        return _known(self.cleaned_data["act"], bridge.known("act", "miss"))


class EndingForm(StepForm):
    outcome = forms.CharField(error_messages=CHOOSE)

    def clean_outcome(self) -> str:
        return _known(self.cleaned_data["outcome"], bridge.known("outcome"))


class MendingForm(StepForm):
    mended = forms.ChoiceField(choices=[(YES, ""), (NOT_YET, "")], error_messages=CHOOSE)


class VersionForm(forms.Form):
    """Use the other version, or keep what shows."""

    choice = forms.ChoiceField(choices=[("other", ""), ("shown", "")], error_messages=CHOOSE)


class FilterForm(forms.Form):
    """Which moments the timeline shows; anything unknown shows all."""

    asks = forms.ChoiceField(choices=Asks.choices, required=False)

    @property
    def chosen(self) -> str:
        return self.cleaned_data["asks"] if self.is_valid() else ""


class IdForm(forms.Form):
    """An id of the page's address or of a button; anything else is as if there were none."""

    id = forms.UUIDField(required=False)

    @property
    def chosen(self) -> UUID | None:
        return self.cleaned_data["id"] if self.is_valid() else None


class WhoseForm(forms.Form):
    """A brother or sister, and the step to go on with."""

    child = forms.UUIDField()
    step = forms.ChoiceField(choices=[(step, step) for step in STEPS], error_messages=CHOOSE)


def _known(code: str, codes: frozenset[str]) -> str:
    if code not in codes:
        raise ValidationError(_("We do not know this choice. Please tap one of those below."))
    return code


class DetailsForm(forms.Form):
    """Everything optional about one moment: when, who was there, how long, a guess, own words, all that was done."""

    when = forms.ChoiceField(label=lazy("When was it?"), error_messages=CHOOSE, widget=forms.RadioSelect)
    day = forms.DateField(
        label=lazy("Which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": WRITE_A_DAY},
    )
    clock = forms.TimeField(
        label=lazy("About what time? Leave it empty if you do not know."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": WRITE_A_TIME},
    )
    person = forms.ChoiceField(label=lazy("Who was with your child?"), required=False, widget=forms.RadioSelect)
    with_child = forms.CharField(
        label=lazy("Who was with your child?"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    calm = forms.TypedChoiceField(
        label=lazy("How long until calm?"),
        choices=CALM,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    feeling = forms.ChoiceField(
        label=lazy("Your best guess: how did it feel for your child?"),
        choices=[("", lazy("Not sure")), *Feeling.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    acts = forms.MultipleChoiceField(
        label=lazy("All that you did"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=lazy("In your own words"),
        help_text=lazy("Your family can read this. Please leave out what is private to other people."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    child = forms.ChoiceField(label=lazy("Which child was it?"), error_messages=CHOOSE, widget=forms.RadioSelect)
    then = forms.ChoiceField(
        choices=[(step, step) for step in ("moments", "today", "note", "signal", *STEPS)], required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        moment: Moment,
        people: Sequence[str],
        children: Sequence[Child],
    ) -> None:
        self.moment, self.people = moment, list(people)
        super().__init__(data, initial=self._as_noted())
        self._offer("person", _people(people))
        self._offer("child", [(str(one.pk), one.name) for one in children])
        self._offer("when", WHEN if timezone.now() - moment.noted_at < JUST_NOTED else WHEN_LATER)
        self._offer("acts", _all_acts(moment))
        if people:
            self.fields["with_child"].label = _("Someone else: who?")
        for name in self._left_out(children):
            del self.fields[name]
        self.seen: dict[str, int] = _read_seen(data) if data is not None else self._prints()

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _left_out(self, children: Sequence[Child]) -> list[str]:
        offered = {
            "person": bool(self.people),
            "child": len(children) > 1,
            "calm": bridge.may_have_calmed(self.moment) or self.moment.calm is not None,  # once said, it can be changed
            "acts": bool(self.moment.signal),
        }
        return [name for name, is_offered in offered.items() if not is_offered]

    def _as_noted(self) -> dict[str, Any]:
        moment = self.moment
        someone_else = moment.with_child if moment.with_child not in self.people else ""
        return {
            **when_as_noted(moment),
            "person": SOMEONE_ELSE if someone_else else moment.with_child,
            "with_child": someone_else,
            "calm": "" if moment.calm is None else str(moment.calm),
            "feeling": moment.feeling,
            "acts": moment.acts,
            "words": moment.words,
            "child": str(moment.child_id),
        }

    def clean_acts(self) -> list[str]:
        acts: list[str] = self.cleaned_data["acts"]
        if len(acts) > MOST_ACTS:
            raise ValidationError(_("That is a lot in one moment. Please pick the ones that mattered most."))
        return acts

    def clean_words(self) -> str:
        """Two people's words are never merged: the second to keep sees the first's, and decides."""
        words: str = self.cleaned_data["words"]
        theirs = self.moment.words
        noted_anew = self.seen.get("words", _print(theirs)) != _print(theirs)
        if noted_anew and words != theirs and self._is_new("words", words):
            self.seen["words"] = _print(theirs)
            line = _(
                "Someone changed these words in the meantime, to: “%(theirs)s”. Yours are here; keep again to use yours."
            )
            raise ValidationError(line, params={"theirs": theirs})
        return words

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors:
            self._place(answers)
        return answers

    def _place(self, answers: dict[str, Any]) -> None:
        """Where in time it was; a day or a time that cannot be gets its kind line."""
        precision, zone, noted = answers["when"], self.moment.child.zone, self.moment.noted_at
        day, clock = answers.get("day"), answers.get("clock")
        if precision == Precision.DAY and day is None:
            return self.add_error("day", _("Please pick the day, then keep again."))
        placed = when(precision, noted_at=noted, zone=zone, day=day, clock=clock)
        if placed.happened_at > timezone.now() + CLOCKS_DIFFER:
            name = "day" if placed.local_day > timezone.localdate(timezone=zone) else "clock"
            return self.add_error(name, _("This has not come yet. When was it?"))
        if placed.local_day < self.moment.child.born:
            born = formats.date_format(self.moment.child.born, "DATE_FORMAT")
            return self.add_error("day", _("This is before the birthday, %(born)s. Is the day right?") % {"born": born})
        answers["placed"] = placed
        return None

    def changes(self) -> dict[str, Any]:
        """Only what this person changed since she opened the page, ready for `change_moment`."""
        answers = self.cleaned_data
        new = {name for name in self.fields if self._is_new(name, answers.get(name))}
        found: dict[str, Any] = {name: answers[name] for name in ("calm", "feeling", "acts", "words") if name in new}
        if new & {"when", "day", "clock"}:
            placed: When = answers["placed"]
            found["when"] = placed
        if new & {"person", "with_child"}:
            found["with_child"] = self._who(new)
        return found

    def _who(self, new: set[str]) -> str:
        """A name that was tapped, or the one typed; typing it without the tap counts as well."""
        typed: str = self.cleaned_data["with_child"]
        tapped: str = self.cleaned_data.get("person", SOMEONE_ELSE)
        if tapped == SOMEONE_ELSE or (not tapped and "with_child" in new):
            return typed
        return tapped

    @property
    def base(self) -> int:
        """The revision that she saw; 0 for none: then what others set is kept, whatever it was."""
        return self.seen.get(REVISION, 0)

    @property
    def seen_text(self) -> str:
        return json.dumps(self.seen)

    def _is_new(self, name: str, value: Any) -> bool:
        """What the page did not show was not changed on it: names to tap, where nobody had been named yet."""
        was_shown = name in self.seen or not self.seen
        return was_shown and self.seen.get(name) != _print(value)

    def _prints(self) -> dict[str, int]:
        shown = {
            name: self.fields[name].clean(value) for name, value in self._as_noted().items() if name in self.fields
        }
        return {name: _print(value) for name, value in shown.items()} | {REVISION: self.moment.revision}


def when_as_noted(moment: Moment) -> dict[str, Any]:
    """The time of a moment in the words of the form."""
    if moment.precision in {Precision.NOW, Precision.WHILE}:
        return {"when": moment.precision, "day": None, "clock": None}
    same_day = moment.local_day == timezone.localdate(moment.noted_at, moment.child.zone)
    clock = moment.local_time.time().replace(second=0, microsecond=0) if moment.precision == Precision.CLOCK else None
    return {
        "when": Precision.TODAY if same_day else Precision.DAY,
        "day": None if same_day else moment.local_day,
        "clock": clock,
    }


def _people(named: Sequence[str]) -> list[tuple[str, str]]:
    return [("", _("Not said")), *((name, name) for name in named), (SOMEONE_ELSE, _("Someone else"))]


def _all_acts(moment: Moment) -> list[tuple[str, str]]:
    """Those already noted first, so that nothing noted is ever out of reach."""
    offered = bridge.act_choices(moment.signal, moment.child, moment.local_day)
    noted = [bridge.code(act) for act in moment.acts]
    listed = [*noted, *offered.first, *(code for group in offered.rest.values() for code in group)]
    return list({code.id: code.wording for code in listed if code is not None}.items())


def _print(value: Any) -> int:
    """A short print of a value: tells whether it is the one that was shown, and takes no space in the page."""
    return zlib.crc32(repr(value).encode())


def _read_seen(data: Mapping[str, Any]) -> dict[str, int]:
    try:
        seen = json.loads(data.get("seen", "{}"))
    except ValueError:
        return {}
    return {name: what for name, what in seen.items() if type(what) is int} if isinstance(seen, dict) else {}
