import { ExpressionParser } from "./expressions.ts";
import type { Expression, NameNode, Target } from "./nodes.ts";

/** Names as Jinja2's own error messages write them. */
const NODE_NAMES: Partial<Record<Expression["kind"], string>> = {
  condition: "condexpr",
  getattr: "getattr",
  getitem: "getitem",
};
const BINARY_NAMES = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "//": "floordiv",
  "%": "mod",
  "**": "pow",
};

interface TargetOptions {
  readonly nameOnly?: boolean;
  readonly withNamespace?: boolean;
  readonly endsAt?: string;
}

/** What is assigned to: targets, and the parameters of macros. */
export abstract class TargetParser extends ExpressionParser {
  protected start<K extends string>(kind: K): { kind: K; line: number; at: number } {
    const { line, at } = this.stream.next();
    return { kind, line, at };
  }

  protected target(options: TargetOptions = {}): Target {
    const { stream } = this;
    if (options.withNamespace && stream.look().type === "dot") {
      const { value, line, at } = stream.expect("name");
      stream.next();
      return { kind: "nsref", name: value, attribute: stream.expect("name").value, line, at };
    }
    if (options.nameOnly) return this.nameTarget();
    const parsed = this.parseTuple({
      simplified: true,
      ...(options.endsAt === undefined ? {} : { endsAt: options.endsAt }),
    });
    return this.#assignable(parsed);
  }

  protected nameTarget(): NameNode {
    const { value, line, at } = this.stream.expect("name");
    if (/^(?:true|false|none|True|False|None)$/.test(value))
      return this.stream.fail("can't assign to 'name'", { line, at });
    return { kind: "name", name: value, context: "store", line, at };
  }

  #assignable(node: Expression): Target {
    const target = storable(node);
    if (target) return target;
    const name = node.kind === "binary" ? BINARY_NAMES[node.operator] : (NODE_NAMES[node.kind] ?? node.kind);
    return this.stream.fail(`can't assign to '${name}'`, node);
  }

  protected signature(): { parameters: NameNode[]; defaults: Expression[] } {
    const { stream } = this;
    const parameters: NameNode[] = [];
    const defaults: Expression[] = [];
    stream.expect("lparen");
    while (stream.current.type !== "rparen") {
      if (parameters.length > 0) stream.expect("comma");
      const parameter = this.nameTarget();
      parameter.context = "param";
      if (stream.skipIf("assign")) defaults.push(this.parseExpression());
      else if (defaults.length > 0) stream.fail("non-default argument follows default argument");
      parameters.push(parameter);
    }
    stream.expect("rparen");
    return { parameters, defaults };
  }
}

/** The node as an assignment target, or `undefined` if nothing can be assigned to it. */
function storable(node: Expression): Target | undefined {
  if (node.kind === "name") {
    node.context = "store";
    return node;
  }
  return node.kind === "tuple" && node.items.every((item) => storable(item)) ? node : undefined;
}

export function setContext(target: Expression, context: NameNode["context"]): void {
  if (target.kind === "name") target.context = context;
  else if (target.kind === "tuple") for (const item of target.items) setContext(item, context);
}
