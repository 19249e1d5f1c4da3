// Random expressions. Most have the type that is asked for, so that templates get far; some do not.
import type { Random } from "./random.ts";

export type Kind = "int" | "float" | "str" | "bool" | "list" | "dict" | "any";

const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  int: ["n", "zero", "neg", "big", "hosts[0].gpu", "cfg.a", "hosts|length", "nested.a.b.c"],
  float: ["x", "w", "tiny", "huge", "minus"],
  str: ["s", "empty_s", "uni", "text", "quote", "html", "hosts[1].name", "words[0]", "path"],
  bool: ["t", "f", "n is odd", "s is string", "nope is defined"],
  list: ["l", "words", "hosts", "empty_l", "mixed", "floats", "cfg.keys()|list", "pairs"],
  dict: ["cfg", "empty_d", "hosts[0]", "nested", "odd_keys", "nested.a"],
  any: ["none", "nope", "cfg.nope", "hosts", "s", "n", "range", "nested", "mixed"],
};

const STRINGS = [
  "''",
  "'a'",
  '"b c"',
  "'Hello World'",
  "'%s'",
  "'x,y,,z'",
  "'é€😀'",
  "'ß ǆ'",
  "'it\\'s'",
  "'tab\\tnl\\n'",
  "'\\u00e9\\x41'",
  "'  pad '",
  "'foo-bar baz_qux'",
  "'<b>&\"'",
  "'0x1f'",
  "'42'",
  "'-3.7'",
  "'1e3'",
  "'nan'",
  "'ABC' 'def'",
  "'aXbXc'",
  "'//a/b//'",
  "'one\\ntwo\\n\\nthree'",
  "'12:30'",
  "'ａ１'",
  "'\\r\\n'",
  "'{}'",
  "'i̇İ'",
];
const INTS = [
  "0",
  "1",
  "2",
  "3",
  "7",
  "10",
  "42",
  "255",
  "-1",
  "-5",
  "1_000",
  "0x1F",
  "0b101",
  "0o17",
  "123456789012345678901",
  "9007199254740993",
];
const FLOATS = [
  "0.0",
  "1.0",
  "2.5",
  "0.1",
  "1e3",
  "1.5e-7",
  "3.14159",
  "-0.5",
  "1e16",
  "123456.789",
  "1e22",
  "5e-324",
  "2.675",
  "0.5",
];
const FORMATS = [
  "'%s'",
  "'%d'",
  "'%5.2f|'",
  "'%-5s|'",
  "'%05d'",
  "'%+d'",
  "'%x'",
  "'%X'",
  "'%o'",
  "'%e'",
  "'%g'",
  "'%r'",
  "'%%'",
  "'%s %s'",
  "'%c'",
  "'%#x'",
  "'%.3s'",
  "'% d'",
  "'%10.3e'",
  "'%i'",
  "'%(a)s'",
  "'%a'",
  "'%*d'",
  "'%.0f'",
  "'%G'",
  "'%s'",
  "'%.2f'",
];
const SPECS = [
  "",
  ":d",
  ":5",
  ":>5",
  ":<5",
  ":^7",
  ":*^9",
  ":05",
  ":+",
  ":,",
  ":_",
  ":x",
  ":#x",
  ":b",
  ":.2f",
  ":.3",
  ":e",
  ":g",
  ":%",
  ":10.3f",
  ":<8.2e",
  ":s",
  ":.1%",
  ":n",
  ":=+6",
  ":,.2f",
  ":c",
  ":08.3f",
  ":#o",
  ": d",
  ":_x",
  ":G",
  ":08,",
];

