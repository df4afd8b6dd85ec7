import { Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { containersOf, templateOf, withTemplate } from '../manifest/pod-template';
import type { Grant } from '../objstore/grant';
import { environment } from '../pod/env';
import { containerImage } from '../pod/image';
import { type ProbedPorts, thanosProbes } from '../pod/probes';
import { resourceRequirements } from '../pod/resources';
import { RESTRICTED_CONTAINER } from '../pod/security';
import { PORTS } from '../support/identity';
import { goDuration } from '../support/units';
import { finishFlags } from './extra-args';
import { Flags } from './flags';
import { besideOf, dataProblems, isAgent, SIDECAR, type Told, toldFlags } from './prometheus-beside';
import { hoursOf } from './retention';
import type { SidecarContainerOptions } from './sidecar-options';
import { type GrpcPartOptions, grpcServerFlags } from './tls/grpc-tls';
import type { HttpPartOptions } from './tls/http-config';
import { httpConfigPath, probedPorts } from './tls/http-files';

const REQUESTS = { cpu: '25m', memory: Size.mebibytes(128) };

/** The container, without what the Grant brings, and what it was told of the Prometheus beside it. */
export function sidecarContainer(
  construct: IConstruct,
  options: SidecarContainerOptions & GrpcPartOptions & HttpPartOptions,
  dataVolume: string,
  grant?: Grant,
): { readonly container: Json; readonly flags: Flags; readonly told: Told } {
  const flags = new Flags(['sidecar'])
    .set('--log.level', options.logLevel)
    .set('--log.format', options.logFormat)
    .granted(grant)
    .set('--http.config', httpConfigPath(options))
    // both are read from the finished workload where nothing is said
    .set('--prometheus.url', options.prometheusUrl ?? '')
    .set('--tsdb.path', options.tsdbPath ?? '')
    .set('--prometheus.ready_timeout', options.readyTimeout && goDuration(options.readyTimeout));
  for (const [name, value] of grpcServerFlags(options.grpcTls)) flags.set(name, value);
  if (options.uploadCompacted) flags.add('--shipper.upload-compacted');
  finishFlags(construct, flags, options);
  const container = {
    name: SIDECAR,
    ...containerImage(options.image),
    args: flags.toArgs(),
    ports: [
      { name: 'http', containerPort: PORTS.http },
      { name: 'grpc', containerPort: PORTS.grpc },
    ],
    ...environment([], options),
    resources: resourceRequirements(options.resources, REQUESTS),
    // by number: another container of the pod may call its own port "http" too
    ...thanosProbes(options.probes, { patience: 4, probed: byNumber(probedPorts(options, ['grpc'])) }),
    securityContext: RESTRICTED_CONTAINER,
  };
  const told = {
    dataVolume,
    uploads: grant !== undefined,
    compacted: flags.has(/^--shipper\.ignore-unequal-block-size$/),
    tsdbPath: flags.value('--tsdb.path') || undefined,
    prometheusUrl: flags.value('--prometheus.url') || undefined,
  };
  return { container: JSON.parse(JSON.stringify(container)), flags, told };
}

function byNumber({ scheme, open }: ProbedPorts): ProbedPorts {
  return { scheme, http: PORTS.http, open: open && PORTS.grpc };
}

/** A workload with the container beside Prometheus. */
export function withSidecar(json: Json, container: Json, told: Told): Json {
  const template = templateOf(json);
  if (!Array.isArray(template?.spec?.containers)) return json;
  const containers = [...template.spec.containers, besideOf(containersOf(template), container, told)];
  return withTemplate(json, { ...template, spec: { ...template.spec, containers } });
}

const BLOCKS = ['--storage.tsdb.min-block-duration', '--storage.tsdb.max-block-duration'];

/** Why the sidecar does not fit the finished workload. */
export function sidecarProblems(json: Json, told: Told): string[] {
  const named = `${json.kind} ${json.metadata?.name}`;
  const template = templateOf(json);
  const containers = containersOf(template).filter(({ name }) => name !== SIDECAR);
  if (containers.length === 0) return [`${named} has no pod template with containers`];
  if (isAgent(containers, told))
    return [
      `${named} runs Prometheus as an Agent, which keeps no blocks and answers no queries. Let it write to a Receiver (remote_write), and remove the sidecar`,
    ];
  const volumes = [
    ...list(template.spec.volumes).map(({ name }) => name),
    ...list(json.spec?.volumeClaimTemplates).map(({ metadata }) => metadata?.name),
  ];
  if (!volumes.includes(told.dataVolume))
    return [
      `${named} has no volume ${JSON.stringify(told.dataVolume)}; it has ${volumes.join(', ') || 'none'}. Give its name as dataVolume`,
    ];
  if (!told.uploads) return [];
  return [
    ...dataProblems(containers, told).map((text) => `${named}: ${text}`),
    ...unequalBlocks(named, containers, told),
  ];
}

/** Thanos refuses to upload while Prometheus compacts: the two would change the same blocks. */
function unequalBlocks(named: string, containers: readonly Json[], { compacted }: Told): string[] {
  if (compacted) return [];
  const flags = containers.map(toldFlags);
  const [least, most] = BLOCKS.map((flag) => flags.find((told) => told.has(flag))?.get(flag)?.[0]);
  if (least !== undefined && most !== undefined && (least === most || hoursOf(least) === hoursOf(most))) return [];
  return [
    `${named} lets Prometheus compact blocks, and the sidecar would refuse to upload them. Give Prometheus ${BLOCKS.map((flag) => `${flag}=2h`).join(' and ')}`,
  ];
}
