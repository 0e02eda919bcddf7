from collections import deque
from string import ascii_lowercase


def neighbours(word: str, words: set[str]) -> list[str]:
    """All known words that differ from ``word`` in exactly one letter."""
    found = []
    for position, letter in enumerate(word):
        for other in ascii_lowercase:
            if other == letter:
                continue
            candidate = word[:position] + other + word[position + 1 :]
            if candidate in words:
                found.append(candidate)
    return found


def ladder(start: str, goal: str, words: set[str]) -> list[str] | None:
    """The shortest chain of words from start to goal, or None.

    >>> ladder("cold", "warm", {"cold", "cord", "card", "ward", "warm"})
    ['cold', 'cord', 'card', 'ward', 'warm']
    """
    before: dict[str, str | None] = {start: None}
    queue = deque([start])
    while queue:
        word = queue.popleft()
        if word == goal:
            chain = []
            step: str | None = word
            while step is not None:
                chain.append(step)
                step = before[step]
            return chain[::-1]
        for neighbour in neighbours(word, words):
            if neighbour not in before:
                before[neighbour] = word
                queue.append(neighbour)
    return None
