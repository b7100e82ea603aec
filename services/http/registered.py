"""Whether somebody was ever registered: remembered for good, because nobody is unregistered."""

from events.vocabulary.identifiers import PersonId, stream_id
from services.handling.loading import Loading
from services.store.ledger import Ledger


class Registered:
    """The people who may act, and for whom others may: those who have a stream."""

    def __init__(self, ledger: Ledger) -> None:
        self._remembered = ledger.remembered
        # Those who are asked for at the same time are looked up together.
        self._load = Loading(ledger.states)
        self._known: set[PersonId] = set()

    async def has(self, person: PersonId) -> bool:
        """Whether the person was ever registered.

        Raises:
            psycopg.Error: nobody remembers the person, and the store is away.
        """
        if person in self._known:
            return True
        stream = stream_id("person", person)
        state = self._remembered(stream)
        if state is None or not state.version:
            state = (await self._load([stream]))[stream]
        if state.version:
            self._known.add(person)
        return state.version > 0
