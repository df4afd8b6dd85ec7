import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Json } from '../render';

/** Content of objects that the manifests only refer to: name, then key. */
export type Given = Record<string, Record<string, string | Buffer>>;

/** A Thanos container as a process of this machine would see it: what the kubelet does, with a directory for its root. */
export class PodOnDisk {
  public readonly directory = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-'));
  public readonly args: string[];
  public readonly env: Record<string, string>;
  readonly #container: Json;

  constructor(
    private readonly objects: Json[],
    private readonly workload: Json,
    private readonly given: Given = {},
    container?: string,
  ) {
    const { containers, initContainers = [] } = workload.spec.template.spec;
    const named = [...initContainers, ...containers].find(({ name }: Json) => name === container);
    this.#container = container === undefined ? containers[0] : named;
    for (const mount of this.#container.volumeMounts ?? []) this.#mount(mount);
    this.env = this.#environment();
    this.args = this.#container.args.map((arg: string) => this.rewrite(expand(arg, this.env)));
  }

  /** The container's paths in a text, as paths of this machine. */
  public rewrite(text: string): string {
    const paths = (this.#container.volumeMounts ?? []).map((mount: Json) => mount.mountPath);
    return paths.length === 0
      ? text
      : text.replace(new RegExp(`(${paths.join('|')})(?![a-z-])`, 'g'), (at) => this.directory + at);
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    const env: Record<string, string> = { HOME: this.directory };
    for (const { name, value, valueFrom } of this.#container.env ?? []) {
      if (valueFrom?.fieldRef) env[name] = `${this.workload.metadata.name}-0`;
      else if (valueFrom) env[name] = this.#content(valueFrom.secretKeyRef.name)[valueFrom.secretKeyRef.key].toString();
      else env[name] = this.rewrite(expand(value, env));
    }
    return env;
  }

  #mount({ name, mountPath }: Json): void {
    const directory = path.join(this.directory, mountPath);
    mkdirSync(directory, { recursive: true });
    const volume = (this.workload.spec.template.spec.volumes ?? []).find((v: Json) => v.name === name);
    const own = volume?.secret ?? volume?.configMap;
    const projected = volume?.projected?.sources ?? [];
    for (const { serviceAccountToken } of projected)
      if (serviceAccountToken) writeFileSync(path.join(directory, serviceAccountToken.path), 'jwt');
    const sources = own ? [own] : projected.flatMap(({ secret, configMap }: Json) => secret ?? configMap ?? []);
    for (const source of sources) this.#project(name, source, directory);
  }

  #project(name: string, source: Json, directory: string): void {
    const content = this.#content(source.secretName ?? source.name);
    const items = source.items ?? Object.keys(content).map((key) => ({ key, path: key }));
    for (const item of items) {
      const data = content[item.key];
      if (data === undefined) throw new Error(`volume ${name}: no key ${item.key}`);
      mkdirSync(path.dirname(path.join(directory, item.path)), { recursive: true });
      writeFileSync(path.join(directory, item.path), typeof data === 'string' ? this.rewrite(data) : data);
    }
  }

  #content(name: string): Record<string, string | Buffer> {
    const object = this.objects.find((o) => ['Secret', 'ConfigMap'].includes(o.kind) && o.metadata.name === name);
    if (object?.kind === 'ConfigMap') return object.data;
    if (object)
      return Object.fromEntries(
        Object.entries(object.data).map(([key, data]) => [key, Buffer.from(data as string, 'base64')]),
      );
    if (!this.given[name]) throw new Error(`nobody makes or gives ${name}`);
    return this.given[name];
  }
}

/**
 * What the kubelet makes of args and env values: `$(NAME)` is the variable where there is one, `$$` is `$`. It works on
 * bytes, and takes a byte after a lone `$` for a whole character: `$ü` comes out broken
 * (k8s.io/kubernetes/third_party/forked/golang/expansion).
 */
export function expand(text: string, env: Record<string, string>): string {
  const input = Buffer.from(text, 'utf8').toString('latin1');
  const broken = input.replace(/\$(\$|\(([^)]*)\)|\(|[^])/g, (whole, next: string, name?: string) => {
    if (next === '$') return '$';
    if (name !== undefined) return env[name] === undefined ? whole : Buffer.from(env[name]).toString('latin1');
    return `$${Buffer.from(next).toString('latin1')}`;
  });
  return Buffer.from(broken, 'latin1').toString('utf8');
}
