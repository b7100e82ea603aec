"""The tree over the log: small steps and one big one agree, and the head row holds the tree of what is stored."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application import Zeren
from services.store.merkle import Tree, leaf, microseconds
from tests.store.facts import new_stream, save


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word, over leaf hashes."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1" + root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])).digest()


def leaves(count: int) -> list[bytes]:
    """Some leaf hashes."""
    return [sha256(f"{at}".encode()).digest() for at in range(count)]


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_root_is_the_one_of_the_standard_however_the_tree_grew(count: int, first: int) -> None:
    all_leaves = leaves(count)
    before = Tree().grown(all_leaves[:first])
    grown = Tree.unpacked(before.size, before.packed).grown(all_leaves[first:])
    assert grown == Tree().grown(all_leaves)
    assert grown.root == root_by_definition(all_leaves)


@pytest.mark.parametrize(("size", "packed"), [(3, b"x" * 32), (2, b"x" * 33), (0, b"x" * 32), (4, b"")])
def test_a_frontier_of_another_size_is_refused(size: int, packed: bytes) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Tree.unpacked(size, packed)


def test_a_leaf_stands_for_every_part_of_its_event() -> None:
    at = microseconds(datetime(2025, 3, 1, 9, tzinfo=UTC))
    assert at == 1_740_819_600_000_000
    told = (7, at, "customer:1", 3, "customer.registered", b"{}")
    others = [
        (8, *told[1:]),
        (7, at + 1, *told[2:]),
        (*told[:2], "customer:2", *told[3:]),
        (*told[:3], 4, *told[4:]),
        (*told[:4], "customer.visited", told[5]),
        (*told[:5], b"[]"),
    ]
    assert len({leaf(*told), *(leaf(*other) for other in others)}) == 7


def test_the_head_holds_the_tree_of_what_is_stored(zeren: Zeren) -> None:
    async def by_tasks() -> None:
        async with zeren.ledger.group_commit() as writer:
            for _ in range(3):
                taken = new_stream()
                await asyncio.gather(*[writer.append(save(new_stream(), 1, 2, key=f"{taken}{at}")) for at in range(9)])
                await asyncio.gather(*[writer.append(save(taken, 1)) for _ in range(3)])

    asyncio.run(by_tasks())
    zeren.ledger.log_recorder.append([save(new_stream(), 1)])
    asyncio.run(by_tasks())
    rows = zeren.database.rows("SELECT * FROM zeren.log ORDER BY notification_id")
    tree = Tree().grown(
        leaf(
            row["notification_id"],
            microseconds(row["recorded_at"]),
            row["originator_id"],
            row["originator_version"],
            row["topic"],
            row["state"],
        )
        for row in rows
    )
    head = zeren.database.rows("SELECT * FROM zeren.log_head")[0]
    assert tree == Tree.unpacked(head["size"], head["frontier"])
    ends = {row["recorded_at"]: row["notification_id"] for row in rows}
    assert ends == {row["recorded_at"]: row["notification_id"] for row in rows if row["last_of_batch"]}
