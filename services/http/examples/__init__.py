"""The examples of commands: one story, told in an order in which every command is accepted."""

from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import COMPANY_POLICY, StreamKind
from services.http.examples.customers import CUSTOMERS
from services.http.examples.ids import CUSTOMER, PERSON, PROJECT
from services.http.examples.people_and_rules import PEOPLE, RULES
from services.http.examples.projects import PROJECTS
from services.http.examples.steps import Step

STREAMS: dict[StreamKind, str] = {
    "customer": CUSTOMER,
    "project": PROJECT,
    "person": PERSON,
    "policy": str(COMPANY_POLICY),
}
"""The stream that a command without a step of its own goes to."""
_TOLD = (*RULES, *PEOPLE, *CUSTOMERS, *PROJECTS)


def story() -> tuple[Step, ...]:
    """Every step in order; commands that none of them gives come last, with what their types have as examples."""
    told = {(step.kind, step.path) for step in _TOLD}
    others = (
        Step(kind, path, STREAMS[kind], {})
        for kind, by_path in CATALOGUE.items()
        for path, command in by_path.items()
        if command not in INTERNAL and (kind, path) not in told
    )
    return (*_TOLD, *others)
