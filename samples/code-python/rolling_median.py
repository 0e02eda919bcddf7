"""Median of the last few values of a stream."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator


def rolling_median(values: Iterable[float], size: int) -> Iterator[float]:
    """Yields the median of each window of ``size`` consecutive values.

    The window is kept twice: in order of arrival, to know which value
    leaves next, and sorted, to find the middle without sorting again.
    """
    if size < 1:
        raise ValueError("size must be at least 1")
    window: deque[float] = deque()
    ordered: list[float] = []
    for value in values:
        window.append(value)
        insort(ordered, value)
        if len(window) > size:
            oldest = window.popleft()
            del ordered[bisect_left(ordered, oldest)]
        if len(window) == size:
            middle = size // 2
            if size % 2 == 1:
                yield ordered[middle]
            else:
                yield (ordered[middle - 1] + ordered[middle]) / 2


if __name__ == "__main__":
    readings = [3.0, 9.0, 4.0, 7.0, 1.0, 8.0]
    for median in rolling_median(readings, 3):
        print(f"{median:.1f}")
