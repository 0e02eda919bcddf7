"""Writes ../data/tokenizers/texts.json: 500 texts in 17 languages, code, emoji, and mixtures of them with odd white space.

Needs nothing. All sentences were written for this test.
"""

import json
import random
from pathlib import Path

OUT = Path(__file__).parent.parent / "data" / "tokenizers" / "texts.json"

LANGUAGES = {
    "English": """The ferry leaves at 7:45, unless the wind turns; then it's 9 o'clock or not at all.
I'd have said she'll come, but they've heard nothing since Tuesday.
Mrs. O'Neill's garden (the one behind No. 12) has grown $1,250.50 worth of "heirloom" tomatoes!
WHO SAID THAT? We're not sure: maybe HE'D know, maybe YOU'VE forgotten.
In 1968, 3.14159 million people—give or take—moved north-west.
A naïve façade, a coöperative café, an œuvre of æsthetic jalapeños.
Read e-mail #42 @ www.example.org/~ada?q=a+b&c=100%25.
Short.""",
    "French": """L'été dernier, j'ai vu l'océan pour la première fois ; qu'est-ce que c'était beau !
« Où vas-tu ? » demanda-t-elle, sans attendre de réponse.
Le prix est de 1 234,56 € (environ 20 % de moins qu'hier).
Aujourd'hui, les élèves n'ont pas cours : c'est l'Ascension.
Cœur, sœur, bœuf, naïveté, Noël, ambiguë, ça, là-bas.
Monsieur Lefèvre habite au 3ᵉ étage, près de l'église Saint-Étienne.
Il pleut des cordes.""",
    "German": """Die Straßenbahn fährt über die Brücke, hält am größten Platz und fährt dann weiter nach Süßen.
Wieso weißt du das? – „Weil ich's gelesen hab'!“, sagte er.
Donaudampfschifffahrtsgesellschaftskapitänsmütze ist ein langes Wort.
Am 3. Oktober 1990 um 0.00 Uhr; Eintritt: 12,50 €.
ÄÖÜ äöü ß ẞ: Umlaute und das scharfe S.
Er läuft, sie läuft, wir laufen alle im Kreis.
Guten Morgen!""",
    "Spanish": """¿Dónde está la biblioteca? ¡No lo sé, señora, pregúntele al niño!
El año pasado llovió más de 1.500 mm en la montaña.
Mañana iremos al médico; después, si hay tiempo, comeremos pingüinos de chocolate.
«Todo llega», dijo el viejo; «hasta el autobús».
La cigüeña voló a Ávila con un pañuelo azul.
Es la 1:30 p. m. en Bogotá.""",
    "Italian": """Perché l'acqua è così fredda? È gennaio, c'è la neve sull'Appennino.
Quell'uomo dell'officina ha riparato l'auto in un'ora e mezzo.
La città è più bella di sera, però d'inverno fa freddo.
Costava 3.000 lire, cioè circa 1,55 euro.
Buongiorno! Come sta? Tutto bene, grazie.""",
    "Portuguese": """Amanhã não há aula: é feriado em São João da Boa Vista.
O avô levou os irmãos à estação às 18h30, coração na mão.
Você já leu o último capítulo? Ainda não, mas lê-lo-ei hoje.
Custou R$ 45,90 e valeu cada centavo.
Pão, maçã, limões, açúcar e café.""",
    "Russian": """Река поднялась ночью, и к утру нижние поля были под водой.
Ёжик сказал: «Подъезд №5 — это наш подъезд!»
В 2024 году население выросло на 3,7 % (около 12 000 человек).
Съешь же ещё этих мягких французских булок, да выпей чаю.
Кто там? — Это я, почтальон.
ПРИВЕТ, Мир! привет, мир…""",
    "Greek": """Το ποτάμι φούσκωσε τη νύχτα και το πρωί τα χωράφια ήταν κάτω από το νερό.
Πόσο κάνει; Κάνει 15,30 €, κύριε Παπαδόπουλε.
ΟΔΥΣΣΕΥΣ, Οδυσσεύς, οδυσσεύς· τελικό σίγμα.
Καλημέρα! Τι κάνεις σήμερα;
Ἐν ἀρχῇ ἦν ὁ λόγος.""",
    "Turkish": """İstanbul'da yağmur yağıyor; ılık bir rüzgâr esiyor.
Ankara'nın nüfusu 5.700.000'i geçti mi?
Şu köşe yaz köşesi, şu köşe kış köşesi, ortada su şişesi.
Çocuklar IŞIK'ın ışığını gördü.
Günaydın, nasılsınız?""",
    "Vietnamese": """Nước sông dâng lên trong đêm, sáng ra ruộng thấp đã ngập hết.
Hôm nay trời đẹp quá, chúng ta đi dạo nhé!
Giá là 150.000 đồng một ký, đắt hơn tuần trước 10%.
Người Việt Nam ăn phở vào buổi sáng.""",
    "Chinese": """夜里河水上涨了，到了早晨，低处的田地都淹在水里。
你好，世界！今天是2024年11月28日，星期四。
他说：“我们明天去图书馆，好不好？”
北京大学的学生们在讨论“人工智能”（AI）的未来。
價格是３００元，繁體字與简体字混排。
一二三四五六七八九十百千万亿。
𠮷野家在东京。""",
    "Japanese": """夜のうちに川が増水し、朝には低い畑が水に浸かっていた。
「すみません、駅はどこですか？」と彼は聞いた。
コンピューターのプログラムを１０００行書きました。
ﾊﾝｶｸｶﾀｶﾅとゼンカクカタカナ。
今日はとても暑いですね〜！
東京都渋谷区１丁目２番３号。""",
    "Korean": """밤사이 강물이 불어나 아침에는 낮은 밭이 물에 잠겼다.
안녕하세요? 저는 서울에서 온 김민수입니다.
오늘 기온은 영하 5도, 강수 확률은 30%입니다.
ㅋㅋㅋ 정말? ㅠㅠ
한국어 띄어쓰기는 어렵다.""",
    "Arabic": """ارتفع النهر في الليل، وبحلول الصباح كانت الحقول السفلى تحت الماء.
هل تعرف كم الساعة؟ إنها الثالثة والنصف تقريبًا.
السعر ١٢٣٫٥٠ ريالًا، أي أقل بنسبة ٢٠٪.
اَلْعَرَبِيَّةُ لُغَةٌ جَمِيلَةٌ.
مرحبا بالعالم!""",
    "Hebrew": """הנהר עלה בלילה, ובבוקר השדות הנמוכים היו מתחת למים.
מה השעה? שלוש וחצי, בערך.
בְּרֵאשִׁית בָּרָא.
המחיר הוא 45.90 ש״ח.""",
    "Hindi": """रात में नदी चढ़ गई और सुबह तक निचले खेत पानी में डूब गए।
आप कैसे हैं? मैं ठीक हूँ, धन्यवाद।
इसकी कीमत ₹१२३.५० है, यानी २०% कम।
हिन्दी, क्षेत्र, ज्ञान, श्रीमती, र्‍क।""",
    "Thai": """แม่น้ำเอ่อขึ้นในเวลากลางคืน พอถึงเช้าทุ่งนาที่ต่ำก็จมน้ำ
สวัสดีครับ วันนี้อากาศร้อนมาก
ราคา ๑๒๓ บาท ลดลง 20%
กรุงเทพฯ เป็นเมืองหลวงของประเทศไทย""",
}

