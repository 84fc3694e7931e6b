/**
 * Bundles the sources into dist/. Dependencies stay imports. A file has its own place in dist/ only
 * where something asks for it by that place: the command, what package.json exports, the worker
 * threads, and the benches that start themselves. All else goes to chunks, shared by those.
 */

import { posix, relative } from "node:path";
import { rolldown } from "rolldown";

/** What is published. */
const published = [
  "src/cli/main",
  "src/index",
  "src/sim/index",
  "checkers/index",
  "histories/index",
  "nemeses/index",
  "systems/index",
  "workloads/index",
  "src/campaign/worker",
  "src/check/search-worker",
];

/** They stand on a copy of the sources of their own, so that they do not cut up what is published. */
const benches = [
  "bench/main",
  "bench/story",
  "bench/linearizability/files",
  "bench/linearizability/judge",
  "bench/linearizability/peak",
  "bench/memory/judge",
  "bench/transactions/judge",
  "bench/transactions/usage",
];

export async function bundle(root) {
  await bundleEntries(root, published, "src/chunks");
  await bundleEntries(root, benches, "bench/chunks");
}

async function bundleEntries(root, entries, chunks) {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, `./${entry}.ts`])),
    platform: "node",
    external: /^[^./]/,
    resolve: { extensionAlias: { ".js": [".ts"] } },
    plugins: [places(root)],
  });
  await build.write({
    dir: `${root}dist`,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: `${chunks}/[name]-[hash].js`,
  });
  await build.close();
}

const PLACE = "faultline_place";

/** `import.meta.url` means the place of the source, wherever in dist/ its code comes to lie. */
function places(root) {
  return {
    name: "places",
    transform(code, id) {
      if (!code.includes("import.meta.url")) return null;
      const place = relative(root, id).replaceAll("\\", "/").replace(/\.ts$/, ".js");
      return code.replaceAll("import.meta.url", `${PLACE}(${JSON.stringify(place)})`);
    },
    renderChunk(code, chunk) {
      if (!code.includes(PLACE)) return null;
      const folder = posix.dirname(chunk.fileName);
      return code.replaceAll(new RegExp(`${PLACE}\\("([^"]+)"\\)`, "g"), (_, place) => {
        const from = JSON.stringify(posix.relative(folder, place));
        return `new URL(${from}, import.meta.url).href`;
      });
    },
  };
}
