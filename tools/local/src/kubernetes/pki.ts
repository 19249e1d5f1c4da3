import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  certificateFile,
  ensureCertificates,
  ensureSigningKey,
  keyFile,
  type CertificateRequest,
} from "../certificates.ts";
import type { Part } from "../parts.ts";
import { API_SERVER_URL, NODE_ADDRESS, NODE_NAME, type Settings } from "../settings.ts";

const client = (name: string, subject: string): CertificateRequest => ({
  name,
  subject,
  usage: ["clientAuth"],
});

const clusterCertificates: readonly CertificateRequest[] = [
  {
    name: "kube-apiserver",
    subject: "/CN=kube-apiserver",
    usage: ["serverAuth"],
    alternatives: [
      `IP:${NODE_ADDRESS}`,
      "IP:127.0.0.1",
      "IP:10.96.0.1",
      `DNS:${NODE_NAME}`,
      ...[
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
      ].map((name) => `DNS:${name}`),
    ],
  },
  {
    name: "kubelet",
    subject: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
    usage: ["serverAuth", "clientAuth"],
    alternatives: [`IP:${NODE_ADDRESS}`, `DNS:${NODE_NAME}`],
  },
  client("kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client"),
  client("admin", "/O=system:masters/CN=pai-local-admin"),
  client("kube-controller-manager", "/CN=system:kube-controller-manager"),
  client("kube-scheduler", "/CN=system:kube-scheduler"),
  client("kube-proxy", "/CN=system:kube-proxy"),
];

const etcdCertificates: readonly CertificateRequest[] = [
  {
    name: "etcd",
    subject: "/CN=etcd",
    usage: ["serverAuth", "clientAuth"],
    alternatives: [`IP:${NODE_ADDRESS}`],
  },
  client("etcd-client", "/CN=kube-apiserver"),
];

const pkiFolder = ({ home }: Settings): string => path.join(home, "pki");
export const pkiFiles = (
  settings: Settings,
  name: string,
): { readonly certificate: string; readonly key: string } => ({
  certificate: certificateFile(pkiFolder(settings), name),
  key: keyFile(pkiFolder(settings), name),
});
export const clientConfig = (settings: Settings, user: string): string =>
  path.join(settings.home, "node", `${user}.kubeconfig`);

export function certificatesPart(settings: Settings): Part {
  return {
    name: "certificates",
    title: "certificates",
    needs: ["packages"],
    // Whether one is missing, near its end or not as wanted is known by making them: what is good is kept.
    look: async () =>
      (await areThere(settings)) ? { state: "healthy", origin: "ours" } : { state: "stopped" },
    isCurrent: () => Promise.resolve(false),
    bring: async () => {
      const before = await areThere(settings);
      await ensurePki(settings);
      return before ? "checked" : "made, good for ten years";
    },
  };
}

const areThere = ({ home }: Settings): Promise<boolean> =>
  access(path.join(home, "kubeconfig")).then(
    () => true,
    () => false,
  );

async function ensurePki(settings: Settings): Promise<void> {
  const folder = pkiFolder(settings);
  await ensureCertificates(folder, "ca", clusterCertificates);
  await ensureCertificates(folder, "etcd-ca", etcdCertificates);
  await ensureSigningKey(folder, "service-accounts");
  await mkdir(path.join(settings.home, "node"), { recursive: true });
  for (const user of ["kubelet", "kube-controller-manager", "kube-scheduler", "kube-proxy"])
    await writeKubeconfig(settings, user, clientConfig(settings, user));
  await writeKubeconfig(settings, "admin", path.join(settings.home, "kubeconfig"));
}

async function writeKubeconfig(settings: Settings, user: string, file: string): Promise<void> {
  const base64 = (path: string): Promise<string> => readFile(path, "base64");
  const { certificate, key } = pkiFiles(settings, user);
  const cluster = {
    server: API_SERVER_URL,
    "certificate-authority-data": await base64(pkiFiles(settings, "ca").certificate),
  };
  const credentials = {
    "client-certificate-data": await base64(certificate),
    "client-key-data": await base64(key),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: NODE_NAME, cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: NODE_NAME, context: { cluster: NODE_NAME, user } }],
    "current-context": NODE_NAME,
  };
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
}