CODE = [
    "def mean(values):\n    if not values:\n        raise ValueError('empty')\n    return sum(values) / len(values)\n",
    "for (let i = 0; i < n; i++) {\n\tconst x = a[i] ?? -1;\n\tif (x >= 0x1F && !seen.has(`${x}`)) total += x ** 2;\n}\n",
    "SELECT name, COUNT(*) AS n FROM users WHERE age >= 18 GROUP BY name HAVING n > 1;\n",
    "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", 42); return 0; }\n",
    "<div class=\"row\">\n  <a href='/x?y=1&amp;z=2'>caf&eacute;</a><!-- note -->\n</div>",
    "{\"key\": [1, 2.5e-3, null, true], \"nested\": {\"a\\\\b\": \"\\u00e9\"}}",
    "git commit -m \"fix: don't crash\" && git push --force-with-lease origin HEAD~2:main",
    "fn main() {\n    let v: Vec<u8> = vec![0; 10];\n    println!(\"{:?}\", v.iter().map(|b| b ^ 0xff).collect::<Vec<_>>());\n}",
    "\\begin{align}\n  \\int_0^\\infty e^{-x^2}\\,dx &= \\frac{\\sqrt{\\pi}}{2}\n\\end{align}",
    "if [[ -n \"$HOME\" ]]; then\n  echo ~/.config | sed 's/[^a-z]*//g' >> /tmp/out 2>&1\nfi",
    "class A(B):\n\n    @property\n    def x(self) -> dict[str, int]:\n        return {k: v for k, v in self.__dict__.items() if k != '_'}\n",
    "const re = /^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+)@\\S+$/giu;",
    "A\tB\tC\n1\t2\t3\n\t\t\n",
    "# Title\n\n* item **bold** _it_\n  1. one\n  2. two\n\n```js\nx=>y\n```\n",
    "127.0.0.1:8080 2026-11-28T13:10:45.123Z [ERROR] 0xDEADBEEF ~~~ ^^^ ||| $$$ +++ === <<< >>>",
    "import numpy as np; x = np.arange(1_000_000, dtype='<f4')[::-1] @ w.T",
    "10000000 1000000 100000 10000 1000 100 10 1 0 00 000 0000",
    "p{color:#ff00aa;margin:-1px auto!important}@media(max-width:560px){a::after{content:\"\\2014\"}}",
]
EMOJI = [
    "😀😃😄😁😆",
    "family 👨‍👩‍👧‍👦 and flags 🇩🇪🇫🇷🇯🇵",
    "thumbs 👍🏽 wave 👋🏿 ok 👌",
    "☃️ ❤️‍🔥 ✈︎ ™️ ©️ ①②③",
    "I ❤ NY 🗽!!! 100💯",
    "🙂a🙂b🙂c",
    "mixed🙂words🎉and 🚀 spaces 🌍.",
    "1️⃣2️⃣3️⃣ #️⃣ *️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏳️‍🌈",
    "𝒜𝓁𝓅𝒽𝒶 𝔹𝕖𝕥𝕒 𝟙𝟚𝟛 𐍈 𒀀 𓀀 𐐷",
    "→ ← ↑ ↓ ⇒ ∀x∈ℝ: x²≥0 ∑∏∫√∞≠≤≥±×÷",
    "░▒▓█ ┌─┐│└┘ ●○◆◇★☆ ♠♣♥♦ ♪♫",
]
ODD = [
    "",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "   leading and trailing   ",
    "line one\r\nline two\r\n\r\nline four\rold mac\n\n\nend",
    "\ttabs\t\tand spaces \t mixed\n \n  \n",
    "It's what they'll say; we've heard it: I'd go, you're right, he'S, SHE'LL, 'tis, ''s, 'ſ, 'K",
    "1 12 123 1234 12345 123456 1234567 1,234.5 ½ ² ٣٤ १२३ Ⅷ ①",
    "café cafe\u0301 naïve nai\u0308ve Å A\u030a ﬁ ﬀ № ㎏",
    "\u0300 leading mark, e\u0301\u0323\u0327 stacked q\u0307\u0323",
    "zero\u200bwidth\u200djoiner\ufeffbom\u00a0nbsp\u2028line\u2029para\u0085nel\u3000ideographic\u202fnarrow\u180emongol\u1680ogham",
    "a\u00a0b \u00a0c\u00a0 d\u3000\u3000e \u3000\n\u2003f",
    "control \u0001\u0007\u001b\u001c\u001d\u001e\u001f\u007f\u009f end",
    "<s> special </s> <|endoftext|> <|im_start|>user\nhello<|im_end|> <s><s>x</s>",
    "The <unk> of <unk><unk> , as corpora have it <unk>",
    "a<|im_start|> b  <|im_end|>\u00a0 c <mask> d<mask>e",
    "<|im_start|<|im_end|>>",
    "<0x0A> <0xE2> <0xZZ> ▁ ▁▁ a▁b Ġ Ċ âĢ",
    "((((((((((----------==========!!!!!!!!!??????....,,,,;;;;::::\"\"\"\"''''[[[]]]{{{}}}",
    "a" * 90,
    "ab" * 60 + "abc" * 30,
    "the" * 12 + "and" * 9 + "in" * 15,
    "CamelCaseWords snake_case_words kebab-case-words UPPERlower mixedUPPER XMLHttpRequest ÉCOLEécole ǅungla",
    "https://example.org/a?b=c&d=%20e#f  user@example.org  C:\\path\\file.txt  $100 €5 +1 ~x ^y |z `q`",
    "e\u0301" * 20 + " " + "🙂" * 10,
    "mixed العربية English 中文 русский 123 \U0001F600!",
    " a",
    "a ",
    "a  b   c    d     e",
    "\n\n  \n x",
    " \n",
    "  \n\n\t x\n ",
    "x\n\n\n\n",
    "�\ufffd\uffff\ue000\U000e0001",
    "\u0378 unassigned \u05ff\U0002fffe end",
    "한\u1112\u1161\u11ab ᄀᄀ각ힰ",
    "~a ~ ~~ ~~b a~b ~1 1~ ~é é~ ~中",
    "'s 't 're 've 'm 'll 'd 'S'T'RE'VE'M'LL'D x's x'S x'Ll x'lL",
    "?a !b .c (d [e {f <g $h +i =j ^k `l |m ?é !中 .1",
    "12ab34 ab12cd é12é 中1文 a1b2c3 ½a a½ Ⅷb",
    "sentinel <sentinel:12> IMGIMGABCDZ <|reserved|>",
]

