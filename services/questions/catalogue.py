"""The kinds of items that are asked alike: a list and a single answer each."""

from services.questions.customer import contracts, obligations
from services.questions.kinds import Kind

KINDS: tuple[Kind, ...] = (contracts.KIND, obligations.KIND)
