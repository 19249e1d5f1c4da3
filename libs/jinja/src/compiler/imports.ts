import type { FromImportNode, ImportNode, IncludeNode } from "../parser/nodes.ts";
import type { Activation, Layer } from "../runtime/context.ts";
import {
  contextFor,
  defaultModule,
  getTemplate,
  isMissing,
  makeModule,
  selectTemplate,
  type TemplateModule,
} from "../runtime/modules.ts";
import { PyUndefined } from "../values/types.ts";
import { read, type Run, write } from "./compilation.ts";
import type { CompileFrame } from "./frame.ts";
import { MacroCompiler } from "./macros.ts";
import type { CompiledTemplate } from "./template.ts";

/** The statements that take in other templates. */
export abstract class ImportCompiler extends MacroCompiler {
  /** The variables set around a statement, as another template gets to see them. */
  protected locals(frame: CompileFrame): (activation: Activation) => Layer {
    const variables = [...frame.symbols.allStores()].map(([name, reference]) => ({
      name,
      value: read(reference, frame.symbols.scope),
    }));
    return (activation) => {
      const locals = new Map<string, unknown>();
      for (const { name, value } of variables) {
        const found = value(activation);
        if (found !== undefined) locals.set(name, found);
      }
      return locals;
    };
  }

  protected include(node: IncludeNode, frame: CompileFrame): Run {
    this.compilation.line = node.line;
    const name = this.expression(node.template, frame);
    const place = this.compilation.place(node.template);
    const locals = node.withContext ? this.locals(frame) : undefined;
    const constant = node.template.kind === "const" && typeof node.template.value === "string";
    const several = node.template.kind === "tuple" || node.template.kind === "list";
    return (activation) => {
      const { context, runtime } = activation;
      const find = (): CompiledTemplate => {
        const value = name(activation);
        runtime.place = place;
        const single = constant || (!several && (typeof value === "string" || value instanceof PyUndefined));
        return single ? getTemplate(value, runtime) : selectTemplate(value, runtime);
      };
      let template: CompiledTemplate;
      try {
        template = find();
      } catch (error) {
        if (node.ignoreMissing && isMissing(error)) return 0;
        throw error;
      }
      runtime.place = place;
      runtime.enter("include", template.name);
      if (locals) template.root(contextFor(template, runtime, context.snapshot(locals(activation))));
      // Jinja2 yields this text from the function around, past the buffer of a set or filter block.
      else runtime.writeThrough(defaultModule(template, runtime).body, activation.buffers);
      runtime.leave();
      return 0;
    };
  }

  #module(
    node: ImportNode | FromImportNode,
    frame: CompileFrame,
  ): (activation: Activation) => TemplateModule {
    const name = this.expression(node.template, frame);
    const place = this.compilation.place(node.template);
    const locals = node.withContext ? this.locals(frame) : undefined;
    return (activation) => {
      const value = name(activation);
      const { context, runtime } = activation;
      runtime.place = place;
      const template = getTemplate(value, runtime);
      runtime.place = place;
      runtime.enter("import", template.name);
      const module = locals
        ? makeModule(template, runtime, context.snapshot(locals(activation)))
        : defaultModule(template, runtime);
      runtime.leave();
      return module;
    };
  }

  protected import(node: ImportNode, frame: CompileFrame): Run {
    this.compilation.line = node.line;
    const module = this.#module(node, frame);
    const store = write(frame.symbols.reference(node.target), frame.symbols.scope);
    const { target } = node;
    return (activation) => {
      const value = module(activation);
      store(activation, value);
      if (frame.toplevel) {
        activation.context.vars.set(target, value);
        if (!target.startsWith("_")) activation.context.exported.delete(target);
      }
      return 0;
    };
  }

  protected fromImport(node: FromImportNode, frame: CompileFrame): Run {
    this.compilation.line = node.line;
    const module = this.#module(node, frame);
    const { source } = this.compilation;
    const names = node.names.map(({ name, alias }) => ({
      name,
      alias,
      store: write(frame.symbols.reference(alias), frame.symbols.scope),
    }));
    return (activation) => {
      const imported = module(activation);
      for (const { name, alias, store } of names) {
        const found = imported.attribute(name);
        const value =
          found === undefined
            ? missingName(activation, {
                name,
                from: imported.repr(),
                position: `line ${node.line} in '${source.name}'`,
              })
            : found;
        store(activation, value);
        if (!frame.toplevel) continue;
        activation.context.vars.set(alias, value);
        if (!alias.startsWith("_")) activation.context.exported.delete(alias);
      }
      return 0;
    };

    function missingName(
      { runtime }: Activation,
      { name, from, position }: { name: string; from: string; position: string },
    ): PyUndefined {
      const template = from.replace(/^<TemplateModule (.*)>$/, "$1");
      return runtime.hinted(
        `the template ${template} (imported on ${position}) does not export the requested name '${name}'`,
        name,
      );
    }
  }
}