generator = random.Random(14)
SENTENCES = [line for text in LANGUAGES.values() for line in text.split("\n")]
texts = [*ODD, *SENTENCES, *CODE, *EMOJI]
WORDS = [word for sentence in SENTENCES for word in sentence.split(" ")]
CHARACTERS = sorted(set("".join([*SENTENCES, *EMOJI, *ODD[:-1]])) - set("\0"))
SPACES = ["", " ", " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n", "\n ", "\u00a0", "\u3000", "' ", "'", ", ", ". ", "-", "/", "~"]
seen = set(texts)
while len(texts) < 500:
    kind = len(texts) % 4
    if kind == 0:  # words of all languages
        text = "".join(generator.choice(WORDS) + generator.choice(SPACES) for _ in range(generator.randint(3, 18)))
    elif kind == 1:  # any characters
        text = "".join(generator.choice(CHARACTERS) for _ in range(generator.randint(5, 60)))
    elif kind == 2:  # two sentences, one in capitals, digits put in
        one, other = generator.sample(SENTENCES, 2)
        at = generator.randrange(len(one) + 1)
        text = one[:at] + str(generator.randrange(10 ** generator.randint(1, 9))) + one[at:].upper() + generator.choice(SPACES) + other
    else:  # a window that begins and ends anywhere, as pieces of long texts do
        whole = "\n".join([generator.choice(CODE), generator.choice(SENTENCES), generator.choice(EMOJI), generator.choice(SENTENCES)])
        at = generator.randrange(len(whole) // 2)
        text = whole[at : at + generator.randint(20, 160)]
    if text not in seen:
        seen.add(text)
        texts.append(text)
OUT.write_text("[\n" + ",\n".join(json.dumps(text) for text in texts) + "\n]\n")
print(len(texts), OUT.stat().st_size)
