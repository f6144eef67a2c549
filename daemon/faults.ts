/**
 * Named points between the steps of an operation. In production nothing happens at them; a test
 * names one in `NEXORA_FAULT`, and the daemon dies there as by SIGKILL.
 */
export type Faults = (point: string) => void;

export function faultsOf(env: Record<string, string | undefined>): Faults {
  const wanted = env.NEXORA_FAULT;
  if (!wanted) return () => {};
  return (point) => {
    if (point === wanted) process.kill(process.pid, "SIGKILL");
  };
}
