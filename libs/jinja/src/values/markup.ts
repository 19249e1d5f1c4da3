import { str } from "./repr.ts";
import { Markup, PyObject, PyUndefined } from "./types.ts";

const UNSAFE = /[&<>'"]/;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
};

/** MarkupSafe's `escape`: safe text stays, everything else is written as text with the five characters replaced. */
export function escapeHtml(value: unknown): Markup {
  if (value instanceof Markup) return value;
  if (value instanceof PyObject && hasHtml(value)) return new Markup(value.text());
  const text = str(value);
  return new Markup(UNSAFE.test(text) ? text.replaceAll(/[&<>'"]/g, (char) => ENTITIES[char] ?? char) : text);
}

/** Whether Python would find `__html__`. */
export function hasHtml(value: unknown): boolean {
  if (value instanceof Markup) return true;
  if (value instanceof PyUndefined) return value.mode === "chainable";
  return value instanceof PyObject && value.typeName === "TemplateModule";
}

/** A str stays what it is (also Markup); all else becomes a str. */
export function softStr(value: unknown): string | Markup {
  return typeof value === "string" || value instanceof Markup ? value : str(value);
}

/** Puts text into the kind of string `like` is. */
export function sameKind(like: string | Markup, text: string): string | Markup {
  return typeof like === "string" ? text : new Markup(text);
}
