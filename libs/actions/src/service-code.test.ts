import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatError, formatLocation, type PaiError } from "@pai/core";
import { ModelFloat, readCluster, type Cluster, type ModelValue } from "@pai/model";
import { startPython } from "@pai/scripts";
import { expect, onTestFinished, test } from "vitest";

const configuration = {
  "configuration/layout.yaml": `machine-sku: {}
machine-list:
  - {hostname: m1, hostip: 10.0.0.1, pai-master: "true"}
  - {hostname: w1, hostip: 10.0.0.2}
`,
  "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: registry.example, namespace: demo, tag: v1, secret-name: s, username: ops, password: hunter22}
`,
};
const service = (body: string, name = "Web"): string => `class ${name}:
    def __init__(self, machines, override, defaults):
        self.machines, self.override, self.defaults = machines, override, defaults
${["validation_pre(self)", "run(self)", "validation_post(self, model)"]
  .filter((method) => !body.includes(`def ${method.split("(")[0]}(`))
  .map((method) => `    def ${method}:\n        return ${method.startsWith("run") ? "{}" : "True, None"}\n`)
  .join("")}${body}`;

function makeTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), "pai-code-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

interface Settings {
  readonly files: Readonly<Record<string, string>>;
  readonly overrides?: string;
  readonly printed?: string[];
  readonly timeoutMs?: number;
}

async function read({ files, overrides = "", printed = [], timeoutMs }: Settings): Promise<Cluster> {
  const services = configuration["configuration/services-configuration.yaml"] + overrides;
  const root = makeTree({
    ...configuration,
    "configuration/services-configuration.yaml": services,
    ...files,
  });
  return await readCluster({
    root,
    directory: "configuration",
    env: {},
    code: {
      startPython,
      signal: new AbortController().signal,
      onPrinted: (name, line) => printed.push(`${name}: ${line}`),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
  });
}

async function errorsOf(settings: Settings): Promise<PaiError[]> {
  const error: unknown = await read(settings).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof AggregateError ? (error.errors as PaiError[]) : [error as PaiError];
}

const pick = (value: ModelValue, ...keys: string[]): unknown =>
  keys.reduce((inner: unknown, key) => (inner as ReadonlyMap<string, unknown>).get(key), value);
const py = "src/web/config/web.py";

test("a class gets machines, overrides and defaults as Python has them, and its run makes the settings", async () => {
  const { model } = await read({
    files: {
      [py]: service(`    def run(self):
        merged = dict(self.defaults, **self.override)
        merged['types'] = [type(merged[key]).__name__ for key in ('port', 'share', 'flag', 'none')]
        merged['hosts'] = [host['hostname'] for host in self.machines['machine-list']]
        merged['big'] = 2 ** 70
        merged['half'] = 0.5
        merged['nan'] = float('nan')
        merged['tuple'] = (1, 2)
        merged['bytes'] = b'x'
        merged[8] = 1
        return merged
`),
      "src/web/config/web.yaml": "port: 80\nshare: 40.0\nflag: yes\nnone:\n",
    },
    overrides: 'web: {port: 8080, "10": a, "9": b}\n',
  });
  const web = pick(model, "web") as ReadonlyMap<string, ModelValue>;
  expect([...web]).toEqual([
    ["port", 8080],
    ["share", new ModelFloat(40)],
    ["flag", true],
    ["none", null],
    ["10", "a"],
    ["9", "b"],
    ["types", ["int", "float", "bool", "NoneType"]],
    ["hosts", ["m1", "w1"]],
    ["big", 2n ** 70n],
    ["half", 0.5],
    ["nan", new ModelFloat(Number.NaN)],
    ["tuple", [1, 2]],
    ["bytes", "x"],
    ["8", 1],
  ]);
});

test("means what Python 2 means", async () => {
  const { model } = await read({
    files: {
      [py]: `# -*- coding: utf-8 -*-
# höhere Gewalt
import collections, urllib, urlparse, subprocess
import helper
${service(`    def run(self):
        plain = {'b': 1}
        return {
            'items': sorted((key, value) for key, value in self.override.iteritems()),
            'values': list(plain.itervalues()),
            'has': self.defaults.has_key('x'),
            'keys': plain.keys() + ['c'],
            'filter': filter(None, [0, 1]) + [2],
            'map': map(str, [1]) + ['2'],
            'range': range(2) + [9],
            'mapping': isinstance(plain, collections.Mapping),
            'join': urlparse.urljoin('http://a/b', '?' + urllib.urlencode({'q': 'x y'}, True)),
            'base64': '{}'.encode('base64').replace('\\n', ''),
            'output': subprocess.check_output('echo hi', shell=True).strip(),
            'text': isinstance(u'x', basestring) and unicode(5),
            'divide': [7 / 2, 7.0 / 2, -7 / 2],
            'round': [round(2.5), round(0.125, 2)],
            'helper': helper.first({'z': 1}),
        }
`)}`,
      "src/web/config/helper.py": "def first(values):\n    return values.keys()[0]\n",
      "src/api/config/api.py": `import helper\n${service("    def run(self):\n        return helper.NAME\n", "Api")}`,
      "src/api/config/helper.py": "NAME = 'its own helper'\n",
    },
    overrides: "web: {k: v}\n",
  });
  expect(Object.fromEntries(pick(model, "web") as ReadonlyMap<string, ModelValue>)).toEqual({
    items: [["k", "v"]],
    values: [1],
    has: false,
    keys: ["b", "c"],
    filter: [1, 2],
    map: ["1", "2"],
    range: [0, 1, 9],
    mapping: true,
    join: "http://a/b?q=x+y",
    base64: "e30=",
    output: "hi",
    text: "5",
    divide: [3, 3.5, -4],
    round: [new ModelFloat(3), 0.13],
    helper: "z",
  });
  expect(pick(model, "api")).toBe("its own helper");
});

test("PyYAML need not be installed", async () => {
  const { model } = await read({
    files: {
      [py]: `import yaml\n${service(`    def run(self):
        try:
            yaml.load('a: b: c')
        except yaml.YAMLError as error:
            return yaml.load('{mode: 0644, on: off}', Loader=yaml.SafeLoader)
`)}`,
    },
  });
  expect([...(pick(model, "web") as ReadonlyMap<string, ModelValue>)]).toEqual([
    ["mode", 420],
    ["True", false],
  ]);
});

test("a file of comments is None, no file is an empty dict, and an empty override too", async () => {
  const body = service(
    "    def run(self):\n        return [self.defaults is None, self.defaults == {}, self.override]\n",
  );
  const { model } = await read({
    files: {
      [py]: body,
      "src/web/config/web.yaml": "# nothing\n",
      "src/bare-one/config/bare_one.py": body.replace("Web", "BareOne"),
    },
    overrides: "web:\n",
  });
  expect(pick(model, "web")).toEqual([true, false, new Map()]);
  expect(pick(model, "bare-one")).toEqual([false, true, new Map()]);
});

test("what modules print never disturbs the answers, and passwords in it are masked", async () => {
  const printed: string[] = [];
  await read({
    files: {
      [py]: `import os, sys, logging\nprint('loading')\n${service(`    def run(self):
        print('run with hunter22')
        os.system('echo from a child')
        sys.stderr.write('no line end')
        logging.getLogger(__name__).warning('%s is near', 'the end')
        logging.info('quiet')
        return {'stdin': sys.stdin.read()}
`)}`,
      "src/rest-server/config/rest_server.py": service(
        "    def run(self):\n        return {}\n",
        "RestServer",
      ),
    },
    overrides: "rest-server: {admin-password: hunter22}\n",
    printed,
  });
  expect(printed).toEqual(["web: loading", "web: run with ***", "web: the end is near", "web: no line end"]);
});

test("docker is never called, and the pull secret is made without it", async () => {
  const printed: string[] = [];
  const { model, registry } = await read({
    files: {
      "src/cluster/config/cluster.yaml": "common: {cluster-id: pai}\n",
      "src/cluster/config/cluster.py": `import logging, subprocess
${service(
  `    def run(self):
        registry = dict(self.override['docker-registry'], prefix='demo/')
        try:
            subprocess.check_call('docker login -u ops -p hunter22 registry.example', shell=True)
            registry['base64code'] = subprocess.check_output('cat ~/.docker/config.json | base64', shell=True)
        except Exception as error:
            logging.getLogger(__name__).warning('no docker: %s', error)
        return {'common': self.defaults['common'], 'docker-registry': registry}
    def validation_post(self, model):
        return 'base64code' in model['cluster']['docker-registry'], 'no login'
`,
  "Cluster",
)}`,
    },
    printed,
  });
  const auth = Buffer.from("ops:hunter22").toString("base64");
  const credential = `{"auths":{"registry.example":{"auth":"${auth}"}}}`;
  expect(pick(model, "cluster", "docker-registry", "credential")).toBe(credential);
  expect(pick(model, "cluster", "docker-registry", "base64code")).toBe(
    Buffer.from(credential).toString("base64"),
  );
  expect(registry.prefix).toBe("demo/");
  expect(printed).toEqual([]);
});

test("every check of a phase is told, and later phases do not start", async () => {
  const refusing = "    def validation_pre(self):\n        return False, 'port is missing, hunter22'\n";
  const errors = await errorsOf({
    files: {
      [py]: service(refusing),
      "src/api/config/api.py": service(
        `${refusing}    def run(self):\n        raise ValueError('not reached')\n`,
        "Api",
      ),
      "src/rest-server/config/rest_server.py": service("", "RestServer"),
    },
    overrides: "rest-server: {admin-password: hunter22}\n",
  });
  expect(errors.map(({ message }) => message)).toEqual([
    "api refuses its configuration: port is missing, ***",
    "web refuses its configuration: port is missing, ***",
  ]);
  expect(errors[0]?.location?.file).toBe("src/api/config/api.py");
});

test("the last check sees the whole model, and only False stops", async () => {
  const seen = "    def validation_post(self, model):\n        return False, ' '.join(sorted(model))\n";
  const [error] = await errorsOf({ files: { [py]: service(seen) } });
  expect(error?.message).toBe("web refuses its configuration: cluster layout web");
  const none = "    def validation_post(self, model):\n        return None, 'x'\n";
  const { model } = await read({ files: { [py]: service(none) } });
  expect(pick(model, "web")).toEqual(new Map());
});

test("an exception is told by its place in the service's files, without a traceback", async () => {
  const [error] = await errorsOf({
    files: {
      [py]: `import helper\n${service("    def run(self):\n        return helper.port(self.override)\n")}`,
      "src/web/config/helper.py": "def port(settings):\n    return settings['port']\n",
    },
  });
  expect(formatError(error))
    .toBe(`error[CONFIG_INVALID]: web: src/web/config/helper.py fails to make its settings
  --> src/web/config/helper.py:2
  2 |     return settings['port']
  KeyError: 'port'
  hint: a key that the code needs is not in the configuration`);
});

test.each([
  ["Python 2 only", "print 'x'\n", /^src\/web\/config\/web\.py:1 SyntaxError: Missing parentheses/],
  [
    "a module that is not there",
    "import paramiko_\n",
    /web\.py:1 ModuleNotFoundError: No module named 'paramiko_'/,
  ],
  ["no class of the right name", "class Other: pass\n", /web\.py has no class Web/],
  [
    "ends the program",
    service("    def run(self):\n        raise SystemExit(3)\n"),
    /it ends the program \(3\)/,
  ],
  [
    "a check without a pair",
    service("    def validation_pre(self):\n        return True\n"),
    /gives bool; it has to give a pair/,
  ],
  [
    "a value for no template",
    service("    def run(self):\n        return {'a': [object()]}\n"),
    /TypeError: web\.a\[0\] is a object/,
  ],
  [
    "a ring",
    service("    def run(self):\n        ring = {}\n        ring['a'] = ring\n        return ring\n"),
    /web\.a holds itself/,
  ],
  [
    "kills python",
    "import os\nos._exit(3)\n",
    /python3 ended in the middle of src\/web\/config\/web\.py \(load\)/,
  ],
])("%s: one error", async (_, source, expected) => {
  const errors = await errorsOf({ files: { [py]: source } });
  expect(errors).toHaveLength(1);
  const { location, message, details } = errors[0] as PaiError;
  const place = location ? `${formatLocation(location)} ` : "";
  expect(
    `${place}${details.join(" ")} ${place}${message.replace(/^.*refuses its configuration: /, "")}`,
  ).toMatch(expected);
});

test("code that does not end is ended", async () => {
  const [error] = await errorsOf({
    files: { [py]: service("    def run(self):\n        import time\n        time.sleep(60)\n") },
    timeoutMs: 5000,
  });
  expect(error?.message).toBe("src/web/config/web.py (run) did not end within 5 s");
});

test("without python3 the services that need it are named", async () => {
  const error: unknown = await readCluster({
    root: makeTree({ ...configuration, [py]: service(""), "src/api/config/api.py": service("", "Api") }),
    directory: "configuration",
    code: { startPython: async () => undefined, signal: AbortSignal.abort(), onPrinted: () => {} },
  }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "CONFIG_INVALID", details: ["needed by api, web"] });
});

test("services of another kind of cluster are left out", async () => {
  const { model } = await read({
    files: {
      [py]: service("    def run(self):\n        raise ValueError()\n"),
      "src/web/config/web.yaml": "service_type: yarn\n",
    },
  });
  expect(model.has("web")).toBe(false);
});

test("nothing is written beside the modules", async () => {
  const files = { [py]: `import helper\n${service("")}`, "src/web/config/helper.py": "" };
  const root = makeTree({ ...configuration, ...files });
  await readCluster({
    root,
    directory: "configuration",
    code: { startPython, signal: new AbortController().signal, onPrinted: () => {} },
  });
  expect(readdirSync(path.join(root, "src/web/config"))).toEqual(["helper.py", "web.py"]);
});
