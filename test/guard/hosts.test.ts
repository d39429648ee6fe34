import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostOf, parseHosts } from "../../src/guard/hosts.ts";

describe("the host of a URL", () => {
  it.each([
    ["https://Hooks.Example.COM/x?y=https://other.example#z", "hooks.example.com"],
    ["https://hooks.example.com.", "hooks.example.com"],
    ["https://user:pass@hooks.example.com/x@y", "hooks.example.com"],
    ["https://hooks.example.com:443/", "hooks.example.com"],
    ["http://hooks.example.com:80", "hooks.example.com"],
    ["https://hooks.example.com:8443/", "hooks.example.com:8443"],
    ["https://hooks.example.com:80/", "hooks.example.com:80"],
    ["https://bücher.example/", "xn--bcher-kva.example"],
    ["https://BÜCHER.example/", "xn--bcher-kva.example"],
    ["http://[::1]:8080/x", "[::1]:8080"],
    ["http://127.1/", "127.0.0.1"],
  ])("of %j is %s", (url, host) => {
    expect(hostOf("config.url", url)).toBe(host);
  });

  it.each([
    ...[
      "",
      "hooks.example.com",
      "//hooks.example.com",
      "https:hooks.example.com",
      "https:/hooks.example.com",
    ],
    ...["https:///hooks.example.com", "ftp://hooks.example.com", "https://", "https://hooks.example.com:x"],
    ...[
      "https://hooks.example.com\\@other.example",
      "https://hooks.example.com\t.other.example",
      " https://a.example",
    ],
    ...[
      "https://hooks.example.com%2eother.example",
      "https://a@b@c",
      "https://@a",
      "https://a..",
      "https://*.example",
    ],
    ...["https://hooks.example.com/\nx", "secret:HOOK"],
  ])("of %j is not known", (url) => {
    expect(hostOf("callback_url", url)).toBeUndefined();
  });
});

describe("the host of an e-mail address", () => {
  it.each([
    ["bob@Example.COM", "example.com"],
    ["a+b/c@example.com", "example.com"],
    ["bob@bücher.example", "xn--bcher-kva.example"],
  ])("of %j is %s", (address, host) => {
    expect(hostOf("config.email", address)).toBe(host);
    expect(hostOf("callback_email", address)).toBe(host);
  });

  it.each([
    ...[
      "example.com",
      "bob@a@b",
      "bob@",
      "@example.com",
      "bob@a,eve@b",
      "bob@a;b",
      "bob@a b",
      "bob@a:25",
      "bob@[::1]",
    ],
    ...["Bob <bob@example.com>", "bob@a/b", '"a"@b'],
  ])("of %j is not known", (address) => {
    expect(hostOf("callback_email", address)).toBeUndefined();
  });
});

describe("the host of a mirror's source", () => {
  it.each([
    ["quay.io/minio/mc", "quay.io"],
    ["Quay.IO/minio/mc", "quay.io"],
    ["localhost/x", "localhost"],
    ["registry:5000/x", "registry:5000"],
    ["Registry/x", "registry"],
    ["library/nginx", "docker.io"],
    ["nginx", "docker.io"],
    ["nginx:1.2", "docker.io"],
  ])("of %j is %s", (reference, host) => {
    expect(hostOf("external_reference", reference)).toBe(host);
  });

  it.each(["https://quay.io/x", "user@quay.io/x", "quay.io\\x/y", "a b.c/x"])(
    "of %j is not known",
    (reference) => {
      expect(hostOf("external_reference", reference)).toBeUndefined();
    },
  );
});

describe("the host of a cache's upstream", () => {
  it.each([
    ["docker.io", "docker.io"],
    ["quay.io/acme", "quay.io"],
    ["registry", "registry"],
    ["Registry:5000/x", "registry:5000"],
  ])("of %j is %s", (upstream, host) => {
    expect(hostOf("upstream_registry", upstream)).toBe(host);
  });

  it.each(["", "https://quay.io", "/quay.io", "a@quay.io"])("of %j is not known", (upstream) => {
    expect(hostOf("upstream_registry", upstream)).toBeUndefined();
  });
});

it("no value makes a host that is not one in plain letters", () => {
  const argument = fc.constantFrom("config.url", "config.email", "external_reference", "upstream_registry");
  const parts = fc.constantFrom(
    "https://",
    "a",
    "b.example",
    "@",
    ":",
    "/",
    "\\",
    "\n",
    ".",
    "%2e",
    "ü",
    "　",
    "#",
    "?",
  );
  fc.assert(
    fc.property(argument, fc.array(parts, { maxLength: 8 }), (name, texts) => {
      const host = hostOf(name, texts.join(""));
      if (host !== undefined) expect(host).toMatch(/^([a-z0-9-]+\.)*[a-z0-9-]+(:\d+)?$/);
    }),
    { numRuns: 3000 },
  );
});

describe("--hosts", () => {
  it("is read as hosts of arguments are", () => {
    expect(parseHosts(["Hooks.Example.com.", "bücher.example", "a.example:8443", "a.example:443"])).toEqual([
      "hooks.example.com",
      "xn--bcher-kva.example",
      "a.example:8443",
      "a.example",
    ]);
  });

  it.each(["https://a.example", "a.example/x", "*.example", "bob@a.example", "a b"])(
    "does not take %j",
    (word) => {
      expect(() => parseHosts([word])).toThrow(`--hosts ${word}: it takes hosts`);
    },
  );
});
