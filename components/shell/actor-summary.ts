// The little of an actor that a frame shows.
export type ActorSummary = {
  name: string;
  email: string;
  role: "merchant" | "support" | "admin";
};
