import * as path from 'node:path/posix';
import { mountAt } from '../manifest/mounted-path';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { found } from '../support/problem';
import { withoutEndSlashes } from '../support/url';
import { flagValues, wordsOf } from '../thanos/command-line';

/** Name of the container of a sidecar, the one that the Prometheus operator gives it too. */
export const SIDECAR = 'thanos-sidecar';

/** What a sidecar was told of the Prometheus beside it. What is left out is read from its container. */
export interface Told {
  readonly dataVolume: string;
  readonly uploads: boolean;
  /** Whether it uploads though Prometheus compacts (`--shipper.ignore-unequal-block-size`). */
  readonly compacted?: boolean;
  readonly tsdbPath?: string;
  readonly prometheusUrl?: string;
}

/** Where the official image keeps the data, if it is given no arguments of another's. */
const IMAGE_PATH = '/prometheus';
const IMAGE_PORT = '9090';

function startOf({ command, args }: Json): string[] {
  return [...list(command), ...list(args)].map(String);
}

/** What a container tells each flag, in a shell's script too. */
export function toldFlags(container: Json): ReadonlyMap<string, readonly string[]> {
  return flagValues(wordsOf(startOf(container)));
}

/** The container of Prometheus among those of a pod. */
function prometheusOf(containers: readonly Json[], dataVolume: string): Json | undefined {
  const others = containers.filter(({ name }) => name !== SIDECAR);
  return (
    others.find((one) => toldFlags(one).has('--storage.tsdb.path')) ??
    others.find((one) => mountsOf(one, dataVolume).length > 0) ??
    others.find(({ name }) => name === 'prometheus') ??
    others[0]
  );
}

/** Whether Prometheus runs as an Agent, which only hands on (https://prometheus.io/docs/prometheus/latest/prometheus_agent/). */
export function isAgent(containers: readonly Json[], { dataVolume }: Told): boolean {
  const flags = toldFlags(prometheusOf(containers, dataVolume) ?? {});
  const features = flags.get('--enable-feature') ?? [];
  return flags.has('--agent') || features.some((some) => some.split(',').includes('agent'));
}

function mountsOf(container: Json, volume: string): Json[] {
  return list(container.volumeMounts).filter(({ name }) => name === volume);
}

/** Where Prometheus writes; undefined where that can't be told. */
function writesTo(container: Json): string | undefined {
  if (startOf(container).length === 0) return IMAGE_PATH;
  // Prometheus' own default, beside where it is started
  const [said = 'data'] = toldFlags(container).get('--storage.tsdb.path') ?? [];
  const whole = path.join(said.startsWith('/') ? '/' : (container.workingDir ?? ''), said);
  return whole.startsWith('/') && !whole.includes('$') ? path.normalize(withoutEndSlashes(whole)) : undefined;
}

interface Data {
  readonly tsdbPath: string;
  readonly mount: Json;
}

/** The folder of the data and the mount that it lies in, the same as Prometheus'; or why they can't be told. */
function dataOf(containers: readonly Json[], { dataVolume, tsdbPath: told }: Told): Data | string {
  const container = prometheusOf(containers, dataVolume);
  if (container === undefined) return 'there is no container of Prometheus';
  const named = `container ${found(container.name)}`;
  const [own] = mountsOf(container, dataVolume);
  if (own === undefined)
    return `${named} does not mount the volume ${found(dataVolume)}, so the sidecar would upload nothing. Mount it there, or give the volume of Prometheus' data as dataVolume`;
  const writes = writesTo(container);
  if (told !== undefined && writes !== undefined && withoutEndSlashes(told) !== writes)
    return `${named} writes to ${writes}, but tsdbPath is ${found(told)}. Leave tsdbPath out`;
  const tsdbPath = told ?? writes;
  if (tsdbPath === undefined)
    return `where ${named} writes can't be told. Give it --storage.tsdb.path=${own.mountPath}, or say the folder as tsdbPath (without the flag it is "data" in its working directory, in the official image /prometheus/data)`;
  const at = mountAt<Json & { mountPath: string }>(list(container.volumeMounts), tsdbPath);
  if (at?.mount.name === dataVolume) {
    const { mountPath, subPath, subPathExpr } = at.mount;
    return {
      tsdbPath,
      mount: { name: dataVolume, mountPath, ...(subPath && { subPath }), ...(subPathExpr && { subPathExpr }) },
    };
  }
  const where = at === undefined ? 'in none of its volumes' : `in the volume ${found(at.mount.name)}`;
  return `${named} writes to ${tsdbPath}, which lies ${where}, while ${found(dataVolume)} is mounted at ${own.mountPath}. Give it a --storage.tsdb.path below that, or the volume of the data as dataVolume`;
}

const EVERYWHERE = ['', '0.0.0.0', '[::]', 'localhost', '127.0.0.1', '[::1]'];

interface Answers {
  readonly hosts: readonly string[];
  readonly ports: readonly string[];
  readonly prefix: string;
}

