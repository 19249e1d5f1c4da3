// Trees of any size for the benches of Nx: a base, a layer of images on it, and services on these, with a
// template, a start script and defaults each.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface BenchTree {
  readonly root: string;
  readonly names: readonly string[];
  /** The service that most others come before. */
  readonly last: string;
  readonly write: (file: string, text: string) => void;
  readonly commit: () => void;
  readonly remove: () => void;
}

export interface BenchTreeOptions {
  readonly services: number;
  /** Written as project.json files for Nx alone, in place of what the plugin reads. */
  readonly plain?: boolean;
  /** `host:port` */
  readonly registry?: string;
  /** Of the images, which have one name space in an engine. */
  readonly namespace?: string;
}

const repository = path.resolve(import.meta.dirname, "../../..");
const layerSize = 20;

export function writeTree(options: BenchTreeOptions): BenchTree {
  const { services, plain = false, registry = "127.0.0.1:1", namespace = "bench" } = options;
  const folder = mkdtempSync(path.join(tmpdir(), "pai-bench-nx-"));
  const root = path.join(folder, "tree");
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write("package.json", '{ "name": "bench", "private": true }\n');
  write(".gitignore", "node_modules\ndist\n.nx\n");
  const plugins = plain ? [] : ["@pai/nx-plugin"];
  write("nx.json", JSON.stringify({ plugins, analytics: false, neverConnectToCloud: true }));
  write(
    "configuration/layout.yaml",
    'machine-list:\n- {hostname: m1, hostip: 127.0.0.1, pai-master: "true"}\n',
  );
  write(
    "configuration/services-configuration.yaml",
    `cluster:\n  docker-registry: {domain: "${registry}", namespace: ${namespace}, tag: latest, secret-name: s}\n`,
  );
  const names = Array.from({ length: services }, (_, index) => `${namespace}-${index}`);
  for (const [index, name] of names.entries()) {
    const edges = {
      base: baseOf(names, index),
      needs: needsOf(names, index),
      neededBy: neededBy(names, index),
    };
    writeService(write, { name, ...edges, plain });
  }
  symlinkSync(path.join(repository, "node_modules"), path.join(root, "node_modules"));
  const git = (...args: string[]): void =>
    void execFileSync("git", ["-c", "user.name=b", "-c", "user.email=b@example.org", ...args], { cwd: root });
  git("init", "--quiet", "--initial-branch=main");
  const commit = (): void => {
    git("add", "--all");
    git("commit", "--quiet", "--message=bench");
  };
  commit();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { root, names, last: names.at(-1) ?? "", write, commit, remove };
}

function baseOf(names: readonly string[], index: number): string | undefined {
  if (index === 0) return undefined;
  return index <= layerSize ? names[0] : names[1 + (index % layerSize)];
}

function needsOf(names: readonly string[], index: number): readonly string[] {
  return names.slice(Math.max(0, index - 2), index);
}

function neededBy(names: readonly string[], index: number): readonly string[] {
  return names.slice(index + 1, index + 3);
}

interface ServiceText {
  readonly name: string;
  readonly base: string | undefined;
  readonly needs: readonly string[];
  readonly neededBy: readonly string[];
  readonly plain: boolean;
}

function writeService(write: BenchTree["write"], { plain, ...service }: ServiceText): void {
  const { name, base, needs } = service;
  const folder = `src/${name}`;
  write(
    `${folder}/build/${name}.dockerfile`,
    `FROM ${base ?? "scratch"}\nCOPY build/file.txt /${name}.txt\n`,
  );
  write(`${folder}/build/file.txt`, `${name}\n`);
  write(`${folder}/config/${name}.yaml`, "port: 1\n");
  write(`${folder}/deploy/start.sh`, "#!/bin/bash\nexit 0\n");
  write(
    `${folder}/deploy/${name}.yaml.template`,
    `kind: ConfigMap\ndata: {port: "{{ cluster_cfg['${name}']['port'] }}"}\n`,
  );
  const list = needs.map((need) => `\n  - ${need}`).join("");
  write(
    `${folder}/deploy/service.yaml`,
    `prerequisite:${list || " []"}\ntemplate-list: [${name}.yaml]\nstart-script: start.sh\n`,
  );
  if (plain) write(`${folder}/project.json`, JSON.stringify(projectJson(service)));
}

/** What a team without the plugin would write by hand for the same tasks. */
function projectJson({ name, base, needs, neededBy }: Omit<ServiceText, "plain">): object {
  const noPackages = { externalDependencies: [] };
  const build = ["{projectRoot}/build/**/*", noPackages];
  const deploy = ["{projectRoot}/{deploy,config}/**/*", "{workspaceRoot}/configuration/**/*", noPackages];
  const task = (inputs: readonly unknown[], target = "", projects: readonly string[] = []): object => ({
    executor: "nx:noop",
    inputs,
    ...(projects.length === 0 ? {} : { dependsOn: [{ target, projects }] }),
  });
  return {
    name,
    root: `src/${name}`,
    projectType: "application",
    tags: ["service"],
    implicitDependencies: [...new Set([base ?? [], needs].flat())],
    targets: {
      check: task(["{projectRoot}/**/*", noPackages]),
      build: { ...task(build, "build", base === undefined ? [] : [base]), cache: true },
      push: task(build, "build", [name]),
      explain: task(build),
      deploy: task(deploy, "deploy", needs),
      stop: task(deploy, "stop", neededBy),
      delete: task(deploy, "delete", neededBy),
      refresh: task(deploy),
    },
  };
}
