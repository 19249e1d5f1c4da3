import { expect, test } from "vitest";
import type { Finding } from "../finding.ts";
import { formatResult } from "./index.ts";

const findings: readonly Finding[] = [
  {
    rule: "duplicate-address",
    level: "error",
    file: "configuration/layout.yaml",
    line: 12,
    column: 13,
    message: "10.50.0.2 is there twice",
  },
  {
    rule: "duplicate-key",
    level: "warning",
    file: "src/a, b:c/deploy/service.yaml",
    line: 4,
    column: 5,
    message: "100% sure:\n::error::",
  },
  {
    rule: "unlisted-template",
    level: "hint",
    file: "src/a, b:c/deploy/service.yaml",
    line: 14,
    column: 1,
    message: "x",
  },
];
const result = { findings, files: 214, schema: "Kubernetes 1.34.4 bundled", ms: 912.4 };

test("text: by file, aligned, with a last line that counts", () => {
  expect(formatResult(result, "text")).toBe(`configuration/layout.yaml
  12:13  error    duplicate-address  10.50.0.2 is there twice
src/a, b:c/deploy/service.yaml
    4:5  warning  duplicate-key      100% sure:
::error::
   14:1  hint     unlisted-template  x
1 error, 1 warning, 1 hint in 2 of 214 files · Kubernetes 1.34.4 bundled · 0.9 s`);
});

test("text: nothing found is one line", () => {
  expect(formatResult({ findings: [], files: 1, ms: 50 }, "text")).toBe("nothing found in 1 file · 0.1 s");
});

test("json: the findings as they are", () => {
  expect(JSON.parse(formatResult(result, "json"))).toEqual({
    version: 1,
    findings,
    files: 214,
    schema: "Kubernetes 1.34.4 bundled",
    ms: 912,
  });
});

test("github: one annotation a finding, from which no text can break out", () => {
  expect(formatResult(result, "github").split("\n")).toEqual([
    "::error file=configuration/layout.yaml,line=12,col=13,title=duplicate-address::10.50.0.2 is there twice",
    "::warning file=src/a%2C b%3Ac/deploy/service.yaml,line=4,col=5,title=duplicate-key::100%25 sure:%0A::error::",
    "::notice file=src/a%2C b%3Ac/deploy/service.yaml,line=14,col=1,title=unlisted-template::x",
    "1 error, 1 warning, 1 hint in 2 of 214 files",
  ]);
});

test("sarif: results point at their rules and at relative places", () => {
  const { version, runs } = JSON.parse(formatResult(result, "sarif")) as {
    readonly version: string;
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly locations: readonly unknown[];
      }[];
    }[];
  };
  expect(version).toBe("2.1.0");
  const [run] = runs;
  expect(run?.results.map(({ level }) => level)).toEqual(["error", "warning", "note"]);
  for (const { ruleId, ruleIndex } of run?.results ?? []) {
    expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  }
  expect(run?.results[1]?.locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: "src/a%2C%20b%3Ac/deploy/service.yaml" },
        region: { startLine: 4, startColumn: 5 },
      },
    },
  ]);
});
