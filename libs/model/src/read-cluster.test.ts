import { formatLocation, type PaiError } from "@pai/core";
import { expect, test } from "vitest";
import type { Cluster } from "./cluster.ts";
import { makeTree } from "./fixtures.ts";
import { readCluster } from "./read-cluster.ts";

const layout = `kubernetes: {api-servers-url: "https://10.0.0.1:6443"}
machine-sku: {BIG: {mem: 16}}
machine-list:
  - hostname: m1
    hostip: 10.0.0.1
    pai-master: "true"
    pai-worker: "false"
  - hostname: w1
    nodename: node-w1
    hostip: 10.0.0.2
    pai-worker: "true"
    pai-storage: true
`;
const services = `cluster:
  docker-registry:
    domain: registry.example:5000
    namespace: demo
    tag: v1
    secret-name: demo-secret
`;
const layoutFile = "configuration/layout.yaml";
const servicesFile = "configuration/services-configuration.yaml";
const good = { [layoutFile]: layout, [servicesFile]: services };

const read = (files: Readonly<Record<string, string>>, env = {}): Promise<Cluster> =>
  readCluster({ root: makeTree(files), directory: "configuration", env });

async function findings(files: Readonly<Record<string, string>>): Promise<string[]> {
  const error = await read(files).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  const errors = error instanceof AggregateError ? (error.errors as PaiError[]) : [error as PaiError];
  return errors.map(
    ({ message, hint, location }) =>
      `${location ? formatLocation(location) : ""} ${message}${hint ? ` | ${hint}` : ""}`,
  );
}

const pick = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((inner, key) => (inner as ReadonlyMap<string, unknown>).get(key), value);

test("an id of the cluster counts as named only where the configuration itself says it", async () => {
  expect(await read(good)).toMatchObject({ clusterId: "pai", isClusterIdNamed: false });
  const common = services.replace("cluster:", "cluster:\n  common: {cluster-id: mine}");
  const named = await read({ ...good, [servicesFile]: common });
  expect(named).toMatchObject({ clusterId: "mine", isClusterIdNamed: true });
});

test("reads machines, labels, registry and API server", async () => {
  expect(await read(good)).toMatchObject({
    directory: "configuration",
    clusterId: "pai",
    apiServerUrl: "https://10.0.0.1:6443",
    machines: [
      { hostname: "m1", nodeName: "m1", address: "10.0.0.1", labels: ["pai-master"] },
      { hostname: "w1", nodeName: "node-w1", address: "10.0.0.2", labels: ["pai-worker"] },
    ],
    registry: {
      domain: "registry.example:5000",
      namespace: "demo",
      tag: "v1",
      prefix: "registry.example:5000/demo/",
      secretName: "demo-secret",
    },
    secrets: [],
  });
});

test("a master that is one only by a bare true is told so at its place", async () => {
  expect(
    await findings({ ...good, [layoutFile]: layout.replace('pai-master: "true"', "pai-master: true") }),
  ).toEqual([
    'configuration/layout.yaml:6:5 machine-list[1].pai-master counts only as the text "true" | write  pai-master: "true"',
  ]);
});

test("templates see machines by hostname, and a bare true as it is: no label, as in OpenPAI", async () => {
  const { model } = await read(good);
  expect([...(pick(model, "layout", "machine-list") as Map<string, unknown>).keys()]).toEqual(["m1", "w1"]);
  expect(pick(model, "layout", "machine-list", "w1", "pai-worker")).toBe("true");
  expect(pick(model, "layout", "machine-list", "w1", "pai-storage")).toBe(true);
  expect(pick(model, "layout", "machine-sku", "BIG", "mem")).toBe(16);
});

test("overrides are merged deep into the services' defaults, whose order stays", async () => {
  const { model } = await read({
    ...good,
    [servicesFile]: `${services}hadoop-data-node: {storage: {path: /b}, new: 1}\nhbase:\n`,
    "src/hadoop-data-node/config/hadoop_data_node.yaml": "storage: {path: /a, size: 5}\nport: 1\n",
    "src/hbase/config/hbase.yaml": "port: 2\n",
    "src/empty/config/empty.yaml": "# only a comment\n",
  });
  expect([...(pick(model, "hadoop-data-node") as Map<string, unknown>)]).toEqual([
    [
      "storage",
      new Map<string, unknown>([
        ["path", "/b"],
        ["size", 5],
      ]),
    ],
    ["port", 1],
    ["new", 1],
  ]);
  expect(pick(model, "hbase", "port")).toBe(2);
  expect(pick(model, "empty")).toEqual(new Map());
});

test("without a login the pull secret is an empty Docker configuration", async () => {
  const { model } = await read(good);
  expect(pick(model, "cluster", "docker-registry", "prefix")).toBe("registry.example:5000/demo/");
  expect(pick(model, "cluster", "docker-registry", "base64code")).toBe("e30=");
  expect(pick(model, "cluster", "docker-registry", "credential")).toBe("{}");
});

test("a login makes the pull secret, and every form of the password is a secret", async () => {
  const { model, registry, secrets } = await read(
    {
      ...good,
      [servicesFile]: `${services}    username: ops\n    password: \${env:REGISTRY_PASSWORD}\n`,
    },
    { REGISTRY_PASSWORD: "hunter22" },
  );
  const auth = Buffer.from("ops:hunter22").toString("base64");
  const config = `{"auths":{"registry.example:5000":{"auth":"${auth}"}}}`;
  expect(registry.credentials).toEqual({ username: "ops", password: "hunter22" });
  expect(pick(model, "cluster", "docker-registry", "credential")).toBe(config);
  expect(secrets).toEqual(["hunter22", auth, Buffer.from(config).toString("base64")]);
});

