"""Writes ../data/tokenizers/*.json: small tokenizers of many kinds, nasty texts, and the ids that the originals give.

Needs: pip install tokenizers sentencepiece
`hub.json`: tokenizer.json objects, ids by Hugging Face tokenizers. `gguf.json`: what a GGUF file's metadata holds, ids by
the tokenizer that it was converted from (Hugging Face tokenizers, sentencepiece).
"""

import io
import json
import random
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).parent.parent / "data" / "tokenizers"

CORPUS = [
    "The river rose in the night, and by morning the lower fields were under water.",
    "def mean(values):\n    if not values:\n        raise ValueError('empty')\n    return sum(values) / len(values)\n",
    "Ana has 12 apples. She gives 5 to Ben and buys 7 more. How many apples does she have now?",
    "Le chat dort sur le canapé, près de la fenêtre ouverte. Où est-il allé ?",
    "Die Straße führt über die Brücke zum größten Haus der Stadt.",
    "Река поднялась ночью, и к утру нижние поля были под водой.",
    "夜のうちに川が増水し、朝には低い畑が水に浸かっていた。 河水在夜里上涨了。",
    "ارتفع النهر في الليل، وبحلول الصباح كانت الحقول السفلى تحت الماء.",
    "It's what they'll say; we've heard it: I'd go, you're right, he'S, SHE'LL.",
    "the the the and and of of to to in in is is it it that that was was   with    with",
] * 3
TEXTS = [
    "",
    " ",
    "  ",
    "   leading and trailing   ",
    "a",
    "\n",
    "\r\n",
    "line one\r\nline two\r\n\r\nline four\rold mac\n\n\nend",
    "\ttabs\t\tand spaces \t mixed\n \n  \n",
    "It's what they'll say; we've heard it: I'd go, you're right, he'S, SHE'LL, 'tis, ''s",
    "1 12 123 1234 12345 1,234.5 ½ ² ٣٤ १२३ 2026-01-01T00:00:00Z",
    "café cafe\u0301 naïve nai\u0308ve Å A\u030a ﬁ ﬀ № ㎏ ① Ⅷ",
    "\u0300 leading mark, e\u0301\u0323\u0327 stacked q\u0307\u0323",
    "emoji 🙂 👩‍👩‍👧‍👦 🇩🇪 ✌🏽 ☃️ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐷",
    "夜のうちに川が増水し、朝には低い畑。 河水在夜里上涨了。한국어 텍스트 각 \u1100\u1161\u11a8",
    "ارتفع النهر في الليل، وبحلول الصباح (كانت) الحقول",
    "हिन्दी में कुछ पाठ और ไทยภาษา และ עברית",
    "ΑΣ ΟΔΥΣΣΕΥΣ İstanbul ǅ ẞ straße",
    "zero\u200bwidth\u200djoiner\ufeffbom\u00a0nbsp\u2028line\u2029para\u0085nel\u3000ideographic\u202fnarrow",
    "control \u0000\u0001\u0007\u001b\u007f\u009f end",
    "<s> special </s> <unk> <|endoftext|> <|im_start|>user\nhello<|im_end|> <s><s>x</s>",
    "a<|im_start|> b  <|im_end|>  c <mask> d<mask>e  <mask>  word sword words WORD",
    "<|im_start|",
    "<0x0A> <0xE2> <0xZZ> ▁ ▁▁ a▁b Ġ Ċ âĢ",
    "((((((((((----------==========!!!!!!!!!??????....,,,,;;;;::::\"\"\"\"''''[[[]]]{{{}}}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "thethethethethethethethe andandand inininin",
    "CamelCaseWords snake_case_words kebab-case-words UPPERlower mixedUPPER",
    "https://example.org/a?b=c&d=%20e#f  user@example.org  C:\\path\\file.txt  $100 €5 +1 ~x ^y |z `q`",
    "def f(x):\n\treturn x  # comment\n\n\nclass A:\n    pass\n",
    "e\u0301" * 20 + " " + "🙂" * 10,
    "mixed العربية English 中文 русский 123 \U0001F600!",
    " a",
    "a ",
    "a  b   c    d",
    "\n\n  \n x",
    "�\ufffd\uffff\ue000",
]
generator = random.Random(7)
ALPHABET = list("aet hn .,'\n\r\t 0129ABé中🙂а▁Ġ<>|") + ["the", " the", "\r\n", "e\u0301", "<s>", "</s>", "  ", "\u3000", "İ"]
TEXTS += ["".join(generator.choice(ALPHABET) for _ in range(60)) for _ in range(25)]

