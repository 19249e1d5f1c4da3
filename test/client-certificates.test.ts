// Client certificates in place of a password: of pai's own requests and of the engine's.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { formatError } from "@pai/core";
import { connectEngine, findLocalImage, pushImage } from "@pai/docker";
import { connectRegistry } from "@pai/registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEngine } from "./support/engine.ts";
import { loginSuite } from "./support/login-suite.ts";
import {
  makeCertificate,
  startRegistry,
  type TestCertificate,
  type TestRegistry,
} from "./support/registry.ts";

const suite = loginSuite("certificates");
const { shell, treeOf, forget, checkLogin } = suite;
const { signal } = new AbortController();

// Not the loopback, which the engine reaches without TLS.
const address = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

describe.runIf(address)("client certificates", () => {
  let guarded: TestRegistry;
  let server: TestCertificate;
  let client: TestCertificate;
  let certs: string;
  beforeAll(async () => {
    const made = ["server", "client"].map(async (name) => {
      await mkdir(path.join(suite.folder, name));
      return makeCertificate(path.join(suite.folder, name), address ?? "");
    });
    [server, client] = (await Promise.all(made)) as [TestCertificate, TestCertificate];
    const certificates = { certificate: server, clientAuthority: client.certificateFile };
    guarded = await startRegistry({ host: `${address}:0`, ...certificates });
    certs = path.join("/etc/docker/certs.d", guarded.host);
    await mkdir(certs, { recursive: true });
    await copyFile(server.certificateFile, path.join(certs, "ca.crt"));
  });
  afterAll(async () => {
    await rm(certs, { recursive: true });
    await guarded.stop();
  });
  const use = async (certificateFile?: string, keyFile?: string): Promise<void> => {
    const files = { "client.cert": certificateFile, "client.key": keyFile };
    for (const [name, from] of Object.entries(files)) {
      const target = path.join(certs, name);
      await (from === undefined ? rm(target, { force: true }) : copyFile(from, target));
    }
  };
  const connect = (): ReturnType<typeof connectRegistry> =>
    connectRegistry({ host: guarded.host, findCredentials: () => Promise.resolve(undefined), signal });
  const refusal = async (): Promise<string> =>
    formatError(
      await connect()
        .listTags("a/b")
        .catch((reason: unknown) => reason),
    );

  test("are named where one is missing or not known", async () => {
    for (const own of [undefined, server]) {
      await use(own?.certificateFile, own?.keyFile);
      const text = await refusal();
      expect(text).toContain(`error[REGISTRY_DENIED]: list the tags of ${guarded.host}/a/b`);
      expect(text).toContain(`${guarded.host} wants a client certificate that it knows`);
      expect(text).toContain(`hint: put yours into ${certs}/client.cert and its key into client.key`);
    }
    const docker = await connectEngine({ signal });
    const image = await findLocalImage(docker, `${shell}:1`, signal);
    if (!image) throw new Error("the shell image is not there");
    const repository = `${guarded.host}/a/b`;
    const options = { image, repository, tag: "1", credentials: undefined, onProgress: () => {}, signal };
    const text = formatError(await pushImage(docker, options).catch((reason: unknown) => reason));
    expect(text).toContain(`push ${guarded.host}/a/b:1: ${guarded.host} wants a client certificate`);
    expect(text).toContain(`hint: put one into ${certs}/client.cert`);
  });

  test("need the key that belongs to them", async () => {
    await use(client.certificateFile);
    expect(await refusal()).toMatch(/use the client certificate \S+\/client.cert and [^]*no such file/);
    await use(client.certificateFile, server.keyFile);
    expect(await refusal()).toMatch(/client.cert and the .key beside it[^]*key values mismatch/);
  });

  test("are used to look, by the engine's push, and for bases by an engine that was started later", async () => {
    const tree = await treeOf(guarded.host);
    await tree.build();
    await use();
    expect(formatError((await tree.push()).errors[0])).toContain("wants a client certificate that it knows");
    await use(client.certificateFile, client.keyFile);
    expect(await tree.push()).toMatchObject({ errors: [], images: { a: "pushed" } });
    await expect(connect().listTags(tree.repository("a"))).resolves.toContain("latest");
    const { login } = await checkLogin(tree, guarded.host);
    expect(login).toMatchObject({ pull: "accepted", push: "accepted" });

    await forget(tree);
    const next = await treeOf(guarded.host, tree.reference("a"));
    expect(formatError((await next.build()).errors[0])).toContain(
      `hint: the certificates for ${guarded.host} belong into ${certs}; the engine's BuildKit sees a new folder`,
    );
    expect((await next.build({ builder: "classic" })).images).toEqual({ a: "built" });
    const later = await startEngine();
    try {
      const built = await next.build({ engines: [later.address], noCache: true });
      expect(built).toMatchObject({ errors: [], images: { a: "built" } });
    } finally {
      await later.remove();
    }
  });
});
