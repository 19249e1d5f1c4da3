import { expect, test } from "vitest";
import { allRules } from "../all-rules.ts";
import { contextOf, placesIn, soundTree } from "../fixtures.ts";
import { runRules } from "../run-rules.ts";
import { examples } from "./examples.ts";

test("nothing is found in a sound tree", () => {
  expect(placesIn()).toEqual([]);
});

test.each(examples)("$rule: $what", ({ rule, changes, at, more, tries }) => {
  expect(placesIn(changes, more, tries)).toEqual([`${rule} ${at}`]);
});

test("every rule has an example", () => {
  const shown = new Set(examples.map(({ rule }) => rule));
  expect(allRules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
});

test("a near name is offered", () => {
  const [finding] = runRules(
    contextOf({ "src/web/build/web.dockerfile": "FROM bsae\nCOPY build/run /run\n" }),
  );
  expect(finding?.message).toBe('"bsae" is no image of this tree; did you mean "base"?');
});

test("a missing script is an error only where every start needs it", () => {
  const scripts = "start-script: strat.sh\nrefresh-script: refresh.sh\nupgraded-script: upgraded.sh\n";
  const findings = runRules(contextOf({ "src/store/deploy/service.yaml": scripts }));
  expect(findings.map(({ line, level }) => `${line} ${level}`)).toEqual(["1 error", "2 warning"]);
});

test("what only a script's sed makes YAML is a warning", () => {
  const file = "src/web/deploy/web.yaml.template";
  const levels = (text: string): string[] =>
    runRules(contextOf({ [file]: text })).map(({ rule, level }) => `${rule} ${level}`);
  const broken = soundTree[file].replace("name: web", "name: web\n  labels: {%LABELS%");
  expect(levels(broken)).toEqual(["rendered-yaml warning"]);
  expect(levels(broken.replaceAll("%", ""))).toEqual(["rendered-yaml error"]);
  expect(levels(soundTree[file].replace("name: web", "name: web\n  namespace: %NAMESPACE%"))).toEqual([]);
});

test("a comment in the line or in the line above silences a rule there", () => {
  const layout = soundTree["configuration/layout.yaml"].replace("10.0.0.2", "10.0.0.1");
  expect(placesIn({ "configuration/layout.yaml": layout })).toHaveLength(1);
  for (const silent of [
    layout.replace("  - {hostname: w1", "  # pai-ignore: duplicate-address\n  - {hostname: w1"),
    layout.replace(/(w1.*)/, "$1 # pai-ignore: duplicate-host, duplicate-address"),
  ]) {
    expect(placesIn({ "configuration/layout.yaml": silent })).toEqual([]);
  }
});

test("rules can be ignored as a whole", () => {
  const context = contextOf({ "src/web/build/web.dockerfile": "FROM debian\n" });
  expect(runRules(context).map(({ rule }) => rule)).toEqual(["untagged-base-image"]);
  expect(runRules(context, ["untagged-base-image"])).toEqual([]);
});
