// Pictures of a page, for people to look at.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const KINDS = [
  { kind: "desktop", width: 1280, colorScheme: "light" },
  { kind: "phone", width: 390, colorScheme: "light" },
  { kind: "dark", width: 1280, colorScheme: "dark" },
];

/** Write the page as pictures and as it prints. Returns how many sheets of A4 it takes. */
export async function shoot(page, address, folder) {
  const name = new URL(address).pathname.slice(1).replaceAll("/", "-");
  const stem = join(folder, name.replace(/\.html$/, "") + fragment(address));
  await mkdir(folder, { recursive: true });
  for (const { kind, width, colorScheme } of KINDS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.goto("about:blank");
    await page.goto(address, { waitUntil: "load" });
    await page.screenshot({ path: `${stem}.${kind}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  const pdf = await page.pdf({ path: `${stem}.print.pdf`, format: "A4" });
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

function fragment(address) {
  return new URL(address).hash.replaceAll(/[^\w=-]+/g, "-");
}
