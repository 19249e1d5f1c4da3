import type { Source } from "../parser/source.ts";
import type { Context } from "../runtime/context.ts";

export interface BlockFunction {
  readonly name: string;
  readonly template: CompiledTemplate;
  readonly run: (context: Context) => void;
}

/** A template as functions that write into the render's buffer. */
export interface CompiledTemplate {
  readonly name: string;
  readonly source: Source;
  readonly blocks: ReadonlyMap<string, BlockFunction>;
  readonly root: (context: Context) => void;
}

export function ownBlocks(template: CompiledTemplate): Map<string, BlockFunction[]> {
  return new Map([...template.blocks].map(([name, block]): [string, BlockFunction[]] => [name, [block]]));
}
