"""The clock of the sample company: it stands where the story has got to, and is let go at the end."""

from datetime import date, datetime

from services.sample.days import Days


class SimulatedClock:
    """A recorded time that the story moves; `Zeren(…, clock=SimulatedClock(today))`.

    It starts two years before `today`; once let go it answers none, and the store's own clock counts again.
    """

    def __init__(self, today: date) -> None:
        self.now: datetime | None = Days(today).beginning

    def __call__(self) -> datetime | None:
        """The simulated moment; none once it was let go."""
        return self.now

    def stand_at(self, moment: datetime) -> None:
        """Let it be `moment`."""
        self.now = moment

    def let_go(self) -> None:
        """Leave the time to the store."""
        self.now = None