test("Docker Hub has no host in image names and its own name in the login", async () => {
  const { registry, model } = await read({
    ...good,
    [servicesFile]: `${services.replace("registry.example:5000", "public")}    username: u\n    password: "pass"\n`,
  });
  expect(registry.prefix).toBe("demo/");
  expect(pick(model, "cluster", "docker-registry", "credential")).toContain("https://index.docker.io/v1/");
});

test("values under keys that end in password, secret or token are secrets", async () => {
  const { secrets } = await read({
    ...good,
    [servicesFile]: `${services}rest-server: {admin-password: changeme, api-token: 12345, secret-name: shown, jwt: {secret: [s1, s2]}}\n`,
  });
  expect(secrets).toEqual(["changeme", "12345", "s1", "s2"]);
});

test("values come from files too, relative to the configuration", async () => {
  const { model } = await read({
    ...good,
    [servicesFile]: `${services}x: {key: "a-\${file:keys/x}-b", other: "\${hadoop.tmp.dir}"}\n`,
    "configuration/keys/x": "from file\n",
  });
  expect(pick(model, "x", "key")).toBe("a-from file-b");
  expect(pick(model, "x", "other")).toBe("${hadoop.tmp.dir}");
});

test.each([
  ["/dev/zero", "it is no regular file"],
  ["large", "it has 1048577 bytes; 1048576 are read"],
  ["nowhere", "no such file or directory"],
])("what is no value is not read: %s", async (file, reason) => {
  const reading = read({
    ...good,
    [servicesFile]: `${services}x: {key: "\${file:${file}}"}\n`,
    "configuration/large": "x".repeat(1024 * 1024 + 1),
  });
  await expect(reading).rejects.toMatchObject({
    message: `\${file:${file}}: the file cannot be read`,
    cause: { message: expect.stringContaining(reason) as string },
    location: { file: servicesFile, line: 7 },
  });
});

test("the API server defaults to the master's usual port", async () => {
  const { apiServerUrl, model } = await read({
    ...good,
    [layoutFile]: layout.split("\n").slice(1).join("\n"),
  });
  expect(apiServerUrl).toBe("https://10.0.0.1:6443");
  expect(pick(model, "layout", "kubernetes", "api-servers-url")).toBe("https://10.0.0.1:6443");
});

test("kubernetes-configuration.yaml may be absent or empty", async () => {
  expect((await read(good)).model.has("kubernetes")).toBe(false);
  const file = "configuration/kubernetes-configuration.yaml";
  expect((await read({ ...good, [file]: "# later\n" })).model.has("kubernetes")).toBe(false);
  const { model } = await read({ ...good, [file]: "kubernetes: {dns: 10.0.0.2}\n" });
  expect(pick(model, "kubernetes", "dns")).toBe("10.0.0.2");
});

test("all mistakes are told at once, by file and line, misspelt keys with what was meant", async () => {
  expect(
    await findings({
      [layoutFile]: `machine-list:
  - hostname: m1
    hostip: 10.0.0.1
  - hostname: m1
    hostip: 10.0.0.1
  - hostnme: w1
    hostip: 10.0.0.300
`,
      [servicesFile]: `cluster:
  docker-registry:
    domian: x
    namespace: 5
    tag: 1.10
    secret-name: s
    username: u
other: text
x: {key: "\${env:NOT_SET}"}
`,
      "src/bad/config/bad.yaml": "a: b: c\n",
    }),
  ).toEqual([
    'configuration/layout.yaml:1:1 machine-list has no master | give one machine  pai-master: "true"',
    "configuration/layout.yaml:4:5 machine-list[2].hostname is m1, as that of the machine in line 2",
    "configuration/layout.yaml:5:5 machine-list[2].hostip is 10.0.0.1, as that of the machine in line 3",
    'configuration/layout.yaml:6:5 machine-list[3].hostname is missing | did you mean "hostnme"?',
    "configuration/layout.yaml:7:5 machine-list[3].hostip is not an IP address",
    'configuration/services-configuration.yaml:3:5 cluster.docker-registry.domain is missing | did you mean "domian"?',
    "configuration/services-configuration.yaml:4:5 cluster.docker-registry.namespace must be a text, not a number | put it in quotes",
    "configuration/services-configuration.yaml:5:5 cluster.docker-registry.tag must be a text, not a number | put it in quotes",
    "configuration/services-configuration.yaml:7:5 cluster.docker-registry.username is given without password | give both, or neither for an open registry",
    "configuration/services-configuration.yaml:8:1 other must be a map of settings, not a text",
    "configuration/services-configuration.yaml:9:5 ${env:NOT_SET}: the environment variable NOT_SET is not set",
    "src/bad/config/bad.yaml:1:5 src/bad/config/bad.yaml is not valid YAML: bad indentation of a mapping entry",
  ]);
});

test("a misspelt cluster key is told as such", async () => {
  expect(await findings({ ...good, [servicesFile]: services.replace("cluster", "clustr") })).toEqual([
    'configuration/services-configuration.yaml:1:1 cluster is missing | did you mean "clustr"?',
  ]);
});

test("a missing configuration folder is one error", async () => {
  expect(await findings({ "src/x/y": "" })).toEqual([
    expect.stringContaining(" there is no configuration folder configuration"),
  ]);
});
