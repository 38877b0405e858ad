/**
 * What becomes of the bundles: a site of one version. The version is a hash over all that the site
 * consists of; every part carries it, is asked for by it, and says it when it is loaded.
 */
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Stands in every part until the version is known. */
export const PLACEHOLDER = "raft-version-0000";

/** What the page asks for later, by a script that says what has loaded. */
export const LATER = [
  "charts.js",
  "checker.js",
  "chinese.js",
  "editor.js",
  "parts.js",
  "playbooks.js",
];

/** What the page itself never asks for. */
const NEVER = new Set(["dist/embed.js"]);

/** A later script runs only in a page of its own version; else it only says which one it is. */
function guarded(name, text) {
  const path = JSON.stringify(`dist/${name}`);
  const says = `(globalThis.raftLoaded??={})[${path}]="${PLACEHOLDER}";`;
  return `${says}globalThis.raftVersion==="${PLACEHOLDER}"&&(function(){${text}\n})();\n`;
}

/** Writes index.html, sw.js and what belongs to dist/, in which the bundles lie. */
export async function writeSite(web) {
  const dist = join(web, "dist");
  const page = await readFile(join(web, "src/index.html"), "utf8");
  const manifest = "manifest.webmanifest";
  await copyFile(join(web, "src", manifest), join(dist, manifest));
  const parts = new Map([
    ["index.html", page],
    ["sw.js", await readFile(join(web, "src/sw.js"), "utf8")],
  ]);
  for (const name of (await readdir(dist)).sort()) {
    const text = await readFile(join(dist, name), "utf8");
    if (name.endsWith(".css")) parts.set(`dist/${name}`, `${text}/* ${PLACEHOLDER} */\n`);
    else if (LATER.includes(name)) parts.set(`dist/${name}`, guarded(name, text));
    else if (name.endsWith(".js")) parts.set(`dist/${name}`, text);
  }
  const names = [...parts.keys()].filter((name) => name.startsWith("dist/") && !NEVER.has(name));
  const worker = parts
    .get("sw.js")
    .replace("raft-files", names.map((name) => name.slice("dist/".length)).join(" "));
  parts.set("sw.js", worker);
  const hash = createHash("sha256");
  for (const [name, text] of parts) hash.update(name).update(text);
  const version = hash.digest("hex").slice(0, 12);
  for (const [name, text] of parts) {
    await writeFile(join(web, name), text.replaceAll(PLACEHOLDER, version));
  }
}

/** Writes the whole site as one file, which carries nothing but what its policy names by its hash. */
export async function writeSingle(web) {
  const read = (name) => readFile(join(web, name), "utf8");
  const style = (await read("dist/app.css")) + (await read("dist/parts.css"));
  const scripts = await Promise.all(
    ["app.js", ...LATER].map(async (name) => {
      return (await read(`dist/${name}`)).replaceAll("</script", "<\\/script");
    }),
  );
  const version = /data-version="(\w+)"/.exec(await read("index.html"))[1];
  scripts.unshift(`(globalThis.raftLoaded??={})["dist/parts.css"]="${version}";`);
  const named = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const page = (await read("index.html"))
    .replace("script-src 'self'", () => `script-src ${scripts.map(named).join(" ")}`)
    .replace("style-src 'self'", () => `style-src ${named(style)}`)
    .replace("worker-src 'self' blob:", "worker-src blob:")
    .replace("manifest-src 'self'; ", "")
    .replace(/ data-version="\w+"/, "")
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    .replace(/<script src="dist\/app.js[^>]*><\/script>/, () =>
      scripts.map((text) => `<script>${text}</script>`).join("\n"),
    );
  const file = "raft-laboratory.html";
  await rm(join(web, file), { force: true });
  await writeFile(join(web, file), page);
  return file;
}
