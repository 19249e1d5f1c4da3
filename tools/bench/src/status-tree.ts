import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export const kubeconfig = path.join(process.env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local", "kubeconfig");

/** Services that need no image, as no pod is made: each a ConfigMap and a Deployment. Returns how many. */
export function writeStatusTree(root: string, id: string): number {
  const write = (file: string, text: string): void => {
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
  const names = ["a", "b", "c", "d", "e"].map((letter) => `${id}-${letter}`);
  for (const name of names) {
    write(`src/${name}/deploy/service.yaml`, "template-list: [objects.yaml]\napply: [objects.yaml]\n");
    write(
      `src/${name}/deploy/objects.yaml.template`,
      `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: default}
data: {registry: "{{ cluster_cfg['cluster']['docker-registry']['prefix'] }}"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: default}
spec:
  replicas: 0
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "registry.example/none:1"}]}
`,
    );
  }
  return names.length;
}
