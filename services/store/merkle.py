"""A Merkle tree over the log: its frontier is all that is needed to add leaves and to name the root.

Hashes are those of RFC 9162 (Certificate Transparency): SHA-256, leaves and inner nodes told apart by their first byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

_HASH = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Tree:
    """As many leaves as the log has events, by the roots of its perfect subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Tree":
        """The tree of a size whose frontier was stored.

        Raises:
            ValueError: a frontier of that size has another length.
        """
        peaks = tuple(packed[at:end] for at, end in pairwise(range(0, len(packed) + 1, _HASH)))
        if len(peaks) != size.bit_count() or len(packed) % _HASH:
            raise ValueError(f"this is not the frontier of {size} events")
        return cls(size, peaks)

    @property
    def packed(self) -> bytes:
        """The frontier as it is stored: 32 bytes per peak."""
        return b"".join(self.peaks)

    @property
    def root(self) -> bytes:
        """The hash that stands for the whole log."""
        if not self.peaks:
            return sha256().digest()
        root, *rest = reversed(self.peaks)
        for peak in rest:
            root = sha256(b"\1" + peak + root).digest()
        return root

    def grown(self, leaves: Iterable[bytes]) -> "Tree":
        """The tree with more leaves, given by their hashes."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            node, trailing = leaf, size
            while trailing & 1:
                node = sha256(b"\1" + peaks.pop() + node).digest()
                trailing >>= 1
            peaks.append(node)
            size += 1
        return Tree(size, tuple(peaks))


def leaf(position: int, microseconds: int, stream: str, version: int, name: str, state: bytes) -> bytes:
    """The hash of one event: its place in the log, when it was recorded, and the bytes stored, which name the actor."""
    place = f"\0{position}\n{microseconds}\n{stream}\n{version}\n{name}\n".encode()
    return sha256(place + sha256(state).digest()).digest()


def microseconds(at: datetime) -> int:
    """An instant in microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND
