"""Every shape of an event that was ever on disk has a sample, and stays readable."""

import json
from pathlib import Path

import pytest

from events.base import Event
from events.catalogue import CATALOGUE

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(event: type[Event], version: int) -> Path:
    """Where the sample of one shape lies."""
    return SAMPLES / f"{event.event_name}.v{version}.json"


SHAPES = [(event, version) for event in CATALOGUE.values() for version in range(1, event.class_version + 1)]
NEWEST = list(CATALOGUE.values())


def test_every_shape_has_a_sample_and_every_sample_a_shape() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {sample(*shape).name for shape in SHAPES}


@pytest.mark.parametrize(("event", "version"), SHAPES, ids=[sample(*shape).stem for shape in SHAPES])
def test_a_sample_is_read_step_by_step(event: type[Event], version: int) -> None:
    data = json.loads(sample(event, version).read_text(encoding="utf-8"))
    for step in range(version, event.class_version):
        data = event.upcasters[step](data)
    assert event.model_validate(data)


@pytest.mark.parametrize("event", NEWEST, ids=list(CATALOGUE))
def test_the_written_form_stays_as_it_was(event: type[Event]) -> None:
    text = sample(event, event.class_version).read_text(encoding="utf-8")
    written = event.model_validate_json(text).model_dump_json()
    assert json.dumps(json.loads(written), ensure_ascii=False, indent=2) + "\n" == text


@pytest.mark.parametrize("event", NEWEST, ids=list(CATALOGUE))
def test_a_sample_gives_every_field(event: type[Event]) -> None:
    data = json.loads(sample(event, event.class_version).read_text(encoding="utf-8"))
    assert list(data) == list(event.model_fields)
