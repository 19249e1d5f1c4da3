import { type FunctionScope, Symbols } from "./symbols.ts";

/** What is known of autoescaping while compiling; `volatile` when only the render will tell. */
export interface EscapeState {
  autoescape: unknown;
  volatile: boolean;
}

/** The part of the template that is being compiled. */
export interface CompileFrame {
  readonly symbols: Symbols;
  readonly escape: EscapeState;
  /** At the top of the template, also inside its ifs. */
  readonly toplevel: boolean;
  readonly rootlevel: boolean;
  readonly loop: boolean;
  readonly block: boolean;
  /** Inside an if or a conditional expression, where an unknown filter is an error only when it is reached. */
  readonly soft: boolean;
  /** Text is only written while no `extends` was met. */
  readonly outputCheck: boolean;
}

export function rootFrame(scope: FunctionScope, escape: EscapeState, outputCheck: boolean): CompileFrame {
  return {
    symbols: new Symbols(scope),
    escape,
    toplevel: true,
    rootlevel: true,
    loop: false,
    block: false,
    soft: false,
    outputCheck,
  };
}

export function innerFrame(
  frame: CompileFrame,
  options: { readonly scope?: FunctionScope; readonly loop?: boolean; readonly outputCheck?: boolean } = {},
): CompileFrame {
  return {
    symbols: new Symbols(options.scope ?? frame.symbols.scope, frame.symbols),
    escape: frame.escape,
    toplevel: false,
    rootlevel: false,
    loop: options.loop ?? false,
    block: false,
    soft: false,
    outputCheck: options.outputCheck ?? frame.outputCheck,
  };
}

export function softFrame(frame: CompileFrame): CompileFrame {
  return { ...frame, rootlevel: false, soft: true };
}
