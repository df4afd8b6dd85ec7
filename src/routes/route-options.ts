import { BACKEND, type IBackend } from '../component/backend';
import { ComponentPort } from '../component/component-kind';
import { isHostName, objectName } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { annotationMap, labelMap, listOf, oneOf } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { firstTwice } from '../support/twice';

/**
 * Where a way in from outside leads. Thanos asks nobody who he is: let the gateway or the ingress controller ask, or whoever
 * reaches it reads and writes everything.
 */
export interface RouteOptions {
  /** Where it leads: a component of a stack, or its Grafana. */
  readonly to: IBackend;
  /** Names under which it is reached, such as `thanos.example.com` or `*.example.com`. */
  readonly hosts: string[];
  /**
   * Port of the Service.
   * @default - remote-write of receivers and routers; of all others HTTP, and gRPC in a GRPCRoute
   */
  readonly port?: ComponentPort;
  /**
   * Name of the object.
   * @default - that of the Service, and `-grpc` after it where it leads to gRPC
   */
  readonly name?: string;
  /**
   * Annotations, by which controllers are told more.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Labels.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

/** How they are read. */
export const ROUTE: StructTable<RouteOptions> = {
  to: required(BACKEND, 'Give where it leads, such as stack.query'),
  hosts: required(hostNames, 'Give the names under which it is reached'),
  port: oneOf(ComponentPort, 'ComponentPort'),
  name: objectName,
  annotations: annotationMap,
  labels: labelMap,
};

/** Segments, none of which is `.` or `..`. */
const PATH = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;

/** A path from the root on. */
export function routePath(path: unknown): string {
  if (path === '/' || (typeof path === 'string' && PATH.test(path))) return path;
  throw new InputProblem(`${found(path)} is not a path; write such as "/thanos": letters, digits and "._~-"`);
}

function hostNames(value: unknown): string[] {
  const hosts = listOf(hostName)(value);
  if (hosts.length === 0) throw new InputProblem('is empty: everything that reaches the gateway would be led there');
  const twice = firstTwice(hosts);
  if (twice !== undefined) throw new InputProblem(`${found(twice)} appears twice`);
  return hosts;
}

function hostName(host: unknown): string {
  if (isHostName(host)) return host;
  throw new InputProblem(`${found(host)} is not the name of a host; write "thanos.example.com" or "*.example.com"`);
}
