/** Debian's nginx before the replicas, in turn, as `docs/replicas.md` sets it up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { answers, freePort } from "./ports.ts";

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** Needs no privileges: one process of the user who runs the tests, on loopback, with all its files in a directory. */
export async function startNginx(directory: string, replicas: readonly number[]): Promise<Nginx> {
  const port = await freePort();
  const file = join(directory, "nginx.conf");
  await Promise.all(temporary.map((name) => mkdir(join(directory, name))));
  await writeFile(file, configuration(directory, port, replicas));
  const started = spawn("nginx", ["-p", directory, "-c", file, "-e", join(directory, "error.log")], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const ended = once(started, "exit");
  await vi.waitFor(() => answers(port), { timeout: 10_000, interval: 20 });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      started.kill("SIGTERM");
      await ended;
    },
  };
}

const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

// nginx repeats no POST that a replica may have seen: what it does with those that reached none is its default.
const configuration = (directory: string, port: number, replicas: readonly number[]) => `
daemon off;
master_process off;
pid ${join(directory, "nginx.pid")};
error_log ${join(directory, "error.log")} crit;
events { worker_connections 2048; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${join(directory, name)};`).join("\n  ")}
  upstream replicas {
    ${replicas.map((replica) => `server 127.0.0.1:${replica} max_fails=1 fail_timeout=1s;`).join("\n    ")}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    location /mcp {
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering off;
      proxy_connect_timeout 1s;
      proxy_read_timeout 60s;
    }
  }
}
`;
