/**
 * Bundles the page: src/main.tsx and all that it imports become dist/app.js, a
 * classic script, and dist/app.css. The WebAssembly module travels inside the
 * script, because a page opened from a file may fetch nothing; the playbooks are
 * a script of their own, which the page asks for with the first of them.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const playbookDir = resolve(web, "../playbooks");
const wasmFile = join(web, "pkg/raft_wasm_bg.wasm");

/** Every playbook's path below playbooks/ (with forward slashes) and its text, sorted by path. */
async function readPlaybooks() {
  const names = await readdir(playbookDir, { recursive: true }).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith(".raft"))
    .map((name) => name.replaceAll(sep, "/"));
  // By the numbers in their names: b2 comes before b10.
  paths.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(playbookDir, path), "utf8") })),
  );
}

/** The modules that exist only in the bundle; src/virtual.d.ts declares their types. */
const generated = {
  "virtual:playbooks": async () =>
    `export const playbooks = ${JSON.stringify(await readPlaybooks())};`,
  "virtual:wasm": async () => {
    return `export const wasm = "${(await packed(wasmFile)).toString("base64")}";`;
  },
};

/** The file as xz makes it, packed again only if it is newer than that. */
async function packed(file) {
  const changed = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  if ((await changed(`${file}.xz`)) <= (await changed(file))) {
    const command = ["run", "--quiet", "--package", "xtask", "--", "compress", file];
    execFileSync("cargo", command, { cwd: dirname(web), stdio: ["ignore", "inherit", "inherit"] });
  }
  return readFile(`${file}.xz`);
}

/** Lets esbuild resolve the generated modules; the unit tests use it too. */
export const virtualModules = {
  name: "virtual-modules",
  setup(builder) {
    builder.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "virtual" }));
    builder.onLoad({ filter: /.*/, namespace: "virtual" }, async ({ path }) => {
      const make = generated[path];
      if (!make) return { errors: [{ text: `no generated module is called ${path}` }] };
      return { contents: await make(), loader: "js" };
    });
  },
};

/** What the bundle and the unit tests share. */
export const commonOptions = {
  absWorkingDir: web,
  bundle: true,
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  // The glue code names its own address only as a default that the page never uses.
  logOverride: { "empty-import-meta": "silent" },
  plugins: [virtualModules],
  target: ["es2022"],
};

/** Writes dist/ anew and answers the paths of its files. */
export async function bundle() {
  const outdir = join(web, "dist");
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const result = await build({
    ...commonOptions,
    entryPoints: [
      { in: join(web, "src/main.tsx"), out: "app" },
      { in: join(web, "src/playbooks.ts"), out: "playbooks" },
    ],
    outdir,
    format: "iife",
    platform: "browser",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return Object.keys(result.metafile.outputs).map((path) => relative(web, resolve(web, path)));
}

/** What the page loads when a playbook is first asked for. */
const LATER = "dist/playbooks.js";

async function gzippedSize(file) {
  return gzipSync(await readFile(join(web, file)), { level: 9 }).length;
}

/** The gzipped bytes of what the page loads at once, and of what it loads later. */
export async function loadedSize() {
  const dist = await readdir(join(web, "dist"), { recursive: true });
  const files = ["index.html", ...dist.map((name) => `dist/${name}`)];
  const atOnce = files.filter((file) => file !== LATER);
  const sizes = await Promise.all(atOnce.map(gzippedSize));
  return { atOnce: sizes.reduce((sum, size) => sum + size, 0), later: await gzippedSize(LATER) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await bundle();
    const { atOnce, later } = await loadedSize();
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
    console.log(`The page loads ${kilobytes(atOnce)}, gzipped,`);
    console.log(`and ${kilobytes(later)} of playbooks when they are asked for.`);
  } catch (error) {
    // esbuild has printed its own errors with file and line already.
    if (!error.errors) console.error(`build.mjs: ${error.message}`);
    process.exitCode = 1;
  }
}
