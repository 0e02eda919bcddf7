"""The values of test/reference/domain-tests.json: python3 test/reference/make_domain_tests.py (numpy, scipy).

Two tables of similarities, and what tests of them come to where every arrangement of labels is gone through: p of each column, p
corrected for all columns (max-T), and the jackknife over texts, in which every couple of domains keeps its weight.
"""

import itertools
import json
from pathlib import Path

import numpy as np
from scipy.stats import t as student

rng = np.random.default_rng(5)
COLUMNS = 3


def columns_of(labels):
    n = len(labels)
    x, effects, columns = rng.normal(size=(n, 3)), 0.05 * rng.normal(size=n), []
    for column in range(COLUMNS):
        values = []
        for i in range(n):
            for j in range(i):
                own = 0.03 * column * (labels[i] == labels[j]) + 0.02 * rng.normal()
                values.append(round(float(0.5 + effects[i] + effects[j] + 0.04 * x[i] @ x[j] + own), 5))
        columns.append(values)
    return columns


tables = [{"labels": labels, "columns": columns_of(labels)} for labels in ([0, 1, 0, 1, 0, 1, 1, 0], [0, 2, 1, 2, 0, 1, 2])]


def sums_within(table):
    """Of every arrangement of the labels, as they are given first."""
    given = table["labels"]
    pairs = [(i, j) for i in range(len(given)) for j in range(i)]
    values = np.array(table["columns"]).T
    arrangements = [given, *sorted(set(itertools.permutations(given)))]
    same = np.array([[labels[i] == labels[j] for i, j in pairs] for labels in arrangements])
    return same @ values, same[0].sum(), values.sum(0), len(pairs)


(w0, n0, s0, p0), (w1, n1, s1, p1) = map(sums_within, tables)
within, of, total = n0 + n1, p0 + p1, s0 + s1
differences = lambda w: w / within - (total - w) / (of - within)
observed = differences(w0[0] + w1[0])
every = differences((w0[1:, None] + w1[None, 1:]).reshape(-1, COLUMNS))
standing = (every - every.mean(0)) / every.std(0)
largest, seen = standing.max(1), (observed - every.mean(0)) / every.std(0)


def couples(without=None):
    sums = {}
    for number, table in enumerate(tables):
        labels, pair = table["labels"], 0
        for i in range(len(labels)):
            for j in range(i):
                if without not in ((number, i), (number, j)):
                    key = tuple(sorted((labels[i], labels[j])))
                    sums.setdefault(key, []).append([column[pair] for column in table["columns"]])
                pair += 1
    return sums


full = couples()
weights = {(a, b): len(v) / within if a == b else -len(v) / (of - within) for (a, b), v in full.items()}
theta = lambda sums: sum(weights[key] * np.mean(sums[key], 0) for key in weights)
left_out = [(label, theta(couples((number, i)))) for number, table in enumerate(tables) for i, label in enumerate(table["labels"])]
variance, freedom = 0, 0
for domain in range(3):
    own = np.array([value for label, value in left_out if label == domain])
    variance = variance + (len(own) - 1) / len(own) * ((own - own.mean(0)) ** 2).sum(0)
    freedom += len(own) - 1
half = student.ppf(0.975, freedom) * np.sqrt(variance)

Path(__file__).with_name("domain-tests.json").write_text(
    json.dumps(
        {
            "tables": tables,
            "own": (every >= observed - 1e-10).mean(0).tolist(),
            "corrected": [(largest >= value - 1e-9).mean() for value in seen],
            "leastP": 1 / len(np.unique(np.round(every, 9), axis=0)),
            "difference": theta(full).tolist(),
            "low": (theta(full) - half).tolist(),
            "high": (theta(full) + half).tolist(),
        },
        separators=(",", ":"),
    )
)
