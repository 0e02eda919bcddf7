/** Texts by which tokenizers are told apart: what expressions that cut texts differ in. Of plain ones a file's tokenizer has to give the same ids. */
export const PLAIN_PROBES: readonly string[] = [
  "The quick brown fox jumps over the lazy dog.",
  "Hello, world! It's 3.14159 or 22/7? I'LL say: they've done 1234567890 things, we'd re-do 12 345.",
  "def f(x):\n    return x ** 2  # squares\n\n\n\tif not x:\r\n\t\tpass\n",
  "  leading, and trailing  \n \n\n  several   spaces    in\ta row ",
  'camelCaseWords and HTTPServer2Go; foo_bar-baz/qux\\n <tag attr="1">a && b</tag>',
  "1 22 333 4444 55555 666666 7777777 ...!!! ??? ;;; $100 + 20% = €120",
  "'s 't 're 've 'm 'll 'd 'S 'T DON'T don't",
  "\n\n \n a\n\n\nb \n",
  "XMLHttpRequest.getElementById iPhone McDonald ABCdef",
  "http://example.org/a/b?c=d&e=f //\n/* */\n and/or;\n",
];

/** What they may differ in all the same, since llama.cpp comes only near some models' own expressions. */
export const FURTHER_PROBES: readonly string[] = [
  "Größe, naïve café, œuvre, ÅNGSTRÖM Straße",
  "Привет, мир! Сколько будет 12345?",
  "今天天气很好，我们去公园散步吧。123个",
  "カタカナとひらがなの混ざった文章です。",
  "한국어 문장을 하나 적어 봅니다.",
  "नमस्ते दुनिया, यह एक वाक्य है।",
  "مرحبا بالعالم 123 ١٢٣",
  "ไทยภาษา ทดสอบ",
  "🙂🚀 👨‍👩‍👧‍👦 ✓ ½ ² Ⅳ ①",
  "a\u00a0b\u2003c\u3000d",
];
