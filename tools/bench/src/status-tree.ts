import { startLocalTree } from "./local-tree.ts";

/** Services that need no image, as no pod is made: each a ConfigMap and a Deployment. Returns how many. */
export function writeStatusTree(root: string, id: string): number {
  const write = startLocalTree(root);
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
