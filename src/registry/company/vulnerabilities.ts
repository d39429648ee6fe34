/** What the company's images are made of, and what is known to be wrong with it. The CVE numbers and their scores are real. */
import type { Vulnerability } from "../scan.ts";

type Rated = readonly [
  severity: Vulnerability["severity"],
  score: number | null,
  vector: string,
  about: string,
];

const remote = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N";
const remoteButHard = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N";

export const vulnerabilities: Readonly<Record<string, Rated>> = {
  "CVE-2021-44228": [
    "Critical",
    10,
    `${remote}/S:C/C:H/I:H/A:H`,
    "log4j-core: remote code execution through JNDI lookups in messages (Log4Shell).",
  ],
  "CVE-2021-45046": [
    "Critical",
    9,
    `${remoteButHard}/S:C/C:H/I:H/A:H`,
    "log4j-core: incomplete fix of CVE-2021-44228 in certain configurations.",
  ],
  "CVE-2022-22965": [
    "Critical",
    9.8,
    `${remote}/S:U/C:H/I:H/A:H`,
    "spring-beans: remote code execution through data binding on JDK 9 and later (Spring4Shell).",
  ],
  "CVE-2022-42889": [
    "Critical",
    9.8,
    `${remote}/S:U/C:H/I:H/A:H`,
    "commons-text: code execution through string interpolation (Text4Shell).",
  ],
  "CVE-2022-1471": [
    "Critical",
    9.8,
    `${remote}/S:U/C:H/I:H/A:H`,
    "snakeyaml: the constructor instantiates any class while deserializing.",
  ],
  "CVE-2024-3094": [
    "Critical",
    10,
    `${remote}/S:C/C:H/I:H/A:H`,
    "xz: malicious code in the release archives of 5.6.0 and 5.6.1.",
  ],
  "CVE-2022-37434": [
    "Critical",
    9.8,
    `${remote}/S:U/C:H/I:H/A:H`,
    "zlib: heap buffer overflow in inflate through a large gzip header extra field.",
  ],
  "CVE-2024-24790": [
    "Critical",
    9.8,
    `${remote}/S:U/C:H/I:H/A:H`,
    "golang net/netip: wrong answers about IPv4-mapped IPv6 addresses.",
  ],
  "CVE-2024-32002": [
    "Critical",
    9,
    `${remoteButHard}/S:C/C:H/I:H/A:H`,
    "git: code execution while cloning a repository with submodules.",
  ],
  "CVE-2023-0286": [
    "High",
    7.4,
    `${remoteButHard}/S:U/C:H/I:N/A:H`,
    "openssl: X.400 address type confusion in X.509 GeneralName.",
  ],
  "CVE-2023-4911": [
    "High",
    7.8,
    "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",
    "glibc: buffer overflow in ld.so through GLIBC_TUNABLES (Looney Tunables).",
  ],
  "CVE-2023-44487": [
    "High",
    7.5,
    `${remote}/S:U/C:N/I:N/A:H`,
    "HTTP/2: denial of service by rapid resets of streams.",
  ],
  "CVE-2023-4863": [
    "High",
    8.8,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
    "libwebp: heap buffer overflow in BuildHuffmanTable.",
  ],
  "CVE-2024-21626": [
    "High",
    8.6,
    "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H",
    "runc: container breakout through a leaked file descriptor.",
  ],
  "CVE-2024-6387": [
    "High",
    8.1,
    `${remoteButHard}/S:U/C:H/I:H/A:H`,
    "openssh: race condition in the server's signal handling (regreSSHion).",
  ],
  "CVE-2022-24999": [
    "High",
    7.5,
    `${remote}/S:U/C:N/I:N/A:H`,
    "qs: denial of service through prototype poisoning.",
  ],
  "CVE-2021-23337": [
    "High",
    7.2,
    "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H",
    "lodash: command injection through template.",
  ],
  "CVE-2022-40674": ["High", 8.1, `${remoteButHard}/S:U/C:H/I:H/A:H`, "expat: use after free in doContent."],
  "CVE-2023-32681": [
    "Medium",
    6.1,
    "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N",
    "requests: Proxy-Authorization headers leak to destination servers.",
  ],
  "CVE-2022-40897": [
    "Medium",
    5.9,
    `${remoteButHard}/S:U/C:N/I:N/A:H`,
    "setuptools: denial of service through a regular expression in package_index.",
  ],
  // Scored without a vector, as Quay shows what the National Vulnerability Database has not rated.
  "CVE-2023-5363": [
    "Medium",
    null,
    "",
    "openssl: incorrect processing of key and initialisation vector lengths.",
  ],
};

