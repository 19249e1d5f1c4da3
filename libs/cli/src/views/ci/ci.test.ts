import { expect, test } from "vitest";
import { ciOf } from "./ci.ts";

const github = ciOf({ GITHUB_ACTIONS: "true" });
const gitlab = ciOf({ GITLAB_CI: "true" });
const block = {
  name: "drivers/410",
  title: "output of drivers/410",
  lines: ["│ a", "│ b"],
  now: 1_700_000_000_900,
};

test("GitHub folds what a task printed into a group", () => {
  expect(github?.fold(block)).toBe("::group::output of drivers/410\n│ a\n│ b\n::endgroup::\n");
});

test("GitHub shows an error beside its line, whatever characters it holds", () => {
  const location = { file: "src/a,b/x:y.yaml", line: 3, column: 7 };
  expect(github?.annotate?.("error", { message: "50 % of\r\nit", title: "BUILD_FAILED", location })).toBe(
    "::error file=src/a%2Cb/x%3Ay.yaml,line=3,col=7,title=BUILD_FAILED::50 %25 of%0D%0Ait",
  );
});

test("a place without a line is the file", () => {
  expect(github?.annotate?.("warning", { message: "old", location: { file: "a.yaml" } })).toBe(
    "::warning file=a.yaml::old",
  );
});

test("GitLab folds it into a closed section with a name it accepts", () => {
  expect(gitlab?.fold(block)).toBe(
    "\u001B[0Ksection_start:1700000000:pai_drivers_410[collapsed=true]\r\u001B[0Koutput of drivers/410\n" +
      "│ a\n│ b\n\u001B[0Ksection_end:1700000000:pai_drivers_410\r\u001B[0K\n",
  );
  expect(gitlab?.annotate).toBeUndefined();
});

test("other systems get plain lines", () => {
  expect(ciOf({ CI: "true" })).toBeUndefined();
});
