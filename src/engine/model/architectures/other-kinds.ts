/** What models are called that predict no next token, by what they are, under their `model_type` or their name in GGUF files. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  "an encoder": [
    ..."bert roberta xlm-roberta xlm-roberta-xl distilbert electra albert deberta deberta-v2 mpnet camembert modernbert nomic_bert".split(
      " ",
    ),
    ..."big_bird convbert ernie ernie_m esm eurobert fnet flaubert funnel ibert layoutlm layoutlmv2 layoutlmv3 lilt longformer luke".split(
      " ",
    ),
    ..."markuplm megatron-bert mobilebert mra new nezha nystromformer roberta-prelayernorm roc_bert squeezebert xmod yoso".split(
      " ",
    ),
    ..."nomic-bert nomic-bert-moe jina-bert-v2 jina-bert-v3 neo-bert t5encoder".split(" "),
  ],
  "an encoder and a decoder": [
    ..."t5 mt5 umt5 longt5 switch_transformers bart mbart plbart led bigbird_pegasus blenderbot blenderbot-small encoder-decoder".split(
      " ",
    ),
    ..."fsmt m2m_100 marian mvp nllb-moe pegasus pegasus_x prophetnet t5gemma xlm-prophetnet seamless_m4t speech_to_text whisper moonshine".split(
      " ",
    ),
  ],
  "a model of pictures": [
    ..."clip siglip siglip2 vit deit beit dinov2 dinov3_vit swin convnext detr sam blip vit_mae clip_vision_model".split(
      " ",
    ),
  ],
  "a model of sounds": [..."wav2vec2 hubert wavlm unispeech clap encodec bark musicgen vits".split(" ")],
};

const kinds: ReadonlyMap<string, string> = new Map(
  Object.entries(KINDS).flatMap(([kind, types]) => types.map((type) => [type, kind] as const)),
);

/** What a model of that type is that does not go on with a text token by token; undefined for others, known or not. */
export function otherKind(modelType: string): string | undefined {
  return kinds.get(modelType);
}
