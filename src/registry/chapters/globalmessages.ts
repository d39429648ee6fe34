/** Messages that the registry shows to all its users. */
import { empty, emptyPage } from "../answers.ts";
import { bodyOf, type Handlers } from "../call.ts";
import { type Collection, collection, ofRegistry } from "../collection.ts";
import type { Item } from "../state.ts";

const messages: Collection = {
  name: "messages",
  parameter: "uuid",
  key: "uuid",
  make(call) {
    // The schema lets a body without a message pass, on which Quay fails.
    const { content, severity, media_type } = bodyOf<{ message: Item }>(call).message;
    return { uuid: call.state.random.uuid(), content, severity, media_type };
  },
  created: () => emptyPage(201),
  missing: () => empty(),
};

export const globalmessages: Handlers = collection(messages, {
  of: ofRegistry,
  list: "getGlobalMessages",
  create: "createGlobalMessage",
  delete: "deleteGlobalMessage",
});
