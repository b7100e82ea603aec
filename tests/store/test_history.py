"""The checker of histories finds every broken promise, and none where all were kept."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from soak.history import Attempt, Claim, Entry, History, Kind, Reading, complaints, known_at, of_before
from soak.verdict import Verdict, judge, summary

LOG = (Entry(1, "a", 1, "a1"), Entry(2, "b", 1, "b1"), Entry(3, "a", 2, "a2"), Entry(4, "a", 3, "a3"))
ATTEMPTS = (
    Attempt(0, 10, "a", 1, ("a1",), (1,)),
    Attempt(5, 15, "b", 1, ("b1",), (2,), "key b"),
    Attempt(20, 30, "a", 2, ("a2", "a3"), (3, 4)),
    Attempt(20, 31, "a", 2, ("refused",), None),
    Attempt(40, 50, "b", 1, ("b1",), (2,), "key b"),
    Attempt(40, 51, "b", 2, ("again",), None, "key b", key_taken=True),
    Attempt(60, None, "b", 2, ("nobody", "knows"), None),
)
READINGS = (Reading(0, 0, ()), Reading(12, 0, ((1, "a1"),)), Reading(31, 1, ((2, "b1"), (3, "a2"), (4, "a3"))))
CLAIMS = (Claim("key b", "b", 1, 1, 2),)
KEPT = History(ATTEMPTS, READINGS, LOG, CLAIMS)


def test_a_history_without_fault_has_no_complaint() -> None:
    assert complaints(KEPT) == []
    assert KEPT.acknowledged == 4


def test_what_nobody_answered_may_be_there_or_not() -> None:
    there = (*LOG, Entry(5, "b", 2, "nobody"), Entry(6, "b", 3, "knows"))
    assert complaints(replace(KEPT, log=there)) == []


def test_what_was_there_before_is_accounted_for() -> None:
    assert complaints(History([], [], LOG)) != []
    assert complaints(History(of_before(LOG), [], LOG)) == []


def test_a_picture_may_lack_what_was_acknowledged_after_it_was_begun() -> None:
    pictured = History(known_at(ATTEMPTS, 16, 17), [], LOG[:2], CLAIMS)
    assert complaints(pictured) == []
    assert complaints(replace(pictured, log=LOG[:1], claims=())) != []


def test_a_picture_shows_nothing_that_was_begun_after_it() -> None:
    assert complaints(History(known_at(ATTEMPTS, 16, 17), [], LOG, CLAIMS)) != []


def attempts(**changed: Attempt) -> Callable[[], History]:
    """The history with some attempts (`_0`, `_1`, …) replaced or added."""
    by_place = dict(enumerate(ATTEMPTS)) | {int(place[1:]): attempt for place, attempt in changed.items()}
    return lambda: replace(KEPT, attempts=list(by_place.values()))


def asked(stream: str, version: int, positions: tuple[()] | None = ()) -> Attempt:
    """A question, when all was recorded, whether a stream stands at a version."""
    return Attempt(70, 71, stream, version + 1, (), positions, stands=((stream, version),))


def log(*entries: Entry) -> Callable[[], History]:
    return lambda: replace(KEPT, log=entries)


def reading(began: int, after: int, *seen: tuple[int, str]) -> Callable[[], History]:
    return lambda: replace(KEPT, readings=[Reading(began, after, seen)])


@pytest.mark.parametrize(
    ("planted", "kind", "text"),
    [
        (log(*LOG[:3], replace(LOG[3], position=5)), "wrong", "not 1, 2, 3"),
        (log(*LOG[:3]), "lost", "a3 was acknowledged at 4 and is not there"),
        (log(*LOG[:3], replace(LOG[3], position=5)), "wrong", "a3 was acknowledged at 4 and is not there as it was"),
        (log(*LOG, Entry(5, "a", 4, "a3")), "doubled", "a3 is in the log 2 times"),
        (log(*LOG, Entry(5, "a", 5, "a5")), "wrong", "version 5 at place 4"),
        (log(*LOG, Entry(5, "a", 3, "x")), "wrong", "version 3 at place 4"),
        (log(*LOG, Entry(5, "a", 4, "refused")), "wrong", "refused was refused and is in the log"),
        (log(*LOG, Entry(5, "a", 4, "x")), "wrong", "x was never acknowledged"),
        (log(*LOG, Entry(5, "b", 2, "again")), "wrong", "again was refused and is in the log"),
        (log(*LOG, Entry(5, "b", 2, "nobody")), "wrong", "nobody is in the log and what was to be recorded with it"),
        (
            log(*LOG, Entry(5, "b", 2, "nobody"), Entry(6, "a", 4, "knows")),
            "wrong",
            "knows is in the log otherwise than it was to be recorded",
        ),
        (attempts(_2=replace(ATTEMPTS[2], positions=(4, 3))), "wrong", "a2 was acknowledged at 4"),
        (attempts(_0=replace(ATTEMPTS[0], began=16)), "wrong", "a1 began after position 2 was acknowledged"),
        (
            attempts(_0=replace(ATTEMPTS[0], began=16, ended=None, positions=None)),
            "wrong",
            "a1 began after position 2 was acknowledged",
        ),
        (attempts(_4=replace(ATTEMPTS[4], positions=(5,))), "doubled", "key b was answered (2,) and (5,)"),
        (attempts(_2=replace(ATTEMPTS[2], key="key b")), "doubled", "key b stands for two saves"),
        (attempts(_3=Attempt(20, 31, "b", 2, ("no",), None)), "wrong", "was refused and nobody stood in its way"),
        (attempts(_3=Attempt(11, 19, "a", 2, ("no",), None)), "wrong", "was refused and nobody stood in its way"),
        (attempts(_3=Attempt(0, 1, "c", 1, ("no",), None)), "wrong", "was refused and nobody stood in its way"),
        (attempts(_7=asked("b", 1, None)), "wrong", "() was refused and nobody stood in its way"),
        (attempts(_7=asked("a", 2)), "wrong", "() was accepted as if a stood at 2"),
        (attempts(_7=asked("b", 2)), "wrong", "() was accepted as if b stood at 2"),
        (attempts(_2=replace(ATTEMPTS[2], stands=(("b", 0),))), "wrong", "was accepted as if b stood at 0"),
        (attempts(_2=replace(ATTEMPTS[2], stands=(("b", 2),))), "wrong", "was accepted as if b stood at 2"),
        (lambda: replace(KEPT, is_proved=False), "wrong", "the log does not hash to what its head says"),
        (lambda: replace(KEPT, claims=()), "wrong", "key b does not stand for what was recorded under it"),
        (lambda: replace(KEPT, claims=[replace(CLAIMS[0], position=3)]), "wrong", "key b does not stand for"),
        (lambda: replace(KEPT, claims=[*CLAIMS, Claim("k", "a", 1, 1, 1)]), "wrong", "k is used and nothing"),
        (reading(12, 0, (1, "a1"), (3, "a2")), "wrong", "a hole below 3"),
        (reading(12, 1, (3, "a2")), "wrong", "a hole below 3"),
        (reading(31, 0, (1, "a1"), (2, "b1"), (3, "a2")), "wrong", "saw 3 events after 4"),
        (reading(31, 3), "wrong", "saw 3 events after 4"),
        (reading(12, 0, (1, "gone")), "wrong", "a reader saw gone at 1, and it is not there"),
    ],
)
def test_each_planted_fault_is_found(planted: Callable[[], History], kind: Kind, text: str) -> None:
    found = complaints(planted())
    assert any(complaint.kind == kind and text in complaint.text for complaint in found), found


def test_a_refusal_is_right_where_somebody_may_have_been_in_the_way() -> None:
    overtaken = attempts(_3=Attempt(14, 21, "a", 2, ("no",), None))
    behind = attempts(_3=Attempt(20, 31, "b", 3, ("no",), None))
    unsure = attempts(_3=Attempt(5, 9, "a", 2, ("no",), None))
    for history in (overtaken, behind, unsure):
        assert complaints(history()) == []


def test_who_asks_is_told_what_was_so_at_some_instant_of_the_asking() -> None:
    overlapping = Attempt(25, 71, "a", 2, (), (), stands=(("a", 1),))
    for attempt in (asked("a", 3), asked("b", 1), asked("c", 0), asked("a", 2, None), overlapping):
        assert complaints(attempts(_7=attempt)()) == []
    relying = replace(ATTEMPTS[2], stands=(("b", 1), ("c", 0)))
    assert complaints(attempts(_2=relying)()) == []


def test_the_summary_says_what_was_kept_broken_and_left_out() -> None:
    kept = judge("a kept one", 3, [KEPT, KEPT])
    broken = judge("a broken one", 1, [replace(KEPT, log=LOG[:3])])
    control = replace(broken, fault="a control", is_control=True)
    blind = replace(kept, fault="a blind control", is_control=True)
    left_out = Verdict("a forbidden one", 0, 0, remark="mounting needs root", ran=False)
    verdicts = [kept, broken, control, blind, left_out]
    assert [verdict.is_good for verdict in verdicts] == [True, False, True, False, True]
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in summary(verdicts).splitlines()][2:] == [
        ["a kept one", "3", "8", "0", "0", "kept"],
        ["a broken one", "1", "4", "1", "0", "BROKEN: a3 was acknowledged at 4 and is not there"],
        ["a control", "1", "4", "1", "0", "lost, as it must"],
        ["a blind control", "3", "8", "0", "0", "BROKEN: the control lost nothing"],
        ["a forbidden one", "0", "-", "-", "-", "not run: mounting needs root"],
    ]
