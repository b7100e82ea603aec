"""The sample company: two years of a made-up supplier and its twelve key accounts, ending before today."""

from services.sample.clock import SimulatedClock
from services.sample.loading import LedgerInUseError, Progress, Sample, load
from services.sample.questions import Question

__all__ = ["LedgerInUseError", "Progress", "Question", "Sample", "SimulatedClock", "load"]
