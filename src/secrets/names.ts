/** Names under which credentials travel, in answers and in URLs. */

/** How a credential's name ends, in lower case and with its words joined by `_`. */
const credentialEnding =
  /((token|secret|password|passwd|apikey|privatekey|secretkey|accesskey)s?|token_?code|(^|_)(pwd|passphrase|credentials?|authorization|cookie|bearer|jwt|(secret|private|api|access|signing|encryption|account|shared)_key))$/;

/** A URL's own words for a credential, as signed URLs of object stores and webhooks use them. */
const signatureEnding =
  /(^|_)(sig|signature|key|code|auth|pass|x_amz_credential|googleaccessid|awsaccesskeyid)$/;

const known = new Map<string, boolean>();
/** Names come from Quay, but some, such as those of labels, are of people's own invention. */
const mostKnown = 5000;

/** Whether texts under this name are credentials: `token`, `client_secret`, `accessToken`, `X-Api-Key`, … */
export function isCredentialName(name: string): boolean {
  let credential = known.get(name);
  if (credential === undefined) {
    credential = name.length <= 200 && credentialEnding.test(words(name));
    if (known.size < mostKnown) known.set(name, credential);
  }
  return credential;
}

/** Whether the value of a URL's parameter is a credential. */
export function isCredentialParameter(name: string): boolean {
  const plain = words(decoded(name));
  return credentialEnding.test(plain) || signatureEnding.test(plain);
}

/** `clientSecret`, `Client-Secret`, `CLIENT SECRET` -> `client_secret` */
function words(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z\d]+/g, "_")
    .replace(/_+$/, "")
    .toLowerCase();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
