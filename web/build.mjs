/**
 * Bundles the page: src/main.tsx and all that it imports become dist/app.js, a
 * classic script, and dist/app.css. The WebAssembly module travels inside the
 * script, because a page opened from a file may fetch nothing; the playbooks, Chinese, the editor, the charts, and
 * what is opened later are scripts of their own, which the page asks for with the first of them. What licences
 * ask to be said of all that is inside goes into dist/LICENSES.txt.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { fromPage, sharedModules, sharedTable } from "./shared-modules.mjs";
import { LATER, PLACEHOLDER, writeSingle, writeSite } from "./site.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const playbookDir = resolve(web, "../playbooks");
/** Of each rule, the shortest run that breaks something without it, as a search has found it. */
const shortestDir = resolve(web, "../docs/checks/shortest");
const wasmFile = join(web, "pkg/raft_wasm_bg.wasm");
const checkWasmFile = join(web, "pkg-check/raft_check_wasm_bg.wasm");
/** All of them in one file, for xz to see what they have in common. */
const playbookFile = join(web, ".cache/playbooks.json");

/** Every playbook's path below a folder (with forward slashes) and its text, sorted by path. */
async function readPlaybooks(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith(".raft"))
    .map((name) => name.replaceAll(sep, "/"));
  // By the numbers in their names: b2 comes before b10.
  paths.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(folder, path), "utf8") })),
  );
}

/** The modules that dist/app.js leaves for dist/parts.js: none, until `bundle` has found them. */
let shared = [];

/** The modules that exist only in the bundle; src/virtual.d.ts declares their types. */
const generated = {
  "virtual:playbooks": async () => {
    const tried = await readFile(resolve(web, "../docs/tried.tsv"), "utf8");
    const [playbooks, shortest] = await Promise.all([playbookDir, shortestDir].map(readPlaybooks));
    const text = JSON.stringify({ playbooks, shortest, tried });
    if ((await readFile(playbookFile, "utf8").catch(() => "")) !== text) {
      await mkdir(dirname(playbookFile), { recursive: true });
      await writeFile(playbookFile, text);
    }
    return `export const playbooks = "${(await packed(playbookFile)).toString("base64")}";`;
  },
  "virtual:engine": async () => {
    const [{ text }] = (await bundledWorker("engine")).outputFiles;
    return `export function engine() { ${text}; return served; }`;
  },
  "virtual:checker": async () => {
    const [{ text }] = (await bundledWorker("checker")).outputFiles;
    const wasm = (await packed(checkWasmFile)).toString("base64");
    return `export function checker() { ${text}; return served; }
      export const wasm = "${wasm}";`;
  },
  "virtual:first": async () => {
    const first = join(playbookDir, "paper/00-a-leader-crashes.raft");
    return `export const first = ${JSON.stringify(await readFile(first, "utf8"))};`;
  },
  "virtual:styles": async () => {
    const entryPoints = ["index", "parts"].map((name) => join(web, `src/styles/${name}.css`));
    const outdir = join(web, "dist");
    const { outputFiles } = await build({
      ...commonOptions,
      entryPoints,
      outdir,
      minify: true,
      write: false,
    });
    return `export const styles = ${JSON.stringify(outputFiles.map(({ text }) => text).join(""))};`;
  },
  "virtual:version": () => {
    return `export const version = globalThis.raftVersion = "${PLACEHOLDER}";`;
  },
  "virtual:shared": () => sharedTable(web, shared),
  "virtual:wasm": async () => {
    return `export const wasm = "${(await packed(wasmFile)).toString("base64")}";`;
  },
};

