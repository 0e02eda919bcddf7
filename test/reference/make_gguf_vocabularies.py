"""Writes ../data/tokenizers/gguf-vocabularies.json: vocabularies as GGUF files hold them, trained on texts.json.

Needs: pip install tokenizers sentencepiece
Their merges cross words, digits, punctuation and white space, so that every cut which a pre-tokenizer makes, or does not
make, shows in the ids. No ids are here: those are llama.cpp's (test/llama-cpp).
"""

import io
import json
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

DATA = Path(__file__).parent.parent / "data" / "tokenizers"
TEXTS = json.loads((DATA / "texts.json").read_text())
UNKNOWN, CONTROL, USER_DEFINED, BYTE, NORMAL = 2, 3, 4, 6, 1


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    # "</s>" and "<|im_end|>" are of the normal type, as in files whose converter did not know better: llama.cpp makes them control tokens.
    special = ["<unk>", "<s>", "</s>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<mask>", "<|im_start"]
    trainer = trainers.BpeTrainer(
        vocab_size=2300, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator([text for text in TEXTS for _ in range(2)], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    types = [UNKNOWN, CONTROL, NORMAL, CONTROL, CONTROL, NORMAL, USER_DEFINED, USER_DEFINED]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": types + [NORMAL] * (len(tokens) - len(types)),
        "tokenizer.ggml.merges": [" ".join(merge) for merge in model["merges"]],
    }


def sentence_piece():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line for text in TEXTS for line in text.split("\n") if line] * 2),
        model_writer=model,
        model_type="bpe",
        vocab_size=2300,
        byte_fallback=True,
        character_coverage=0.98,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        allow_whitespace_only_pieces=True,
        split_by_unicode_script=False,
        split_by_whitespace=False,
        split_by_number=False,
        user_defined_symbols=["<mask>", "\n\n", "~~"],
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())

    def kind(index):
        if processor.is_unknown(index):
            return UNKNOWN
        if processor.is_control(index):
            return CONTROL
        if processor.is_byte(index):
            return BYTE
        return USER_DEFINED if processor.id_to_piece(index) in ("<mask>", "\n\n", "~~") else NORMAL

    ids = range(processor.get_piece_size())
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.tokens": [processor.id_to_piece(index) for index in ids],
        "tokenizer.ggml.scores": [processor.get_score(index) for index in ids],
        "tokenizer.ggml.token_type": [kind(index) for index in ids],
    }


vocabularies = {"byte-level": byte_level(), "sentencepiece": sentence_piece()}
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one, separators=(',', ':'))}" for name, one in vocabularies.items())
(DATA / "gguf-vocabularies.json").write_text(f"{{\n{lines}\n}}\n")
for name, one in vocabularies.items():
    print(name, len(one["tokenizer.ggml.tokens"]))
