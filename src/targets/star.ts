import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";

const pages = 10;

export const star: Target = {
  shows: "whether it is there",
  name: ({ repository }) => `my/stars/${repository}`,
  async read({ repository }, read) {
    const reader = createReader(read);
    const starred = await reader.list("list_starred_repositories", {}, "repositories", pages);
    const found = starred?.items.some(({ namespace, name }) => `${namespace}/${name}` === repository);
    const exists = found === false && starred?.complete === false ? undefined : found;
    return reader.state({ exists, identity: String(repository) });
  },
};
