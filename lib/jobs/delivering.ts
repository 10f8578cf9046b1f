import { database } from "@/db/client";
import { dueDeliveries } from "@/db/deliveries";
import { deliver } from "@/lib/deliveries/deliver";
import { each, type Job } from "./job";

const BATCH = 50;

/** Messages that are waiting, each until it arrived or three days have passed. */
export const delivering: Job = {
  name: "delivering",
  everyS: 3,
  round: async (round) => {
    // Each channel by itself: a mail server that says nothing keeps no webhook waiting.
    const channel = async (name: "email" | "webhook") =>
      each("deliver", await dueDeliveries(database(), BATCH, name), round, (id) => deliver(id));
    await Promise.all([channel("webhook"), channel("email")]);
  },
};
