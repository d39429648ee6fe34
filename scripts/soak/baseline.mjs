// The same work without this program: node:http, which asks the registry with plain undici and answers what it said, as JSON.
import { createServer } from "node:http";
import { Pool } from "undici";

const [registry] = process.argv.slice(2);
const pool = new Pool(registry, { connections: 64 });
const path = "/api/v1/repository/acme/app/tag/?onlyActiveTags=true";

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { id } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const { authorization } = request.headers;
  const { body } = await pool.request({ method: "GET", path, headers: { authorization } });
  const text = JSON.stringify({ jsonrpc: "2.0", id, result: await body.json() });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