const STR_FILTERS = [
  "upper",
  "lower",
  "title",
  "capitalize",
  "trim",
  "string",
  "replace('a', 'b')",
  "replace('o', '0', 1)",
  "center(12)",
  "indent",
  "indent(2, true)",
  "indent('> ', blank=true)",
  "truncate(5)",
  "truncate(7, true, '…')",
  "truncate(9, false, '..', 0)",
  "wordwrap(6)",
  "wordwrap(4, false)",
  "urlencode",
  "e",
  "escape",
  "forceescape",
  "striptags",
  "reverse",
  "safe",
  "default('d')",
  "d('d', true)",
  "join('-')",
  "first|string",
  "urlize",
  "format(1)",
  "pprint",
  "tojson",
  "trim('/')",
  "wordwrap(5, wrapstring='|')",
  "list|join('.')",
  "filesizeformat",
  "wordwrap(8, break_on_hyphens=false)",
  "urlize(6, true)",
  "replace('', '.')",
  "indent(width=3, first=true)",
];
const INT_FILTERS = ["abs", "int", "round|int", "int(base=16)", "default(5)", "int(7)"];
const FLOAT_FILTERS = [
  "round",
  "round(1)",
  "round(2, 'floor')",
  "round(1, 'ceil')",
  "float",
  "abs",
  "round(-1)",
  "float(1.5)",
];
const LIST_FILTERS = [
  "list",
  "sort",
  "sort(reverse=true)",
  "sort(true)",
  "reverse|list",
  "unique|list",
  "batch(2)|list",
  "batch(3, 'x')|list",
  "slice(2)|list",
  "slice(3, 'f')|list",
  "map('string')|list",
  "map('upper')|list",
  "map(attribute='name')|list",
  "map(attribute='zz', default='q')|list",
  "select|list",
  "reject|list",
  "select('string')|list",
  "reject('none')|list",
  "selectattr('gpu')|list",
  "rejectattr('gpu')|list",
  "selectattr('role', 'equalto', 'worker')|list",
  "sort(attribute='name')",
  "sort(attribute='gpu,name')",
  "groupby('role')|list",
  "unique(attribute='role')|list",
  "map('length')|list",
  "select('gt', 2)|list",
  "map('int')|list",
  "map('abs')|list",
  "select('in', l)|list",
  "map(attribute=0)|list",
  "groupby('gpu', default=0)",
  "map('replace', 'a', 'b')|list",
  "unique(true)|list",
  "sort(attribute='0')",
  "list|sort|unique|list",
  "map('default', 9)|list",
  "map(attribute='name')|map('title')|list",
  "selectattr('name', 'defined')|list",
  "select('divisibleby', 2)|list",
];
const STR_METHODS = [
  "upper()",
  "lower()",
  "strip()",
  "lstrip('x')",
  "rstrip()",
  "split()|join('|')",
  "split(',')|join('|')",
  "replace('a', 'b')",
  "title()",
  "capitalize()",
  "swapcase()",
  "zfill(6)",
  "center(9, '*')",
  "ljust(6)",
  "rjust(6, '.')",
  "expandtabs(4)",
  "partition(' ')|join('/')",
  "rpartition('-')|join('/')",
  "removeprefix('a')",
  "removesuffix('c')",
  "casefold()",
  "splitlines()|join('/')",
  "rsplit(' ', 1)|join('/')",
  "join(['p', 'q'])",
  "format(1, a=2)",
  "strip('/')",
  "split(None, 1)|join('|')",
  "rsplit()|join('|')",
  "split('X', 1)|join('+')",
  "translate({97: 'A'})",
  "join(words)",
  "rsplit(none, 1)|join('|')",
];
const BOOL_METHODS = [
  "startswith('a')",
  "endswith('o')",
  "isdigit()",
  "isalpha()",
  "isalnum()",
  "islower()",
  "isupper()",
  "isspace()",
  "istitle()",
  "isnumeric()",
  "isdecimal()",
  "isidentifier()",
  "isascii()",
  "isprintable()",
  "startswith(('a', 'b'))",
  "endswith('c', 1)",
];
const INT_METHODS = [
  "find('o')",
  "rfind('a')",
  "count('a')",
  "index('l')",
  "count('')",
  "find('l', 2)",
  "count('a', 1, -1)",
  "find('')",
];
const TESTS = [
  "defined",
  "undefined",
  "none",
  "string",
  "number",
  "integer",
  "float",
  "boolean",
  "mapping",
  "sequence",
  "iterable",
  "odd",
  "even",
  "divisibleby 3",
  "divisibleby(2)",
  "true",
  "false",
  "lower",
  "upper",
  "callable",
  "eq 1",
  "ne 'a'",
  "gt 2",
  "lt 2",
  "ge 1",
  "le 3",
  "in l",
  "in 'abc'",
  "sameas none",
  "sameas true",
  "equalto(2)",
  "escaped",
  "filter",
  "test",
  "greaterthan(0)",
  "lessthan 5",
  "in cfg",
  "==(1)",
  "not none",
  "not defined",
];

