// The functions of the i18n extension where no translations are installed: each text stays what it is.
import { raise } from "./errors.ts";
import { callValue } from "./runtime/call.ts";
import { PyFunction } from "./values/callable.ts";
import { equals } from "./values/compare.ts";
import { bind, signature } from "./values/signature.ts";

function translator(parameters: string, choose: (args: readonly unknown[]) => unknown): PyFunction {
  const bound = signature(parameters);
  return new PyFunction(
    (args, kwargs) => {
      const [unexpected] = kwargs.keys();
      if (unexpected !== undefined && !bound.parameters.includes(unexpected))
        return raise(
          "TypeError",
          `NullTranslations.${bound.name}() got an unexpected keyword argument '${unexpected}'`,
        );
      return choose(bind(bound, args, kwargs));
    },
    { repr: `<bound method NullTranslations.${bound.name} of object at 0x7f0000000000>`, typeName: "method" },
  );
}

export function nullTranslations(): Map<string, unknown> {
  const plural = (count: unknown, one: unknown, many: unknown): unknown => (equals(count, 1) ? one : many);
  const gettext = translator("gettext(message)", ([message]) => message);
  return new Map<string, unknown>([
    [
      "_",
      new PyFunction(
        (args, kwargs, context) => callValue(context.resolve("gettext"), args, kwargs, context),
        { repr: "<function _gettext_alias at 0x7f0000000000>" },
      ),
    ],
    ["gettext", gettext],
    ["ngettext", translator("ngettext(msgid1, msgid2, n)", ([one, many, count]) => plural(count, one, many))],
    ["pgettext", translator("pgettext(ctx, message)", ([, message]) => message)],
    [
      "npgettext",
      translator("npgettext(ctx, msgid1, msgid2, n)", ([, one, many, count]) => plural(count, one, many)),
    ],
  ]);
}
