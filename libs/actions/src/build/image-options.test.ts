import { expect, test, vi } from "vitest";
import { parseBuildArgs } from "./image-options.ts";
import { parseSecretOptions, readSecrets } from "./secrets.ts";

test("an argument is what follows the first =, or what the environment has", () => {
  const env = { FROM_HERE: "a=b" };
  expect(parseBuildArgs(["A=1=2", "B=", "FROM_HERE"], env)).toEqual({ A: "1=2", B: "", FROM_HERE: "a=b" });
});

test.each([
  ["A B=1", "--build-arg takes NAME=value"],
  ["GONE", "--build-arg GONE: the environment has no such variable"],
  ["API_TOKEN=abc", "--build-arg API_TOKEN: it would be kept in the image's history"],
])("%s is refused", (text, message) => {
  expect(() => parseBuildArgs([text], {})).toThrow(message);
});

test("a secret comes from a file or a variable", () => {
  expect(parseSecretOptions(["id=a,src=./f", "id=b,env=B", "source=f,id=c", "id=d"])).toEqual([
    { id: "a", src: "./f" },
    { id: "b", env: "B" },
    { id: "c", src: "f" },
    { id: "d" },
  ]);
});

test.each(["a", "id=a,src=f,env=B", "id=a,value=secret", "src=f"])(
  "%s is refused without being repeated",
  (text) => {
    expect(() => parseSecretOptions([text])).toThrow(
      /^--secret takes id=NAME,src=FILE or id=NAME,env=VARIABLE/,
    );
  },
);

test("a value is found by its id or by a variable of that name, and hidden line by line", () => {
  vi.stubEnv("NPM_LOGIN", "//registry/:_authToken=abcdefgh\nshort\n");
  try {
    const { find, hidden } = readSecrets(undefined, ["npm-login", "nobody-gave"]);
    expect(find("npm-login")?.toString()).toContain("abcdefgh");
    expect(find("nobody-gave")).toBeUndefined();
    expect(hidden).toContain("//registry/:_authToken=abcdefgh");
    expect(hidden).not.toContain("short");
  } finally {
    vi.unstubAllEnvs();
  }
});
