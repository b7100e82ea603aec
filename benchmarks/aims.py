"""What we aim at, beside what was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure that is to be reached, or not to be exceeded."""

    what: str
    measured: float
    bound: float
    unit: str = "×"
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is on the right side of the bound."""
        return self.measured <= self.bound if self.at_most else self.measured >= self.bound

    def row(self) -> list[str]:
        """The row of the table."""
        sign = "≤" if self.at_most else "≥"
        return [self.what, f"{sign} {_shown(self.bound)} {self.unit}", f"{_shown(self.measured)} {self.unit}", self._so]

    @property
    def _so(self) -> str:
        return "met" if self.met else "missed"


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"  # noqa: PLR2004 - ratios are small, rates are not
