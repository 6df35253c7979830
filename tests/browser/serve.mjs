// Serves one folder on a free port of this machine, as a plain web host would.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
};

/** Start a server of the folder. No header but the type: what protects a page stands in the page. */
export async function serve(folder) {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function answer(folder, request, response) {
  const path = decodeURIComponent(new URL(request.url, "http://folder").pathname);
  const file = await found(join(folder, normalize(path)));
  if (file) return send(response, 200, file);
  const lost = await found(join(folder, "404.html"));
  return lost ? send(response, 404, lost) : response.writeHead(404).end();
}

async function found(path) {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) return found(join(path, "index.html"));
  return entry && path;
}

async function send(response, status, file) {
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  response.writeHead(status, { "content-type": type }).end(await readFile(file));
}
