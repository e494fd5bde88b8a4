// Opens pages of a WACZ in a browser, by ReplayWeb.page, and tells in JSON what a reader sees of them.
//
//   node browser.cjs FOLDER PAGE…
//
// FOLDER holds press.wacz. Of each page, and of the one that its first link leads to: what it shows, one a line.

const fs = require("fs");
const http = require("http");
const path = require("path");
const { chromium } = require("playwright-core");

const [folder, ...pages] = process.argv.slice(2);
const folders = process.env.PATH.split(path.delimiter);
const executablePath = folders.map((folder) => path.join(folder, "chromium")).find(fs.existsSync);
const player = path.dirname(require.resolve("replaywebpage/index.html"));
const HTML = "text/html; charset=utf-8";
const JS = "text/javascript";
const ZIP = "application/zip";
const PATIENCE = 30000;
// How often a page is opened anew that the player does not come to show: where its frame is there before its service worker is,
// as on a machine with much to do, it waits for ever, and a reader would load the page again.
const TRIES = 5;

const files = {
  "/ui.js": [player, "ui.js", JS],
  "/replay/ui.js": [player, "ui.js", JS],
  "/replay/sw.js": [player, "sw.js", JS],
  "/press.wacz": [folder, "press.wacz", ZIP],
};

// The page that ReplayWeb.page is embedded in.
function frame(page) {
  const address = page.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<!doctype html><script src=/ui.js></script>
    <replay-web-page style="height: 600px" source="/press.wacz" url="${address}"></replay-web-page>`;
}

// A WACZ is read from its end, part by part.
function answer(request, response) {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/") {
    response.writeHead(200, { "Content-Type": HTML });
    return response.end(frame(url.searchParams.get("page")));
  }
  const found = files[url.pathname];
  if (!found) return response.writeHead(404).end();
  const [where, name, type] = found;
  const bytes = fs.readFileSync(path.join(where, name));
  const head = { "Content-Type": type, "Accept-Ranges": "bytes" };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) return response.writeHead(200, head).end(bytes);
  const [, from, to] = range;
  const start = from === "" ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === "" || to === "" ? bytes.length : Math.min(Number(to) + 1, bytes.length);
  head["Content-Range"] = `bytes ${start}-${end - 1}/${bytes.length}`;
  response.writeHead(206, head).end(bytes.subarray(start, end));
}

// What a page shows, told in the page itself.
function shown() {
  const style = (name) => getComputedStyle(document.querySelector(name));
  return {
    title: document.title,
    text: document.body.innerText,
    color: style("p").color,
    pictures: [...document.images].map((image) => image.naturalWidth),
    parts: performance
      .getEntriesByType("resource")
      .map((part) => [new URL(part.name.slice(part.name.lastIndexOf("_/") + 2)).pathname, part.responseStatus]),
  };
}

// The frame of the archived page, once all of it is there.
async function replayed(page, address) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    const frame = page.frames().find((frame) => frame.url().endsWith(`mp_/${address}`));
    if (frame) {
      await frame.waitForLoadState("networkidle", { timeout: PATIENCE });
      return frame;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${address} is not shown: ${page.frames().map((frame) => frame.url())}`);
}

// What a page shows, and what the one that its first link leads to.
async function visited(page, base, address) {
  await page.goto(`${base}/?page=${encodeURIComponent(address)}`);
  const first = await replayed(page, address);
  const seen = [await first.evaluate(shown)];
  const link = first.locator("a").first();
  if (await link.count()) {
    // Where it leads on the web: what stands behind the address within the player.
    const next = new URL((await link.getAttribute("href")).split("mp_/").at(-1), address).href;
    await link.click();
    seen.push(await (await replayed(page, next)).evaluate(shown));
  }
  return seen;
}

async function open(browser, base, address) {
  const told = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    // Each with a store of its own: nothing is left of the try before.
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("console", (line) => told.push(line.text()));
    page.on("crash", () => told.push("the page crashed"));
    page.on("requestfailed", (request) => told.push(`${request.failure()?.errorText} ${request.url()}`));
    try {
      for (const seen of await visited(page, base, address)) console.log(JSON.stringify(seen));
      return;
    } catch (why) {
      told.push(String(why));
    } finally {
      await context.close();
    }
  }
  throw new Error(told.join("\n"));
}

async function main(base) {
  // In a container there is no sandbox to be had, often little shared memory, and these pages are the test's own.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const address of pages) await open(browser, base, address);
  } finally {
    await browser.close();
  }
}

const server = http.createServer(answer).listen(0, "127.0.0.1", () => {
  main(`http://127.0.0.1:${server.address().port}`).then(
    () => server.close(),
    (why) => {
      console.error(why);
      process.exit(1);
    },
  );
});
