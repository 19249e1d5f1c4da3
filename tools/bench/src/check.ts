// Time and memory of paictl check:  node tools/bench/src/check.ts [services ...]
// Each size runs in a process of its own, as a command would; every third service has one mistake.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const main = path.resolve(import.meta.dirname, "../../paictl/src/main.ts");
const templatesPerService = 3;

const sizes = process.argv.slice(2).map(Number);
console.log("services  templates   wall s    user s   peak MB   findings");
for (const size of sizes.length > 0 ? sizes : [20, 200, 2000]) {
  const root = mkdtempSync(path.join(tmpdir(), "pai-bench-check-"));
  try {
    writeTree(root, size);
    const { wall, user, peak, findings } = measure(root);
    const columns = [
      size,
      size * templatesPerService,
      wall.toFixed(2),
      user.toFixed(2),
      peak.toFixed(0),
      findings,
    ];
    console.log(
      columns.map((column, index) => String(column).padStart([8, 11, 9, 10, 10, 11][index] ?? 8)).join(""),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

interface Measurement {
  readonly wall: number;
  readonly user: number;
  readonly peak: number;
  readonly findings: number;
}

/** The best of three runs, as other work on the machine only ever adds. */
function measure(root: string): Measurement {
  const runs = Array.from({ length: 3 }, () => run(root));
  return runs.reduce((best, each) => (each.wall < best.wall ? each : best));
}

function run(root: string): Measurement {
  const usage = path.join(root, "usage.json");
  const hook = `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())))`;
  const hookFile = path.join(root, "hook.cjs");
  writeFileSync(hookFile, hook);
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--require", hookFile, main, "check", "--format", "json"],
    { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  const wall = (performance.now() - started) / 1000;
  if (status === null || status > 1) throw new Error(stderr);
  const { userCPUTime, maxRSS } = JSON.parse(readFileSync(usage, "utf8")) as {
    readonly userCPUTime: number;
    readonly maxRSS: number;
  };
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly unknown[] };
  return { wall, user: userCPUTime / 1e6, peak: maxRSS / 1024, findings: findings.length };
}

function writeTree(root: string, services: number): void {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const machines = Array.from({ length: 100 }, (_, index) => {
    const role = index === 0 ? "pai-master" : "pai-worker";
    return `  - {hostname: m${index}, hostip: 10.1.${index >> 8}.${index & 255}, ${role}: "true"}`;
  });
  write(
    "configuration/layout.yaml",
    `kubernetes: {api-servers-url: "https://10.1.0.0:6443"}\nmachine-list:\n${machines.join("\n")}\n`,
  );
  write(
    "configuration/services-configuration.yaml",
    "cluster:\n  docker-registry: {domain: registry.example, namespace: bench, tag: v1, secret-name: pull}\n",
  );
  for (let index = 0; index < services; index++) {
    const name = `service-${index}`;
    const folder = `src/${name}`;
    // One base for ten, ten prerequisites at most: as trees are.
    const needs = Array.from({ length: index % 10 }, (_, step) => `  - service-${index - step - 1}`);
    const wrong = index % 3 === 0;
    write(
      `${folder}/build/${name}.dockerfile`,
      index % 10 === 0
        ? "FROM debian:12\n"
        : `FROM service-${index - (index % 10)}\nCOPY build/run.sh /run.sh\n`,
    );
    write(`${folder}/build/run.sh`, "#!/bin/sh\n");
    write(
      `${folder}/config/${name}.yaml`,
      Array.from({ length: 20 }, (_, key) => `setting-${key}: ${key}`).join("\n"),
    );
    write(`${folder}/deploy/start.sh`, "#!/bin/bash\nkubectl apply -f a.yaml\n");
    const prerequisite = needs.length > 0 ? `prerequisite:\n${needs.join("\n")}\n` : "";
    write(
      `${folder}/deploy/service.yaml`,
      `${prerequisite}template-list: [a.yaml, b.yaml, c.conf]\nstart-script: start.sh\n`,
    );
    write(`${folder}/deploy/a.yaml.template`, workload(name, "DaemonSet", wrong));
    write(`${folder}/deploy/b.yaml.template`, workload(`${name}-b`, "Deployment", false));
    write(`${folder}/deploy/c.conf.template`, configuration(name));
  }
}

function workload(name: string, kind: string, wrong: boolean): string {
  const service = name.replace(/-b$/, "");
  const variables = Array.from(
    { length: 15 },
    (_, key) =>
      `            - name: SETTING_${key}\n              value: "{{ cluster_cfg['${service}']['setting-${key}'] }}"`,
  );
  return `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      ${wrong ? "hostNetwrok" : "hostNetwork"}: true
      containers:
        - name: main
          image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}${service}:{{ cluster_cfg['cluster']['docker-registry']['tag'] }}
          readinessProbe: {exec: {command: [cat, /ready]}}
          resources: {limits: {memory: 1Gi}}
          env:
${variables.join("\n")}
          volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, hostPath: {path: "{{ cluster_cfg['cluster']['common']['data-path'] }}/${name}"}}]
`;
}

function configuration(name: string): string {
  const lines = Array.from(
    { length: 40 },
    (_, key) => `key-${key} = {{ cluster_cfg['${name}']['setting-${key % 20}'] }}`,
  );
  return `{% set machines = cluster_cfg['layout']['machine-list'] -%}
peers = {% for host in machines if machines[host]['pai-worker'] == 'true' %}{{ machines[host]['hostip'] }}{% if not loop.last %},{% endif %}{% endfor %}
${lines.join("\n")}
`;
}
