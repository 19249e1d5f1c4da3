import { formatError, type PaiError } from "@pai/core";
import { expect, test, vi } from "vitest";
import { ModelFloat, type Cluster, type ModelValue } from "../cluster.ts";
import { makeTree } from "../fixtures.ts";
import { readCluster, readClusterWithProblems, type ReadClusterOptions } from "../read-cluster.ts";
import type { CodeOptions } from "./run-service-code.ts";

// Each reading starts a thread, which takes seconds on a machine with other work.
vi.setConfig({ testTimeout: 60_000 });

const configuration = {
  "configuration/layout.yaml": 'machine-list: [{hostname: m1, hostip: 10.0.0.1, pai-master: "true"}]\n',
  "configuration/services-configuration.yaml": `cluster: {docker-registry: {domain: d, namespace: n, tag: t, secret-name: s}}
web: {port: 8080, share: {b: 2}, licence: abcdef}
`,
};
const ts = "src/web/config/web.ts";

const options = (
  files: Readonly<Record<string, string>>,
  code: Partial<CodeOptions> = {},
): ReadClusterOptions => ({
  root: makeTree({ ...configuration, "src/web/config/web.yaml": "port: 80\nshare: {a: 40.0}\n", ...files }),
  directory: "configuration",
  env: {},
  code: {
    startPython: () => Promise.reject(new Error("no .py, no python")),
    signal: new AbortController().signal,
    onPrinted: () => {},
    ...code,
  },
});
const read = (...input: Parameters<typeof options>): Promise<Cluster> => readCluster(options(...input));

const failure = async (source: string, code?: Partial<CodeOptions>): Promise<string> => {
  const error = (await read({ [ts]: source }, code).catch((caught: unknown) => caught)) as PaiError;
  return formatError(error);
};

test("run gets merged settings and the machines, and makes what templates see", async () => {
  const { model, secrets } = await read({
    [ts]: `
import type { ServiceConfigModule } from "@pai/model";
interface Settings { readonly port: number; readonly share: { readonly a: number } }
export default {
  secretKeys: ["licence"],
  validatePre: async ({ settings }) => (settings.port > 0 ? [] : ["port must be positive"]),
  run: ({ settings, defaults, overrides, machines, layout }) => ({
    ...settings,
    hosts: machines.map(({ hostname }) => hostname),
    was: defaults["port"], given: overrides["port"],
    listed: Array.isArray(layout["machine-list"]),
    order: new Map([["10", 1], ["9", 2]]),
    left: undefined, nothing: null, wide: 2n ** 60n, bad: Number.NaN,
  }),
  validatePost: (_, model) => ("cluster" in model ? undefined : "no cluster"),
} satisfies ServiceConfigModule<Settings>;
`,
  });
  expect([...(model.get("web") as ReadonlyMap<string, ModelValue>)]).toEqual([
    ["port", 8080],
    [
      "share",
      new Map([
        ["a", 40],
        ["b", 2],
      ]),
    ],
    ["licence", "abcdef"],
    ["hosts", ["m1"]],
    ["was", 80],
    ["given", 8080],
    ["listed", true],
    [
      "order",
      new Map([
        ["10", 1],
        ["9", 2],
      ]),
    ],
    ["nothing", null],
    ["wide", 2n ** 60n],
    ["bad", new ModelFloat(Number.NaN)],
  ]);
  expect(secrets).toEqual(["abcdef"]);
});

test("named exports do too, and a service with underscores in its file name", async () => {
  const { model } = await read({
    "src/rest-server/config/rest_server.ts": "export function run() { return { port: 1 }; }\n",
  });
  expect(model.get("rest-server")).toEqual(new Map([["port", 1]]));
});

test("secret-keys of service.yaml are secrets", async () => {
  const { secrets } = await read({ "src/web/deploy/service.yaml": "secret-keys: [licence]\n" });
  expect(secrets).toEqual(["abcdef"]);
});

