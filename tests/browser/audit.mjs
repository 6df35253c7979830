// Judges the pages of a folder in a browser, and prints what is wrong as JSON.
//
//   node audit.mjs FOLDER [--shots DIR] [ADDRESS…]
//
// Each page is opened in light, in dark and 320 px wide; ADDRESS is one more to open, such as
// `index.html#kind=fee`. A finding is {page, mode, code, where, message}, named in the first mode
// that shows it. With --shots, pictures of each page are written, and its pages on paper counted.
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";
import { shoot } from "./shots.mjs";

const require = createRequire(import.meta.url);
const IN_PAGE = [require.resolve("axe-core/axe.min.js"), require.resolve("./in_page.js")];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
const MODES = [
  { mode: "light", colorScheme: "light", width: 1280 },
  { mode: "dark", colorScheme: "dark", width: 1280 },
  { mode: "narrow", colorScheme: "light", width: 320 },
];

const { values, positionals } = parseArgs({
  options: { shots: { type: "string" } }, allowPositionals: true,
});
const [folder, ...more] = positionals;
const server = await serve(folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS,
});
try {
  const page = await opened();
  const addresses = [...await pages(folder), ...more];
  const findings = [];
  const titles = new Map();
  const paper = {};
  for (const address of addresses) {
    findings.push(...await judged(page, address, titles));
    if (values.shots) paper[address] = await shoot(page, `${server.origin}/${address}`, values.shots);
  }
  console.log(JSON.stringify({ pages: addresses, findings, paper }, null, 2));
} finally {
  await browser.close();
  server.close();
}

/** All pages by name, and an address that leads nowhere: it shows the 404 page. */
async function pages(root) {
  const names = await readdir(root, { recursive: true });
  const found = names.filter((name) => name.endsWith(".html")).sort();
  return found.includes("404.html") ? [...found, "no/such/page"] : found;
}

/** One tab for all pages. It may load from the folder alone. */
async function opened() {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  for (const path of IN_PAGE) await context.addInitScript({ path });
  await context.route(
    (url) => !url.href.startsWith(`${server.origin}/`),
    (route) => route.abort("blockedbyclient"),
  );
  return context.newPage();
}

async function judged(page, address, titles) {
  const findings = new Map();
  for (const { mode, colorScheme, width } of MODES) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    for (const finding of await visited(page, address)) {
      const key = JSON.stringify([finding.code, finding.where]);
      if (!findings.has(key)) findings.set(key, { page: address, mode, ...finding });
    }
  }
  return [...findings.values(), ...sameTitle(await page.title(), address, titles)];
}

/** What goes wrong while a page loads, then what its looks say. */
async function visited(page, address) {
  const findings = [];
  const stop = listen(page, address, findings);
  await page.goto("about:blank"); // another fragment alone would not load the page again
  await page.goto(`${server.origin}/${address}`, { waitUntil: "load" });
  findings.push(...await page.evaluate(() => judge()));
  stop();
  return findings;
}

function listen(page, address, findings) {
  const local = (url) => url.replace(`${server.origin}/`, "");
  const add = (code, where, message) => findings.push({ code, where, message });
  const listeners = {
    pageerror: (error) => add("script", error.name, error.message),
    console: (message) => {
      if (message.type() === "error" && !said(message.text())) add("console", "", message.text());
    },
    request: (request) => {
      if (/^(https?|wss?):/.test(request.url()) && local(request.url()) === request.url()) {
        add("external", request.url(), "the page loads from elsewhere");
      }
    },
    requestfailed: (request) => {
      if (local(request.url()) !== request.url()) {
        add("request", local(request.url()), request.failure().errorText);
      }
    },
    response: (response) => {
      const itself = local(response.url()) === address.split("#")[0];
      if (response.status() >= 400 && !itself) {
        add("request", local(response.url()), `status ${response.status()}`);
      }
    },
  };
  for (const [event, listener] of Object.entries(listeners)) page.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) page.off(event, listener);
  };
}

/** Whether the console repeats what another finding says better. */
function said(text) {
  return text.startsWith("Failed to load resource") || text.includes("violates the following");
}

function sameTitle(title, address, titles) {
  const path = address.split("#")[0];
  const other = titles.get(title) ?? path;
  titles.set(title, other);
  if (other === path || path === "no/such/page") return [];
  return [{ page: address, mode: "light", code: "same-title", where: "title", message: `as ${other}` }];
}
