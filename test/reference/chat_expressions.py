"""Small templates, one for each thing that Jinja or Python does in its own way; and some that chance makes."""

import random

# Each is a template; `messages` are those of one conversation, and there are bos_token and eos_token.
FEATURES = r"""
{{ 1 }} {{ 1.0 }} {{ 1.5e3 }} {{ 1e16 }} {{ 1e15 }} {{ 1e-5 }} {{ 0.0001 }} {{ 1_000 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 1e309 }}
{{ true }} {{ false }} {{ none }} {{ True }} {{ None }}
{{ [1, 2.0, 'a', "it's", none, true, (1,), (), {'k': [1]}] }}
{{ {'a': 1, 2: 'b', 1.5: none, true: 0} }}
{{ 'tab\t' }}|{{ ['tab\t', 'é', '\u2028', '\x07', '😀', 'a"b\'c', "\\"] }}
{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }}
{{ 1 / 0 }}
{{ 10 ** 20 }} {{ 10 ** 20 / 3 }} {{ 2 ** 64 + 1 }}
{{ -2 ** 2 }} {{ -5 | abs }} {{ (-5) | abs }} {{ +3 }} {{ - - 3 }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 1 == true }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ (1,) == [1] }}
{{ 1 < 'a' }}
{{ 'a' ~ 1 ~ 1.0 ~ none ~ true ~ [1] }}
{{ 'ab' * 3 }} {{ 3 * 'ab' }} {{ [1] * 2 }} {{ 'a' * -1 }}|{{ [1] + [2] }} {{ (1,) + (2,) }}
{{ 'a' + 1 }}
{{ [1] + (2,) }}
{{ 'b' in 'abc' }} {{ 2 in [1, 2] }} {{ 'a' in {'a': 1} }} {{ 1 not in [2] }} {{ 1 in 'a' }}
{{ not 1 }} {{ not not 1 }} {{ 1 and 0 }} {{ 0 or 'x' }} {{ '' or [] or none }} {{ 1 and 'y' or 'z' }}
{{ 'a' if true }} {{ 'a' if false }}|{{ 'a' if false else 'b' }} {{ 1 if 0 else 2 if 0 else 3 }}
{{ undefined_name }}|{{ undefined_name is defined }}|{{ undefined_name.x }}
{{ undefined_name is undefined }} {{ undefined_name == other_name }} {{ undefined_name | default('d') }} {{ not undefined_name }} {{ undefined_name | length }} {{ [undefined_name] }}
{{ undefined_name + 1 }}
{{ undefined_name['x'] }}
{{ undefined_name() }}
{% for x in undefined_name %}x{% else %}none{% endfor %}
{{ none.x }}|{{ none.x is defined }}|{{ {}.x is defined }}|{{ {'x': none}.x is none }}
{{ none.x.y }}
{{ 'abc'[0] }}{{ 'abc'[-1] }}{{ 'abc'[5] }}|{{ 'abc'[1:] }} {{ 'abc'[::-1] }} {{ 'abcdef'[-4:-1] }} {{ 'abcdef'[::2] }} {{ 'abcdef'[4:1:-1] }} {{ 'abc'[:none] }}
{{ [1, 2, 3][1:] }} {{ [1, 2, 3][:-1] }} {{ (1, 2, 3)[::-1] }} {{ range(10)[2:8:3] }} {{ range(5)[-1] }} {{ [1, 2][5] is defined }}
{% for m in messages %}{{ m[:1] }}{% endfor %}
{{ '😀ab'[0] }}{{ '😀ab'[1:] }}{{ '😀ab' | length }}{{ '😀ab' | reverse }}{{ '😀ab' | first }}{{ '😀ab' | list }}{{ '😀a😀'.find('a') }}{{ '😀a😀'.count('') }}{{ '😀'.center(4, '*') }}{{ 'x😀'.rfind('😀') }}
{{ {'items': 1}.items() }} {{ {'items': 1}['items'] }} {{ {'x': 1}.items() | list }} {{ {'a': 1}.keys() }} {{ {'a': 1}.values() | list }}
{{ {'a': 1}.get('a') }} {{ {'a': 1}.get('b') }} {{ {'a': 1}.get('b', 2) }} {{ {'a': {'b': 2}}.a.b }} {{ {'a': {'b': 2}}['a']['b'] }}
{{ [[1, 2], [3]][0][1] }} {{ [[1, 2], [3]].0.1 }} {{ messages[0].content | length }} {{ messages[0]['role'] }} {{ messages[0].nothing is defined }} {{ messages[-1].role }}
{{ ' a b '.strip() }}|{{ ' a b '.lstrip() }}|{{ ' a b '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'xyaxy'.lstrip('yx') }}|{{ 'a..'.rstrip('.') }}|{{ '\u00a0\u2003 x \ufeff\u001c\x85' | trim }}|{{ 'xax' | trim('x') }}
{{ 'a b  c'.split() }} {{ 'a b  c'.split(' ') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b c '.split(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ' a  b c '.rsplit(none, 1) }} {{ 'a,b'.split(sep=',', maxsplit=0) }} {{ ''.split() }} {{ ''.split(',') }} {{ 'a'.split('</think>')[-1] }}
{{ 'a'.split('') }}
{{ 'a\nb\r\nc\x0bd\u2028e\n'.splitlines() }} {{ 'a\nb\n'.splitlines(true) }} {{ ''.splitlines() }}
{{ 'k=v=w'.partition('=') }} {{ 'k=v=w'.rpartition('=') }} {{ 'kv'.partition('=') }} {{ 'kv'.rpartition('=') }}
{{ 'abc'.startswith('ab') }} {{ 'abc'.startswith(('x', 'a')) }} {{ 'abc'.endswith('bc') }} {{ 'abc'.startswith('b', 1) }} {{ 'abc'.endswith('b', 0, 2) }} {{ 'abc'.startswith('') }} {{ 'abc'.startswith('', 4) }}
{{ 'abc'.startswith(1) }}
{{ 'aXbXc'.replace('X', '-') }} {{ 'aXbXc'.replace('X', '-', 1) }} {{ 'ab'.replace('', '-') }} {{ 'aXbX' | replace('X', '') }} {{ 'aXbX' | replace('X', 'y', 1) }} {{ 121 | replace(1, 'x') }}
{{ "WHAT'S up doc".title() }} {{ "WHAT'S up doc" | title }} {{ 'hello world'.capitalize() }} {{ 'ÉCOLE' | capitalize }} {{ 'ǆ ß ﬁ ŉ ა'.title() }} {{ 'foo-bar_baz (qux) [x] {y} <z>' | title }} {{ 'AbC'.swapcase() }} {{ 'Straße'.upper() }} {{ 'ΑΣ ΣΑ'.lower() }} {{ 'AB'.casefold() }}
{{ 'abc'.find('c') }} {{ 'abc'.find('x') }} {{ 'abcabc'.rfind('c') }} {{ 'abcabc'.index('b', 2) }} {{ 'banana'.count('an') }} {{ 'aaa'.count('aa') }} {{ 'abc'.find('', 3) }} {{ 'abc'.find('', 4) }} {{ 'abc'.count('', 4) }}
{{ 'abc'.index('x') }}
{{ '42'.zfill(5) }} {{ '-42'.zfill(5) }} {{ 'a'.ljust(3, '.') }}| {{ 'a'.rjust(3) }}| {{ 'ab'.center(5, '*') }} {{ 'abc'.center(6, '*') }} {{ 'a\tb'.expandtabs(4) }} {{ 'ab' | center(7) }}|
{{ 'prefix'.removeprefix('pre') }} {{ 'suffix'.removesuffix('fix') }} {{ 'a'.removesuffix('') }}
{{ 'x'.join(['1', '2']) }} {{ ''.join('abc') }} {{ ', '.join(['a']) }} {{ 'x'.join([]) }}
{{ 'x'.join([1]) }}
{{ 'abc'.isalpha() }} {{ '12'.isdigit() }} {{ '²'.isdigit() }} {{ '½'.isnumeric() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ ''.isspace() }} {{ 'aB'.islower() }} {{ 'AB1'.isupper() }} {{ 'Ab Cd'.istitle() }} {{ 'a_1'.isidentifier() }} {{ 'é'.isascii() }} {{ '\n'.isprintable() }} {{ '１２'.isdecimal() }}
{{ '{}-{}'.format('a', 1) }} {{ '{0}{1}{0}'.format(1, 2) }} {{ '{a}{b[0]}{c.d}'.format(a=1, b=[2], c={'d': 3}) }} {{ '{{}}'.format() }} {{ '{!r:>6}|{!s}'.format('a', 'b') }} {{ '{:>{}}'.format('a', 4) }}
{{ '{:5}|{:<5}|{:^5}|{:>5}|{:*^7}|{:.2}'.format('ab', 'ab', 'ab', 'ab', 'ab', 'abc') }}
{{ '{:d} {:5d} {:05d} {:+d} {: d} {:,} {:_} {:x} {:#x} {:X} {:b} {:o} {:c} {:<5}| {:=+6}'.format(1, 2, 3, 4, 5, 1234567, 1234567, 255, 255, 255, 5, 8, 65, 7, 8) }}
{{ '{:.2f} {:8.3f} {:e} {:.1e} {:g} {:g} {:g} {:%} {:.1%} {:,.2f} {:.0f} {:.0f} {} {:.3}'.format(3.14159, 2.5, 12345.678, 0.00012, 0.0001, 1e20, 100000.0, 0.25, 0.256, 1234567.891, 2.5, 3.5, 1.0, 1234.5) }}
{{ '{:5} {:<5}| {:f} {}'.format(true, 1.5, 1, none) }}
{{ '{:5}'.format(none) }}
{{ '{} {0}'.format(1) }}
{{ '{'.format(1) }}
{{ '{x}'.format(1) }}
{{ '{}'.format() }}
{{ '%s %s' % (1, 'a') }} {{ '%d%%' % 50 }} {{ '%5.1f|%-5s|%05d|%x|%r' % (3.14159, 'ab', 42, 255, 'q') }} {{ '%(a)s' % {'a': 1} }} {{ '%s' % [1] }} {{ '%s' % none }} {{ '%e %g %G' % (1234.5, 0.00001, 1e20) }} {{ '%+d % d %c' % (1, 2, 'x') }} {{ '%.3s|%*d' % ('abcdef', 5, 1) }}
{{ '%05.2f' | format(3.14159) }} {{ '%s-%s' | format('a', 1) }} {{ '%(x)s' | format(x=2) }} {{ '%i' | format(3.9) }}
{{ '%s' % (1, 2) }}
{{ '%d' % 'a' }}
{{ 'abc' % [1] }} {{ 'abc' % {} }} {{ 'abc' % undefined_name }}
{{ [1, 2, 3] | map('string') | join('-') }} {{ [{'a': 1}, {'a': 2}] | map(attribute='a') | list }} {{ [{'a': 1}, {}] | map(attribute='a', default=0) | list }} {{ ['a', 'b'] | map('upper') | join }} {{ [[3, 1], [2]] | map('sort') | list }} {{ [1, 2] | map('default', 5) | list }} {{ ['ab', 'cd'] | map('replace', 'a', 'x') | list }} {{ [{'a': {'b': 1}}] | map(attribute='a.b') | list }} {{ [[7, 8]] | map(attribute=1) | list }}
{{ [1, 2] | map | list }}
{{ [1, 2] | map('nothing') | list }}
{{ [1, 2, 3, 4] | select('odd') | list }} {{ [1, 2, 3] | reject('odd') | list }} {{ [0, 1, ''] | select | list }} {{ [0, 1] | reject | list }} {{ [1, 2, 3] | select('gt', 1) | list }} {{ [1, 2, 3] | select('divisibleby', 3) | list }} {{ [1, 2] | select('in', [2]) | list }} {{ ['a', 1] | select('string') | first }}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ messages | rejectattr('role', '==', 'system') | map(attribute='role') | join(',') }} {{ messages | selectattr('nothing') | list }} {{ messages | selectattr('nothing', 'defined') | list }} {{ messages | selectattr('role', 'in', ['user']) | map(attribute='role') | list }}
{{ [{'k': 'b', 'v': 1}, {'k': 'a', 'v': 2}, {'k': 'B', 'v': 3}] | groupby('k') }}{% for k, v in [{'k': 2}, {'k': 1}] | groupby('k') %}{{ k }}={{ v | length }};{% endfor %}{% for g in [{'k': 2}] | groupby('k') %}{{ g.grouper }}{{ g.list }}{% endfor %}
{{ [3, 1, 2] | sort }} {{ [3, 1, 2] | sort(reverse=true) }} {{ ['b', 'A', 'a', 'B'] | sort }} {{ ['b', 'A', 'a'] | sort(case_sensitive=true) }} {{ [{'a': 2}, {'a': 1}] | sort(attribute='a') }} {{ [{'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='a,b') }} {{ {'b': 1, 'a': 2} | sort }}
{{ [1, 'a'] | sort }}
{{ [1, 1.0, true, 2, 'a', 'A'] | unique | list }} {{ ['a', 'A'] | unique(case_sensitive=true) | list }} {{ [{'x': 1}, {'x': 1}] | unique(attribute='x') | list }}
{{ [3, 1, 2] | min }} {{ [3, 1, 2] | max }} {{ ['b', 'A'] | min }} {{ [] | max }}| {{ [{'a': 2}, {'a': 1}] | max(attribute='a') }} {{ 'hello' | max }}
{{ [1, 2, 3] | sum }} {{ [1.5, 2] | sum }} {{ [{'a': 1}] | sum(attribute='a') }} {{ [] | sum }} {{ [1] | sum(start=10) }} {{ [[1], [2]] | sum(start=[]) }}
{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3] | batch(2, 'x') | list }} {{ [1, 2, 3, 4, 5] | slice(2) | list }} {{ [1, 2, 3, 4] | slice(3, 'x') | list }}
{{ {'b': 2, 'a': 1} | dictsort }} {{ {'b': 1, 'a': 2} | dictsort(by='value') }} {{ {'b': 1, 'A': 2} | dictsort(true) }} {{ {'a': 1, 'b': 2} | dictsort(reverse=true) }} {{ {'a': 1} | items | list }} {{ undefined_name | items | list }}
{{ [1, 2] | first }} {{ [1, 2] | last }} {{ [] | first }}| {{ [] | last }}| {{ 'abc' | last }} {{ {'a': 1} | first }} {{ [1, 2] | reverse | list }} {{ 'abc' | reverse }} {{ [1, 2, 3] | length }} {{ 'abc' | count }} {{ {'a': 1} | length }} {{ range(3) | list }} {{ range(3) }} {{ range(1, 10, 3) | list }} {{ range(3, 0, -1) | list }} {{ range(0, 6, 2) }}
{{ [1, 2] | map('string') | last }}
{{ (x for x in y) }}
{{ 5 | length }}
{{ '42' | int }} {{ '42.9' | int }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ '0x1f' | int(base=16) }} {{ 'ff' | int(0, 16) }} {{ '1_0' | int }} {{ ' 7 ' | int }} {{ 3.9 | int }} {{ -3.9 | int }} {{ none | int }} {{ true | int }} {{ '1e3' | int }} {{ [] | int(3) }} {{ '٣' | int }}
{{ undefined_name | int }}
{{ '1.5' | float }} {{ 'x' | float }} {{ '1e3' | float }} {{ 'inf' | float }} {{ 'nan' | float }} {{ 3 | float }} {{ '1_0.5' | float }} {{ '.5' | float }} {{ '5.' | float }} {{ none | float }} {{ 'x' | float(2) }} {{ '' | float }}
{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 42.55 | round(1, 'floor') }} {{ 42.55 | round(1, 'ceil') }} {{ 5 | round }} {{ 1234 | round(-2) }} {{ 1250 | round(-2) }} {{ 1350 | round(-2) }} {{ 0.5 | round }} {{ -0.5 | round }} {{ 1e20 | round }} {{ 2.5 | round | int }} {{ 7 | round(1, 'floor') }} {{ 1.005 | round(2) }} {{ true | round }}
{{ 'a' | round }}
{{ 1 | string }}{{ 1.0 | string }}{{ none | string }}{{ [1] | string | length }}{{ true | string | lower }}{{ 1.50 | string }}
{{ {'a': 1.0, 'b': [true, none, 'é"\n😀<>&'], 'c': {}} | tojson }} {{ [] | tojson }} {{ 'a' | tojson }} {{ 1e20 | tojson }} {{ 1e-7 | tojson }} {{ (1, 2) | tojson }} {{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }} {{ '</script>\x7f\u2028' | tojson }}
{{ {'b': 1, 'a': [1, {'c': 2}], 'e': [], 'd': {}} | tojson(indent=2) }} {{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }} {{ 'é😀\x7f' | tojson(ensure_ascii=true) }} {{ [1, {'a': 2}] | tojson(separators=(',', ':')) }} {{ [1] | tojson(indent='\t') }} {{ [1, [2]] | tojson(indent=0) }} {{ [1] | tojson(none, 4) }}
{{ undefined_name | tojson }}
{{ {(1,): 2} | tojson }}
{{ range(3) | tojson }}
{{ 'inf' | float | tojson }} {{ ('nan' | float) | tojson }}
{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(2, blank=true) }}|{{ 'a\nb' | indent('> ') }}|{{ '' | indent }}|{{ 'a\n' | indent }}
{{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, false, '...', 0) }} {{ 'foobarbazqux12345678' | truncate(5, end='…') }}
{{ 'the quick brown fox jumps over-the-lazy dog' | wordwrap(10) }}|{{ 'abcdefghijklmnop' | wordwrap(5) }}|{{ 'abcdefghij kl' | wordwrap(5, false) }}|{{ 'a b c d' | wordwrap(3, wrapstring='/') }}|{{ 'one two\nthree' | wordwrap(20) }}|{{ 'well-known-word and--dash' | wordwrap(8) }}|{{ 'well-known' | wordwrap(6, break_on_hyphens=false) }}
{{ '[1.5, 2]%s[True]' | wordwrap(6) }} {{ 'hello big world' | wordcount }} {{ '二'.isnumeric() }} {{ 'it\'s a_b c-d' | wordcount }} {{ 1000 | filesizeformat }} {{ 1 | filesizeformat }} {{ 1536 | filesizeformat(true) }} {{ 999 | filesizeformat }} {{ 1234567 | filesizeformat }} {{ 'a b/c?&é' | urlencode }} {{ {'a': 1, 'b c': '/'} | urlencode }} {{ [('a', 1)] | urlencode }}
{{ '<a href="x">\'&' | e }} {{ '<b>' | escape }} {{ '<b>' | safe }} {{ ('<b>' | safe) + '<i>' }} {{ '<i>' + ('<b>' | safe) }} {{ ('<b>' | safe) ~ '<i>' }} {{ ['<b>' | safe] }} {{ '<b>' | safe | upper }} {{ ('a' | e) is escaped }} {{ '<b>' | safe | forceescape }} {{ {'a': '<'} | tojson | safe }} {{ {'class': 'a"b', 'x': none} | xmlattr }} {{ ('<%s>' | safe) % '<' }} {{ ('a,b' | safe).split(',') }} {{ ('<' | safe) * 2 }}
{{ [1, 2] | join(', ') }} {{ ['a', none, 1.0] | join }} {{ [{'a': 1}] | join(',', attribute='a') }} {{ 'abc' | join('-') }} {{ {'a': 1, 'b': 2} | join('&') }}
{{ {'a': 1} | attr('a') is defined }} {{ 'abc' | attr('upper') is defined }} {{ ('abc' | attr('upper'))() }} {{ '' | default('x') }} {{ '' | default('x', true) }} {{ none | default('x') }} {{ none | d('x', true) }} {{ undefined_name | default }}|
{{ 3 is divisibleby 3 }} {{ 3 is divisibleby(2) }} {{ 3 is odd }} {{ 3 is even }} {{ 3 is not odd }} {{ 'a' is string }} {{ 1 is number }} {{ 1.5 is float }} {{ 1 is integer }} {{ true is integer }} {{ true is number }} {{ true is boolean }} {{ none is none }} {{ {} is mapping }} {{ [] is sequence }} {{ 'a' is sequence }} {{ {} is sequence }} {{ 1 is iterable }} {{ 'a' is iterable }} {{ range is callable }} {{ 'a' is lower }} {{ 'A' is upper }} {{ 1 is sameas 1 }} {{ 1 is sameas true }} {{ true is sameas true }} {{ 1 is in [1] }} {{ 1 is eq 1 }} {{ 1 is ne 2 }} {{ 2 is gt 1 }} {{ 2 is ge 2 }} {{ 1 is lt 2 }} {{ 1 is le 0 }} {{ 1 is equalto 1.0 }} {{ 1 is true }} {{ true is true }} {{ false is false }} {{ 'upper' is filter }} {{ 'nothing' is filter }} {{ 'odd' is test }} {{ undefined_name is sequence }} {{ undefined_name is iterable }} {{ undefined_name is mapping }} {{ (1, 2) is sequence }} {{ 'a' is not none and 1 is defined }}
{{ 1 is nothing }}
{{ 1 | nothing }}
{% if false %}{{ 1 | nothing }}{{ 1 is nothing }}{% endif %}ok
{% if true %}{{ 1 | nothing }}{% endif %}
{{ 'a' if true else (1 | nothing) }}
{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}{% for k, v in {'x': 1, 'y': 2}.items() %}{{ k }}{{ v }}{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}
{% for a, b in [1] %}{{ a }}{% endfor %}
{% for i in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}{{ loop.depth }}{{ loop.changed(i // 2) }};{% endfor %}
{% for i in [1, 2, 3, 4] if i is even %}{{ i }}{{ loop.index }}{{ loop.length }}{{ loop.last }}{% else %}none{% endfor %}{% for i in [1] if i > 1 %}x{% else %}none{% endfor %}{% for i in [] %}x{% else %}empty{% endfor %}
{% for i in [[1, [2]], 3] recursive %}{% if i is iterable %}[{{ loop(i) }}]{% else %}{{ i }}{{ loop.depth }}{% endif %}{% endfor %}
{% for i in [1, 2] %}{{ loop([1]) }}{% endfor %}
{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}{% for i in [1] %}{% break %}{% else %}else{% endfor %}{% for i in [1] %}{% continue %}{% else %}else{% endfor %}
{% break %}
{% for i in [1, 2] %}{% set x = i %}{{ x }}{% endfor %}{{ x is defined }}{% set y = 1 %}{% for i in [1, 2] %}{% set y = y + i %}{{ y }}{% endfor %}{{ y }}
{% set ns = namespace(x=1, found=false) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% set ns.found = true %}{% endfor %}{{ ns.x }}{{ ns.found }}{{ ns.nothing is defined }}{{ ns }}{{ ns['x'] }}
{% set ns = namespace() %}{% set ns._x = 1 %}
{{ namespace(_a=1) }}
{% set d = {} %}{% set d.x = 1 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set a, b = b, a %}{{ a }}{{ b }}{% set t = 1, 2 %}{{ t }}{% set ns = namespace() %}{% set ns.a, c = 5, 6 %}{{ ns.a }}{{ c }}
{% set x %}a{{ 1 }}b{% endset %}{{ x }}{{ x | length }}{% set y | upper | replace('A', 'z') %}abc{% endset %}{{ y }}
{% filter upper %}abc{{ 'd' }}{% endfilter %}{% filter replace('a', 'b') | upper %}aXa{% endfilter %}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}{% set a = 5 %}{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}
{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m(a=0, b=1) }} {{ m() }}|{{ m.name }} {{ m.arguments }} {{ m(1) | length }}
{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}
{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{% macro n(b=a, a=3) %}{{ b }}{{ a }}{% endmacro %}{{ n() }}
{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}x{% endcall %}{% macro n(a) %}{{ caller(a, b=2) }}{% endmacro %}{% call(x, b) n(1) %}{{ x }}{{ b }}{% endcall %}
{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{{ m() }}{% macro m() %}late{% endmacro %}
{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}{% for i in [1] %}{% set x = 9 %}{{ m() }}{% endfor %}
{% if false %}{% set x = 1 %}{% endif %}{{ x is defined }}{% if true %}{% set y = 1 %}{% endif %}{{ y }}{% if false %}{% set bos_token = 'no' %}{% endif %}{{ bos_token }}
{% for i in [1] %}{{ bos_token }}{% endfor %}{% set bos_token = 'X' %}{{ bos_token }}
{{ bos_token }}{% set bos_token = 'X' %}{{ bos_token }}{% for i in [1] %}{{ bos_token }}{% set bos_token = i %}{{ bos_token }}{% endfor %}
{% for message in messages %}{% set role = message['role'] %}{% if role == 'user' %}{% set role = 'U' %}{% endif %}{{ role }}{% endfor %}
{% for i in [1, 2] %}{% for j in [3] %}{{ loop.index }}{{ i }}{{ j }}{% endfor %}{{ loop.index }}{% endfor %}
{% for loop in [1] %}{% endfor %}
{% for i in [1] %}{% set loop = 1 %}{% endfor %}
{% raw %}{{ not }} {% this %}{% endraw %} {# comment {{ x }} #}|{#- c -#} |
a  {%- if true -%}  b  {%- endif -%}  c  {{- 'd' -}}  e
  {% if true %}
  x
  {% endif %}
y
  {%+ if true %}x{% endif +%}

z
	{# c #}
  {{ 1 }}
  {% set x = 1 %}{{ x }}

end

{% if true %}a{% endif %}  
  {% for i in [1, 2] %}
    {{ i }}
  {% endfor %}
{{ '}}' }}{{ "{%" }}{{ {'a': {'b': 1}}.a.b }}{{ {'a': {}} }}
{{ 'a' 'b' "c" }}{{ '\x41\u00e9\U0001f600\101\q' }}
{{ "\N{DASH}" }}
{% print 1, 2 %}{% print 'x' %}
{% generation %}a{{ 1 }}{% set g = 1 %}{% endgeneration %}{{ g is defined }}
{% do x.append(1) %}
{% nothing %}
{% if %}
{% if true %}
{% endif %}
{{ 1 +
{{ (1, 2 }}
{{ [1].append(2) }}
{% set l = [] %}{{ l.append(1) }}
{{ {}.update({'a': 1}) }}
{{ {'append': 1}.append }} {{ [1].append }}|{{ {}.update is defined }}
{{ ''.__class__ }}|{{ ''.__class__ is defined }}
{{ ''.__class__.__mro__ }}
{{ ''['__class__'].x }}
{{ messages.__proto__ }}|{{ ''.constructor }}|{{ messages.constructor is defined }}|{{ {}['__proto__'] is defined }}|{{ {}.hasOwnProperty is defined }}|{{ [].length is defined }}|{{ ''.length is defined }}
{{ (1).real }} {{ (5).bit_length() }} {{ 2.0.is_integer() }} {{ true.real }}
{{ range(100001) | length }}
{{ range(100000) | length }}
{{ range('a') }}
{{ dict(a=1, b=2) }} {{ dict([('a', 1)]) }} {{ dict({'a': 1}, b=3) }} {{ dict.fromkeys(['a'], 0) }} {{ dict() }}
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set j = joiner('|') %}{{ j() }}x{{ j() }}y
{{ strftime_now('%d %b %Y') }} {{ strftime_now('%Y-%m-%d %H:%M:%S') }} {{ strftime_now('%A %B %j %U %W %V %G %u %w %y %I %p %e %-d %-m %% %c %x %X %D %F %T %R %f %h %C %g %s'[:-3]) }}
{{ raise_exception('only pairs') }}
{{ raise_exception() }}
{{ [1, 2, 3] | list == [1, 2, 3] }} {{ {'a': 1} == {'a': 1.0} }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }} {{ (1, 2) == (1, 2) }} {{ 'a' == 'a' }} {{ none == false }} {{ 0 == false }} {{ [] == () }} {{ range(3) == range(0, 3, 1) }}
{{ [1, [2, 3]].index([2, 3]) }} {{ [1, 1, 2].count(1) }} {{ (1, 2).index(2) }} {{ [1].copy() }} {{ {'a': 1}.copy() }}
{{ [1].index(5) }}
{{ 'a' is string and 'b' }} {{ 1 in [1] and not 2 in [1] }} {{ 1 + 2 * 3 - 4 / 2 }} {{ 'a' ~ 'b' + 'c' }} {{ 2 * 3 % 4 }} {{ 10 - 2 - 3 }} {{ not 1 == 2 }} {{ -1 | abs }} {{ 'a' | upper ~ 'b' }} {{ 1 + 1 | string }} {{ (1 + 1) | string }} {{ [1, 2] | length + 1 }} {{ 'x' in 'xy' | upper }}
{{ m.x if m is defined else 'no' }}{{ messages[0].content if messages[0].role == 'system' else '' }}|{{ messages | length }}
{{ '%s' | format }}
{{ 1.0 + 1 }} {{ 1 + 1.5 }} {{ 3 * 1.0 }} {{ 4 / 2 }} {{ 1e3 }} {{ 0.1 + 0.2 }} {{ 1/3 }} {{ 100.0 }} {{ 1e22 }} {{ 1e21 }} {{ 123456789012345678 }} {{ 1.0 // 0.3 }} {{ -0.0 }} {{ 5 // -2.0 }} {{ 2 ** 0.5 }} {{ 2.0 ** 3 }} {{ true + true }} {{ -true }}
{{ 10 ** 5000 }}
{{ [none, true] | tojson }} {{ true | tojson }} {{ none | tojson }}
{{ messages[0] | tojson }} {{ messages | map(attribute='role') | list | tojson }}
{{ tools is none }}{{ documents is none }}{{ tools is defined }}{{ tools }}{% if tools %}t{% endif %}{% if tools is not none %}T{% endif %}{{ add_generation_prompt }}{{ custom_tools is defined }}
{% if tools is iterable and tools | length > 0 %}x{% endif %}
{{ tools | length }}
{% include 'x' %}
{% extends 'x' %}
{{ lipsum is callable }}{{ (1).foo is defined }}{{ 'abc'.foo is defined }}
{{ "a" if messages[0]['content'] is string else messages[0]['content'][0]['text'] }}
{%- for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] | trim + '\n' }}{% endfor -%}
{% set x = none %}{{ x.y is defined }} {{ x | default('a') }} {{ (x or 'b') }}
{% set l = ['a'] %}{% set l = l + ['b'] %}{{ l }}{% set d = dict(a=1) %}{% set d = dict(d, b=2) %}{{ d }}
{{ loop is defined }} {{ self is defined }}
{{ ['a', 'b', 'c'] | map('length') | sum }} {{ 'a-b-c'.split('-') | last }} {{ 'a-b'.split('-')[1] | upper }} {{ ('a' * 3)[1:] }} {{ 'ABC' | lower | first }}
{% for line in 'a\n b\nc'.split('\n') %}{{ loop.index }}:{{ line }}{{ '\n' if not loop.last }}{% endfor %}
{% for x in [3, 1, 2] | sort %}{{ x }}{% endfor %}{% for c in 'añ😀' %}{{ c }},{% endfor %}{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}
{% set it = [1, 2] | map('string') %}{{ it | list }}{{ it | list }}
{{ 5.__class__ }}
{{ x.y.z is defined }}
{{ messages[0]['nothing'] | default('d') }} {{ messages[0]['nothing']['x'] | default('d') }}
{{ messages[10].role }}
{{ {'a': 1}['a', 'b'] is defined }} {{ {}[[1]] is defined }} {{ [1]['a'] is defined }} {{ 'abc'['upper']() }}
{{ [1, 2,] }} {{ {'a': 1,} }} {{ (1,) }} {{ dict(a=1,) }} {{ [] }} {{ {} }} {{ () }}
{{ dict(**{'a': 1}) }} {{ range(*[1, 3]) | list }}
{{ {[1]: 2} }}
{{ 1 if 1 else }}
{{ a = 1 }}
{% set 1 = 2 %}
{% set none = 2 %}
{% macro %}{% endmacro %}
{% call x %}{% endcall %}
{% set x = 1 %}{% for i in [1, 2] %}{% if i == 2 %}{% set x = 5 %}{% endif %}{{ x }}{% endfor %}{{ x }}
{% for i in [1, 2, 3] %}{% filter upper %}{% if i == 2 %}{% break %}{% endif %}a{{ i }}{% endfilter %}{% endfor %}
{% macro a(x) %}{% macro b(y) %}{{ x }}{{ y }}{% endmacro %}{{ b(2) }}{% endmacro %}{{ a(1) }}
{% set first = 'O' %}{% for i in [1, 2] %}{% if loop.first %}{% set first = 'F' %}{% endif %}{{ first }}{% endfor %}
{% macro m(caller='none') %}{{ caller }}{% endmacro %}{{ m() }}{% call m() %}x{% endcall %}
{{ "{:>10,.2f}|".format(1234.5) }} {{ "{:010.3f}".format(-3.14159) }} {{ "{:+.0e}".format(12345) }} {{ '{:08,}'.format(1234) }} {{ '{:#.3g}'.format(1.0) }} {{ '{:.0%}'.format(0.125) }} {{ '{:.10}'.format(0.1) }}
{{ '%.0f %.0f %.1f %5s|%-6d|%06.2f|%+.1e|%x|%#o|%G' % (0.5, 1.5, 0.25, none, 5, -1.5, 0.0, -255, 8, 1e-10) }}
{{ 'a' | upper('x') }}
{{ 'a'.upper(1) }}
{{ 'a'.nothing() }}
"""


