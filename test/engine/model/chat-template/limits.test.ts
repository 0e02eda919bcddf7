import { expect, test } from "vitest";
import { toValue } from "../../../../src/engine/model/chat-template/to-value";
import { outcome, render } from "./render";

const STEPS = "it takes more than 8388608 steps";
const TEXT = "a text of more than 16777216 characters is made";
const LIST = "a list of more than 1048576 items is made";

const times = (body: string): string => `{% for i in range(100000) %}${body}{% endfor %}`;
const often = (body: string): string => times(times(body));
const doubled = (open: string, close: string): string =>
  `{% set ns = namespace(x=${open}1,${close}, y=${open}1,${close}) %}{% for i in range(60) %}` +
  `{% set ns.x = ${open}ns.x, ns.x${close} %}{% set ns.y = ${open}ns.y, ns.y${close} %}{% endfor %}`;
const LARGE = "{% set x = 'a' * 10 ** 7 %}";
const NUMBERS = "{% set l = range(100000)|list %}";

// Each of these would take minutes, or gigabytes, were what it does not counted.
test.each([
  [`${doubled("(", ")")}{{ {ns.x: 1} }}`, STEPS],
  [`${doubled("(", ")")}{{ [ns.x]|unique|list }}`, STEPS],
  [`${doubled("(", ")")}{{ ns.x|string }}`, TEXT],
  [`${doubled("[", "]")}{{ ns.x|tojson }}`, TEXT],
  [`${doubled("[", "]")}{{ ns.x|tojson(indent=4) }}`, TEXT],
  [`${doubled("(", ")")}{{ ns.x < ns.y }}`, "values too large are compared"],
  [`${doubled("[", "]")}{{ ns.x in [ns.y] }}`, "values too large are compared"],
  ["{{ ('a' * 2000000)|wordwrap(1) }}", STEPS],
  [`{% set x = 'añ' * 4000000 %}${times("{{ x[i] }}")}`, STEPS],
  [`{% set ns = namespace(d={}) %}${times("{% set ns.d = dict(ns.d, **{i|string: i}) %}")}`, STEPS],
  [times("{{ range(100000)|sort|length }}"), STEPS],
  ["{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(100) }}", STEPS],
  ["{{ ('a ' * 5000000).split()|length }}", LIST],
  ["{{ ('a' * 16000000).split('a')|length }}", LIST],
  ["{{ ('\\n' * 16000000).splitlines()|length }}", LIST],
  ["{{ ('a' * 16000000)|list|length }}", LIST],
  ["{{ ('a b ' * 4000000)|title|length }}", STEPS],
  ["{{ ('a b ' * 4000000).title()|length }}", STEPS],
  ["{{ ('<' * 16000000)|escape|length }}", STEPS],
  ["{{ ('%%' * 8000000)|format|length }}", STEPS],
  ["{{ ('{{' * 8000000).format()|length }}", STEPS],
  ["{{ ('b' + 'a' * 4000000) in ('a' * 16000000) }}", STEPS],
  ["{{ ('a' * 16000000).rfind('a' * 1000 + 'b') }}", STEPS],
  [LARGE + times("{{ x.find('b') }}"), STEPS],
  [LARGE + times("{{ 'b' in x }}"), STEPS],
  [LARGE + times("{{ x.count('b') }}"), STEPS],
  [LARGE + times("{{ x.replace('b', 'c')|length }}"), STEPS],
  [LARGE + times("{{ x == 'b' ~ x[1:] }}"), STEPS],
  [LARGE + times("{{ x.strip('a') }}"), STEPS],
  [LARGE + times("{{ x.strip()|length }}"), STEPS],
  [LARGE + times("{{ x|upper|length }}"), STEPS],
  [LARGE + times("{{ x|urlencode|length }}"), STEPS],
  [LARGE + times("{{ x|truncate(9)|length }}"), STEPS],
  [LARGE + times("{{ x|indent|length }}"), STEPS],
  [LARGE + times("{{ (x ~ i)|length }}"), STEPS],
  [LARGE + times("{{ ('%s' % x)|length }}"), STEPS],
  [LARGE + times("{{ '{}'.format(x)|length }}"), STEPS],
  [LARGE + times("{{ {'a': x}|xmlattr|length }}"), STEPS],
  [LARGE + times("{{ x.isalpha() }}"), STEPS],
  [NUMBERS + times("{{ l[1:]|length }}"), STEPS],
  [NUMBERS + times("{{ (l + l)|length }}"), STEPS],
  [NUMBERS + times("{{ l == l[:] }}"), STEPS],
  [NUMBERS + times("{{ l|join|length }}"), STEPS],
  [NUMBERS + times("{{ l|map('string')|list|length }}"), STEPS],
  [NUMBERS + times("{{ l|select('odd')|list|length }}"), STEPS],
  [NUMBERS + times("{{ l|unique|list|length }}"), STEPS],
  [NUMBERS + times("{{ l|batch(2)|list|length }}"), STEPS],
  [NUMBERS + times("{{ l|groupby(attribute='real')|length }}"), STEPS],
  [NUMBERS + times("{{ l.count(1) }}{{ -1 in l }}{{ l|sum }}{{ l|max }}"), STEPS],
  ["{% set l = [[1] * 1000] * 1000 %}{{ l|sum(start=[])|length }}", STEPS],
  ["{% set ns = namespace(l=[]) %}" + times("{% set ns.l = ns.l + [i] %}"), STEPS],
  ["{% set ns = namespace(l=[]) %}" + times("{% set ns.l = [ns.l, range(100000)|list] %}"), STEPS],
  ["{% set n = 3 ** 30000 %}" + times("{% set m = n * n %}"), STEPS],
  ["{% set n = 3 ** 30000 %}" + times("{% set m = n // 7 ** 9999 %}"), STEPS],
  [often("{% set m = '%.300f' % 1e-300 %}"), STEPS],
  [often("{% set m = 1.5|round(2) %}"), STEPS],
  [often("{% set m = {'a': 1}|tojson %}"), STEPS],
  ["{{ '{:016000000,}'.format(1)|length }}", STEPS],
  ["{{ strftime_now('%c' * 2000000)|length }}", STEPS],
])("%s meets a limit", (template, message) => {
  expect(outcome(template)).toBe(message);
});

