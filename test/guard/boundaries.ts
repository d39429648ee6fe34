/** The fence and the protection of the tests with arbitrary arguments, read in another way than the guard reads them. */

/** As settings. */
export const fenceWords = "acme,dev-*";
export const protectionWords = "acme/prod-*,dev-*/vault";

const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export const isInside = (namespace: string) =>
  /^(acme|dev-[a-z0-9][a-z0-9._-]*)$/.test(asciiLower(namespace));

/** What Quay takes for another letter counts as that letter. */
const plain = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .toLowerCase();

export const isProtected = (repository: string) =>
  /^(acme\/prod-|dev-[^/]*\/vault(\/|$))/.test(plain(repository));

export const mayHoldProtected = (namespace: string) => /^(acme$|dev-)/.test(plain(namespace));
