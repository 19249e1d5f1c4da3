import type { FromImportNode, Statement } from "./nodes.ts";
import { TargetParser } from "./targets.ts";

/** The statements that name other templates. */
export abstract class ImportParser extends TargetParser {
  #context(fallback: boolean): boolean {
    const { stream } = this;
    if (!stream.is("name:with", "name:without")) return fallback;
    const ahead = stream.look();
    if (ahead.type !== "name" || ahead.value !== "context") return fallback;
    const withContext = stream.next().value === "with";
    stream.next();
    return withContext;
  }

  protected include(): Statement {
    const { stream } = this;
    const start = this.start("include");
    const template = this.parseExpression();
    const ahead = stream.is("name:ignore") ? stream.look() : undefined;
    const ignoreMissing = ahead?.type === "name" && ahead.value === "missing";
    if (ignoreMissing) {
      stream.next();
      stream.next();
    }
    return { ...start, template, ignoreMissing, withContext: this.#context(true) };
  }

  protected import(): Statement {
    const start = this.start("import");
    const template = this.parseExpression();
    this.stream.expect("name:as");
    const target = this.nameTarget().name;
    return { ...start, template, target, withContext: this.#context(false) };
  }

  protected fromImport(): FromImportNode {
    const { stream } = this;
    const start = this.start("from");
    const template = this.parseExpression();
    stream.expect("name:import");
    const names: { name: string; alias: string }[] = [];
    let withContext: boolean | undefined;
    const contextFollows = (): boolean => {
      if (!stream.is("name:with", "name:without") || stream.look().value !== "context") return false;
      withContext = this.#context(false);
      return true;
    };
    for (;;) {
      if (names.length > 0) stream.expect("comma");
      if (stream.current.type !== "name") stream.expect("name");
      if (contextFollows()) break;
      const target = this.nameTarget();
      if (target.name.startsWith("_"))
        throw stream.source.error(
          "TemplateAssertionError",
          "names starting with an underline can not be imported",
          target,
        );
      const alias = stream.skipIf("name:as") ? this.nameTarget().name : target.name;
      names.push({ name: target.name, alias });
      if (contextFollows() || stream.current.type !== "comma") break;
    }
    return { ...start, kind: "fromimport", template, names, withContext: withContext ?? false };
  }
}
