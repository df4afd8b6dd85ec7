import type { Command } from 'commander';
import { registerCaCreate } from './create';
import { registerCaFetch } from './fetch';
import { registerCaInspect } from './inspect';

/** Registers `ca` and its commands. */
export function registerCa(program: Command): void {
  const ca = program.command('ca').description("the S3 store's CA: make one for tests, fetch it, look into it");
  ca.addHelpText(
    'after',
    '\nExamples:\n  $ cdk8s-thanos ca create --dns s3.minio.example.com --out certs\n  $ cdk8s-thanos ca fetch s3.minio.example.com:9000\n  $ cdk8s-thanos ca inspect ca.crt',
  );
  registerCaCreate(ca);
  registerCaFetch(ca);
  registerCaInspect(ca);
}