/** The ports on which Prometheus answers the containers beside it, and the path before its API, as it says them. */
function answersAt(container: Json): Answers {
  const flags = toldFlags(container);
  const addresses = (flags.get('--web.listen-address') ?? []).map((address) => {
    const colon = address.lastIndexOf(':');
    return { host: address.slice(0, Math.max(colon, 0)), port: address.slice(colon + 1) };
  });
  const local = addresses.filter(({ host, port }) => EVERYWHERE.includes(host) && /^\d+$/.test(port));
  const [external] = flags.get('--web.external-url') ?? [];
  const [prefix = pathOf(external)] = flags.get('--web.route-prefix') ?? [];
  return {
    hosts: addresses.map(({ host, port }) => (EVERYWHERE.includes(host) ? `${host}:${port}` : host)),
    ports: local.map(({ port }) => port),
    prefix: withoutEndSlashes(prefix.startsWith('/') ? prefix : `/${prefix}`),
  };
}

/** The path of a URL as Prometheus reads it: what has no scheme is a path alone. */
function pathOf(url = ''): string {
  if (!URL.canParse(url)) return url.split(/[?#]/, 1)[0];
  const { pathname } = new URL(url);
  return pathname.startsWith('/') ? pathname : '';
}

/** Where Prometheus is asked. */
function urlOf(containers: readonly Json[], { prometheusUrl, dataVolume }: Told): string {
  const container = prometheusOf(containers, dataVolume);
  if (prometheusUrl !== undefined || container === undefined) return prometheusUrl ?? `http://localhost:${IMAGE_PORT}`;
  const { ports, prefix } = answersAt(container);
  return `http://localhost:${ports[0] ?? IMAGE_PORT}${prefix}`;
}

/** Why it can't be told where Prometheus answers. */
function untold({ hosts, ports, prefix }: Answers): string | undefined {
  if (prefix.includes('$')) return `answers at a path that can't be told, ${found(prefix)}`;
  return hosts.length > 0 && ports.length === 0 ? `listens on ${hosts.map(found).join(', ')} alone` : undefined;
}

/** Why a sidecar would not reach the Prometheus beside it. */
export function urlProblems(containers: readonly Json[], prepare: readonly Json[], told: Told): string[] {
  const container = prometheusOf(containers, told.dataVolume);
  if (container === undefined) return [];
  const answers = answersAt(container);
  const { ports, prefix } = answers;
  const named = `container ${found(container.name)}`;
  if (told.prometheusUrl === undefined) {
    const text = untold(answers);
    return text === undefined ? [] : [`is missing, and ${named} ${text}. Give the URL at which it answers`];
  }
  // one of extraArgs may have a variable in it
  if (!URL.canParse(told.prometheusUrl) || prefix.includes('$')) return [];
  const { hostname, port: said, pathname, protocol } = new URL(told.prometheusUrl);
  const port = said || (protocol === 'https:' ? '443' : '80');
  const others = [...containers, ...prepare].filter((one) => one !== container);
  if (!EVERYWHERE.includes(hostname) || others.some((one) => listensOn(one, port))) return [];
  const wrong =
    (ports.length > 0 && !ports.includes(port)) || (prefix !== '' && withoutEndSlashes(pathname) !== prefix);
  const own = `http://localhost:${ports[0] ?? IMAGE_PORT}${prefix}`;
  return wrong ? [`is ${found(told.prometheusUrl)}, but ${named} answers at ${own}. Leave prometheusUrl out`] : [];
}

/** Whether another container listens on a port, such as a proxy before Prometheus, which need not name its ports. */
function listensOn(container: Json, port: string): boolean {
  const flags = [...toldFlags(container)].filter(([flag]) => /listen|address|port$/.test(flag));
  return (
    list(container.ports).some(({ containerPort }) => String(containerPort) === port) ||
    flags.some(([, values]) => values.some((value) => value === port || value.endsWith(`:${port}`)))
  );
}

/** Why a sidecar would not find the blocks. */
export function dataProblems(containers: readonly Json[], told: Told): string[] {
  const data = dataOf(containers, told);
  return typeof data === 'string' ? [data] : [];
}

/** The container of the sidecar, told where the Prometheus beside it writes and answers. */
export function besideOf(containers: readonly Json[], sidecar: Json, told: Told): Json {
  const data = dataOf(containers, told);
  const { tsdbPath = IMAGE_PATH } = told;
  const fallback = { tsdbPath, mount: { name: told.dataVolume, mountPath: tsdbPath } };
  const { mount, tsdbPath: folder } = typeof data === 'string' ? fallback : data;
  const values: Record<string, string> = { '--tsdb.path': folder, '--prometheus.url': urlOf(containers, told) };
  const args = sidecar.args.map((arg: string) => {
    const [flag] = arg.split('=', 1);
    return Object.hasOwn(values, flag) ? `${flag}=${values[flag]}` : arg;
  });
  return { ...sidecar, args, volumeMounts: [mount] };
}