export class Expressions {
  readonly random: Random;
  /** Variables that the template has set so far. */
  readonly variables: string[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  any(depth: number): string {
    return this.of(this.random.pick<Kind>(["int", "float", "str", "bool", "list", "dict", "any"]), depth);
  }

  of(kind: Kind, depth: number): string {
    const { random } = this;
    if (random.chance(0.015))
      return this.#leaf(random.pick<Kind>(["int", "str", "list", "dict", "any", "float"]));
    if (depth <= 0) return this.#leaf(kind);
    if (random.chance(0.06))
      return `(${this.of(kind, depth - 1)} if ${this.of("bool", depth - 1)} else ${this.of(kind, depth - 1)})`;
    if (random.chance(0.03))
      return `(${this.of(kind, depth - 1)} ${random.pick(["or", "and"])} ${this.of(kind, depth - 1)})`;
    switch (kind) {
      case "int":
        return this.#int(depth);
      case "float":
        return this.#float(depth);
      case "str":
        return this.#str(depth);
      case "bool":
        return this.#bool(depth);
      case "list":
        return this.#list(depth);
      case "dict":
        return this.#dict(depth);
      case "any":
        return this.#any(depth);
    }
  }

  #leaf(kind: Kind): string {
    const { random } = this;
    if (this.variables.length > 0 && random.chance(0.15)) return random.pick(this.variables);
    if (random.chance(0.6)) return random.pick(NAMES[kind]);
    switch (kind) {
      case "int":
        return random.pick(INTS);
      case "float":
        return random.pick(FLOATS);
      case "str":
        return random.pick(STRINGS);
      case "bool":
        return random.pick(["true", "false", "True", "False"]);
      case "list":
        return random.pick([
          "[]",
          "[1, 2, 3]",
          "['b', 'a', 'C']",
          "[1, 'a', none]",
          "(1, 2)",
          "()",
          "('x',)",
          "range(4)",
          "[[1, 2], [3]]",
          "[0.5, 2]",
          "[true, 1, 0]",
        ]);
      case "dict":
        return random.pick([
          "{}",
          "{'a': 1}",
          "{'b': 2, 'a': 1}",
          "{1: 'x', 'k': [1]}",
          "dict(a=1, b='z')",
          "{'a': {'b': {'c': 5}}}",
          "{none: 0, true: 1}",
        ]);
      case "any":
        return random.pick(["none", "None", "nope", "true", "'s'", "3", "[]"]);
    }
  }

  #group(text: string): string {
    return /^[\w.[\]'"]+$/.test(text) && !/^\d/.test(text) ? text : `(${text})`;
  }

