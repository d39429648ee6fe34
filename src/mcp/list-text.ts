import type { JSONRPCMessage } from "@modelcontextprotocol/server";

/** Lists that are answered again and again, in JSON. */
const texts = new WeakMap<object, string>();

/**
 * An answer to `tools/list` as JSON; undefined for any other message. The list itself is written once: it is the same object
 * each time, and some 70 kB long.
 */
export function listText(message: JSONRPCMessage): string | undefined {
  if (!("result" in message) || !("tools" in message.result)) return undefined;
  const { tools, ...rest } = message.result;
  const list = tools as object;
  const text = texts.get(list) ?? JSON.stringify(list);
  texts.set(list, text);
  const others = JSON.stringify(rest).slice(1, -1);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":{"tools":${text}${others && `,${others}`}}}`;
}
