/**
 * Waits for all of them, also when one fails, so that nothing goes on behind the back of who then
 * cleans up. Throws the failure that comes first in their order.
 */
export async function settled<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [At in keyof Work]: Awaited<Work[At]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
