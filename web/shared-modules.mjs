/**
 * A script that is loaded later sees the very modules that the page runs already: its state, its
 * words, Preact. The page leaves them in `globalThis.raftShared`, by their paths, and the later
 * script's imports are answered from there, so that nothing is carried, or runs, twice.
 */
import { join, relative, sep } from "node:path";
import { build } from "esbuild";

/** The paths of modules of the page that the modules of `later`, which it has not, import. */
export async function sharedModules(options, page, later) {
  const [ofPage, ofLater] = await Promise.all([page, later].map((entry) => inputs(options, entry)));
  const shared = Object.entries(ofLater)
    .filter(([path]) => !(path in ofPage))
    .flatMap(([, { imports }]) => imports.map(({ path }) => path));
  return [...new Set(shared)].filter((path) => path in ofPage).sort();
}

async function inputs(options, entry) {
  const dry = { ...options, entryPoints: [entry], outdir: ".", write: false, metafile: true };
  return (await build(dry)).metafile.inputs;
}

/** The module that leaves the page's modules where `fromPage` finds them. */
export function sharedTable(root, paths) {
  const imports = paths.map((path, at) => {
    return `import * as shared${at} from ${JSON.stringify(join(root, path))};`;
  });
  const rows = paths.map((path, at) => `${JSON.stringify(path)}: shared${at},`);
  return [...imports, "globalThis.raftShared = {", ...rows, "};"].join("\n");
}

/** Answers the imports of shared modules from what the page has left. */
export function fromPage(root, paths) {
  const asked = Symbol();
  const namespace = "from-page";
  return {
    name: namespace,
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === asked || from.kind === "entry-point") return undefined;
        const found = await builder.resolve(path, { ...from, pluginData: asked });
        const known = relative(root, found.path).replaceAll(sep, "/");
        return paths.includes(known) ? { path: `${known}.cjs`, namespace } : undefined;
      });
      builder.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const known = JSON.stringify(path.slice(0, -".cjs".length));
        return { contents: `module.exports = globalThis.raftShared[${known}];` };
      });
    },
  };
}
