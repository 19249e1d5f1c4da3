// `{% trans %}`: what stands between the tags becomes a text with `%(name)s` in it, which gettext is called with.
import { strip, SPACE_CLASS } from "../values/strings.ts";
import type { ExpressionParser } from "./expressions.ts";
import type { Expression, Statement } from "./nodes.ts";
import type { TokenStream } from "./stream.ts";
import { isToken } from "./tokens.ts";

interface Head {
  readonly context: string | undefined;
  readonly variables: Map<string, Expression>;
  readonly trimmed: boolean;
  readonly assignment: Statement | undefined;
  counted: Expression | undefined;
}

type At = { readonly line: number; readonly at: number };

export function parseTranslation(parser: ExpressionParser): Statement[] {
  const { stream } = parser;
  const { line, at } = stream.next();
  const head = parseHead(parser, { line, at });
  stream.expect("block_end");
  const singular = parseText(stream, true);
  const [firstName] = singular.names;
  if (!head.counted && firstName !== undefined) head.counted = nameNode(firstName, { line, at });
  const names = new Set(singular.names);
  let plural: string | undefined;
  if (stream.is("name:pluralize")) {
    plural = parsePlural(parser, head, names);
    if (!head.counted) stream.fail("pluralize without variables", { line, at });
  }
  stream.next();
  for (const name of names)
    if (!head.variables.has(name)) head.variables.set(name, nameNode(name, { line, at }));
  const finish = (text: string): string => {
    const trimmed = head.trimmed
      ? strip(text).replaceAll(new RegExp(`[${SPACE_CLASS}]*\\n[${SPACE_CLASS}]*`, "g"), " ")
      : text;
    return names.size > 0 ? trimmed : trimmed.replaceAll("%%", "%");
  };
  const output = outputNode(finish(singular.text), plural === undefined ? undefined : finish(plural), head, {
    line,
    at,
  });
  return head.assignment ? [head.assignment, output] : [output];
}

function nameNode(name: string, place: At): Expression {
  return { kind: "name", name, context: "load", ...place };
}

function parseHead(parser: ExpressionParser, place: At): Head {
  const { stream } = parser;
  const context = stream.is("string") ? stream.next().value : undefined;
  const variables = new Map<string, Expression>();
  let trimmed: boolean | undefined;
  let counted: Expression | undefined;
  let assignment: Statement | undefined;
  while (stream.current.type !== "block_end") {
    if (variables.size > 0) stream.expect("comma");
    if (stream.skipIf("colon")) break;
    const token = stream.expect("name");
    const name = token.value;
    if (variables.has(name))
      throw stream.source.error(
        "TemplateAssertionError",
        `translatable variable '${name}' defined twice.`,
        token,
      );
    let value: Expression;
    if (stream.skipIf("assign")) value = parser.parseExpression();
    else if (trimmed === undefined && (name === "trimmed" || name === "notrimmed")) {
      trimmed = name === "trimmed";
      continue;
    } else value = nameNode(name, place);
    if (!counted && value.kind === "call") {
      assignment = {
        kind: "assign",
        target: { kind: "name", name: "_trans", context: "store", ...place },
        value,
        ...place,
      };
      value = nameNode("_trans", place);
    }
    counted ??= value;
    variables.set(name, value);
  }
  return { context, variables, trimmed: trimmed ?? false, assignment, counted };
}

function parsePlural(parser: ExpressionParser, head: Head, names: Set<string>): string {
  const { stream } = parser;
  stream.next();
  if (stream.current.type !== "block_end") {
    const token = stream.expect("name");
    const counted = head.variables.get(token.value);
    if (!counted)
      throw stream.source.error(
        "TemplateAssertionError",
        `unknown variable '${token.value}' for pluralization`,
        token,
      );
    head.counted = counted;
  }
  stream.expect("block_end");
  const plural = parseText(stream, false);
  for (const name of plural.names) names.add(name);
  return plural.text;
}

function parseText(stream: TokenStream, allowPluralize: boolean): { names: string[]; text: string } {
  const names: string[] = [];
  let text = "";
  for (;;) {
    if (stream.is("data")) text += stream.next().value.replaceAll("%", "%%");
    else if (stream.skipIf("variable_begin")) {
      const name = stream.expect("name").value;
      names.push(name);
      text += `%(${name})s`;
      stream.expect("variable_end");
    } else if (stream.skipIf("block_begin")) {
      if (isToken(stream.current, "name:endtrans")) return { names, text };
      if (isToken(stream.current, "name:pluralize")) {
        if (allowPluralize) return { names, text };
        stream.fail("a translatable section can have only one pluralize section");
      }
      stream.fail("control structures in translatable sections are not allowed");
    } else stream.fail("unclosed translation block");
  }
}

function outputNode(singular: string, plural: string | undefined, head: Head, place: At): Statement {
  const constant = (value: string): Expression => ({ kind: "const", value, ...place });
  const args: Expression[] = [];
  if (head.context !== undefined) args.push(constant(head.context));
  args.push(constant(singular));
  if (plural !== undefined && head.counted) args.push(constant(plural), head.counted);
  const name = `${plural === undefined ? "" : "n"}${head.context === undefined ? "" : "p"}gettext`;
  const nothing = { kwargs: [], dynamicArgs: undefined, dynamicKwargs: undefined };
  const call: Expression = { kind: "call", node: nameNode(name, place), args, ...nothing, ...place };
  const safe: Expression = { kind: "safe", node: call, ...place };
  const pairs = [...head.variables].map(([key, value]) => ({ key: constant(key), value }));
  const values: Expression = { kind: "dict", pairs, ...place };
  const text: Expression =
    pairs.length === 0 ? safe : { kind: "binary", operator: "%", left: safe, right: values, ...place };
  return { kind: "output", nodes: [text], ...place };
}
