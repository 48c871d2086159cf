"""A graph of prerequisites: what comes after what, what is ready, the longest way. Pure; a cycle is an error of the data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


class Graph:
    """Nodes by key, each with the keys it comes after. Raises ValueError for an unknown prerequisite or a cycle."""

    def __init__(self, after: Mapping[str, Sequence[str]]) -> None:
        self.after = {key: tuple(dict.fromkeys(before)) for key, before in after.items()}
        unknown = [(key, b) for key, before in self.after.items() for b in before if b not in self.after]
        if unknown:
            raise ValueError(f"{unknown[0][0]} comes after {unknown[0][1]}, which is not there")
        self.order = self._sorted()

    def _sorted(self) -> tuple[str, ...]:
        order: list[str] = []
        left = dict(self.after)
        while left:
            ready = [key for key, before in left.items() if not any(b in left for b in before)]
            if not ready:
                raise ValueError(f"these come after each other in a circle: {', '.join(sorted(left))}")
            order += ready
            for key in ready:
                del left[key]
        return tuple(order)

    def ready(self, done: Collection[str]) -> list[str]:
        """What is not done and comes after nothing that is not done, in order."""
        return [key for key in self.order if key not in done and all(b in done for b in self.after[key])]

    def all_before(self, key: str) -> frozenset[str]:
        """Everything that must be done before, near and far."""
        found: set[str] = set()
        left = list(self.after[key])
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += self.after[one]
        return frozenset(found)

    def within(self, keys: Collection[str]) -> Graph:
        """The graph of these nodes only: whatever came after a node that is left out comes after what that one came after."""
        return Graph({key: self._kept_before(key, keys) for key in self.after if key in keys})

    def _kept_before(self, key: str, keys: Collection[str]) -> list[str]:
        found: list[str] = []
        for before in self.after[key]:
            found += [before] if before in keys else self._kept_before(before, keys)
        return found

    def longest(self, days: Mapping[str, int]) -> tuple[list[str], int]:
        """The critical path and its length, when each node takes its days and all that can go side by side does."""
        length: dict[str, int] = {}
        through: dict[str, str] = {}
        for key in self.order:
            last = max(self.after[key], key=lambda before: length[before], default="")
            length[key], through[key] = days[key] + (length[last] if last else 0), last
        end = max(self.order, key=lambda key: length[key], default="")
        total, path = length.get(end, 0), []
        while end:
            path.append(end)
            end = through[end]
        return path[::-1], total