GPT2_SPECIAL = ["<unk>", "<s>", "</s>", "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
GPT4O = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK3 = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
]


def split(*patterns, behavior="isolated"):
    cuts = [pre_tokenizers.Split(Regex(pattern), behavior) for pattern in patterns]
    return pre_tokenizers.Sequence([*cuts, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def train_byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=520, special_tokens=GPT2_SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return json.loads(tokenizer.to_str())


def train_characters(unknown, fallback, pre=None, normalizer=None):
    tokenizer = Tokenizer(models.BPE(unk_token=unknown, fuse_unk=True, byte_fallback=fallback))
    if pre:
        tokenizer.pre_tokenizer = pre
    if normalizer:
        tokenizer.normalizer = normalizer
    special = ["<unk>", "<s>", "</s>"] + ([f"<0x{byte:02X}>" for byte in range(256)] if fallback else [])
    trainer = trainers.BpeTrainer(vocab_size=len(special) + 300, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([text for text in CORPUS if text.isascii() or "é" in text], trainer)
    if not fallback:
        return tokenizer
    # As real ones: bytes are in the vocabulary, and are no added tokens.
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = state["added_tokens"][:3]
    return Tokenizer.from_str(json.dumps(state))


def hub():
    base = train_byte_level()

    def byte_level(pre, normalizer=None, ignore_merges=False, added=(), post=None):
        state = json.loads(json.dumps(base))
        state["model"]["ignore_merges"] = ignore_merges
        tokenizer = Tokenizer.from_str(json.dumps(state))
        tokenizer.pre_tokenizer = pre
        tokenizer.decoder = decoders.ByteLevel()
        if normalizer:
            tokenizer.normalizer = normalizer
        if added:
            tokenizer.add_tokens(list(added))
        if post:
            tokenizer.post_processor = post
        return tokenizer

    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    yield "gpt2", byte_level(plain)
    yield "gpt2-prefix-space", byte_level(
        pre_tokenizers.ByteLevel(add_prefix_space=True), post=processors.RobertaProcessing(("</s>", 2), ("<s>", 1))
    )
    yield "smollm", byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), plain]))
    yield "llama3", byte_level(
        split(LLAMA3),
        ignore_merges=True,
        post=processors.Sequence(
            [
                processors.ByteLevel(trim_offsets=True),
                processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]),
            ]
        ),
    )
    yield "qwen2", byte_level(split(QWEN2), normalizer=normalizers.NFC())
    yield "tekken", byte_level(split(TEKKEN), ignore_merges=True)
    yield "gpt-4o", byte_level(split(GPT4O))
    yield "deepseek-v3", byte_level(split(*DEEPSEEK3))
    yield "added", byte_level(
        plain,
        normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
        added=[
            AddedToken("<mask>", lstrip=True, normalized=False),
            AddedToken("word", single_word=True, normalized=True),
            AddedToken("  ", rstrip=True, normalized=False),
            AddedToken("<|im", normalized=False),
            AddedToken("Straße", normalized=True),
        ],
    )
    yield "merged", byte_level(
        pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(r"[.,;]"), "merged_with_previous"),
                pre_tokenizers.Split(" ", "merged_with_next"),
                pre_tokenizers.Split(Regex(r"\d"), "contiguous"),
                pre_tokenizers.Punctuation("isolated"),
                pre_tokenizers.Split(Regex(r"[a-z]+"), "removed", invert=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    )
    llama = train_characters(
        "<unk>", True, normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    )
    llama.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    yield "llama2", llama
    for scheme in ("always", "first", "never"):
        yield f"metaspace-{scheme}", train_characters("<unk>", False, pre=pre_tokenizers.Metaspace(prepend_scheme=scheme))
    yield "whitespace", train_characters("<unk>", False, pre=pre_tokenizers.Whitespace())
    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram.train_from_iterator(
        CORPUS,
        trainers.UnigramTrainer(vocab_size=300, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False),
    )
    yield "unigram", unigram


