import type { SecretHolder } from "@/tests/demo/client-secrets";
import type { OpenDemo } from "@/tests/demo/open-demo";

export type Shown = Pick<OpenDemo, "url" | "world" | "worker" | "filling">;

/** What the desk knows between two of its pages. */
export class DeskState {
  demo: Shown | null = null;
  /** What each platform took for our secret before somebody changed it there. */
  readonly secrets = new Map<SecretHolder, string>();
  #reset = Promise.withResolvers<"reset">();

  show(demo: Shown): () => void {
    this.demo = demo;
    this.secrets.clear();
    this.#reset = Promise.withResolvers();
    return () => {
      this.demo = null;
    };
  }

  resetAsked(): Promise<"reset"> {
    return this.#reset.promise;
  }

  askForReset(): void {
    // Whoever looks from here on waits for the next one.
    this.demo = null;
    this.#reset.resolve("reset");
  }
}
