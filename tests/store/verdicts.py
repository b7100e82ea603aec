"""What a fault must come to."""

from soak.verdict import Verdict


def kept(verdicts: list[Verdict]) -> None:
    """Require that something was acknowledged, and that every promise was kept."""
    for verdict in verdicts:
        assert verdict.ran
        assert verdict.acknowledged > 0
        assert verdict.is_good, (verdict.fault, verdict.complaints[:5])