test.each([
  ["{{ ('ab' * 4000000).replace('', 'x')|length }}", "16000001"],
  ["{{ ('%.9999999f' % 1)|length }}", "10000001"],
  ["{{ ('1' * 1000000 + 'x')|float(7) }}", "7"],
  ["{{ ('a' * 16000000).count('a' * 250) }}", "64000"],
  ["{% set l = [1] * 1000000 %}{{ dict(*[[]], **{})|length }}{{ l|last }}", "01"],
])("%s is bounded as it is", (template, text) => {
  expect(outcome(template)).toBe(text);
});

const CHATML =
  "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}" +
  "{{ '<|im_start|>system\\nYou help.<|im_end|>\\n' }}{% endif %}" +
  "{% if '</think>' in message.content %}" +
  "{% set content = message.content.split('</think>')[-1].lstrip('\\n') %}" +
  "{% else %}{% set content = message.content %}{% endif %}" +
  "{{'<|im_start|>' + message['role'] + '\\n' + content|trim + '<|im_end|>' + '\\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

test.each([
  [2000, 2000],
  [100, 100_000],
])("a conversation of %d messages of %d characters is no work", (count, length) => {
  const messages = toValue(
    Array.from({ length: count }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content:
        index % 2 === 0 ? "é".repeat(length) : `<think>${"a".repeat(length / 2)}</think>\n${"b".repeat(length / 2)}`,
    })),
  );
  const text = render(CHATML, { messages, add_generation_prompt: true });
  expect(text.startsWith("<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\né")).toBe(true);
  expect(text.endsWith("bb<|im_end|>\n<|im_start|>assistant\n")).toBe(true);
  expect(text.match(/<\|im_end\|>/g)).toHaveLength(count + 1);
});

// What jinja2 writes, as transformers sets it up.
test.each([
  ['{{ ("<b>%s"|safe)|format("<x>") }}', "<b>&lt;x&gt;"],
  ['{{ ("<b>%s"|safe)|format("<x>"|safe) }}', "<b><x>"],
  ['{{ ("%(a)s"|safe)|format(a="<x>") }}', "&lt;x&gt;"],
  ['{{ ("%r"|safe) % "<" }}', "&#39;&lt;&#39;"],
  ['{{ strftime_now("100%") }}', "100%"],
  ['{{ "{} {:>5} {x!r:^7} {0[0]}".format([1], 2, x="q") }}', "[1]     2   'q'   1"],
  ['{{ "{0[0]} {}".format([1], 2) }}', "1 [1]"],
  ['{{ "{:{1[0]}}".format(1, [2]) }}', " 1"],
  ['{{ "{} {0}".format(1, 2) }}', "cannot switch from automatic field numbering to manual field specification"],
  ['{{ "{[0]}".format([1]) }}', "''"],
  ['{{ "%c" % 99999999999 }}', "%c arg not in range(0x110000)"],
  ['{{ "aaa".rsplit("aa") }}', "['a', '']"],
  [
    '{{ " a b ".rsplit(none, 1) }}{{ " a b ".rsplit(none, 0) }}{{ " a b ".split(none, 0) }}',
    "[' a', 'b'][' a b']['a b ']",
  ],
  ['{{ "a😀b"[-2] }}{{ "a😀b"[1:] }}{{ "a😀b"[:-1] }}{{ "abc"[-5:-1] }}{{ "abc"[2:1] }}', "😀😀ba😀ab"],
  ['{{ "{:05,}|{:012,}|{:013,}".format(1, 1234, 1234) }}', "0,001|0,000,001,234|0,000,001,234"],
  ['{{ "1.e5"|float }} {{ ".5"|float }} {{ "."|float(7) }} {{ "1_0.5_0"|float }}', "100000.0 0.5 7 10.5"],
  ["{{ 1.5|round(-500) }} {{ '%.1200g' % 1.5 }}", "0.0 1.5"],
  ['{{ "\\N{BULLET}" }}', "A character by its name in a string is not supported"],
])("%s", (template, text) => {
  expect(outcome(template)).toBe(text);
});
