import { baseImagePart, isBaseImageAtHand } from "./base-image.ts";
import { engineAddress, engineVersion } from "./engine-connection.ts";
import { enginePart } from "./engine.ts";
import { binariesPart } from "./kubernetes/binaries.ts";
import { clusterPart } from "./kubernetes/cluster-part.ts";
import { certificatesPart } from "./kubernetes/pki.ts";
import { containerdPart } from "./kubernetes/containerd.ts";
import { controlPlaneParts } from "./kubernetes/control-plane.ts";
import { etcdPart } from "./kubernetes/etcd.ts";
import { gatewayPart } from "./kubernetes/gateway-part.ts";
import { nodeBoxPart } from "./kubernetes/node-box.ts";
import { nodeParts } from "./kubernetes/node.ts";
import { packagesPart, type Need } from "./packages.ts";
import type { Part } from "./parts.ts";
import { registryPart } from "./registry.ts";
import type { Settings } from "./settings.ts";

/** All parts, each after those that it needs. */
export function stackParts(settings: Settings): readonly Part[] {
  return [
    ...(settings.kubeconfig ? [] : [binariesPart(settings)]),
    packagesPart(() => neededPackages(settings)),
    enginePart(settings),
    registryPart(settings),
    baseImagePart(settings),
    ...(settings.kubeconfig ? [clusterPart(settings)] : nodeStack(settings)),
  ];
}

const nodeStack = (settings: Settings): readonly Part[] => [
  certificatesPart(settings),
  nodeBoxPart(settings),
  gatewayPart(settings),
  containerdPart(settings),
  etcdPart(settings),
  ...controlPlaneParts(settings),
  ...nodeParts(settings),
];

async function neededPackages(settings: Settings): Promise<readonly Need[]> {
  const needs: Need[] = [
    { command: "unshare", package: "util-linux" },
    ...((await isBaseImageAtHand(settings)) ? [] : [{ command: "debootstrap", package: "debootstrap" }]),
    ...(settings.extraPackages ?? []),
  ];
  const hasEngine = await engineVersion(await engineAddress(), AbortSignal.timeout(5_000)).then(
    () => true,
    () => false,
  );
  if (!hasEngine)
    needs.push(
      { command: "dockerd", package: "docker.io", units: ["docker.service", "docker.socket"] },
      { command: "iptables", package: "iptables" },
    );
  if (!settings.registry)
    needs.push({
      command: "docker-registry",
      package: "docker-registry",
      units: ["docker-registry.service"],
    });
  if (settings.kubeconfig) return needs;
  return [
    ...needs,
    { command: "ip", package: "iproute2" },
    { command: "iptables", package: "iptables" },
    { command: "openssl", package: "openssl" },
    { command: "etcd", package: "etcd-server", units: ["etcd.service"] },
    { command: "containerd", package: "containerd", units: ["containerd.service"] },
    { command: "runc", package: "runc" },
    { command: "/usr/lib/cni/bridge", package: "containernetworking-plugins" },
  ];
}
