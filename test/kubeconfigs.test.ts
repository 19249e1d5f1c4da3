// Every way in which a kubeconfig holds or gets credentials, on the real API server.
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { serviceStatus } from "@pai/actions/deploy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDeployTree, type DeployTree } from "./support/cluster.ts";
import { startConnectProxy, type ConnectProxy } from "./support/proxies.ts";

interface View {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

let tree: DeployTree;
let proxy: ConnectProxy;
let cluster: Readonly<Record<string, string>>;
let user: Readonly<Record<string, string>>;
let token: string;

beforeAll(async () => {
  tree = await makeDeployTree();
  await tree.addService("a");
  proxy = await startConnectProxy("pai:secret");
  const view = JSON.parse(await tree.kubectl("config", "view", "--raw", "--minify", "-o", "json")) as View;
  cluster = view.clusters[0].cluster;
  user = view.users[0].user;
  await tree.kubectl("create", "serviceaccount", "reader", "-n", tree.namespace);
  const account = `${tree.namespace}:reader`;
  await tree.kubectl(
    "create",
    "clusterrolebinding",
    tree.namespace,
    "--clusterrole=view",
    `--serviceaccount=${account}`,
  );
  await tree.kubectl(
    "create",
    "clusterrole",
    `${tree.namespace}-nodes`,
    "--verb=get,list,watch",
    "--resource=nodes",
  );
  await tree.kubectl(
    "create",
    "clusterrolebinding",
    `${tree.namespace}-nodes`,
    `--clusterrole=${tree.namespace}-nodes`,
    `--serviceaccount=${account}`,
  );
  token = (await tree.kubectl("create", "token", "reader", "-n", tree.namespace)).trim();
  const decode = (key: string): Buffer => Buffer.from((key in user ? user : cluster)[key] ?? "", "base64");
  await writeFile(path.join(tree.root, "ca.crt"), decode("certificate-authority-data"));
  await writeFile(path.join(tree.root, "admin.crt"), decode("client-certificate-data"));
  await writeFile(path.join(tree.root, "admin.key"), decode("client-key-data"));
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token },
  };
  const script = path.join(tree.root, "credential.sh");
  await writeFile(script, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`);
  await chmod(script, 0o755);
});
afterAll(async () => {
  proxy.stop();
  await tree.kubectl(
    "delete",
    "clusterrolebinding",
    tree.namespace,
    `${tree.namespace}-nodes`,
    "--ignore-not-found",
  );
  await tree.kubectl("delete", "clusterrole", `${tree.namespace}-nodes`, "--ignore-not-found");
  await tree.remove();
});

type Parts = { readonly cluster: object; readonly user: object };

const ways: readonly [string, () => Parts][] = [
  ["a client certificate in it", () => ({ cluster, user })],
  [
    "files beside it",
    () => ({
      cluster: { server: cluster["server"], "certificate-authority": "ca.crt" },
      user: { "client-certificate": "admin.crt", "client-key": "./admin.key" },
    }),
  ],
  ["a token", () => ({ cluster, user: { token } })],
  [
    "an unchecked certificate of the server",
    () => ({ cluster: { server: cluster["server"], "insecure-skip-tls-verify": true }, user }),
  ],
  [
    "an exec plug-in",
    () => ({
      cluster,
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1",
          command: path.join(tree.root, "credential.sh"),
          interactiveMode: "Never",
        },
      },
    }),
  ],
  ["a proxy", () => ({ cluster: { ...cluster, "proxy-url": `http://pai:secret@${proxy.host}` }, user })],
  [
    "impersonation",
    () => ({ cluster, user: { ...user, as: `system:serviceaccount:${tree.namespace}:reader` } }),
  ],
];

test.each(ways)("%s leads to the cluster", async (_, parts) => {
  await expect(statusWith(parts())).resolves.toMatchObject([{ service: tree.name("a") }]);
});

test("the proxy of the kubeconfig is what was asked", () => {
  expect(new Set(proxy.asked)).toEqual(new Set(["10.77.0.1:6443"]));
});

test("impersonated, one has the rights of that user only", async () => {
  const nobody = { cluster, user: { ...user, as: "nobody" } };
  await expect(statusWith(nobody)).rejects.toMatchObject({
    code: "CLUSTER_DENIED",
    message: expect.stringContaining('User "nobody" cannot'),
  });
});

test("credentials that the server does not take are told, and are in no message", async () => {
  const failure = await statusWith({ cluster, user: { token: "not-a-token" } }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "CLUSTER_DENIED" });
  expect(JSON.stringify(failure)).not.toContain("not-a-token");
});

async function statusWith(parts: Parts): ReturnType<typeof serviceStatus> {
  const kubeconfig = path.join(tree.root, "kubeconfig");
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "c", cluster: parts.cluster }],
      users: [{ name: "u", user: parts.user }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    }),
  );
  return serviceStatus({
    root: tree.root,
    configuration: "configuration",
    kubeconfig,
    report: () => {},
    signal: new AbortController().signal,
  });
}
