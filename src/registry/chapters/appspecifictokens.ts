/** App-specific tokens: passwords of the caller's own account for other clients. */
import { json, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, flag, type Handlers, param, userOf } from "../call.ts";
import { type Collection, collection, ofCaller } from "../collection.ts";
import { rfc2822 } from "../formats.ts";
import { type Item, itemsOf } from "../state.ts";

/** A tenth of the four weeks that Quay reckons with where tokens do not expire by default. */
const soonInMilliseconds = 0.1 * 28 * 86_400_000;

/** Milliseconds until a token expires; infinitely many where it never does. */
function remaining({ expiration }: Item, call: Call): number {
  return expiration === null
    ? Number.POSITIVE_INFINITY
    : Date.parse(String(expiration)) - call.state.now().getTime();
}

function expiresSoon(token: Item, call: Call): boolean {
  const left = remaining(token, call);
  return left > 0 && left <= soonInMilliseconds;
}

const tokens: Collection = {
  name: "tokens",
  parameter: "token_uuid",
  key: "uuid",
  make: (call) => ({
    uuid: call.state.random.uuid(),
    title: bodyOf(call).title,
    last_accessed: null,
    created: rfc2822(call.state.now()),
    expiration: null,
    token_code: call.state.random.code(120),
  }),
  view: ({ token_code, ...shown }) => shown,
  list(views, call) {
    const expiring = call.query.has("expiring") ? flag(call, "expiring") : null;
    const shown = (views as readonly Item[]).filter((view) => !expiring || expiresSoon(view, call));
    return { tokens: shown, only_expiring: expiring };
  },
  created: (item) => json({ token: item }),
  logs: { create: "create_app_specific_token", delete: "revoke_app_specific_token" },
  logged: ({ title, uuid }) => ({ app_specific_token_title: title, app_specific_token: uuid }),
};

export const appspecifictokens: Handlers = {
  ...collection(tokens, {
    of: ofCaller,
    list: "listAppTokens",
    create: "createAppToken",
    delete: "revokeAppToken",
  }),

  /** One at a time, tokens are shown again with what they are good for. */
  getAppToken(call) {
    const token = itemsOf(userOf(call), "tokens").get(param(call, "token_uuid"));
    if (token === undefined || remaining(token, call) <= 0) refuse(notFound());
    token.token_code ??= call.state.random.code(120);
    return json({ token });
  },
};
