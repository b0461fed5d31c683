"""The facts of a visit, found once, for the rules and the narrative.

A `Facts` reads a record that passed the schema, with absent fields taken out (`edi.visit.record`), and adds what is known
of the same patient from elsewhere: earlier visits of the tooth, opened files, repetitions within a run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from edi.guide.teeth import KINDS
from edi.visit import feature as has
from edi.visit.charset import is_plain
from edi.visit.chart import stated
from edi.visit.record import (
    Attachment,
    ClaimInfo,
    Clinical,
    Episode,
    EpisodeVisit,
    Procedure,
    PulpTest,
    Radiograph,
    Visit,
)
from edi.visit.tooth import is_on, only_tooth, teeth_named

FileProblem = Literal[
    "missing",
    "empty",
    "unreadable",
    "outside",
    "not-what-name-says",
    "truncated",
    "encrypted",
    "unknown-type",
    "does-not-open",
    "too-many-pixels",
]


class EarlierVisit(NamedTuple):
    """A visit of the same patient before this one. `rationale` is None where it is not known."""

    service_date: str
    code: str
    tooth: str
    rationale: str | None = None


class FileFact(NamedTuple):
    """The file of an attachment as it was found. `size` in octets and `sha256` in hexadecimal are of what is
    sent: without the metadata named in `removed`, and reduced where `reduced_from` has the size before."""

    problem: FileProblem | None
    media_type: str | None
    size: int
    sha256: str | None
    removed: tuple[str, ...] = ()
    reduced_from: int | None = None


class Line(NamedTuple):
    """A D3351-D3353 procedure of the claim, `place` counting from 0 in `procedures`.

    `tooth` is None unless it is a real designation. `date` is the line's own or the claim's; `when` is that
    date if it can be right (see `Facts.day`). `before` are the known visits of the tooth before it, oldest
    first, and `previous` the last D3351-D3353 among them.
    """

    place: int
    code: str
    tooth: str | None
    date: str | None
    when: str | None
    before: tuple[EarlierVisit, ...]
    previous: EarlierVisit | None


APEXIFICATION: Final = {"D3351": has.FIRST, "D3352": has.RENEWAL, "D3353": has.CLOSING}
"""The three codes: the first visit, each renewal of the medicament, the closing visit."""

_NOTHING: Final[Any] = {}
_PURPOSES: Final[dict[str | None, int]] = {
    "predetermination": has.PREDETERMINATION,
    "encounter": has.ENCOUNTER,
}
_FREQUENCIES: Final[dict[str | None, int]] = {"replacement": has.REPLACEMENT, "void": has.VOID}


class Facts:
    """The facts of one visit; `features` are the bits of `edi.visit.feature`."""

    __slots__ = (
        "_plain",
        "age",
        "as_of",
        "attachments",
        "birth_date",
        "charted",
        "claim",
        "clinical",
        "codes",
        "day",
        "diagnoses",
        "earlier",
        "episode",
        "features",
        "files",
        "films",
        "line_dates",
        "lines",
        "own_history",
        "past",
        "procedures",
        "repeated_lines",
        "same_id_other_content",
        "sent_otherwise",
        "service_date",
        "teeth",
        "tests",
        "visit",
    )

    visit: Visit
    as_of: str
    """"Today" as an ISO date."""
    claim: ClaimInfo
    clinical: Clinical
    charted: frozenset[str]
    """The fields of `clinical` that say something. Empty without the three codes."""
    procedures: list[Procedure]
    diagnoses: list[str]
    attachments: list[Attachment]
    earlier: Sequence[EarlierVisit]
    """The patient's visits that are known from elsewhere, of any tooth, in any order."""
    episode: Episode | None
    service_date: str | None
    """The claim's date as the record gives it; None on a predetermination."""
    birth_date: str | None
    """The patient's, who is the subscriber when the record names no patient."""
    day: str | None
    """The claim's date when it can be right: not before birth, not after `as_of`. Whatever depends on a wrong
    date is not checked: the date itself is the finding."""
    age: int | None
    """The patient's full years on `day`, or on `as_of` where the claim has no date; None when unknown."""
    line_dates: bool
    """Whether a procedure has a date of its own."""
    codes: list[str]
    """The codes of all procedures, and of all `past` visits."""
    lines: tuple[Line, ...]
    """The D3351-D3353 procedures."""
    teeth: tuple[str, ...]
    """The teeth of `lines`, each once."""
    films: list[tuple[int, Radiograph]]
    """Radiographs of the claim's teeth with their place in the record; a film that names no tooth is one."""
    tests: list[tuple[int, PulpTest]]
    """Pulp tests of the claim's teeth."""
    past: list[EarlierVisit]
    """Known visits of the claim's teeth, oldest first, each once; some may be on the claim's date or after."""
    own_history: bool
    """True when the record's own episode holds every earlier visit that is known."""

    def __init__(
        self,
        visit: Visit,
        *,
        as_of: str,
        earlier: Sequence[EarlierVisit] = (),
        files: Mapping[str, FileFact] | None = None,
        same_id_other_content: bool = False,
        sent_otherwise: Sequence[str] = (),
        repeated_lines: Collection[int] = (),
        plain: bool | None = None,
    ) -> None:
        """`earlier`: the same patient's visits known from elsewhere, any tooth, any order, repeats allowed.

        `files`: by attachment id. `same_id_other_content`: another record of the run has this visitId and
        says something else. `sent_otherwise`: fields that a claim sent under this visitId, and still standing, has
        with other content. `repeated_lines`: places of procedures that the same patient, tooth, code and
        date already had. `plain`: what `is_plain` says of the record, where that is known.
        """
        self.visit = visit
        self.as_of = as_of
        self.earlier = earlier
        self.files = files
        self.same_id_other_content = same_id_other_content
        self.sent_otherwise = sent_otherwise
        self.repeated_lines = repeated_lines
        self._plain = plain
        get: Any = visit.get  # the annotations of the class say what each key gives
        self.claim = get("claim") or _NOTHING
        self.procedures = visit["procedures"]
        self.diagnoses = get("diagnoses") or []
        self.attachments = get("attachments") or []
        self.episode = get("episode")
        self.service_date = date = get("serviceDate")
        patient: Any = get("patient")
        self.birth_date = birth = (patient or visit["subscriber"]).get("birthDate")
        self.day = date if date and date <= as_of and (not birth or birth <= date) else None

        on = self.day if date else as_of
        self.age = (
            int(on[:4]) - int(birth[:4]) - (on[5:] < birth[5:]) if on and birth and birth <= on else None
        )
        self.clinical = stated(get("clinical") or _NOTHING)
        self.charted = frozenset()
        self.lines = ()
        self.teeth = ()
        self.past = []
        self.films = []
        self.tests = []
        self.own_history = True
        features = self._claim()
        if features & has.APEXIFICATION:
            features |= self._course(earlier) | self._chart()
        self.features = features

    @property
    def plain(self) -> bool:
        """True when every text of the record can stand in a claim as it is (see `edi.visit.charset`)."""
        if self._plain is None:
            self._plain = is_plain(self.visit)
        return self._plain

    def films_of(self, tooth: str) -> list[tuple[int, Radiograph]]:
        """The films of one of the claim's teeth."""
        if len(self.teeth) == 1:
            return self.films
        return [item for item in self.films if _names(item[1].get("toothNumber"), (tooth,))]

    def known_visits(self, tooth: str) -> Iterator[EarlierVisit]:
        """The visits of any tooth that are known, whether or not the claim is about its apexification: those of the episode, then what
        others know."""
        if self.episode and _names(self.episode["toothNumber"], (tooth,)):
            yield from (_earlier(visit, tooth) for visit in self.episode["visits"])
        yield from (visit for visit in self.earlier if visit.tooth == tooth)

    def tests_of(self, tooth: str) -> list[tuple[int, PulpTest]]:
        """The pulp tests of one of the claim's teeth."""
        if len(self.teeth) == 1:
            return self.tests
        return [item for item in self.tests if _names(item[1]["toothNumber"], (tooth,))]

    def _claim(self) -> int:
        """The features of the claim as a whole."""
        features = _PURPOSES.get(self.claim.get("purpose"), 0) | _FREQUENCIES.get(
            self.claim.get("frequency"), 0
        )
        if "accident" in self.visit:
            features |= has.ACCIDENT
        if "otherInsurance" in self.visit:
            features |= has.OTHER_PAYERS
        patient = self.visit.get("patient")
        if patient and patient["relationshipToSubscriber"] == "child":
            features |= has.CHILD
        if self.attachments:
            features |= has.ATTACHMENTS
            if len(self.attachments) > 1:
                features |= has.SEVERAL_ATTACHMENTS
        if self.files:
            features |= has.FILES
        if self.diagnoses:
            features |= has.DIAGNOSES
        self.codes = codes = []
        self.line_dates = False
        for line in self.procedures:
            code = line["code"]
            codes.append(code)
            features |= APEXIFICATION.get(code, 0)
            if "serviceDate" in line:
                self.line_dates = True
        return features

    def _chart(self) -> int:
        """Sets `charted`; returns the features found."""
        if not self.clinical:
            return 0
        self.charted = frozenset(self.clinical)
        return has.CLINICAL

    def _course(self, earlier: Sequence[EarlierVisit]) -> int:
        """The apexification lines, their teeth and their past; returns the features found."""
        found: list[tuple[int, Procedure, str | None]] = []
        teeth: list[str] = []
        for index, line in enumerate(self.procedures):
            if line["code"] in APEXIFICATION:
                tooth = only_tooth(line)
                if tooth not in KINDS:
                    tooth = None
                elif tooth not in teeth:
                    teeth.append(tooth)
                found.append((index, line, tooth))
        self.teeth = tuple(teeth)
        self.past = past = self._past(earlier)
        self.lines = tuple([self._line(index, line, tooth, past) for index, line, tooth in found])

        features = 0
        if past:
            features |= has.HISTORY
            self.codes += [visit.code for visit in past]
        if teeth:
            features |= has.TOOTH
            clinical = self.clinical
            for position, film in enumerate(clinical.get("radiographs") or ()):
                features |= has.FILMS
                if _names(film.get("toothNumber"), self.teeth):
                    self.films.append((position, film))
            for position, test in enumerate(clinical.get("pulpTests") or ()):
                features |= has.TESTS
                if _names(test["toothNumber"], self.teeth):
                    self.tests.append((position, test))
        if self.episode:
            features |= has.EPISODE
            if len(self.episode["visits"]) > 1:
                features |= has.LONG_EPISODE
        return features

    def _past(self, earlier: Sequence[EarlierVisit]) -> list[EarlierVisit]:
        """Known visits of the claim's teeth, oldest first, each once: the record's own, then what others add."""
        teeth = self.teeth
        visits: list[EarlierVisit] = []
        episode = self.episode
        if episode and teeth:
            tooth = episode["toothNumber"]
            # An episode of another tooth is a finding of its own; its visits are read as the claim's, so
            # that one slip of the pen does not also make the whole history disappear.
            for each in (tooth,) if tooth in teeth else teeth:
                visits += [_earlier(visit, each) for visit in episode["visits"]]
        if earlier:
            known = {
                (visit.service_date, visit.code, visit.tooth): place for place, visit in enumerate(visits)
            }
            for visit in earlier:
                if visit.tooth not in teeth:
                    continue
                place = known.setdefault((visit.service_date, visit.code, visit.tooth), len(visits))
                if place == len(visits):
                    visits.append(visit)
                    # What others know of this day or later is this claim itself, or comes after it.
                    self.own_history &= visit.service_date >= (self.service_date or "9999")
                elif visits[place].rationale is None:
                    visits[place] = visit
        if len(visits) > 1:
            visits.sort(key=_by_date)
        return visits

    def _line(self, index: int, line: Procedure, tooth: str | None, past: list[EarlierVisit]) -> Line:
        code = line["code"]
        date = line.get("serviceDate") or self.service_date
        when = date
        if date is not None and date != self.service_date:
            birth = self.birth_date
            when = date if date <= self.as_of and (not birth or birth <= date) else None
        elif date is not None:
            when = self.day
        before: list[EarlierVisit] = []
        if tooth is not None:
            before = [v for v in past if v.tooth == tooth and (when is None or v.service_date < when)]
            if when is not None and len(self.procedures) > 1:
                own = [
                    EarlierVisit(other["serviceDate"], other["code"], tooth)
                    for other in self.procedures
                    if is_on(other, tooth) and other.get("serviceDate", when) < when
                ]
                before = sorted({(v.service_date, v.code): v for v in before + own}.values(), key=_by_date)
        previous = None
        for visit in reversed(before):
            if visit.code in APEXIFICATION:
                previous = visit
                break
        return Line(index, code, tooth, date, when, tuple(before), previous)


def _by_date(visit: EarlierVisit) -> str:
    return visit.service_date


def _earlier(visit: EpisodeVisit, tooth: str) -> EarlierVisit:
    return EarlierVisit(visit["serviceDate"], visit["code"], tooth, visit.get("rationale"))


def _names(named: str | None, teeth: tuple[str, ...]) -> bool:
    """True when a film's or test's tooth field names one of `teeth`, or nothing at all."""
    return named is None or named in teeth or any(tooth in teeth for tooth in teeth_named(named))
