/**
 * The line of the template that a line of the rendered text comes from: the nearest one that begins like it
 * up to its first expression. Loops and conditions move lines, so the number alone says little.
 */
export function templateLineOf(template: string, rendered: string, line: number): number {
  const lines = template.split(/\r\n|\r|\n/);
  const text = rendered.split("\n")[line - 1] ?? "";
  const expected = Math.round(((line - 1) * lines.length) / Math.max(1, rendered.split("\n").length));
  const candidates = lines.flatMap((each, index) => (comesFrom(text, each) ? [index] : []));
  const nearest = candidates.toSorted((a, b) => Math.abs(a - expected) - Math.abs(b - expected))[0];
  return (nearest ?? Math.min(line - 1, lines.length - 1)) + 1;
}

function comesFrom(text: string, templateLine: string): boolean {
  const fixed = templateLine.split(/\{[{%#]/)[0] ?? "";
  if (fixed.length === templateLine.length) return text === templateLine;
  return fixed.trim() !== "" && text.startsWith(fixed);
}
