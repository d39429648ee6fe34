/** Service keys: by these Quay's own services trust each other. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { emptyPage, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, param, userOf } from "../call.ts";
import { type Collection, collection } from "../collection.ts";
import { epochSeconds, rfc2822Gmt } from "../formats.ts";
import { record } from "../log.ts";
import { findUser, type Item, itemsOf, type State } from "../state.ts";
import { accountView } from "./superuser.ts";

/** How long Quay still shows a key that has expired. */
const expiredKeyInMilliseconds = 7 * 86_400_000;

/** As it is kept: the approver by name. */
interface Approval {
  readonly approval_type: string;
  readonly approved_date: string;
  readonly approver: string | null;
  readonly notes: string;
}

function approvalNow(call: Call, notes = ""): Approval {
  return {
    approval_type: "ServiceKeyApprovalType.SUPERUSER",
    approved_date: rfc2822Gmt(call.state.now()),
    approver: userOf(call).name,
    notes,
  };
}

function approvalView({ approver, ...approval }: Approval, state: State) {
  const user = approver === null ? undefined : findUser(state, approver);
  return { ...approval, approver: user === undefined ? null : accountView(user) };
}

const keyView = ({ approval, ...key }: Item, { state }: Call): Item => ({
  ...key,
  approval: approval === null ? null : approvalView(approval as Approval, state),
});

/** The registry, in which keys that expired long ago are forgotten. */
function ofRegistryWithoutStale({ state }: Call): State {
  const keys = itemsOf(state, "keys");
  for (const [kid, { expiration_date }] of keys) {
    if (expiration_date === null) continue;
    const age = state.now().getTime() - Date.parse(String(expiration_date));
    if (age >= expiredKeyInMilliseconds) keys.delete(kid);
  }
  return state;
}

const secondsOf = (date: unknown) => (date === null ? null : epochSeconds(new Date(String(date))));

/** What happens to keys belongs to whoever does it: it is logged in their own namespace. */
function log(call: Call, kind: string, key: Item, extra: Item = {}): void {
  const { kid, service, name, expiration_date } = key;
  record(call, kind, userOf(call).name, {
    kid,
    service,
    name,
    expiration_date: secondsOf(expiration_date),
    ...extra,
  });
}

/** An expiration as a key has it; refuses what is not in the future. */
function expirationOf(call: Call, seconds: number | null, past: string): string | null {
  if (seconds === null) return null;
  const time = new Date(seconds * 1000);
  const year = time.getUTCFullYear();
  if (year > 9999) refuse(invalidRequest(`Invalid expiration date: year ${year} is out of range`));
  // A date beyond what JavaScript knows is one that Quay fails on, too.
  const text = new Date(time.toISOString());
  if (text <= call.state.now()) refuse(invalidRequest(past));
  return rfc2822Gmt(text);
}

function checkKeyName(name: string): void {
  if (!/^[\s a-zA-Z0-9\-_:/]*$/.test(name)) {
    refuse(invalidRequest(`Invalid service key friendly name: ${name}`));
  }
}

/** A new pair of keys, and the public one's thumbprint (RFC 7638), by which Quay calls it. */
function generateKey() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e, kty, n } = publicKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
  return {
    kid,
    jwk: { e, kid, kty, n },
    public_key: publicKey.export({ type: "spki", format: "pem" }),
    private_key: privateKey.export({ type: "pkcs1", format: "pem" }),
  };
}

const keys: Collection = {
  name: "keys",
  parameter: "kid",
  key: "kid",
  view: keyView,
  beforeDelete: (key, call) =>
    log(call, "service_key_delete", key, { created_date: secondsOf(key.created_date) }),
  deleted: () => emptyPage(204),
};

const findKey = (call: Call): Item =>
  itemsOf(ofRegistryWithoutStale(call), "keys").get(param(call, "kid")) ?? refuse(notFound());

interface Body {
  readonly service: string;
  readonly name?: string;
  readonly notes?: string;
  readonly metadata?: Item;
  readonly expiration?: number | null;
}

export const servicekey: Handlers = {
  ...collection(keys, {
    of: ofRegistryWithoutStale,
    list: "listServiceKeys",
    get: "getServiceKey",
    delete: "deleteServiceKey",
  }),

  /** Approved at once; the private key is shown only now. */
  createServiceKey(call) {
    const { service, name = "", notes, metadata, expiration = null } = bodyOf<Body>(call);
    checkKeyName(name);
    const expiration_date = expirationOf(call, expiration, "Expiration date cannot be in the past");
    if (!/^[a-z0-9_]+$/.test(service)) refuse(message(""));
    const { kid, jwk, public_key, private_key } = generateKey();
    const key: Item = {
      name,
      kid,
      service,
      jwk,
      metadata: {
        ...metadata,
        created_by: "Quay Superuser Panel",
        creator: userOf(call).name,
        ip: "127.0.0.1",
      },
      created_date: rfc2822Gmt(call.state.now()),
      expiration_date,
      rotation_duration: null,
      approval: approvalNow(call, notes),
    };
    itemsOf(ofRegistryWithoutStale(call), "keys").set(kid, key);
    for (const kind of ["service_key_create", "service_key_approve"]) {
      log(call, kind, key, { preshared: true, auto_approved: true });
    }
    return json({ kid, name, service, public_key, private_key });
  },

  /** The expiration is changed first, and stays so where the name is refused. */
  updateServiceKey(call) {
    const key = findKey(call);
    const { name, metadata, expiration } = bodyOf<Body>(call);
    const { expiration_date } = key;
    const extra: Item = { name: name ?? key.name };
    if (expiration !== undefined) {
      const until = expirationOf(call, expiration, "Cannot have an expiration date in the past");
      Object.assign(extra, {
        old_expiration_date: secondsOf(expiration_date),
        expiration_date: secondsOf(until),
      });
      log(call, "service_key_extend", key, extra);
      key.expiration_date = until;
    }
    if (name !== undefined || metadata !== undefined) {
      if (name !== undefined) checkKeyName(name);
      key.name = name ?? key.name;
      Object.assign(key.metadata as Item, metadata);
      log(call, "service_key_modify", key, extra);
    }
    return json(keyView(key, call));
  },

  /** A key that is approved already stays as it is, and the answer is the same. */
  approveServiceKey(call) {
    const key = findKey(call);
    if (key.approval === null) {
      key.approval = approvalNow(call, bodyOf<Body>(call).notes);
      log(call, "service_key_approve", key);
    }
    return emptyPage(201);
  },
};
