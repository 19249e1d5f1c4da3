// Binds the arguments of a call to the parameters of a Python function, with Python's errors.
import { raise } from "../errors.ts";
import type { Kwargs } from "./types.ts";

export interface Signature {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly required: number;
  readonly rest: boolean;
  readonly keywords: boolean;
  /** Parameters Jinja2 fills in itself (eval_ctx, environment, context); Python counts them in messages. */
  readonly hidden: number;
}

const HIDDEN = new Set(["eval_ctx", "environment", "context", "env"]);

/** Parses `"do_join(eval_ctx, value, d=, attribute=)"`; a parameter with `=` is optional. */
export function signature(text: string): Signature {
  const [, name = "", list = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const all = list
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const hidden = all[0] !== undefined && HIDDEN.has(all[0]) ? 1 : 0;
  const visible = all.slice(hidden);
  const plain = visible.filter((part) => !part.startsWith("*"));
  return {
    name,
    parameters: plain.map((part) => part.replace("=", "")),
    required: plain.filter((part) => !part.endsWith("=")).length,
    rest: visible.some((part) => /^\*[^*]/.test(part)),
    keywords: visible.some((part) => part.startsWith("**")),
    hidden,
  };
}

/** The arguments in the order of the parameters (`undefined` where none was given), then `*args` and `**kwargs`. */
export function bind(to: Signature, args: readonly unknown[], kwargs: Kwargs): readonly unknown[] {
  const { parameters, rest, keywords } = to;
  if (
    kwargs.size === 0 &&
    !rest &&
    !keywords &&
    args.length <= parameters.length &&
    args.length >= to.required
  )
    return args;
  if (args.length > parameters.length && !rest) return tooMany(to, args.length);
  const bound: unknown[] = args.slice(0, parameters.length);
  const left = new Map<string, unknown>();
  for (const [key, value] of kwargs) {
    const index = parameters.indexOf(key);
    if (index < 0) {
      if (!keywords) return raise("TypeError", `${to.name}() got an unexpected keyword argument '${key}'`);
      left.set(key, value);
    } else if (bound[index] !== undefined) {
      return raise("TypeError", `${to.name}() got multiple values for argument '${key}'`);
    } else bound[index] = value;
  }
  const missing = parameters.slice(0, to.required).filter((_, index) => bound[index] === undefined);
  if (missing.length > 0) return missed(to, missing);
  bound.length = parameters.length;
  if (rest) bound.push(args.slice(parameters.length));
  if (keywords) bound.push(left);
  return bound;
}

function tooMany({ name, parameters, required, hidden }: Signature, given: number): never {
  const most = parameters.length + hidden;
  const range = required === parameters.length ? String(most) : `from ${required + hidden} to ${most}`;
  const plural = most === 1 && required === parameters.length ? "" : "s";
  return raise(
    "TypeError",
    `${name}() takes ${range} positional argument${plural} but ${given + hidden} ${given + hidden === 1 ? "was" : "were"} given`,
  );
}

function missed({ name }: Signature, missing: readonly string[]): never {
  const quoted = missing.map((parameter) => `'${parameter}'`);
  const last = quoted.pop() ?? "";
  const list = quoted.length === 0 ? last : `${quoted.join(", ")}${quoted.length > 1 ? "," : ""} and ${last}`;
  return raise(
    "TypeError",
    `${name}() missing ${missing.length} required positional argument${missing.length === 1 ? "" : "s"}: ${list}`,
  );
}
