"""The company's rules: a wrong edition is replaced by another one, so nothing of it is put right."""

from typing import Any

from aggregates.changing import replace
from aggregates.policy import rules
from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from aggregates.slices import routes
from commands.base import Command
from events.base import Event
from events.catalogue import PolicyEvent
from events.policy.roles import RoleCataloguePublished
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id

ROUTES = routes(RoleCataloguePublished, rules.SLICE)


def decide(command: Command, state: Policy, circumstances: Any) -> list[PolicyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if state.stream != stream_id("policy", COMPANY_POLICY):
        raise Refused("policy.unknown")
    of = ROUTES.by_command[type(command)]
    return list(of.decide(command, getattr(state, of.name), state, circumstances))


def evolve(state: Policy, event: Event) -> Policy:
    """The state after an event."""
    version = state.version + 1
    of = ROUTES.by_event[type(event)]
    changed: dict[str, Any] = {of.name: of.evolve(getattr(state, of.name), event, version)}
    return replace(state, version=version, **changed)
