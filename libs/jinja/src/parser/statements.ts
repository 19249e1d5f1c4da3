import { isAllSpace } from "../values/strings.ts";
import { ImportParser } from "./imports.ts";
import type {
  AssignBlockNode,
  AssignNode,
  BlockNode,
  CallBlockNode,
  Expression,
  ForNode,
  IfNode,
  OutputNode,
  Statement,
  Target,
  WithNode,
} from "./nodes.ts";
import type { LexerOptions, Source } from "./source.ts";
import { quoted, TokenStream } from "./stream.ts";
import { setContext } from "./targets.ts";
import { describeExpected } from "./tokens.ts";
import { parseTranslation } from "./translation.ts";

export class StatementParser extends ImportParser {
  readonly #extensions: ReadonlySet<string>;
  readonly #tags: string[] = [];
  readonly #endings: (readonly string[])[] = [];

  constructor(source: Source, options: LexerOptions, extensions: ReadonlySet<string>) {
    super(new TokenStream(source, options));
    this.#extensions = extensions;
  }

  parseTemplate(): Statement[] {
    return this.#body(undefined);
  }

  #body(endings: readonly string[] | undefined): Statement[] {
    const { stream } = this;
    const body: Statement[] = [];
    let pending: Expression[] = [];
    const flush = (): void => {
      const [first] = pending;
      if (first) body.push({ kind: "output", nodes: pending, line: first.line, at: first.at });
      pending = [];
    };
    if (endings) this.#endings.push(endings);
    while (stream.current.type !== "eof") {
      const { type, line, at, value } = stream.current;
      if (type === "data") {
        pending.push({ kind: "data", text: value, line, at });
        stream.next();
      } else if (type === "variable_begin") {
        stream.next();
        pending.push(this.parseTuple());
        stream.expect("variable_end");
      } else {
        flush();
        stream.next();
        if (endings && stream.is(...endings)) break;
        body.push(...this.#statement());
        stream.expect("block_end");
      }
    }
    flush();
    if (endings) this.#endings.pop();
    return body;
  }

