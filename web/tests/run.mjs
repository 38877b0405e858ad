/**
 * Runs the page's tests: `node tests/run.mjs unit|boundary|page [FILE...]`.
 * Unit tests are TypeScript (*.test.ts below src/) and bundled first, as Node 20 does
 * not read it; the others are plain modules in this folder.
 */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { commonOptions } from "../build.mjs";

const tests = dirname(fileURLToPath(import.meta.url));
const web = dirname(tests);

/** Bundles every *.test.ts below src/ and answers the paths of the results. */
async function bundledUnitTests() {
  const sources = (await readdir(join(web, "src"), { recursive: true }))
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => join(web, "src", name));
  if (sources.length === 0) return [];
  const outdir = join(web, ".cache/unit");
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const result = await build({
    ...commonOptions,
    entryPoints: sources,
    outdir,
    outbase: join(web, "src"),
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    sourcemap: "inline",
    metafile: true,
    logLevel: "warning",
  });
  return Object.keys(result.metafile.outputs)
    .filter((path) => path.endsWith(".mjs"))
    .map((path) => join(web, path));
}

/**
 * The modules of page tests as one for each browser, which starts it once for all of them: the two browsers
 * are used side by side. Tests wait for what they see and never for so long, so that they may.
 */
async function byBrowser(files) {
  const folder = join(web, ".cache/page");
  await mkdir(folder, { recursive: true });
  const all = files.map((file) => JSON.stringify(pathToFileURL(resolve(file)).href));
  const lines = (kind) => `process.env.RAFT_BROWSER = "${kind}";
for (const file of [${all.join()}]) await import(file);
`;
  return Promise.all(
    ["chromium", "firefox"].map(async (kind) => {
      const path = join(folder, `${kind}.test.mjs`);
      await writeFile(path, lines(kind));
      return path;
    }),
  );
}

/** The test modules of this folder whose names start with `prefix`, in order. */
async function modules(prefix) {
  const names = await readdir(tests);
  return names
    .filter((name) => name.startsWith(prefix) && name.endsWith(".test.mjs"))
    .sort()
    .map((name) => join(tests, name));
}

const [kind = "", ...chosen] = process.argv.slice(2);
if (!["unit", "boundary", "page"].includes(kind)) {
  console.error("usage: node tests/run.mjs unit|boundary|page [FILE...]");
  process.exit(2);
}
const found =
  chosen.length > 0 ? chosen : await (kind === "unit" ? bundledUnitTests() : modules(kind));
const files = kind === "page" ? await byBrowser(found) : found;
if (found.length === 0) {
  console.error(`There is not one ${kind} test.`);
  process.exit(1);
}
const flags = ["--test", "--test-concurrency=2", "--test-reporter=spec", "--enable-source-maps"];
const { FORCE_COLOR: _, ...environment } = process.env;
const run = spawnSync(process.execPath, [...flags, ...files], {
  cwd: web,
  stdio: "inherit",
  env: { ...environment, NO_COLOR: "1" },
});
process.exit(run.status ?? 1);
