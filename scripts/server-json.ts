/** Prints the server.json with which an image is published in the MCP registry: its name there, and the image. */
import { serverJson } from "./publish/server-json.ts";

const [name = "", image = ""] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(serverJson(name, image), undefined, 2)}\n`);
