// Random templates: statements nested in each other, whitespace control, macros, blocks, includes and imports.
import { Expressions } from "./expressions.ts";
import { Random } from "./random.ts";

export interface Case {
  readonly template: string;
  readonly templates: Readonly<Record<string, string>>;
  /** JSON, with floats written as Python writes them. */
  readonly context: string;
  readonly env: Readonly<Record<string, unknown>>;
}

const CONTEXT = `{
  "n": 3, "zero": 0, "neg": -7, "big": 12345678901234567890123, "x": 2.5, "w": 40.0, "tiny": 1.5e-07, "huge": 1e+22, "minus": -0.75,
  "s": "hello", "empty_s": "", "uni": "é€😀ßx", "text": "one\\ntwo\\n\\nthree four", "quote": "it's \\"q\\"", "html": "<a href='x'>T & t</a>", "path": "/usr//lib/",
  "t": true, "f": false, "none": null,
  "l": [3, 1, 2], "words": ["beta", "Alpha", "gamma", "alpha"], "empty_l": [], "mixed": [1, "a", null, 2.5, true, [1], {"k": 1}], "floats": [2.5, 1.0, -3.25],
  "pairs": [[1, "a"], [2, "b"]],
  "hosts": [{"name": "n1", "role": "master", "gpu": 0}, {"name": "n2", "role": "worker", "gpu": 4}, {"name": "N3", "role": "worker", "gpu": 8}],
  "cfg": {"b": 2, "a": 1, "C": 3}, "empty_d": {}, "nested": {"a": {"b": {"c": 5, "name": "deep"}, "l": [1, 2]}, "k": null}, "odd_keys": {"10": 1, "9": 2, "items": 3, "a b": 4},
  "tree": [{"n": 1, "c": [{"n": 2}, {"n": 3, "c": [{"n": 4}]}]}, {"n": 5}]
}`;

const LIBRARY: Readonly<Record<string, string>> = {
  "inc.j2": "I[{{ s }}{{ v0 }}{{ i }}]",
  "loopinc.j2": "{{ loop.index }}{{ i }}",
  "lib.j2":
    "{% macro m(a, b=2) %}<{{ a }}|{{ b }}|{{ s }}>{% endmacro %}{% set const = 7 %}{% set _hid = 1 %}{% macro c() %}[{{ caller() if caller }}]{% endmacro %}text",
  "base.j2":
    "A{% block a %}base{{ n }}{% endblock %}B{% block b %}{% endblock %}C{% block c scoped %}{{ v0 }}{% endblock %}\n",
  "mid.j2":
    "{% extends 'base.j2' %}{% block a %}mid({{ super() }}){% endblock %}{% block d %}dd{% endblock %}",
  "scoped.j2": "{% for i in l %}{% block it scoped %}({{ i }}){% endblock %}{% endfor %}{{ self.it() }}",
  "bad.j2": "{% if %}",
  "undef.j2": "ok\n{{ nope.x }}",
  "setter.j2": "{% set w0 = 5 %}{{ w0 }}{% for i in l if i > 1 %}{{ loop.last }}{% endfor %}",
};

export function generateCase(seed: number): Case {
  return new Templates(new Random(seed)).case();
}

class Templates extends Expressions {
  #names = 0;
  #macros: string[] = [];
  #blocks = 0;
  #inLoop = 0;
  /** Jinja2 makes a generator of a macro that includes without context, and prints that. */
  #inMacro = 0;
  readonly #env: Record<string, unknown> = {};

  case(): Case {
    const { random } = this;
    const env = this.#env;
    if (random.chance(0.15)) env["trim_blocks"] = true;
    if (random.chance(0.15)) env["lstrip_blocks"] = true;
    if (random.chance(0.1)) env["keep_trailing_newline"] = true;
    if (random.chance(0.12)) env["autoescape"] = true;
    if (random.chance(0.2)) env["undefined"] = random.pick(["strict", "chainable"]);
    if (random.chance(0.3)) env["extensions"] = ["do", "loopcontrols"];
    if (random.chance(0.06)) {
      env["line_statement_prefix"] = "%%";
      env["line_comment_prefix"] = "##";
    }
    let template = this.#template();
    if (random.chance(0.06)) template = this.#damage(template);
    return { template, templates: LIBRARY, context: CONTEXT, env };
  }

