"""Every projection there is."""

from projections.base import Projection
from projections.responsibility.rows import PROJECTION as RESPONSIBILITY

PROJECTIONS: tuple[Projection, ...] = (RESPONSIBILITY,)
