// A registry that answers everything at once, in a process of its own; its URL is the first line it prints.
import { createServer } from "node:http";

const tags = Array.from({ length: 5 }, (_, index) => ({
  name: `v1.${index}`,
  reversion: false,
  start_ts: 1_700_000_000 + index,
  manifest_digest: `sha256:${String(index).padStart(64, "0")}`,
  is_manifest_list: false,
  size: 1_000_000 + index,
  last_modified: "Tue, 14 Nov 2023 22:13:20 -0000",
}));
const body = JSON.stringify({ tags, page: 1, has_additional: false });

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
