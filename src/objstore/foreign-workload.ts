import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isOurs, workloadObject } from '../app/place';
import { operated } from '../manifest/operated';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { containersOf, templateOf, withTemplate } from '../manifest/pod-template';
import { partJson } from '../support/k8s';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import { InputProblem, found } from '../support/problem';
import { textList } from '../support/rows';
import { readStruct, type StructTable } from '../support/table';
import type { Grant } from './grant';
import type { GrantOptions } from './grant-options';
import { grantedOperated, operatedProblems } from './operated-workload';

const OPTIONS: StructTable<GrantOptions> = { containers: textList };

/**
 * A workload of the user's that gets a Grant. It is given to the finished object, each time that one is rendered: whatever
 * its owner mounts, adds or patches, before or after, stays, and can't take the Grant away.
 */
export class ForeignWorkload {
  public readonly object: ApiObject;
  /** The object without the Grant. */
  readonly #bare: () => Json;

  /**
   * @throws where the construct is not a workload of the user's; whatever may still change is said by `problems`
   */
  constructor(
    private readonly grant: Grant,
    private readonly namespace: string,
    workload: IConstruct,
    private readonly options: GrantOptions,
    stands: () => boolean,
  ) {
    readStruct(OPTIONS, options);
    if (options.containers?.length === 0)
      throw new InputProblem('containers is empty; name one, or leave it out for all');
    this.object = requireForeign(workload);
    const render = this.object.toJson;
    this.#bare = () => render.call(this.object);
    this.object.toJson = () => (stands() ? this.#granted(this.#bare()) : this.#bare());
  }

  /** Names of the containers that open the bucket, as the object stands now. */
  public get containers(): string[] {
    const json = this.#bare();
    const container = operated(json)?.container;
    return container === undefined ? this.#wanted(templateOf(json)) : [container];
  }

  #wanted(template: Json): string[] {
    return this.options.containers ?? containersOf(template).map(({ name }) => name);
  }

  /** Why the Grant does not fit the object as it stands now. */
  public problems(): string[] {
    const json = this.#bare();
    const named = `${this.object.kind} ${this.object.name}`;
    const own = json.metadata?.namespace ?? 'default';
    const elsewhere =
      own === this.namespace
        ? []
        : [
            `${named} is in namespace ${own}; a pod mounts Secrets of its own namespace only, here ${this.namespace}. Give it or its chart namespace: '${this.namespace}', or make an ObjstoreConfig with namespace: '${own}' for it`,
          ];
    const operator = operated(json);
    if (operator) return [...elsewhere, ...this.#operatedProblems(named, json, operator.container)];
    const template = templateOf(json);
    const containers = containersOf(template);
    if (containers.length === 0)
      return [`${named} has no pod template with containers. Give what makes the pods, such as a Deployment`];
    const names = containers.map(({ name }) => name);
    const wanted = this.#wanted(template);
    const missing = wanted
      .filter((name) => !names.includes(name))
      .map((name) => `${named} has no container ${found(name)}; it has ${names.join(', ')}`);
    const opening = containers.filter(({ name }) => wanted.includes(name));
    return [...elsewhere, ...missing, ...this.#taken(named, template, opening)];
  }

  #operatedProblems(named: string, json: Json, container: string): string[] {
    const { containers: wanted = [container] } = this.options;
    const other = wanted.find((name) => name !== container);
    if (other !== undefined)
      return [`${named} opens the bucket in its container ${container}, not in ${found(other)}. Leave containers out`];
    const spec = json.spec ?? {};
    const opening = list(spec.containers).filter(({ name }) => name === container);
    return [...operatedProblems(json, this.grant, named), ...this.#taken(named, { spec }, opening)];
  }

  /** Kubernetes refuses a second volume of a name, a second mount of a path, and a second variable of a name. */
  #taken(named: string, template: Json, containers: readonly Json[]): string[] {
    const volumes = list(template.spec.volumes).map(({ name }) => name);
    const volume = this.grant.volumes.find(({ name }) => volumes.includes(name));
    // what the containers have then comes from the same grant, and has no mend of its own
    if (volume)
      return [
        `${named} has a volume ${found(volume.name)} already. If it was granted before, grant it once and name all containers there; otherwise rename its own`,
      ];
    return containers.flatMap((container) => {
      const paths = list(container.volumeMounts).map(({ mountPath }) => mountPath);
      const variables = list(container.env).map(({ name }) => name);
      const mount = this.grant.mounts.find(({ mountPath }) => paths.includes(mountPath));
      const variable = this.grant.env.find(({ name }) => variables.includes(name));
      const where = `container ${found(container.name)}`;
      return [
        ...(mount ? [`${where} mounts ${mount.mountPath} already; choose another path`] : []),
        ...(variable ? [`${where} sets ${variable.name} already, which the Grant sets. Remove it`] : []),
      ];
    });
  }

  /** Adds the Grant to a rendered object. */
  #granted(json: Json): Json {
    if (operated(json)) return grantedOperated(json, this.grant);
    const template = templateOf(json);
    if (containersOf(template).length === 0) return json;
    const { spec } = template;
    const wanted = this.#wanted(template);
    const annotations = { ...template.metadata?.annotations, [CHECKSUM_ANNOTATION]: this.grant.checksum };
    const containers = spec.containers.map((container: Json) =>
      wanted.includes(container?.name) ? this.#container(container) : container,
    );
    const volumes = [...list(spec.volumes), ...this.grant.volumes.map(partJson)];
    const account = this.grant.serviceAccountName;
    const granted = {
      ...template,
      metadata: { ...template.metadata, annotations },
      spec: { ...spec, containers, volumes, ...(account && { serviceAccountName: account }) },
    };
    return withTemplate(json, granted);
  }

  #container(container: Json): Json {
    const volumeMounts = [...list(container.volumeMounts), ...this.grant.mounts.map(partJson)];
    const env = [...list(container.env), ...this.grant.env.map(partJson)];
    return { ...container, volumeMounts, ...(env.length > 0 && { env }) };
  }
}

/** The components of this library take `objstore`; a Query or Grafana can't be let in at all. */
function requireForeign(workload: IConstruct): ApiObject {
  const object = workloadObject(workload);
  if (isOurs(object))
    throw new InputProblem(
      `${object.kind} ${object.name} is a component of this library. Those that open the bucket take the prop objstore`,
    );
  return object;
}