/** The file as xz makes it, packed again only if it is newer than that. */
async function packed(file) {
  const changed = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
  if ((await changed(`${file}.xz`)) <= (await changed(file))) {
    const command = ["run", "--quiet", "--package", "pack", "--", "compress", file];
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
      return { contents: await make(), loader: "js", resolveDir: web };
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

/** What runs in a worker, the engine or the checker, as one function that needs nothing around it. */
function bundledWorker(folder) {
  return build({
    ...commonOptions,
    entryPoints: [join(web, `src/${folder}/main.ts`)],
    format: "iife",
    globalName: "served",
    minify: true,
    platform: "browser",
    write: false,
    metafile: true,
  });
}

/** Every text of a licence or a notice that lies in a folder, by file name. */
async function licenceTexts(folder) {
  const names = await readdir(folder).catch(() => []);
  const named = names.filter((name) => /^(licen[cs]e|copying|notice|unlicense)/i.test(name)).sort();
  const texts = await Promise.all(
    named.map((name) => readFile(join(folder, name), "utf8").catch(() => "")),
  );
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** The packages that the bundle is made of: name, version, licence, and its texts. */
async function packagesInside(inputs) {
  const folders = new Set();
  for (const path of inputs) {
    const inside = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
    if (inside) folders.add(join(web, "node_modules", inside[1]));
  }
  const npm = [...folders].map(async (folder) => {
    const { name, version, license } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    return { name, version, license, texts: await licenceTexts(folder) };
  });
  const tree = [
    "tree",
    "--package",
    "raft-wasm",
    "--package",
    "raft-check-wasm",
    "--target",
    "wasm32-unknown-unknown",
  ];
  tree.push("--edges", "normal", "--prefix", "none", "--format", "{p}");
  const options = { cwd: dirname(web), encoding: "utf8", maxBuffer: 1 << 28 };
  const used = new Set(
    execFileSync("cargo", tree, options)
      .split("\n")
      .map((line) => line.split(" ").slice(0, 2).join(" ")),
  );
  const metadata = execFileSync(
    "cargo",
    ["metadata", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown"],
    options,
  );
  const rust = JSON.parse(metadata)
    .packages.filter(({ name, version, source }) => source && used.has(`${name} v${version}`))
    .map(async ({ name, version, license, manifest_path }) => {
      return { name, version, license, texts: await licenceTexts(dirname(manifest_path)) };
    });
  return Promise.all([...npm, ...rust]);
}

/** Says whose work the page carries, as their licences ask; equal texts are written once. */
async function writeLicences(inputs, outdir) {
  const packages = await packagesInside(inputs);
  packages.sort((one, other) => one.name.localeCompare(other.name, "en"));
  const own = await licenceTexts(dirname(web));
  const users = new Map();
  for (const text of own) users.set(text, ["Raft Laboratory"]);
  for (const { name, version, texts } of packages) {
    for (const text of texts) users.set(text, [...(users.get(text) ?? []), `${name} ${version}`]);
  }
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = [...users].map(
    ([text, names]) => `${"=".repeat(79)}\n${names.join(", ")}\n\n${text}`,
  );
  const head = "Raft Laboratory is licensed as MIT OR Apache-2.0. It carries:";
  await writeFile(
    join(outdir, "LICENSES.txt"),
    `${head}\n\n${list.join("\n")}\n\n${texts.join("\n\n")}\n`,
  );
}

/** How each of the page's scripts is made. */
const scriptOptions = {
  ...commonOptions,
  outdir: join(web, "dist"),
  format: "iife",
  platform: "browser",
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/** Writes dist/ anew and answers the paths of its files. */
export async function bundle() {
  const { outdir } = scriptOptions;
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const page = join(web, "src/main.tsx");
  const parts = join(web, "src/ui/parts.ts");
  shared = await sharedModules(scriptOptions, page, parts);
  const results = await Promise.all([
    build({
      ...scriptOptions,
      entryPoints: [
        { in: page, out: "app" },
        { in: join(web, "src/chinese.ts"), out: "chinese" },
        { in: join(web, "src/playbooks.ts"), out: "playbooks" },
        { in: join(web, "src/embed.ts"), out: "embed" },
        { in: join(web, "src/editor/index.ts"), out: "editor" },
        { in: join(web, "src/charts.ts"), out: "charts" },
        { in: join(web, "src/checker/index.ts"), out: "checker" },
      ],
    }),
    build({
      ...scriptOptions,
      entryPoints: [parts],
      plugins: [fromPage(web, shared), virtualModules],
    }),
    bundledWorker("engine"),
    bundledWorker("checker"),
  ]);
  const inside = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  await writeLicences(inside, outdir);
  await writeSite(web);
  return (await readdir(outdir)).map((name) => `dist/${name}`);
}

/** What the page loads when it is first asked for. */
const ASKED_FOR = ["dist/parts.css", ...LATER.map((name) => `dist/${name}`)];
/** What it never loads: it lies there for whoever asks, or embeds it. */
const NEVER = ["dist/LICENSES.txt", "dist/embed.js", "dist/manifest.webmanifest"];

async function gzippedSize(file) {
  return gzipSync(await readFile(join(web, file)), { level: 9 }).length;
}

/** The gzipped bytes of what the page loads at once, what those load besides who read Chinese, and of all that comes later. */
export async function loadedSize() {
  const dist = await readdir(join(web, "dist"), { recursive: true });
  const files = ["index.html", ...dist.map((name) => `dist/${name}`)];
  const sizeOf = async (paths) => {
    const sizes = await Promise.all(paths.map(gzippedSize));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const atOnce = files.filter((file) => !ASKED_FOR.includes(file) && !NEVER.includes(file));
  return {
    atOnce: await sizeOf(atOnce),
    chinese: await sizeOf(["dist/chinese.js"]),
    later: await sizeOf(ASKED_FOR),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await bundle();
    if (process.argv[2] === "single") await writeSingle(web);
    const { atOnce, chinese, later } = await loadedSize();
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
    console.log(
      `The page loads ${kilobytes(atOnce)}, gzipped, ${kilobytes(chinese)} more in Chinese,`,
    );
    console.log(`and ${kilobytes(later)} of playbooks and parts when they are asked for.`);
  } catch (error) {
    // esbuild has printed its own errors with file and line already.
    if (!error.errors) console.error(`build.mjs: ${error.message}`);
    process.exitCode = 1;
  }
}
