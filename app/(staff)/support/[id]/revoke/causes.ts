export const revokeCauses = ["owner_asked", "misuse", "wrong_store", "left", "other"] as const;
