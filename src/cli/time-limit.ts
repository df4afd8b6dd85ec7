/** Seconds that the command waits for a step over the network, unless told otherwise. */
export const TIMEOUT_SECONDS = '10';
