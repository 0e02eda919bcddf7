#!/usr/bin/env python3
"""What sentence pairs are held against, by other hands: what pairs.json holds.

    python make_pairs.py > pairs.json        (torch 2.13.0, transformers 5.23.0, scikit-learn 1.9.1, scipy 1.17.1, regex)

Words: tf-idf by scikit-learn's TfidfVectorizer, given the words; Jaccard's index of sets. Hidden states: transformers' output_hidden_states of
the last token in front of every block, less the mean of all sentences. Correlations: SciPy's spearmanr; the partial one is Pearson's
correlation of what a regression on the ranks of tf-idf leaves of both ranks.
"""
import json
import sys
from pathlib import Path

import numpy as np
import regex
import torch
from scipy.stats import pearsonr, rankdata, spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer
from transformers import AutoModelForCausalLM, AutoTokenizer
from unicodedata import normalize

here = Path(__file__).parent
TEMPLATE = 'This sentence: "{text}" means in one word: "'
PAIRS = [
    ("A man is playing a guitar.", "A man plays the guitar.", 4.6),
    ("A man is playing a guitar.", "The stock fell by 3.5 %.", 0.2),
    ("The cat isn't here.", "The cat is not here!", 4.2),
    ("the the the cat", "THE CAT", 3.9),
    ("A café in Paris", "A cafe\u0301 in PARIS", 5.0),
    ("我爱音乐", "我喜欢音乐 very much", 4.0),
    ("!!! ...", "A man plays the guitar.", 0.0),
    ("!!! ...", "!!! ...", 5.0),
    ("one_two three", "one two", 2.5),
    ("Dogs bark at night", "Cats sleep by day", 1.2),
]
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
WORD = regex.compile(rf"(?:(?=\p{{L}})[{UNSPACED}]\p{{M}}*)|(?:(?!(?=\p{{L}})[{UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])+")


def words(text):
    return WORD.findall(normalize("NFC", text).lower())


def hidden_cosines(folder, sentences, pairs):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    last = []
    for sentence in sentences:
        ids = torch.tensor([tokenizer(TEMPLATE.replace("{text}", sentence)).input_ids])
        with torch.no_grad():
            states = model(ids, output_hidden_states=True).hidden_states
        last.append(torch.stack([state[0, -1] for state in states[:-1]]).double())
    states = torch.stack(last)  # [sentences, layers, hidden]
    centred = states - states.mean(dim=0)
    size = centred.norm(dim=-1, keepdim=True)
    unit = torch.where(size > 1e-6 * states.norm(dim=-1, keepdim=True), centred / size, torch.zeros(()))
    return [[round((unit[a, layer] * unit[b, layer]).sum().item(), 9) for a, b in pairs] for layer in range(states.shape[1])]


def partial(x, y, z):
    x, y, z = (rankdata(values) for values in (x, y, z))
    left = [values - np.polyval(np.polyfit(z, values, 1), z) for values in (x, y)]
    return pearsonr(*left).statistic


sentences = list(dict.fromkeys(text for a, b, _ in PAIRS for text in (a, b)))
numbers = [(sentences.index(a), sentences.index(b)) for a, b, _ in PAIRS]
scores = [score for *_, score in PAIRS]
weights = TfidfVectorizer(analyzer=words).fit_transform(sentences)
tfidf = [(weights[a] @ weights[b].T).sum() for a, b in numbers]
jaccard = []
for a, b in numbers:
    one, other = set(words(sentences[a])), set(words(sentences[b]))
    jaccard.append(len(one & other) / len(one | other) if one & other else 0)
length = [len(a) - len(b) for a, b, _ in PAIRS]
print(
    json.dumps(
        {
            "template": TEMPLATE,
            "pairs": PAIRS,
            "tfidf": tfidf,
            "jaccard": jaccard,
            "spearman": {"tfidf": spearmanr(tfidf, scores).statistic, "jaccard": spearmanr(jaccard, scores).statistic},
            "length": length,
            "partial": partial(length, scores, tfidf),
            "hidden": {
                name: hidden_cosines(here.parent / "fixtures" / name, sentences, numbers)
                for name in sys.argv[1:] or ["llama", "gpt2", "gpt_neox", "gemma2"]
            },
        },
        ensure_ascii=False,
    )
)