  #statements(endings: readonly string[], dropEnding = false): Statement[] {
    const { stream } = this;
    // Jinja2 allows a colon, as Python writes it.
    stream.skipIf("colon");
    stream.expect("block_end");
    const body = this.#body(endings);
    if (stream.current.type === "eof") this.#failTag(undefined, [...this.#endings, endings], stream.current);
    if (dropEnding) stream.next();
    return body;
  }

  #failTag(
    name: string | undefined,
    endings: readonly (readonly string[])[],
    at: { readonly line: number; readonly at: number },
  ): never {
    const message = [
      name === undefined ? "Unexpected end of template." : `Encountered unknown tag ${quoted(name)}.`,
    ];
    const looking = endings
      .at(-1)
      ?.map((ending) => `'${describeExpected(ending)}'`)
      .join(" or ");
    if (looking !== undefined) {
      const nested =
        name !== undefined &&
        endings.some((list) => list.some((ending) => describeExpected(ending) === name));
      message.push(
        nested
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
          : `Jinja was looking for the following tags: ${looking}.`,
      );
    }
    const innermost = this.#tags.at(-1);
    if (innermost !== undefined)
      message.push(`The innermost block that needs to be closed is '${innermost}'.`);
    return this.stream.fail(message.join(" "), at);
  }

  #statement(): readonly Statement[] {
    const token = this.stream.current;
    if (token.type !== "name") return this.stream.fail("tag name expected", token);
    this.#tags.push(token.value);
    const translation = token.value === "trans" && this.#extensions.has("i18n");
    const parsed = translation ? parseTranslation(this) : this.#tagged(token.value);
    this.#tags.pop();
    if (!parsed) return this.#failTag(token.value, this.#endings, token);
    return Array.isArray(parsed) ? parsed : [parsed];
  }

  #tagged(tag: string): Statement | undefined {
    switch (tag) {
      case "for":
        return this.#for();
      case "if":
        return this.#if();
      case "block":
        return this.#block();
      case "extends":
        return { ...this.start("extends"), template: this.parseExpression() };
      case "print":
        return this.#print();
      case "macro":
        return this.#macro();
      case "include":
        return this.include();
      case "from":
        return this.fromImport();
      case "import":
        return this.import();
      case "set":
        return this.#set();
      case "with":
        return this.#with();
      case "autoescape": {
        const start = this.start("autoescape");
        const value = this.parseExpression();
        return { ...start, value, body: this.#statements(["name:endautoescape"], true) };
      }
      case "call":
        return this.#callBlock();
      case "filter":
        return this.#filterBlock();
      case "do":
        return this.#extensions.has("do") ? { ...this.start("do"), node: this.parseTuple() } : undefined;
      case "break":
      case "continue":
        return this.#extensions.has("loopcontrols") ? this.start(tag) : undefined;
      default:
        return undefined;
    }
  }

  #set(): AssignNode | AssignBlockNode {
    const { line, at } = this.stream.next();
    const target = this.target({ withNamespace: true });
    if (this.stream.skipIf("assign")) return { kind: "assign", target, value: this.parseTuple(), line, at };
    const filter = this.parseFilter(undefined);
    const body = this.#statements(["name:endset"], true);
    return { kind: "assignblock", target, filter, body, line, at };
  }

  #for(): ForNode {
    const { stream } = this;
    const { line, at } = stream.next();
    const target = this.target({ endsAt: "name:in" });
    stream.expect("name:in");
    const iterable = this.parseTuple({ withCondition: false, endsAt: "name:recursive" });
    const test = stream.skipIf("name:if") ? this.parseExpression() : undefined;
    const recursive = stream.skipIf("name:recursive");
    const body = this.#statements(["name:endfor", "name:else"]);
    const otherwise = stream.next().value === "endfor" ? [] : this.#statements(["name:endfor"], true);
    return { kind: "for", target, iterable, body, otherwise, test, recursive, line, at };
  }

  #if(): IfNode {
    const { stream } = this;
    const { line, at } = stream.next();
    const branch = (start: { line: number; at: number }): IfNode => {
      const test = this.parseTuple({ withCondition: false });
      const body = this.#statements(["name:elif", "name:else", "name:endif"]);
      return { kind: "if", test, body, elifs: [], otherwise: [], ...start };
    };
    const first = branch({ line, at });
    const elifs: IfNode[] = [];
    for (;;) {
      const ending = stream.next().value;
      if (ending === "elif") elifs.push(branch({ line: stream.current.line, at: stream.current.at }));
      else {
        const otherwise = ending === "else" ? this.#statements(["name:endif"], true) : [];
        return { ...first, elifs, otherwise };
      }
    }
  }

  #with(): WithNode {
    const { stream } = this;
    const { line, at } = stream.next();
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (stream.current.type !== "block_end") {
      if (targets.length > 0) stream.expect("comma");
      const target = this.target();
      setContext(target, "param");
      targets.push(target);
      stream.expect("assign");
      values.push(this.parseExpression());
    }
    return { kind: "with", targets, values, body: this.#statements(["name:endwith"], true), line, at };
  }

  #block(): BlockNode {
    const { stream } = this;
    const { line, at } = stream.next();
    const name = stream.expect("name").value;
    const scoped = stream.skipIf("name:scoped");
    const required = stream.skipIf("name:required");
    if (stream.current.type === "sub")
      stream.fail(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
      );
    const body = this.#statements(["name:endblock"], true);
    if (required && !body.every(isBlank))
      stream.fail("Required blocks can only contain comments or whitespace");
    stream.skipIf(`name:${name}`);
    return { kind: "block", name, scoped, required, body, line, at };
  }

  #callBlock(): CallBlockNode {
    const start = this.start("callblock");
    const signature = this.stream.is("lparen") ? this.signature() : { parameters: [], defaults: [] };
    const call = this.parseExpression();
    if (call.kind !== "call") return this.stream.fail("expected call", start);
    return { ...start, ...signature, call, body: this.#statements(["name:endcall"], true) };
  }

  #filterBlock(): Statement {
    const start = this.start("filterblock");
    const filter = this.parseFilter(undefined, true);
    if (!filter) return this.stream.fail("expected a filter", start);
    return { ...start, filter, body: this.#statements(["name:endfilter"], true) };
  }

  #macro(): Statement {
    const start = this.start("macro");
    const { name } = this.nameTarget();
    return { ...start, name, ...this.signature(), body: this.#statements(["name:endmacro"], true) };
  }

  #print(): OutputNode {
    const { stream } = this;
    const start = this.start("output");
    const nodes: Expression[] = [];
    while (stream.current.type !== "block_end") {
      if (nodes.length > 0) stream.expect("comma");
      nodes.push(this.parseExpression());
    }
    return { ...start, nodes };
  }
}

function isBlank(statement: Statement): boolean {
  return (
    statement.kind === "output" &&
    statement.nodes.every((node) => node.kind === "data" && isAllSpace(node.text))
  );
}