  #template(): string {
    const { random } = this;
    const parts = [this.#body(3)];
    if (random.chance(0.08)) {
      const base = random.pick(["base.j2", "mid.j2", "scoped.j2"]);
      const blocks = ["a", "b", "it", "d"]
        .filter(() => random.chance(0.6))
        .map(
          (name) =>
            `{% block ${name} %}${this.#body(1)}{{ super() }}${random.chance(0.3) ? "{{ i }}" : ""}{% endblock %}`,
        );
      const extend = `{% extends '${base}' %}`;
      parts.unshift(random.chance(0.85) ? extend : `{% if ${this.of("bool", 1)} %}${extend}{% endif %}`);
      parts.push(...blocks);
    }
    return parts.join("");
  }

  /** Cuts or doubles a piece, so that errors of syntax are compared, too. */
  #damage(template: string): string {
    const { random } = this;
    const at = random.int(template.length);
    const length = 1 + random.int(4);
    return random.pick([
      () => template.slice(0, at) + template.slice(at + length),
      () => template.slice(0, at) + template.slice(at, at + length) + template.slice(at),
      () =>
        template.slice(0, at) +
        random.pick(["{%", "}}", "{{", "%}", "'", "(", "]", "?", "{#", " if ", "|", "..", "\\"]) +
        template.slice(at),
      () => template.slice(0, at),
    ])();
  }

  #body(depth: number): string {
    return this.random.some(4, () => this.#piece(depth), 1).join("");
  }

  #open(): string {
    return `{%${this.random.pick(["", "", "", "", "-", "+"])} `;
  }

  #close(): string {
    return ` ${this.random.pick(["", "", "", "", "-", "+"])}%}`;
  }

  #tag(text: string): string {
    return `${this.#open()}${text}${this.#close()}`;
  }

  #print(expression: string): string {
    const { random } = this;
    return `{{${random.pick(["", "", "", "-"])} ${expression} ${random.pick(["", "", "", "-"])}}}`;
  }

  #text(): string {
    return this.random.pick([
      "a",
      " b ",
      "\n",
      "\n  x\n",
      "  ",
      "é€",
      "\t",
      "{ x }",
      "%",
      "<&>",
      "\n\n",
      " \n ",
      "#",
      "y: z\n",
      "\u00a0",
    ]);
  }

  #newName(): string {
    return `v${this.#names++ % 6}`;
  }

  #inside<T>(make: () => T): T {
    const variables = this.variables.length;
    const result = make();
    this.variables.length = variables;
    return result;
  }

  #piece(depth: number): string {
    const { random } = this;
    if (random.chance(0.3)) return this.#text();
    if (depth <= 0 || random.chance(0.45))
      return this.#print(random.chance(0.9) ? this.any(3) : `${this.any(1)}, ${this.any(1)}`);
    return this.#statement(depth);
  }

  #statement(depth: number): string {
    const { random } = this;
    switch (random.int(19)) {
      case 0:
      case 1:
        return this.#if(depth);
      case 2:
      case 3:
      case 4:
      case 5:
        return this.#for(depth);
      case 6:
      case 7:
        return this.#set(depth);
      case 8: {
        const name = this.#newName();
        return this.#inside(() => {
          const value = this.any(2);
          this.variables.push(name);
          return `${this.#tag(`with ${name} = ${value}${random.chance(0.3) ? `, w2 = ${name}` : ""}`)}${this.#body(depth - 1)}${this.#tag("endwith")}`;
        });
      }
      case 9:
      case 10:
        return this.#macro(depth);
      case 11:
        return `${this.#tag(`filter ${random.pick(["upper", "trim", "replace('a', 'b')", "indent(2)", "title|upper", "e", "length|string", "wordwrap(10)"])}`)}${this.#body(depth - 1)}${this.#tag("endfilter")}`;
      case 12:
        return random.pick([
          `{#${random.pick(["", "-", "+"])} note ${random.pick(["", "-"])}#}`,
          `{%${random.pick(["", "-"])} raw ${random.pick(["", "-"])}%} {{ x }} {% if %}\n{%${random.pick(["", "-", "+"])} endraw ${random.pick(["", "-"])}%}`,
        ]);
      case 13:
        return this.#include();
      case 14:
        return this.#import();
      case 15: {
        const name = `blk${this.#blocks++}`;
        return this.#inside(
          () =>
            `${this.#tag(`block ${name}${random.pick(["", "", " scoped"])}`)}${this.#body(depth - 1)}${this.#tag("endblock")}${random.chance(0.2) ? `{{ self.${name}() }}` : ""}`,
        );
      }
      case 16:
        return `${this.#tag(`autoescape ${random.pick(["true", "false", "t", "f"])}`)}${this.#body(depth - 1)}${this.#tag("endautoescape")}`;
      case 17: {
        const ns = "ns";
        return `${this.#tag(`set ${ns} = namespace(a=${this.any(1)}, k=1)`)}${this.#tag(`for q in ${this.of("list", 1)}`)}${this.#tag(`set ${ns}.a = ${random.pick([`${ns}.a ~ q`, "q", `${ns}.k + 1`])}`)}${this.#tag("endfor")}{{ ${ns}.a }}`;
      }
      default:
        return this.#extension();
    }
  }

  #extension(): string {
    const { random } = this;
    if (this.#env["line_statement_prefix"] !== undefined)
      return `\n%% for z in ${this.of("list", 1)}${random.pick(["", ":"])}\n  - {{ z }} ## note\n%% endfor\n`;
    if (this.#env["extensions"] === undefined) return this.#print(this.any(2));
    if (this.#inLoop > 0 && random.chance(0.6))
      return `${this.#tag(`if ${this.of("bool", 1)}`)}${this.#tag(random.pick(["break", "continue"]))}${this.#tag("endif")}`;
    return `${this.#tag("set acc = []")}${this.#tag(`do acc.append(${this.any(1)})`)}{{ acc }}`;
  }

  #if(depth: number): string {
    const { random } = this;
    let text = `${this.#tag(`if ${this.of(random.chance(0.7) ? "bool" : "any", 2)}`)}${this.#body(depth - 1)}`;
    if (random.chance(0.3)) text += `${this.#tag(`elif ${this.of("bool", 2)}`)}${this.#body(depth - 1)}`;
    if (random.chance(0.4)) text += `${this.#tag("else")}${this.#body(depth - 1)}`;
    return text + this.#tag("endif");
  }

  #for(depth: number): string {
    const { random } = this;
    return this.#inside(() => {
      if (random.chance(0.1))
        return `${this.#tag(`for i in tree recursive`)}{{ i.n }}${random.pick(["", "{{ loop.depth }}", "{{ loop.index }}"])}{{ loop(i.c) if i.c }}${this.#tag("endfor")}`;
      let target = random.pick(["i", "i", "i", "k, v", "item"]);
      let iterable = this.of("list", 2);
      if (target === "k, v")
        iterable = random.pick([
          `${this.of("dict", 1)}.items()`,
          `${this.of("dict", 1)}|dictsort`,
          "pairs",
          iterable,
          "cfg|items",
        ]);
      else if (random.chance(0.2))
        iterable = random.pick([this.of("dict", 1), this.of("str", 1), "nope", this.any(1)]);
      if (random.chance(0.05)) target = "a, (b, c)";
      const filter = random.chance(0.2) ? ` if ${target === "k, v" ? "v" : this.of("bool", 1)}` : "";
      for (const name of target.match(/\w+/g) ?? []) this.variables.push(name);
      this.variables.push(
        ...random.pick([
          [],
          ["loop.index"],
          ["loop.last", "loop.first"],
          ["loop.length", "loop.revindex"],
          ["loop.previtem", "loop.nextitem"],
          ["loop.cycle('o', 'e')"],
          [`loop.changed(${target === "i" ? "i" : "1"})`],
        ]),
      );
      this.#inLoop++;
      const body = this.#body(depth - 1);
      this.#inLoop--;
      const otherwise = random.chance(0.2) ? `${this.#tag("else")}${this.#body(depth - 1)}` : "";
      return `${this.#tag(`for ${target} in ${iterable}${filter}`)}${body}${otherwise}${this.#tag("endfor")}`;
    });
  }

  #set(depth: number): string {
    const { random } = this;
    const name = this.#newName();
    if (random.chance(0.25)) {
      const filter = random.pick(["", "", " | upper", " | trim | length"]);
      const body = this.#inside(() => this.#body(depth - 1));
      this.variables.push(name);
      return `${this.#tag(`set ${name}${filter}`)}${body}${this.#tag("endset")}`;
    }
    const value = this.any(3);
    this.variables.push(name);
    if (random.chance(0.1))
      return this.#tag(
        `set ${name}, ${this.#newName()} = ${random.chance(0.7) ? `${value}, ${this.any(1)}` : value}`,
      );
    return this.#tag(`set ${name} = ${value}`);
  }

  #macro(depth: number): string {
    const { random } = this;
    if (this.#macros.length > 0 && random.chance(0.5)) return this.#call(depth);
    const name = `mac${this.#macros.length}`;
    const parameters = random.pick(["", "p", "p, q=1", "p, q=p", "p=none", "p, q='d', r=n"]);
    const text = this.#inside(() => {
      for (const parameter of parameters.match(/\b[pqr]\b/g) ?? []) this.variables.push(parameter);
      const extra = random.pick([
        "",
        "",
        "{{ varargs }}",
        "{{ kwargs }}",
        "{{ caller() if caller is defined }}",
        "{{ caller('x') }}",
      ]);
      const inLoop = this.#inLoop;
      this.#inLoop = 0;
      this.#inMacro++;
      const body = this.#body(depth - 1);
      this.#inMacro--;
      this.#inLoop = inLoop;
      return `${this.#tag(`macro ${name}(${parameters})`)}${body}${extra}${this.#tag("endmacro")}`;
    });
    this.#macros.push(name);
    return text + (random.chance(0.8) ? this.#call(depth) : "");
  }

  #call(depth: number): string {
    const { random } = this;
    const name = random.pick(this.#macros);
    const args = random.pick([
      "",
      this.any(1),
      `${this.any(1)}, ${this.any(1)}`,
      `p=${this.any(1)}`,
      `${this.any(1)}, q=${this.any(1)}`,
      `*l`,
      `**{'q': 2}`,
      `1, 2, 3, 4`,
      `zz=1`,
    ]);
    if (random.chance(0.3))
      return `${this.#tag(`call${random.pick(["", "", "(y)"])} ${name}(${args})`)}${this.#callBody(depth)}${random.pick(["", "{{ y }}"])}${this.#tag("endcall")}`;
    return this.#print(
      random.pick([
        `${name}(${args})`,
        `${name}(${args})`,
        `${name}(${args})|upper`,
        name,
        `${name}.${random.pick(["name", "arguments", "catch_kwargs", "caller"])}`,
        `${name}(${args}) ~ 'z'`,
      ]),
    );
  }

  #callBody(depth: number): string {
    const inLoop = this.#inLoop;
    this.#inLoop = 0;
    this.#inMacro++;
    const body = this.#inside(() => this.#body(depth - 1));
    this.#inMacro--;
    this.#inLoop = inLoop;
    return body;
  }

  #include(): string {
    const { random } = this;
    const name = random.pick([
      "'inc.j2'",
      "'inc.j2'",
      "'setter.j2'",
      "'loopinc.j2'",
      "'missing.j2'",
      "['missing.j2', 'inc.j2']",
      "nope",
      "'undef.j2'",
      "'bad.j2'",
      "'lib.j2'",
      "'scoped.j2'",
      "[]",
    ]);
    return this.#tag(
      `include ${name}${random.pick(["", "", " ignore missing"])}${random.pick(["", "", " with context", this.#inMacro > 0 ? "" : " without context"])}`,
    );
  }

  #import(): string {
    const { random } = this;
    const context = random.pick(["", "", " with context", " without context"]);
    if (random.chance(0.5))
      return `${this.#tag(`import 'lib.j2' as L${context}`)}${this.#print(random.pick(["L.m(1)", "L.const", "L._hid", "L.nope", "L", "L.m()", "L.m('<', b='>')"]))}`;
    return `${this.#tag(`from 'lib.j2' import ${random.pick(["m", "m as mm, const", "nope", "c, m"])}${context}`)}${this.#print(random.pick(["m(2)", "mm(1)", "const", "nope", "c()"]))}`;
  }
}
