// Turns a parsed template into functions. They call each other directly: no code is generated or evaluated.
import { raise } from "../errors.ts";
import type { BlockNode, ExtendsNode, Statement } from "../parser/nodes.ts";
import type { Source } from "../parser/source.ts";
import { Activation, type Context } from "../runtime/context.ts";
import { runBlock, superBlock, TemplateReference } from "../runtime/blocks.ts";
import { getTemplate } from "../runtime/modules.ts";
import type { Host } from "../runtime/runtime.ts";
import { descendants, findUndeclared } from "./children.ts";
import { Compilation, enterPart, read, type Run, write } from "./compilation.ts";
import { type CompileFrame, rootFrame } from "./frame.ts";
import { ImportCompiler } from "./imports.ts";
import type { SpecialStatement } from "./statements.ts";
import { FunctionScope } from "./symbols.ts";
import type { BlockFunction, CompiledTemplate } from "./template.ts";

export function compileTemplate(
  source: Source,
  statements: readonly Statement[],
  host: Host,
): CompiledTemplate {
  return new TemplateCompiler(new Compilation(host, source)).template(source, statements);
}

class TemplateCompiler extends ImportCompiler {
  readonly #rootScope = new FunctionScope();
  /** Holds the template that an `extends` named, once one was met. */
  readonly #parent = this.#rootScope.reference(-1, "parent template");
  #knownExtends = false;
  #extendsSoFar = 0;
  #stopped = false;

  template(source: Source, statements: readonly Statement[]): CompiledTemplate {
    const blocks = this.#collectBlocks(statements);
    const root = this.#root(statements);
    const functions = new Map<string, BlockFunction>();
    const template: CompiledTemplate = { name: source.name, source, blocks: functions, root };

    for (const [name, block] of blocks) functions.set(name, this.#blockFunction(block, template));
    if (this.compilation.lateError) throw this.compilation.lateError;
    return template;
  }

  #collectBlocks(statements: readonly Statement[]): Map<string, BlockNode> {
    const blocks = new Map<string, BlockNode>();
    for (const node of descendants(statements)) {
      if (node.kind !== "block") continue;
      if (blocks.has(node.name)) this.compilation.fail(`block '${node.name}' defined twice`, node);
      blocks.set(node.name, node);
    }
    return blocks;
  }

