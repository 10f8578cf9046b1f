/** Throws where `work` has not settled in time; what becomes of it afterwards is nobody's concern. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("This took too long.")), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
