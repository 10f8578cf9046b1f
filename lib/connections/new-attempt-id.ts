import { newId } from "@/db/new-id";

/** Made with a page's form, so that the form is one attempt however often it is sent. */
export const newAttemptId = (): string => newId("att");