export interface Package {
  readonly name: string;
  /** A version for each generation of builds: those of two years, of one year ago, and of the last months. */
  readonly versions: readonly string[];
  /** Which vulnerabilities, and the first generation without it; 3: none yet. */
  readonly flaws?: Readonly<Record<string, 1 | 2 | 3>>;
}

/** By bundle, as the repositories' facts name them. */
export const packages: Readonly<Record<string, readonly Package[]>> = {
  base: [
    {
      name: "openssl-libs",
      versions: ["1:3.0.1-41.el9", "1:3.0.7-16.el9", "1:3.0.7-27.el9"],
      flaws: { "CVE-2023-0286": 1, "CVE-2023-5363": 2 },
    },
    {
      name: "glibc",
      versions: ["2.34-60.el9", "2.34-100.el9", "2.34-125.el9"],
      flaws: { "CVE-2023-4911": 1 },
    },
    {
      name: "zlib",
      versions: ["1.2.11-31.el9", "1.2.11-40.el9", "1.2.11-41.el9"],
      flaws: { "CVE-2022-37434": 1 },
    },
    {
      name: "expat",
      versions: ["2.2.10-12.el9", "2.5.0-2.el9", "2.5.0-5.el9"],
      flaws: { "CVE-2022-40674": 1 },
    },
    { name: "bash", versions: ["5.1.8-4.el9", "5.1.8-6.el9", "5.1.8-9.el9"] },
  ],
  java: [
    {
      name: "java-17-openjdk-headless",
      versions: ["1:17.0.5.0.8-2.el9", "1:17.0.9.0.9-2.el9", "1:17.0.13.0.11-3.el9"],
    },
    { name: "org.yaml:snakeyaml", versions: ["1.30", "1.33", "2.2"], flaws: { "CVE-2022-1471": 2 } },
  ],
  log4j: [
    {
      name: "org.apache.logging.log4j:log4j-core",
      versions: ["2.14.1", "2.15.0", "2.24.1"],
      flaws: { "CVE-2021-44228": 1, "CVE-2021-45046": 2 },
    },
  ],
  spring: [
    {
      name: "org.springframework:spring-beans",
      versions: ["5.3.16", "5.3.17", "6.1.14"],
      flaws: { "CVE-2022-22965": 2 },
    },
  ],
  text: [
    {
      name: "org.apache.commons:commons-text",
      versions: ["1.9", "1.10.0", "1.12.0"],
      flaws: { "CVE-2022-42889": 1 },
    },
  ],
  python: [
    { name: "requests", versions: ["2.28.2", "2.31.0", "2.32.3"], flaws: { "CVE-2023-32681": 1 } },
    { name: "setuptools", versions: ["53.0.0", "65.5.1", "75.1.0"], flaws: { "CVE-2022-40897": 1 } },
    {
      name: "libwebp",
      versions: ["1.2.0-3.el9", "1.2.0-8.el9", "1.2.0-8.el9"],
      flaws: { "CVE-2023-4863": 1 },
    },
  ],
  node: [
    { name: "qs", versions: ["6.5.2", "6.11.0", "6.13.0"], flaws: { "CVE-2022-24999": 1 } },
    { name: "lodash", versions: ["4.17.20", "4.17.21", "4.17.21"], flaws: { "CVE-2021-23337": 1 } },
  ],
  go: [
    {
      name: "stdlib",
      versions: ["1.20.8", "1.21.5", "1.23.2"],
      flaws: { "CVE-2023-44487": 1, "CVE-2024-24790": 2 },
    },
  ],
  tools: [
    {
      name: "git",
      versions: ["2.39.3-1.el9", "2.43.0-1.el9", "2.43.5-1.el9"],
      flaws: { "CVE-2024-32002": 2 },
    },
    {
      name: "runc",
      versions: ["1.1.9-1.el9", "1.1.9-2.el9", "1.1.13-4.el9"],
      flaws: { "CVE-2024-21626": 2 },
    },
    {
      name: "openssh",
      versions: ["8.7p1-30.el9", "8.7p1-38.el9", "8.7p1-43.el9"],
      flaws: { "CVE-2024-6387": 2 },
    },
  ],
  xz: [{ name: "xz", versions: ["5.6.0-1", "5.6.1-1", "5.6.1-1"], flaws: { "CVE-2024-3094": 3 } }],
};
