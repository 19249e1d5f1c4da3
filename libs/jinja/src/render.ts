import nunjucks from "nunjucks";
import { type ErrorFrame, JinjaError, type Place, Raised } from "./errors.ts";
import type { CompiledTemplate } from "./compiler/template.ts";
import { hostFor, JinjaEnvironment, type Settings } from "./environment.ts";
import { fromHost } from "./host-value.ts";
import { DEFAULT_LIMITS, type Limits, Meter } from "./limits.ts";
import type { Loader } from "./loader.ts";
import { contextFor } from "./runtime/modules.ts";
import { type Host, Runtime } from "./runtime/runtime.ts";
import { nearest } from "./suggest.ts";
import { undefinedMessage, type UndefinedMode } from "./values/types.ts";

export interface RenderOptions {
  /** How errors call the template. */
  readonly name: string;
  readonly source: string;
  readonly context: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;
  readonly undefined?: UndefinedMode;
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly keepTrailingNewline?: boolean;
  readonly autoescape?: boolean;
  /** Statements beyond the usual ones: `do`, and `loopcontrols` for break and continue. */
  readonly extensions?: readonly string[];
  readonly lineStatementPrefix?: string;
  readonly lineCommentPrefix?: string;
  /** Without one, include, import and extends fail. */
  readonly loader?: Loader;
  readonly limits?: Partial<Limits>;
  /** Holds the filters, tests and globals; without one, Jinja2's own. */
  readonly environment?: JinjaEnvironment;
  /** Called before the render with what then tells the operation being carried out, for context that watches reads. */
  readonly onStart?: (placeNow: () => Place | undefined) => void;
  /** Called for what is not defined and becomes text, which is then empty; not in strict mode, where it fails. */
  readonly onEmpty?: (message: string, place: Place | undefined) => void;
}

let standard: JinjaEnvironment | undefined;

/** Renders a template as Jinja2 does; throws `JinjaError` and nothing else. */
export function renderTemplate(options: RenderOptions): string {
  const environment = options.environment ?? (standard ??= new JinjaEnvironment());
  const settings = settingsOf(options);
  const host = hostFor(environment, settings, options.loader);
  let runtime: Runtime | undefined;
  try {
    const template = environment.compileSource(options.name, options.source, settings, host);
    const { onEmpty, limits } = options;
    const started = new Runtime(
      host,
      new Meter({ ...DEFAULT_LIMITS, ...limits }),
      onEmpty && ((value) => onEmpty(undefinedMessage(value), started.place)),
    );
    runtime = started;
    const layers = contextLayers(options.context, host);
    options.onStart?.(() => started.place);
    return runInHost(environment, template, started, layers);
  } catch (error) {
    throw locate(error, options.name, runtime);
  }
}

function settingsOf(options: RenderOptions): Settings {
  return {
    undefined: options.undefined ?? "default",
    trimBlocks: options.trimBlocks ?? false,
    lstripBlocks: options.lstripBlocks ?? false,
    keepTrailingNewline: options.keepTrailingNewline ?? false,
    autoescape: options.autoescape ?? false,
    extensions: options.extensions ?? [],
    lineStatementPrefix: options.lineStatementPrefix,
    lineCommentPrefix: options.lineCommentPrefix,
  };
}

function contextLayers(context: RenderOptions["context"], host: Host): ReadonlyMap<string, unknown>[] {
  return [fromHost(context, "context") as ReadonlyMap<string, unknown>, host.globals];
}

/** The form in which nunjucks runs compiled templates. */
type CodeTemplate = new (
  code: {
    type: "code";
    obj: {
      root: (...args: [unknown, unknown, unknown, unknown, (error: unknown, text: string) => void]) => void;
    };
  },
  environment: nunjucks.Environment,
  path: string,
) => nunjucks.Template;

function runInHost(
  environment: JinjaEnvironment,
  template: CompiledTemplate,
  runtime: Runtime,
  layers: readonly ReadonlyMap<string, unknown>[],
): string {
  const Code = nunjucks.Template as unknown as CodeTemplate;
  const hosted = new Code(
    {
      type: "code",
      obj: {
        root: (_environment, _context, _frame, _runtime, done) => {
          template.root(contextFor(template, runtime, layers));
          done(null, runtime.out);
        },
      },
    },
    environment,
    template.name,
  );
  return hosted.render({});
}

function locate(error: unknown, name: string, runtime: Runtime | undefined): JinjaError {
  const raised = asRaised(error);
  const place = raised.place ?? runtime?.place;
  const suggested = raised.missed && nearest(raised.missed.name, raised.missed.candidates);
  return new JinjaError({
    type: raised.type,
    message: raised.message,
    template: place?.template ?? name,
    ...(place ? placed(place) : {}),
    frames: runtime ? callers(runtime.stack) : [],
    ...(suggested === undefined ? {} : { suggestion: `did you mean '${suggested}'?` }),
    ...(raised.type === "InternalError" ? { cause: error } : {}),
  });
}

function placed(place: Place): { line: number; column: number; statementLine: number; sourceLine?: string } {
  const { line, column, statementLine, sourceLine } = place;
  return { line, column, statementLine, ...(sourceLine === undefined ? {} : { sourceLine }) };
}

/** Innermost first; a recursion shows its two ends. */
function callers(stack: readonly ErrorFrame[]): readonly ErrorFrame[] {
  const frames = stack.toReversed();
  return frames.length <= 20 ? frames : [...frames.slice(0, 10), ...frames.slice(-10)];
}

function asRaised(error: unknown): Raised {
  if (error instanceof Raised) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError) {
    if (/call stack/i.test(text)) return new Raised("RecursionError", "maximum recursion depth exceeded");
    if (/string length|array length|bigint|BigInt|Map maximum/i.test(text))
      return new Raised("LimitError", "a value grew beyond what fits into memory");
  }
  return new Raised("InternalError", text, { cause: error });
}
