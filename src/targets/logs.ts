import { nameIn, placeOf } from "./place.ts";
import { createReader, type Found, type Reader } from "./reader.ts";
import type { Given, Target } from "./target.ts";

export const logs: Target = {
  shows: "whose logs they are, of which days, and where they would be sent",
  name: (given) => nameIn(placeOf(given), "logs"),
  async read(given, read) {
    const reader = createReader(read);
    const { exists, body } = await ownerOf(given, reader);
    const { starttime, endtime, callback_url, callback_email } = given;
    return reader.state({
      exists,
      identity: placeOf(given) === "my" ? String(body.username) : placeOf(given),
      preview: { from: starttime, to: endtime, sent_to: callback_url ?? callback_email },
    });
  },
};

function ownerOf({ repository, orgname }: Given, reader: Reader): Promise<Found> {
  if (repository !== undefined) return reader.find("get_repository", { repository, includeTags: false });
  return orgname === undefined
    ? reader.find("get_my_user", {})
    : reader.find("get_organization", { orgname });
}
