// What the same calls cost without this program: `node plain-undici.mjs URL CALLS IN_FLIGHT` prints one line of JSON.
import { readFileSync } from "node:fs";
import { Pool } from "undici";

const [url, calls, inFlight] = process.argv.slice(2);
const pool = new Pool(url);
const path = "/api/v1/repository/acme/app/tag/?onlyActiveTags=true";
const times = [];

async function one() {
  const started = performance.now();
  const { body } = await pool.request({ method: "GET", path, headers: { authorization: "Bearer x" } });
  await body.json();
  times.push(performance.now() - started);
}

async function run(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
}

await run(Math.min(500, Number(calls)));
times.length = 0;
const started = performance.now();
await run(Number(calls));
const elapsed = performance.now() - started;
times.sort((one, other) => one - other);
const peak = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
process.stdout.write(
  `${JSON.stringify({ p50: times[times.length >> 1], perSecond: (times.length / elapsed) * 1000, peakKiB: Number(peak) })}\n`,
);
await pool.close();
