import { existingTags } from "./existing-tags.ts";
import { nameIn, placeOf } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { isoTime } from "./values.ts";

export const build: Target = {
  shows: "its phase, tags and start; of a new one, which of its tags exist and would move",
  name: (given) => nameIn(placeOf(given), "builds", given.build_uuid),
  async read({ repository, build_uuid, docker_tags }, read) {
    const reader = createReader(read);
    if (build_uuid === undefined) {
      const asked = Array.isArray(docker_tags) ? docker_tags.map(String) : ["latest"];
      const moved = await existingTags(repository, asked, reader);
      return reader.state({
        exists: false,
        now: { tags: moved },
        preview: { tags_that_would_move: moved },
      });
    }
    const { exists, body } = await reader.find("get_build", { repository, build_uuid });
    const { phase, tags, started, display_name } = body;
    return reader.state({
      exists,
      identity: `${body.id} ${phase}`,
      preview: { name: display_name, phase, tags, started: isoTime(started) },
    });
  },
};
