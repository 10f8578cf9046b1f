import { outside } from "@/lib/http";

/** The way out for webhooks; tests pass another. */
export type Post = ReturnType<typeof outside>;

export const post: Post = (url, init) => outside()(url, init);
