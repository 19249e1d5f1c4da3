// Nx with the plugin beside Nx alone:  node tools/bench/src/nx.ts [rounds] [affected] [cached] [many] [graph sizes ...]
// "cached" and "many" need an engine; a size of 0 leaves a part out.
import { measureAffected, measureGraphs } from "./nx-graph.ts";
import { measureCached, measureMany } from "./nx-images.ts";
import { printHeader } from "./nx-table.ts";

const [rounds = 3, affectedSize = 2000, cachedSize = 500, manySize = 200, ...given] = process.argv
  .slice(2)
  .map(Number);
const graphSizes = (given.length > 0 ? given : [50, 500, 2000, 5000]).filter((size) => size > 0);

printHeader();
measureGraphs(graphSizes, rounds);
if (affectedSize > 0) measureAffected(affectedSize, rounds);
if (cachedSize > 0) await measureCached(cachedSize, rounds);
if (manySize > 0) await measureMany(manySize, rounds);
