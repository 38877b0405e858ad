/**
 * Serves this folder on 127.0.0.1, for those who would rather not open a file.
 * Nothing but what the built page consists of can be reached.
 */
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** What of the folder the page consists of; the rest is nobody's business. */
const site = /^\/(index\.html|sw\.js|dist\/[^.][^\0]*)?$/;

/** The file that a request's path names below `mount`, or undefined where it names none. */
async function fileFor(root, mount, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(mount)) return undefined;
  path = `/${path.slice(mount.length)}`;
  if (!site.test(path)) return undefined;
  try {
    const base = await realpath(root);
    let file = await realpath(resolve(base, `.${path}`));
    if (file !== base && !file.startsWith(base + sep)) return undefined;
    if ((await stat(file)).isDirectory()) file = join(file, "index.html");
    const { size } = await stat(file);
    return { file, size };
  } catch {
    return undefined;
  }
}

/** Answers GET and HEAD, everything else with a refusal. */
async function answer(root, mount, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  const found = await fileFor(root, mount, request.url ?? "/");
  if (!found) {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("Not found.\n");
    return;
  }
  response.writeHead(200, {
    "Content-Type": types[extname(found.file)] ?? "application/octet-stream",
    "Content-Length": found.size,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const stream = createReadStream(found.file);
  stream.on("error", () => response.destroy());
  stream.pipe(response);
}

/**
 * Starts a server on loopback that shows the page at the path `mount`; port 0
 * takes any free one. Answers the server with its address.
 */
export function serve(port = 0, mount = "/", root = web) {
  const server = createServer((request, response) => {
    answer(root, mount, request, response).catch(() => response.destroy());
  });
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      done({ server, address: `http://127.0.0.1:${server.address().port}${mount}` });
    });
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const port = Number(process.argv[2] ?? 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`serve.mjs: ${process.argv[2]} is no port; give a number from 0 to 65535.`);
    process.exit(2);
  }
  try {
    const { address } = await serve(port);
    console.log(`Serving on ${address} (Ctrl-C stops)`);
  } catch (error) {
    const remedy =
      error.code === "EADDRINUSE"
        ? `port ${port} is taken; try: ./wasm-pack.sh serve ${port + 1}`
        : error.message;
    console.error(`serve.mjs: ${remedy}`);
    process.exitCode = 1;
  }
}