def gguf_byte_level(tokenizer, pre):
    state = json.loads(tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    special = {added["id"] for added in state["added_tokens"]}
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": [token for token, _ in sorted(vocabulary.items(), key=lambda item: item[1])],
        "tokenizer.ggml.token_type": [3 if index in special else 1 for index in range(len(vocabulary))],
        "tokenizer.ggml.merges": [" ".join(merge) for merge in state["model"]["merges"]],
        "tokenizer.ggml.add_bos_token": False,
    }


def gguf_sentencepiece(prefix):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=model,
        model_type="bpe",
        vocab_size=620,
        byte_fallback=True,
        character_coverage=0.98,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=prefix,
        allow_whitespace_only_pieces=True,
        split_digits=True,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    size = processor.get_piece_size()

    def kind(index):
        if processor.is_unknown(index):
            return 2
        if processor.is_control(index):
            return 3
        return 6 if processor.is_byte(index) else 1

    metadata = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [processor.id_to_piece(index) for index in range(size)],
        "tokenizer.ggml.scores": [processor.get_score(index) for index in range(size)],
        "tokenizer.ggml.token_type": [kind(index) for index in range(size)],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_space_prefix": prefix,
    }
    # Control tokens in a text are text to sentencepiece, and tokens to llama.cpp and transformers. A NUL ends its texts.
    texts = [text for text in TEXTS if "<s>" not in text and "</s>" not in text and "<unk>" not in text and "\0" not in text]
    return metadata, texts, [processor.encode(text) for text in texts]


def write(name, entries):
    text = ",\n".join(json.dumps(entry, ensure_ascii=True, separators=(",", ":")) for entry in entries)
    (OUT / f"{name}.json").write_text(f"[\n{text}\n]\n")


kinds = list(hub())
states = {name: json.loads(tokenizer.to_str()) for name, tokenizer in kinds}
shared = states["gpt2"]["model"]


def without_shared(state):
    """The byte-level ones share one vocabulary, which is written once."""
    same = state["model"].get("merges") == shared["merges"]
    return {**state, "model": {**state["model"], "vocab": "shared", "merges": "shared"}} if same else state


(OUT / "shared.json").write_text(
    json.dumps({"texts": TEXTS, "vocab": shared["vocab"], "merges": shared["merges"]}, separators=(",", ":")) + "\n"
)
write(
    "hub",
    (
        {
            "name": name,
            "tokenizer": without_shared(states[name]),
            "ids": [tokenizer.encode(text, add_special_tokens=True).ids for text in TEXTS],
        }
        for name, tokenizer in kinds
    ),
)
by_name = dict(kinds)
entries = []
PRES = {"gpt2": "gpt-2", "smollm": "smollm", "llama3": "llama-bpe", "tekken": "tekken", "gpt-4o": "gpt-4o", "deepseek-v3": "deepseek-v3"}
for name, pre in PRES.items():
    metadata = gguf_byte_level(by_name[name], pre)
    if name != "gpt2":
        metadata["tokenizer.ggml.tokens"] = metadata["tokenizer.ggml.merges"] = metadata["tokenizer.ggml.token_type"] = "shared"
    ids = [by_name[name].encode(text, add_special_tokens=False).ids for text in TEXTS]
    entries.append({"name": pre, "metadata": metadata, "texts": "shared", "ids": ids})
for prefix in (True, False):
    metadata, texts, ids = gguf_sentencepiece(prefix)
    entries.append({"name": f"sentencepiece, prefix {prefix}", "metadata": metadata, "texts": texts, "ids": ids})
write("gguf", entries)
