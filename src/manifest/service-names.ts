/** Name and namespace of the Services that a host may mean: `name`, `name.ns`, `name.ns.svc…`, and a pod's name before it. */
export function serviceNames(host: string, namespace: string): [name: string, namespace: string][] {
  const labels = host.split('.');
  const svc = labels.lastIndexOf('svc');
  if (svc >= 2) return [[labels[svc - 2], labels[svc - 1]]];
  if (labels.length === 1) return [[host, namespace]];
  if (labels.length === 2) return [[labels[0], labels[1]]];
  return labels.length === 3 ? [[labels[1], labels[2]]] : [];
}
