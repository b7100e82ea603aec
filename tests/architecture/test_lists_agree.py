"""What is listed in several places is listed in all of them: a slice that was forgotten in one is named."""

from dataclasses import fields
from typing import Any, get_args

import pytest

from aggregates.customer import decider as customer
from aggregates.customer.state import Customer
from aggregates.person import decider as person
from aggregates.person.state import Person
from aggregates.project import decider as project
from aggregates.project.state import Project
from aggregates.slices import Routes
from commands.catalogue import CATALOGUE
from commands.facts import FactCommand
from events.catalogue import CustomerEvent, PersonEvent, ProjectEvent
from events.facts import FactEvent
from events.vocabulary.identifiers import StreamKind
from projections.registry import PROJECTIONS
from services.questions.catalogue import KINDS

STREAMS: dict[StreamKind, tuple[Routes, type, Any]] = {
    "customer": (customer.ROUTES, Customer, CustomerEvent),
    "project": (project.ROUTES, Project, ProjectEvent),
    "person": (person.ROUTES, Person, PersonEvent),
}


@pytest.mark.parametrize("kind", STREAMS)
def test_every_message_of_a_stream_has_a_slice(kind: StreamKind) -> None:
    routes, _, events = STREAMS[kind]
    assert set(routes.by_command) == set(CATALOGUE[kind].values()) - set(get_args(FactCommand))
    assert set(routes.by_event) == set(get_args(events)) - set(get_args(FactEvent))


@pytest.mark.parametrize("kind", STREAMS)
def test_every_slice_has_its_part_of_the_state(kind: StreamKind) -> None:
    routes, state, _ = STREAMS[kind]
    assert {of.name for of in routes.slices} <= {field.name for field in fields(state)}


def test_every_kind_that_has_a_list_has_a_view_that_is_kept() -> None:
    assert [kind.view.name for kind in KINDS if kind.view.projection not in PROJECTIONS] == []