  #operand(kind: Kind, depth: number): string {
    const text = this.of(kind, depth - 1);
    return this.random.chance(0.3) ? text : this.#group(text);
  }

  #numeric(depth: number): string {
    return this.#operand(this.random.chance(0.7) ? "int" : "float", depth);
  }

  #int(depth: number): string {
    const { random } = this;
    switch (random.int(11)) {
      case 0:
      case 1:
        return `${this.#operand("int", depth)} ${random.pick(["+", "-", "*"])} ${this.#operand("int", depth)}`;
      case 2:
        return `${this.#operand("int", depth)} ${random.pick(["//", "%"])} ${this.#operand("int", depth)}`;
      case 3:
        return `${random.pick(["n", "2", "(-3)", "-3", "zero", "neg"])} ** ${random.pick(["2", "3", "0", "n", "zero"])}`;
      case 4:
        return `${this.#group(this.random.pick<Kind>(["list", "str", "dict"]) === "list" ? this.of("list", depth - 1) : this.of("str", depth - 1))}|${random.pick(["length", "count", "wordcount"])}`;
      case 5:
        return `-${this.#operand("int", depth)}`;
      case 6:
        return `${this.#operand("str", depth)}|int`;
      case 7:
        return `${this.#group(this.of("str", depth - 1))}.${random.pick(INT_METHODS)}`;
      case 8:
        return `${this.#group(this.of("list", depth - 1))}|${random.pick(["sum", "min", "max", "first", "last", "sum(attribute='gpu')", "sum(start=2)"])}`;
      case 9:
        return `${this.#numeric(depth)}|${random.pick(INT_FILTERS)}`;
      default:
        return `${this.#group(this.of("list", depth - 1))}[${random.pick(["0", "1", "-1", "n", "5"])}]`;
    }
  }

  #float(depth: number): string {
    const { random } = this;
    switch (random.int(5)) {
      case 0:
        return `${this.#numeric(depth)} / ${this.#numeric(depth)}`;
      case 1:
        return `${this.#operand("float", depth)} ${random.pick(["+", "-", "*", "//", "%"])} ${this.#numeric(depth)}`;
      case 2:
        return `${this.#numeric(depth)}|${random.pick(FLOAT_FILTERS)}`;
      case 3:
        return `${this.#group(this.of("str", depth - 1))}|float`;
      default:
        return `${random.pick(["x", "2", "0.5", "w"])} ** ${random.pick(["2", "-1", "0.5", "n"])}`;
    }
  }

  #str(depth: number): string {
    const { random } = this;
    switch (random.int(12)) {
      case 0:
      case 1:
        return `${this.#operand("str", depth)} ~ ${this.#operand("any", depth)}${random.chance(0.3) ? ` ~ ${this.#operand("int", depth)}` : ""}`;
      case 2:
        return `${this.#operand("str", depth)} + ${this.#operand("str", depth)}`;
      case 3:
      case 4:
        return `${this.#group(this.of("str", depth - 1))}|${random.pick(STR_FILTERS)}`;
      case 5:
      case 6:
        return `${this.#group(this.of("str", depth - 1))}.${random.pick(STR_METHODS)}`;
      case 7:
        return `${this.#group(this.of("str", depth - 1))}[${random.pick(["0", "-1", "1:", ":2", "::2", "::-1", "1:3", "-2:", "n", ":-1", "5:2:-1", "none:2", "0:9"])}]`;
      case 8:
        return `${random.pick(FORMATS)} % ${random.pick([this.#group(this.any(depth - 1)), `(${this.any(depth - 1)}, ${this.any(depth - 1)})`, "{'a': 1}", this.#group(this.of("float", depth - 1))])}`;
      case 9:
        return `'{${random.pick(["", "0", "0", "a"])}${random.pick(["", "", "", "!r", "!s"])}${random.pick(SPECS)}}'.format(${random.chance(0.6) ? this.#operand(random.pick<Kind>(["int", "float"]), depth) : this.any(depth - 1)}, a=${this.#leaf("int")})`;
      case 10:
        return `${this.#group(this.any(depth - 1))}|${random.pick(["string", "tojson", "pprint", "e", "tojson(indent=2)", "join(',')", "default('dd')"])}`;
      default:
        return `${this.#operand("str", depth)} * ${random.pick(["2", "0", "3", "-1", "n"])}`;
    }
  }

  #bool(depth: number): string {
    const { random } = this;
    switch (random.int(9)) {
      case 0:
        return `${this.#operand("int", depth)} ${random.pick(["<", "<=", ">", ">=", "==", "!="])} ${this.#numeric(depth)}`;
      case 1:
        return `${this.#operand("str", depth)} ${random.pick(["<", "==", "!=", ">="])} ${this.#operand("str", depth)}`;
      case 2:
        return `not ${this.#operand("any", depth)}`;
      case 3:
        return `${this.#operand("any", depth)} ${random.pick(["in", "not in"])} ${this.#operand(random.pick<Kind>(["list", "dict", "list"]), depth)}`;
      case 4:
      case 5:
        return `${this.#group(this.any(depth - 1))} is ${random.chance(0.2) ? "not " : ""}${random.pick(TESTS)}`;
      case 6:
        return `${this.#leaf("int")} < ${this.#leaf("int")} ${random.pick(["<", "<=", "=="])} ${this.#leaf("int")}`;
      case 7:
        return `${this.#group(this.of("str", depth - 1))}.${random.pick(BOOL_METHODS)}`;
      default:
        return `${this.any(depth - 1)} ${random.pick(["==", "!="])} ${this.any(depth - 1)}`;
    }
  }

  #list(depth: number): string {
    const { random } = this;
    switch (random.int(9)) {
      case 0:
        return `[${random.some(4, () => this.any(depth - 1)).join(", ")}]`;
      case 1:
        return `(${random.some(3, () => this.any(depth - 1), 1).join(", ")},)`;
      case 2:
      case 3:
      case 4:
        return `${this.#group(this.of("list", depth - 1))}|${random.pick(LIST_FILTERS)}`;
      case 5:
        return `${this.#group(this.of("list", depth - 1))}[${random.pick(["1:", ":2", "::2", "::-1", ":-1", "-2:", "1:3"])}]`;
      case 6:
        return `${this.#group(this.of("dict", depth - 1))}.${random.pick(["keys()", "values()", "items()"])}|list`;
      case 7:
        return `${this.#group(this.of("str", depth - 1))}.split(${random.pick(["", "','", "'X'", "none, 1", "' '"])})`;
      default:
        return random.chance(0.5)
          ? `${this.#group(this.of("list", depth - 1))} + ${this.#group(this.of("list", depth - 1))}`
          : `${this.#group(this.of("dict", depth - 1))}|dictsort${random.pick(["", "(true)", "(by='value')", "(reverse=true)"])}`;
    }
  }

  #dict(depth: number): string {
    const { random } = this;
    switch (random.int(4)) {
      case 0:
        return `{${random.some(3, () => `${random.pick(["'a'", "'k'", "1", "n", "s", "none", "2.0", "true", "(1, 2)", "'10'"])}: ${this.any(depth - 1)}`).join(", ")}}`;
      case 1:
        return `dict(${random.pick(["", "cfg, ", "[('p', 1)], "])}${random.pick(["a", "zz"])}=${this.any(depth - 1)})`;
      case 2:
        return `${this.#group(this.of("dict", depth - 1))}.copy()`;
      default:
        return this.#leaf("dict");
    }
  }

  #any(depth: number): string {
    const { random } = this;
    switch (random.int(8)) {
      case 0:
        return `${this.#group(this.of("dict", depth - 1))}.${random.pick(["a", "b", "nope", "name", "get('a')", "get('zz', 7)", "pop('q', 3)", "a.b", "setdefault('a', 2)"])}`;
      case 1:
        return `${this.#group(this.of("dict", depth - 1))}[${random.pick(["'a'", "'nope'", "1", "n", "s", "none"])}]`;
      case 2:
        return `${this.#group(this.any(depth - 1))}|${random.pick(["default('d')", "default(none)", "d(1, true)", "first", "last", "attr('a')", "length", "list", "string", "items|list", "max", "min"])}`;
      case 3:
        return random.chance(0.3) ? this.#misuse(depth) : this.any(depth - 1);
      case 4:
        return `${this.#group(this.of("list", depth - 1))}|${random.pick(["first", "last", "max", "min", "min(attribute='gpu')", "max(true)"])}`;
      case 5:
        return `${this.#group(this.of("int", depth - 1))}.${random.pick(["bit_length()", "real", "imag", "numerator", "nope"])}`;
      default:
        return this.any(depth - 1);
    }
  }

  /** Operations between whatever comes. */
  #misuse(depth: number): string {
    const { random } = this;
    const [left, right] = [this.#group(this.any(depth - 1)), this.#group(this.any(depth - 1))];
    return random.pick([
      `${left} ${random.pick(["+", "-", "*", "//", "%", "<", ">=", "/"])} ${right}`,
      `${left}(${right})`,
      `${left}[${right}]`,
      `${left}.x`,
      `${left}|${random.pick([...STR_FILTERS, ...LIST_FILTERS, ...INT_FILTERS, ...FLOAT_FILTERS])}`,
      `${left}|${random.pick(["upper(1)", "replace('a')", "join(1, 2, 3)", "round('x')", "sort(zz=1)", "batch()", "default(1, 2, 3)", "indent(blank=1, width='x')", "truncate(1)", "center('x')", "round(1, 'zz')", "dictsort(by='z')", "tojson(indent=true)", "int(1, 2, 3)"])}`,
      `${left}.${random.pick(STR_METHODS)}`,
      `${left} in ${right}`,
      `-${left}`,
      `${left} is ${random.pick(TESTS)}`,
      `range(${this.#leaf("int")} % 9)|list`,
      `${left}[${random.pick(["1:", ":", "::-1"])}]`,
    ]);
  }
}
