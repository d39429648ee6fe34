/** Where the embedded registry differs from a real Quay, and why. */

const olderEntries =
  "the recorded start shows the newest 20 log entries only, and none of this repository is among them";

/** By `METHOD path -> status` of the recording. */
export const knownDifferences: Readonly<Record<string, string>> = {
  "GET /api/v1/repository/devtable/simple/logs -> 200": olderEntries,
  "GET /api/v1/repository/devtable/simple/aggregatelogs?starttime=11/01/2026&endtime=11/30/2026 -> 200":
    olderEntries,
  "GET /api/v1/superuser/registrysize/ -> 200":
    "no worker ran beside the recorded Quay, so that its calculation stayed queued; here it is done after a minute, as where one runs",
  "POST /api/v1/organization/cacheorg/quota -> 400":
    "the message of a body that two schemas allow quotes a schema in its first line, and Quay's own has prose in it",
};

/** By operation and token of the authorization table. */
export const knownAuthorizationDifferences: Readonly<Record<string, string>> = {};
