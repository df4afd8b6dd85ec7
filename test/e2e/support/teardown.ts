import { clusterScript, STARTED } from '../../programs/cluster';

/** Stops the cluster that the setup started. Each file takes down its own namespaces. */
export default function teardown(): void {
  if (process.env[STARTED]) clusterScript('down');
}
