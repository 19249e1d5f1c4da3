export interface LineChange {
  readonly sign: "-" | "+";
  /** Counted from 1, in the text that has the line. */
  readonly line: number;
  readonly text: string;
}

/** The lines to remove from `before` and to add, in the order of the texts. */
export function diffLines(before: readonly string[], after: readonly string[]): LineChange[] {
  const start = commonStart(before, after);
  const end = commonStart(before.slice(start).toReversed(), after.slice(start).toReversed());
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const lengths = commonLengths(old, now);
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [a, b] = [old[i], now[j]];
    if (a !== undefined && a === b) [i, j] = [i + 1, j + 1];
    else if (a !== undefined && (b === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1)))
      changes.push({ sign: "-", line: start + ++i, text: a });
    else if (b !== undefined) changes.push({ sign: "+", line: start + ++j, text: b });
  }
  return changes;
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}

/** Length of the longest common subsequence of what begins at i and j. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (!row) continue;
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
  }
  return rows;
}

function at(rows: readonly Uint32Array[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}
