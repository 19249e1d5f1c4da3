import { expect, test } from "vitest";
import { agree, ask, askJinja2, findPython } from "./support/jinja/oracle.ts";
import { generateCase } from "./support/jinja/templates.ts";

const CASES = 2500;
const seed = Number(process.env["PAI_SEED"] ?? 20261124);
const python = findPython();

test("random templates give what Jinja2 gives, text or refusal", (context) => {
  if (python === undefined) {
    const missing = "no python3 with Jinja2 3.1 was found; on Debian: apt-get install python3-jinja2";
    if (process.env["CI"] !== undefined) throw new Error(missing);
    context.skip(missing);
    return;
  }
  console.log(`${CASES} templates from PAI_SEED=${seed}`);
  const cases = Array.from({ length: CASES }, (_, index) => generateCase(seed * 100_003 + index));
  const answers = askJinja2(python, cases);
  expect(answers).toHaveLength(CASES);
  const differences = cases.flatMap((one, index) => {
    const jinja2 = answers[index];
    const ours = ask(one);
    return jinja2 && agree(jinja2, ours)
      ? []
      : [{ index, template: one.template, env: one.env, jinja2, ours }];
  });
  expect(differences).toEqual([]);
  const rendered = answers.filter((answer) => "text" in answer).length;
  expect(rendered, "templates that render").toBeGreaterThan(CASES / 3);
});
