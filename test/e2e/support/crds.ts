import { kubectl } from './kubectl';

const TRIES = 40;
const PAUSE_MS = 500;

/** Waits until the API server serves these custom resources; all that there are without names. */
export async function established(...names: string[]): Promise<void> {
  const which = names.length === 0 ? ['--all'] : names;
  for (let tries = 1; ; tries++) {
    try {
      await kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'customresourcedefinitions', ...which]);
      return;
    } catch (error) {
      // kubectl gives up on one so new that it has no conditions yet
      if (tries === TRIES || !String(error).includes('conditions accessor error')) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
