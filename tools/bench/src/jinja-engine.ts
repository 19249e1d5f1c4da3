// Measures one engine in a process of its own: `node jinja-engine.ts pai|nunjucks`. Prints what it measured as JSON.
import { parseJsonContext, renderTemplate } from "@pai/jinja";
import nunjucks from "nunjucks";
import { makeWorkload } from "./jinja-workload.ts";

export interface Measured {
  /** Seconds to compile and render every template once, in a process that did nothing before. */
  readonly cold: number;
  /** Seconds for one render of a template that is compiled already. */
  readonly cached: number;
  /** Characters of all texts, to see that engines did the same work. */
  readonly characters: number;
}

export const ROUNDS = 40;

type Render = (name: string, source: string) => string;

function makeEngine(engine: string, contextJson: string): Render {
  if (engine === "pai") {
    const context = parseJsonContext(contextJson);
    return (name, source) => renderTemplate({ name, source, context });
  }
  const environment = new nunjucks.Environment([], { autoescape: false });
  const context = JSON.parse(contextJson) as object;
  const compiled = new Map<string, nunjucks.Template>();
  // nunjucks knows no items(): it walks an object with two loop variables.
  return (name, source) => {
    let template = compiled.get(name);
    if (!template)
      compiled.set(
        name,
        (template = new nunjucks.Template(source.replaceAll(".items()", ""), environment, name)),
      );
    return template.render(context);
  };
}

function measure(engine: string): Measured {
  const { templates, context } = makeWorkload();
  const render = makeEngine(engine, context);
  const all = (): number => templates.reduce((sum, { name, source }) => sum + render(name, source).length, 0);
  const start = performance.now();
  const characters = all();
  const cold = (performance.now() - start) / 1000;
  const again = performance.now();
  for (let round = 0; round < ROUNDS; round++) all();
  const cached = (performance.now() - again) / 1000 / ROUNDS / templates.length;
  return { cold, cached, characters };
}

const [, , engine] = process.argv;
if (engine !== undefined) console.log(JSON.stringify(measure(engine)));
