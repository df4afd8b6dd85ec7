import { type Json } from '../render';

/*
 * What a manifest must hold, worked out from the spec alone and from what Kubernetes does with volumes, items and env.
 * Nothing of the library is used here, so that its mistakes can't excuse themselves.
 */

/** Files and variables of one container, as they are in the running pod. */
export interface Seen {
  /** Path to where the file comes from: `Secret/name/key`. */
  readonly files: ReadonlyMap<string, string>;
  /** Variable to its value, or to where it comes from: `Secret/name/key`. */
  readonly env: ReadonlyMap<string, string>;
}

/** What a container of a pod sees. Mounts of volumes that the pod does not have are errors. */
export function seen(spec: Json, container: Json): Seen {
  const files = new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const volume = (spec.volumes ?? []).find((v: Json) => v.name === mount.name);
    for (const [file, source] of volume ? volumeFiles(volume) : []) {
      if (mount.subPath !== undefined) throw new Error(`${mount.mountPath} is a subPath`);
      files.set(`${mount.mountPath}/${file}`, source);
    }
  }
  const env = new Map<string, string>(
    (container.env ?? []).map((e: Json) => {
      const { secretKeyRef: secret, configMapKeyRef: map, fieldRef } = e.valueFrom ?? {};
      if (secret) return [e.name, `Secret/${secret.name}/${secret.key}`];
      if (map) return [e.name, `ConfigMap/${map.name}/${map.key}`];
      return [e.name, fieldRef ? `field ${fieldRef.fieldPath}` : e.value];
    }),
  );
  return { files, env };
}

function volumeFiles(volume: Json): [file: string, source: string][] {
  const named = (kind: string, name: string, items?: Json[]): [string, string][] =>
    (items ?? [{ key: '*', path: '*' }]).map((i) => [i.path, `${kind}/${name}/${i.key}`]);
  if (volume.secret) return named('Secret', volume.secret.secretName, volume.secret.items);
  if (volume.configMap) return named('ConfigMap', volume.configMap.name, volume.configMap.items);
  if (volume.persistentVolumeClaim) return [['*', `Claim/${volume.persistentVolumeClaim.claimName}/*`]];
  const tokens = (volume.projected?.sources ?? []).filter((s: Json) => s.serviceAccountToken);
  return tokens.map((s: Json) => [s.serviceAccountToken.path, `token for ${s.serviceAccountToken.audience}`]);
}

/**
 * What the kubelet makes of an argument: `$(NAME)` becomes the variable, `$$` becomes `$`. Written after its code
 * (k8s.io/kubernetes/third_party/forked/golang/expansion), bytes and all.
 */
export function expand(argument: string, env: ReadonlyMap<string, string>): string {
  const bytes = Buffer.from(argument, 'utf8').toString('latin1');
  let out = '';
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== '$' || i + 1 === bytes.length) {
      out += bytes[i];
      continue;
    }
    const next = bytes[++i];
    const end = next === '(' ? bytes.indexOf(')', i) : -1;
    if (next === '$') out += '$';
    else if (next === '(' && end < 0) out += '$(';
    else if (next === '(') {
      const name = bytes.slice(i + 1, end);
      out += env.has(name) ? latin1(env.get(name)!) : `$(${name})`;
      i = end;
      // the kubelet copies one byte as if it were a character
    } else out += `$${latin1(next)}`;
  }
  return Buffer.from(out, 'latin1').toString('utf8');
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