test("a schema is checked before the module's own code, and blames the line that sets the value", async () => {
  const source = `
export const schema = {
  type: "object",
  required: ["port", "zone"],
  properties: {
    port: { type: "integer" },
    zone: { type: "string" },
    kind: { enum: ["tcp", "udp"] },
    timeout: { type: "number" },
    share: { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
  },
};
export const validatePre = () => "never told";
export const run = ({ settings }) => settings;
`;
  expect(await failure(source)).toContain(`web refuses its configuration: web.zone is missing
  --> configuration/services-configuration.yaml:2`);
  const caught: unknown = await read({
    [ts]: source,
    "src/web/config/web.yaml": "zone: x\nkind: tdp\nshare:\n  a: 40.0\n",
    "configuration/services-configuration.yaml": `cluster: {docker-registry: {domain: d, namespace: n, tag: t, secret-name: s}}
web:
  port: "1"
  timeot: 3
  more: legal
  share: {b: 2}
`,
  }).catch((error: unknown) => error);
  const { errors } = caught as AggregateError;
  expect(
    errors.map(({ message, location }: PaiError) => `${location?.file}:${location?.line} ${message}`),
  ).toEqual([
    'src/web/config/web.yaml:2 web refuses its configuration: web.kind must be tcp or udp; did you mean "tcp"?',
    "src/web/config/web.yaml:4 web refuses its configuration: web.share.a must be a text, not a number; put it in quotes",
    "configuration/services-configuration.yaml:6 web refuses its configuration: nothing reads web.share.b",
    "configuration/services-configuration.yaml:3 web refuses its configuration: web.port must be a whole number, not a text",
    'configuration/services-configuration.yaml:4 web refuses its configuration: nothing reads web.timeot; did you mean "timeout"?',
  ]);
});

test.each([
  [
    "export const run = () => ({});\nexport const validatePre = () => 'no port';\n",
    "web refuses its configuration: no port\n  --> src/web/config/web.ts",
  ],
  [
    "export const run = () => ({});\nexport const validatePost = () => ['a', 'b'];\n",
    "web refuses its configuration: a\n  --> src/web/config/web.ts\nerror[CONFIG_INVALID]: web refuses its configuration: b",
  ],
  [
    "export const nothing = 1;\n",
    "web: src/web/config/web.ts cannot be loaded\n  --> src/web/config/web.ts\n  TypeError: it exports no function run",
  ],
  [
    "\nexport function run() { throw new Error('bad'); }\n",
    "web: src/web/config/web.ts fails to make its settings\n  --> src/web/config/web.ts:2\n  2 | export function run() { throw new Error('bad'); }\n  Error: bad",
  ],
  [
    "export const run = () => ({ a: { f: () => 1 } });\n",
    "TypeError: web.a.f is function, which no template can use",
  ],
])("%s", async (source, expected) => {
  expect(await failure(source)).toContain(expected);
});

test.each([
  ["loops for ever", "export const run = () => { for (;;); };\n", "run", "did not end within 2 s"],
  ["waits for nothing", "export const run = () => new Promise(() => {});\n", "run", "did not end within 2 s"],
  [
    "waits while it loads",
    "await new Promise(() => {});\nexport const run = () => ({});\n",
    "load",
    "did not end within 2 s",
  ],
  ["ends the program", "process.exit(0);\nexport const run = () => ({});\n", "load", "ends the program"],
  [
    "throws later",
    "export const run = () => new Promise(() => setTimeout(() => { throw new Error('late'); }));\n",
    "run",
    "breaks the program\n  --> src/web/config/web.ts\n  caused by: late",
  ],
])("a module that %s is named, and stopped", async (_what, source, phase, says) => {
  const text = await failure(source, { timeoutMs: 2000 });
  expect(text).toContain(`error[CONFIG_INVALID]: web: src/web/config/web.ts (${phase}) ${says}`);
});

test("what a module prints is told as its service's, without secrets", async () => {
  const printed: string[] = [];
  const source =
    "console.log('port', 80);\nconsole.error('abcdef');\nexport const run = () => ({});\nexport const secretKeys = ['licence'];\n";
  const { secrets } = await read(
    { [ts]: source, "src/web/config/web.yaml": "password: abcdef\n" },
    { onPrinted: (service, line) => printed.push(`${service}: ${line}`) },
  );
  expect(printed).toEqual(["web: port 80", "web: ***"]);
  expect(secrets).toEqual([]);
});

test("where problems are collected, the services whose code works have their settings", async () => {
  const run = (body: string): string => `export const run = ({ settings }) => (${body});\n`;
  const { cluster, problems } = await readClusterWithProblems(
    options({
      [ts]: run("settings.nothing.there"),
      "src/api/config/api.ts": run("({ url: 'x' })"),
      "src/app/config/app.ts": `${run("({})")}export const validatePost = () => "never told";\n`,
    }),
  );
  expect(problems.map(({ message }) => message)).toEqual([
    "web: src/web/config/web.ts fails to make its settings",
  ]);
  expect(cluster?.model.get("api")).toEqual(new Map([["url", "x"]]));
  expect(cluster?.unmade).toEqual(new Set(["web"]));
});
