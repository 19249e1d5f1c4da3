/** Needs first. `onCycle` gets the names of a cycle, the first one again at its end; it may throw or go on. */
export function needsFirst(
  names: Iterable<string>,
  needsOf: (name: string) => Iterable<string>,
  onCycle: (path: readonly string[]) => void,
): string[] {
  const order = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    if (order.has(name)) return;
    const start = path.indexOf(name);
    if (start !== -1) {
      onCycle([...path.slice(start), name]);
      return;
    }
    path.push(name);
    for (const need of needsOf(name)) visit(need);
    path.pop();
    order.add(name);
  };
  for (const name of names) visit(name);
  return [...order];
}
