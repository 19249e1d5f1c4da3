import type { PaiError } from "@pai/core";
import { expect, test } from "vitest";
import { parseRegistry, type ParsedRegistry } from "./parse-registry.ts";
import { topSection } from "./section.ts";
import { parseYaml } from "./yaml.ts";

function parse(more: string): { readonly parsed: ParsedRegistry | undefined; readonly mistakes: string[] } {
  const text = `docker-registry:\n  domain: registry.example\n  namespace: pai\n  tag: v1\n  secret-name: s\n${more}`;
  const errors: PaiError[] = [];
  const section = topSection(parseYaml(text, "c.yaml"), errors);
  const parsed = section && parseRegistry(section);
  return {
    parsed,
    mistakes: errors.map(({ location, message }) => `${location?.line}:${location?.column} ${message}`),
  };
}

test("one tag, no mirrors, https with a known certificate, unless it says more", () => {
  expect(parse("").parsed?.registry).toMatchObject({ tag: "v1", tags: ["v1"], mirrors: [], access: {} });
});

test("further tags come after the one that deployments ask for", () => {
  expect(parse("  tags: [stable, v1, '1.4']\n").parsed?.registry.tags).toEqual(["v1", "stable", "1.4"]);
});

test("a mirror has a login, an authority and a prefix of its own; every secret form of it is known", () => {
  const { parsed, mistakes } = parse(
    "  insecure: true\n  mirrors:\n  - {domain: public, namespace: org, username: u, password: battery}\n",
  );
  expect(mistakes).toEqual([]);
  expect(parsed?.registry).toMatchObject({
    access: { insecure: true },
    mirrors: [
      { domain: "public", prefix: "org/", access: {}, credentials: { username: "u", password: "battery" } },
    ],
  });
  expect(parsed?.secrets).toEqual(["battery", Buffer.from("u:battery").toString("base64")]);
});

test.each([
  ["  tags: v2\n", "6:3 docker-registry.tags must be a list of tags"],
  ["  tags: [v2, 1.4]\n", "6:14 docker-registry.tags[2] is no tag"],
  ["  ca: registry.crt\n", "6:3 docker-registry.ca is not a certificate in PEM form"],
  ["  insecure: 'yes'\n", "6:3 docker-registry.insecure must be true or false, not a text"],
  ["  mirrors: other.example/pai\n", "6:3 docker-registry.mirrors must be a list, not a text"],
  [
    "  mirrors: [other.example/pai]\n",
    "6:13 docker-registry.mirrors[1] must be a map with domain and namespace, not a text",
  ],
  ["  mirrors: [{domain: other.example}]\n", "6:13 docker-registry.mirrors[1].namespace is missing"],
  [
    "  mirrors: [{domain: x.example, namespace: n, password: p}]\n",
    "6:47 docker-registry.mirrors[1].password is given without username",
  ],
  [
    "  username: u\n  password: p\n  mirrors: [{domain: registry.example, namespace: n, username: v, password: p}]\n",
    "8:54 docker-registry.mirrors[1].username is another user of registry.example than above",
  ],
])("%s", (more, mistake) => {
  expect(parse(more).mistakes).toEqual([mistake]);
});