def features():
    """The templates of FEATURES: one a line, those of several lines between empty ones at the end."""
    templates = [line for line in FEATURES.strip("\n").split("\n") if line.strip()]
    templates.append("  {% if true %}\n  x\n  {% endif %}\ny\n  {%+ if true %}x{% endif +%}\n\nz\n\t{# c #}\n  {{ 1 }}\n")
    templates.append("  {% set x = 1 %}{{ x }}\n\nend\n\n")
    templates.append("{% if true %}a{% endif %}  \n  {% for i in [1, 2] %}\n    {{ i }}\n  {% endfor %}\r\nz\r")
    templates.append("a\n  {%- set x = 1 -%}\n  b\n  {#- c -#}\n  d\n {{- x -}} \n e \n{%- raw -%}\n r \n{%- endraw -%}\n f\n\n")
    templates.append("{% raw %}\n  a\n  {% endraw %}\n  b {# x\n y #}\nc\n  {% raw +%} d {% endraw %}")
    templates.append("\n\n{% set x %}\n  a\n  {% endset %}\n[{{ x }}]\n")
    return templates


class Expressions:
    """Expressions of Jinja by chance, of which most have a value."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *options):
        return self.random.choice(options)

    def integer(self, depth):
        r = self.pick
        if depth <= 0:
            return r("0", "1", "2", "3", "-1", "-7", "10", "255", "1000000", "true")
        d = depth - 1
        return r(
            lambda: self.integer(0),
            lambda: f"({self.integer(d)} {r('+', '-', '*')} {self.integer(d)})",
            lambda: f"({self.integer(d)} {r('//', '%')} {self.integer(0)})",
            lambda: f"{self.text(d)}|{r('length', 'wordcount', 'count')}",
            lambda: f"{self.list(d)}|length",
            lambda: f"{self.text(d)}.{r('find', 'count', 'rfind')}({self.text(0)})",
            lambda: f"({self.text(d)}|int)",
            lambda: f"({self.float(d)}|int)",
            lambda: f"({self.integer(d)} if {self.truth(d)} else {self.integer(d)})",
            lambda: f"({self.integer(d)}|abs)",
        )()

    def float(self, depth):
        r = self.pick
        if depth <= 0:
            return r("0.5", "1.0", "2.25", "1e3", "0.1", "3.14159", "1e-7", "12345678.9", "1e17", "2.5", "-1.5")
        d = depth - 1
        return r(
            lambda: self.float(0),
            lambda: f"({self.float(d)} {r('+', '-', '*')} {self.float(d)})",
            lambda: f"({self.integer(d)} / {self.integer(0)})",
            lambda: f"({self.float(d)} {r('//', '%', '/')} {self.float(0)})",
            lambda: f"({self.float(d)}|round({r('', '1', '2', '0')}))",
            lambda: f"({self.integer(d)}|float)",
        )()

    def text(self, depth):
        r = self.pick
        if depth <= 0:
            return r(
                "'abc'", "' a b '", "'Hello, World'", "'x-y_z'", "'😀é'", "''", "'a'", "'line\\nnext'", "\"it's\"", "'ABC'", "'1.50'",
                "'12'", "'ß ΣΑΣ'", "'a,b,,c'", "messages[0].content", "messages[-1].role", "bos_token", "'{}'", "'%s'", "'<x>'",
            )
        d = depth - 1
        return r(
            lambda: self.text(0),
            lambda: f"({self.text(d)} + {self.text(d)})",
            lambda: f"({self.any(d)} ~ {self.any(d)})",
            lambda: f"{self.text(d)}.{r('upper', 'lower', 'title', 'capitalize', 'strip', 'lstrip', 'rstrip', 'swapcase')}()",
            lambda: f"{self.text(d)}.{r('strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix')}({self.text(0)})",
            lambda: f"({self.text(d)}|{r('upper', 'lower', 'title', 'capitalize', 'trim', 'reverse', 'string', 'indent', 'e', 'urlencode', 'first', 'last', 'safe')})",
            lambda: f"{self.text(d)}.replace({self.text(0)}, {self.text(0)}{r('', ', 1')})",
            lambda: f"({self.text(d)}|replace({self.text(0)}, {self.text(0)}))",
            lambda: f"{self.text(d)}[{r('', '0', '1', '-2')}:{r('', '2', '-1')}{r('', ':2', ':-1')}]",
            lambda: f"({self.list(d)}|join({self.text(0)}))",
            lambda: f"({self.any(d)}|tojson)",
            lambda: f"({self.any(d)}|string)",
            lambda: f"({self.text(0)} * {r('0', '2', '3')})",
            lambda: f"'%s|%s' % ({self.any(d)}, {self.any(d)})",
            lambda: f"'%{r('d', '5d', 'x', '05d', '+d')}' % {self.integer(d)}",
            lambda: f"'%{r('.2f', 'e', 'g', '8.3f', '.0f')}' % {self.float(d)}",
            lambda: f"'{{:{r('>6', '*^7', '.3', '<4')}}}'.format({self.text(d)})",
            lambda: f"'{{:{r(',', 'x', '+', '08', '_', '#b')}}}'.format({self.integer(d)})",
            lambda: f"'{{:{r('.2f', '.3e', 'g', ',.1f', '.1%', '.3', '')}}}'.format({self.float(d)})",
            lambda: f"({self.text(d)}|truncate({r('5', '8', '3')}{r('', ', true')}))",
            lambda: f"({self.text(d)}|{r('center(9)', 'default(1)', 'wordwrap(6)')})",
            lambda: f"({self.text(d)} if {self.truth(d)} else {self.text(d)})",
            lambda: f"{self.text(d)}.{r('center', 'ljust', 'rjust')}({r('7', '8')}, '*')",
        )()

    def list(self, depth):
        r = self.pick
        if depth <= 0:
            return r("[1, 2, 3]", "['b', 'A', 'c']", "[]", "(1, 'a')", "range(4)", "[1.5, 2, true]", "[[2, 1], [0]]", "{'k': 1, 'j': 2}")
        d = depth - 1
        return r(
            lambda: self.list(0),
            lambda: f"[{self.any(d)}, {self.any(d)}]",
            lambda: f"({self.any(d)}, {self.any(d)})",
            lambda: f"{self.text(d)}.{r('split', 'rsplit')}({r('', self.text(0), 'none, 1', repr(',') + ', 1')})",
            lambda: f"{self.text(d)}.splitlines()",
            lambda: f"({self.list(d)}|{r('list', 'sort', 'unique|list', 'reverse|list', 'sort(reverse=true)', 'batch(2)|list', 'slice(2)|list')})",
            lambda: f"({self.list(d)}|{r('map', 'select', 'reject')}({r(repr('string'), repr('upper'), repr('odd'), repr('number'), repr('length'))})|list)",
            lambda: f"({self.list(d)}|list)[{r('', '1', '-2')}:{r('', '2', '-1')}]",
            lambda: f"{self.dict(d)}.{r('items', 'keys', 'values')}()",
            lambda: f"({self.dict(d)}|dictsort)",
            lambda: f"({self.text(d)}|list)",
        )()

    def dict(self, depth):
        r = self.pick
        if depth <= 0:
            return r("{}", "{'a': 1}", "{'b': 'x', 'a': none}", "{1: 2.0, 'z': [1]}", "messages[0]")
        d = depth - 1
        return r(
            lambda: self.dict(0),
            lambda: f"{{{self.text(0)}: {self.any(d)}, {self.integer(0)}: {self.any(d)}}}",
            lambda: f"dict({self.dict(d)}, q={self.any(d)})",
        )()

    def truth(self, depth):
        r = self.pick
        if depth <= 0:
            return r("true", "false", "none", "nothing")
        d = depth - 1
        test = r(
            "string", "number", "none", "defined", "mapping", "sequence", "iterable", "integer", "float", "boolean", "lower", "upper",
            "true", "callable", "eq(1)", "sameas(none)", "in([1, 'a'])", "not none", "not string",
        )
        return r(
            lambda: self.truth(0),
            lambda: f"({self.integer(d)} {r('<', '<=', '==', '!=', '>', '>=')} {r(self.integer, self.float)(d)})",
            lambda: f"({self.text(d)} {r('<', '==', 'in', 'not in')} {self.text(d)})",
            lambda: f"({self.any(d)} {r('==', '!=', 'in')} {self.list(d)})",
            lambda: f"({self.truth(d)} {r('and', 'or')} {self.any(d)})",
            lambda: f"(not {self.any(d)})",
            lambda: f"({self.any(d)} is {test})",
            lambda: f"({self.integer(d)} is {r('odd', 'even', 'divisibleby 3', 'gt 2')})",
            lambda: f"{self.text(d)}.{r('startswith', 'endswith')}({self.text(0)})",
            lambda: f"{self.text(d)}.{r('isalpha', 'isdigit', 'isupper', 'islower', 'isspace', 'istitle', 'isalnum')}()",
            lambda: f"({self.integer(d)} < {self.float(d)} < {self.integer(d)})",
        )()

    def any(self, depth):
        return self.pick(self.integer, self.float, self.text, self.list, self.dict, self.truth)(depth)

    def template(self):
        """A template of one expression, now and then within a statement."""
        expression = self.any(self.pick(1, 2, 2, 3))
        shape = self.random.random()
        if shape < 0.7:
            return f"{{{{ {expression} }}}}"
        if shape < 0.8:
            return f"{{% for x in {self.list(2)} %}}{{{{ loop.index }}}}{{{{ x }}}}{{{{ loop.last }}}};{{% else %}}-{{% endfor %}}"
        if shape < 0.9:
            return f"{{% set x = {expression} %}}{{% if {self.truth(2)} %}}\n  {{% set x = {self.any(1)} %}}\n{{% endif %}}\n{{{{ x }}}}"
        return f"{{% for k, v in {self.dict(1)}.items() %}}\n  {{{{- k ~ '=' ~ v }}}}\n{{% endfor %}}{{{{ {expression} }}}}"
