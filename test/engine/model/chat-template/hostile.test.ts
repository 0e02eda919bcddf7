import { expect, test } from "vitest";
import { toValue } from "../../../../src/engine/model/chat-template/to-value";
import { outcome, render } from "./render";

const names = { messages: toValue([{ role: "user", content: "Hi" }]) };

test.each([
  "''.constructor",
  "''['constructor']",
  "messages.__proto__",
  "messages['__proto__']",
  "messages.constructor",
  "messages[0].hasOwnProperty",
  "messages.length",
  "messages.items",
  "(1).constructor",
  "range.constructor",
  "range.call",
  "namespace().constructor",
  "namespace().attributes",
  "dict.prototype",
  "none.constructor",
  "true.valueOf",
  "loop.constructor",
  "messages|attr('items')",
  "[messages]|map(attribute='constructor')|first",
])("nothing of JavaScript's is at %s", (expression) => {
  // A look-up in what is undefined fails; all others find nothing.
  expect([`'loop' is undefined`, ""]).toContain(
    expression.startsWith("loop") ? outcome(`{{ ${expression} }}`, names) : render(`{{ ${expression} }}`, names),
  );
});

test("a dict has its own keys only, whatever they are called", () => {
  expect(render("{% set d = {'__proto__': 1, 'constructor': 2} %}{{ d['__proto__'] }}{{ d.constructor }}{{ d }}")).toBe(
    "12{'__proto__': 1, 'constructor': 2}",
  );
});

test.each([
  ["{{ 'a' * 10 ** 9 }}", /a text of more than/],
  ["{{ 'a'.center(10 ** 9) }}", /a text of more than/],
  ["{{ '%999999999d' % 1 }}", /a text of more than/],
  ["{{ '%.999999999f' % 1 }}", /a text of more than/],
  ["{{ '{:999999999}'.format(1) }}", /a text of more than/],
  ["{{ ('a' * 10000)|replace('', 'b' * 10000) }}", /a text of more than/],
  ["{{ 'x'|indent(10 ** 9, true) }}", /a text of more than/],
  ["{{ [1] * 10 ** 9 }}", /a list of more than/],
  ["{{ [1]|slice(10 ** 9)|list }}", /a list of more than/],
  ["{{ 2 ** (2 ** 40) }}", /an integer of more than/],
  ["{{ ('9' * 100000)|int }}", /an integer of more than|limit/],
  ["{{ range(10 ** 9)|list }}", /Range too big/],
  ["{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", /more than \d+ steps/],
  ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", /nested more than/],
  ["{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", /nested more than/],
  ["{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", /a text of/],
  [
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    /a text/,
  ],
  [
    "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
    /too large are compared/,
  ],
  [
    "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
    /too deep/,
  ],
  ["{{ [].append(1) }}", /unsafe/],
  ["{{ {}.update(a=1) }}", /unsafe/],
  ["{{ ''.__class__.__mro__ }}", /unsafe/],
])("%s is refused", (template, message) => {
  const begin = Date.now();
  expect(outcome(template, names)).toMatch(message);
  expect(Date.now() - begin).toBeLessThan(10_000);
});

test.each([
  ["parentheses", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`],
  ["signs", `{{ ${"-".repeat(5000)}1 }}`],
  ["negations", `{{ ${"not ".repeat(5000)}1 }}`],
  ["conditions", `{{ ${"1 if 0 else ".repeat(5000)}1 }}`],
  ["lists", `{{ ${"[".repeat(5000)}${"]".repeat(5000)} }}`],
  ["blocks", "{% if 1 %}".repeat(5000)],
])("thousands of %s within each other are refused", (_, template) => {
  expect(outcome(template, names)).toMatch(/nested more than/);
});

test("a long chain of operators or branches is no deep nesting", () => {
  expect(render(`{{ ${"1 + ".repeat(300)}1 }}`)).toBe("301");
  expect(render(`{% if 0 %}${"{% elif 0 %}".repeat(300)}{% else %}x{% endif %}`)).toBe("x");
});

test.each([
  ["{{ [1]|random }}", "The filter 'random' is not supported"],
  ["{{ 1|pprint }}", "The filter 'pprint' is not supported"],
  ["{{ 'a'|urlize }}", "The filter 'urlize' is not supported"],
  ["{{ 'a'|striptags }}", "The filter 'striptags' is not supported"],
  ["{{ lipsum() }}", "The function 'lipsum' is not supported"],
  ["{% block x %}{% endblock %}", "The tag 'block' is not supported"],
  ["{% include 'x' %}", "The tag 'include' is not supported"],
  ["{{ 'a'.encode() }}", "The method 'encode' of str is not supported"],
  ["{{ ('a'|safe).format(1) }}", "The method 'format' of a safe text is not supported"],
  ["{{ range }}", "Printing a value of the type 'function' is not supported"],
  ["{{ strftime_now('%Q') }}", "The directive %Q of strftime is not supported"],
  ["{{ 1|nothing }}", "No filter named 'nothing'."],
  ["{{ 1 is nothing }}", "No test named 'nothing'."],
  ["{% do 1 %}", "Encountered unknown tag 'do'. (line 1)"],
  ["{{ raise_exception('only pairs') }}", "only pairs"],
  ["{{ messages.nothing.more }}", "'list object' has no attribute 'nothing'"],
  ["{{ nothing.more }}", "'nothing' is undefined"],
])("%s is refused by name", (template, message) => {
  expect(outcome(template, names)).toBe(message);
});