  #root(statements: readonly Statement[]): (context: Context) => void {
    const scope = this.#rootScope;
    const hasExtends = descendants(statements).some((node) => node.kind === "extends");
    const frame = rootFrame(scope, this.compilation.escape, hasExtends);
    const needsSelf = findUndeclared(statements, ["self"]).has("self");
    const self = needsSelf ? frame.symbols.declareParameter("self").slot : undefined;
    frame.symbols.analyzeAll(statements);
    const enter = enterPart(frame.symbols);
    const body = this.body(statements, frame);
    this.#stopped = false;
    const parentSlot = this.#parent.slot;
    const name = this.compilation.source.name;
    return (context) => {
      const activation = new Activation(context, scope.size);
      if (self !== undefined) activation.slots[self] = new TemplateReference(context, name);
      enter(activation);
      body(activation);
      const parent = activation.slots[parentSlot] as CompiledTemplate | undefined;
      if (!parent) return;
      context.runtime.enter("extends", parent.name);
      parent.root(context);
      context.runtime.leave();
    };
  }

  #blockFunction(node: BlockNode, template: CompiledTemplate): BlockFunction {
    this.compilation.line = node.line;
    const scope = new FunctionScope();
    const frame: CompileFrame = {
      ...rootFrame(scope, this.compilation.escape, false),
      toplevel: false,
      rootlevel: false,
      block: true,
    };
    const undeclared = findUndeclared(node.body, ["self", "super"]);
    const self = undeclared.has("self") ? frame.symbols.declareParameter("self").slot : undefined;
    const parent = undeclared.has("super") ? frame.symbols.declareParameter("super").slot : undefined;
    frame.symbols.analyze(node);
    const enter = enterPart(frame.symbols);
    const body = this.outsideLoops(() => this.body(node.body, frame));
    const block: BlockFunction = {
      name: node.name,
      template,
      run: (context) => {
        const activation = new Activation(context, scope.size);
        if (self !== undefined) activation.slots[self] = new TemplateReference(context, template.name);
        if (parent !== undefined) activation.slots[parent] = superBlock(node.name, block, context);
        enter(activation);
        body(activation);
      },
    };
    return block;
  }

  protected stopped(): boolean {
    return this.#stopped;
  }

  protected outputGuard(frame: CompileFrame): ((activation: Activation) => boolean) | "always" | undefined {
    if (!frame.outputCheck) return "always";
    if (this.#knownExtends) return undefined;
    return this.#noParent(frame);
  }

  #noParent(frame: CompileFrame): (activation: Activation) => boolean {
    const parent = read(this.#parent, frame.symbols.scope);
    return (activation) => parent(activation) === undefined;
  }

  protected special(node: SpecialStatement, frame: CompileFrame): Run {
    switch (node.kind) {
      case "for":
        return this.for(node, frame);
      case "macro":
        return this.macro(node, frame);
      case "callblock":
        return this.callBlock(node, frame);
      case "block":
        return this.#block(node, frame);
      case "extends":
        return this.#extends(node, frame);
      case "include":
        return this.include(node, frame);
      case "import":
        return this.import(node, frame);
      case "fromimport":
        return this.fromImport(node, frame);
      case "break":
      case "continue": {
        if (!this.insideLoop)
          this.compilation.late(
            node.kind === "break" ? "'break' outside loop" : "'continue' not properly in loop",
            node,
          );
        const signal = node.kind === "break" ? 1 : 2;
        return () => signal;
      }
    }
  }

  #block(node: BlockNode, frame: CompileFrame): Run {
    if (frame.toplevel && this.#knownExtends) return () => 0;
    const guard = frame.toplevel && this.#extendsSoFar > 0 ? this.#noParent(frame) : undefined;
    this.compilation.line = node.line;
    const place = this.compilation.place(node);
    const locals = node.scoped ? this.locals(frame) : undefined;
    const { name, required } = node;
    return (activation) => {
      if (guard && !guard(activation)) return 0;
      const { context, runtime } = activation;
      runtime.place = place;
      const versions = context.blocks.get(name) ?? [];
      if (required && versions.length <= 1)
        raise("TemplateRuntimeError", `Required block '${name}' not found`);
      const [block] = versions;
      if (block) runBlock(block, locals ? context.derived(locals(activation)) : context);
      return 0;
    };
  }

  #extends(node: ExtendsNode, frame: CompileFrame): Run {
    if (!frame.toplevel) this.compilation.fail("cannot use extend from a non top-level scope", node);
    const again = (): never => raise("TemplateRuntimeError", "extended multiple times");
    if (this.#knownExtends) {
      this.#stopped = true;
      return again;
    }
    const guard = this.#extendsSoFar > 0 ? this.#noParent(frame) : undefined;
    this.compilation.line = node.line;
    const name = this.expression(node.template, frame);
    const place = this.compilation.place(node.template);
    const store = write(this.#parent, frame.symbols.scope);
    if (frame.rootlevel) this.#knownExtends = true;
    this.#extendsSoFar++;
    return (activation) => {
      if (guard && !guard(activation)) again();
      const value = name(activation);
      const { context, runtime } = activation;
      runtime.place = place;
      const parent = getTemplate(value, runtime);
      store(activation, parent);
      for (const [blockName, block] of parent.blocks) {
        const versions = context.blocks.get(blockName);
        if (versions) versions.push(block);
        else context.blocks.set(blockName, [block]);
      }
      return 0;
    };
  }
}
