// Identity tokens, which registries with OAuth give in place of a password: what pai asks with them, and the engine.
import { randomUUID } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loginSuite } from "./support/login-suite.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";
import { startTokenIssuer, type TokenIssuer } from "./support/token-issuer.ts";

const identityToken = `refresh-${randomUUID()}`;
const suite = loginSuite("tokens");
const { treeOf, forget, checkLogin } = suite;

let issuer: TokenIssuer;
let guarded: TestRegistry;
let open: TestRegistry;
let configFile: string;
beforeAll(async () => {
  issuer = await startTokenIssuer({ identityToken });
  [guarded, open] = await Promise.all([startRegistry({ auth: issuer.auth }), startRegistry()]);
  configFile = path.join(suite.folder, "docker/config.json");
  await mkdir(path.dirname(configFile));
});
afterAll(() => Promise.all([guarded.stop(), open.stop(), issuer.stop()]));

async function useDockerConfig(config: object): Promise<void> {
  await writeFile(configFile, JSON.stringify(config));
  vi.stubEnv("DOCKER_CONFIG", path.dirname(configFile));
}

/** As docker login writes it: a user that stands for nobody beside the token. */
function auths(token: string): object {
  const auth = Buffer.from("00000000-0000-0000-0000-000000000000:").toString("base64");
  return { auths: { [guarded.host]: { auth, identitytoken: token } } };
}

test("of config.json they push with the engine, look, copy, and get bases for both builders", async () => {
  await useDockerConfig(auths(identityToken));
  const tree = await treeOf(guarded.host);
  expect(await tree.build()).toMatchObject({ errors: [], images: { a: "built" } });
  expect(await tree.push()).toMatchObject({ errors: [], images: { a: "pushed" } });
  expect((await tree.push()).images).toEqual({ a: "in the registry" });
  await forget(tree);
  const copied = await tree.push({ registries: [`${open.host}/copies`], tags: ["9"] });
  expect(copied).toMatchObject({ errors: [], images: { a: "copied" } });
  expect(await open.tags(`copies/${tree.name("a")}`)).toContain("9");

  for (const builder of ["buildkit", "classic"] as const) {
    await forget(tree);
    const next = await treeOf(open.host, tree.reference("a"));
    expect(await next.build({ builder })).toMatchObject({ errors: [], images: { a: "built" } });
  }
  // Others are BuildKit's, which tries the token as a password first.
  const asked = issuer.asked.filter((each) => each.startsWith("refresh "));
  expect(asked).toContain(`refresh repository:${tree.repository("a")}:pull`);
  expect(asked).toContain(`refresh repository:${tree.repository("a")}:pull,push`);
});

test("of a credential helper they are those of the user <token>", async () => {
  await useDockerConfig({ credHelpers: { [guarded.host]: "pai-test" } });
  const answer = JSON.stringify({ ServerURL: guarded.host, Username: "<token>", Secret: identityToken });
  const helper = path.join(suite.folder, "docker-credential-pai-test");
  await writeFile(helper, `#!/bin/sh\nread host\necho '${answer}'\n`);
  await chmod(helper, 0o755);
  vi.stubEnv("PATH", `${suite.folder}:${process.env["PATH"]}`);
  const tree = await treeOf(guarded.host);
  await tree.build();
  expect(await tree.push()).toMatchObject({ errors: [], images: { a: "pushed" } });
  const { said, login } = await checkLogin(tree, guarded.host);
  const accepted = { pull: "accepted", push: "accepted" };
  expect(login).toMatchObject({ source: "docker-credential-pai-test", ...accepted });
  expect(said).not.toContain(identityToken);
});

test("that the token service does not know they are refused in the registry's name, and not shown", async () => {
  await useDockerConfig(auths("expired-horse"));
  const refused: unknown = expect.stringContaining(`${guarded.host} refuses these credentials`);
  const { said, login } = await checkLogin(await treeOf(guarded.host), guarded.host);
  const why = { pull: "refused", push: "refused", reasons: [refused, refused] };
  expect(login).toMatchObject({ source: configFile, ...why });
  expect(said).not.toContain("horse");
});
