// Trees for the cluster, and the registry, of the local stack.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export const localHome = process.env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local";
export const kubeconfig = path.join(localHome, "kubeconfig");

export type WriteFile = (file: string, text: string) => void;

/** Writes a configuration. Returns what writes more files below `root`. */
export function startLocalTree(root: string): WriteFile {
  const write: WriteFile = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write(
    "configuration/layout.yaml",
    `kubernetes: {api-servers-url: "https://10.77.0.1:6443"}
machine-sku: {S: {mem: 1, cpu: {vcore: 1}}}
machine-list:
- {hostname: pai-local, hostip: 10.77.0.1, machine-type: S, k8s-role: master, pai-master: "true", pai-worker: "true"}
`,
  );
  write(
    "configuration/services-configuration.yaml",
    'cluster:\n  docker-registry: {domain: "127.0.0.1:5077", namespace: bench, tag: "1", secret-name: none}\n',
  );
  return write;
}
