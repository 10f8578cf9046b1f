import { everyKind } from "@/lib/alerts/alert-kinds";
import { makeDefaults } from "@/lib/alerts/make-defaults";
import { tellOwners } from "@/lib/alerts/tell-owners";
import { watch } from "@/lib/alerts/watch";
import { attended, type Job } from "./job";

/** Sees what people have to be told of, and writes it down for `delivering`. Judges by stored states, which `restating` keeps true. */
export const watching: Job = {
  name: "watching",
  everyS: 15,
  round: async () => {
    await attended("alert_defaults", makeDefaults);
    await attended("watch", () => watch(everyKind, { working: true }));
    await attended("tell_owners", tellOwners);
  },
};
