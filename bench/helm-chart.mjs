import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Helpers as `helm create` writes them, shortened to those that are used. */
const HELPERS = `{{- define "bench.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "bench.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "bench.labels" -}}
app.kubernetes.io/name: {{ include "bench.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "bench.componentLabels" -}}
{{ include "bench.labels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}
`;

/** Kinds that lie in no namespace. */
const CLUSTERED = new Set(['Namespace']);

/**
 * Writes a chart that renders the given objects when it is released as \`thanos\`: names, namespaces and labels come from
 * helpers, everything else stands as it is. The least that a chart does, so helm has no needless work.
 */
export function writeHelmChart(folder, objects) {
  const templates = join(folder, 'templates');
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'thanos', version: '0.1.0' }));
  writeFileSync(join(folder, 'values.yaml'), stringify({ nameOverride: '', fullnameOverride: '' }));
  writeFileSync(join(templates, '_helpers.tpl'), HELPERS);
  for (const object of objects) {
    const name = `${object.kind}-${object.metadata.name}.yaml`.toLowerCase();
    writeFileSync(join(templates, name), templated(object));
  }
}

/** The object as YAML with template expressions in place of the parts that a release decides. */
function templated(object) {
  const text = stringify(object, { lineWidth: 0 }).replaceAll('{{', '{{ "{{" }}');
  return text
    .replace(/^( *)(labels|matchLabels|selector):\n((?:\1 +app\.kubernetes\.io\/\S+: \S+\n)+)/gm, labels)
    .replace(/^( *(?:name|serviceName|secretName): )thanos(?=-|$)/gm, '$1{{ include "bench.fullname" $ }}')
    .replace(/^(  namespace: ).+$/m, CLUSTERED.has(object.kind) ? '$&' : '$1{{ .Release.Namespace }}');
}

function labels(block, indent, key, body) {
  const component = /component: (\S+)/.exec(body)?.[1];
  if (!/name: thanos$/m.test(body)) return block;
  const call = component
    ? `include "bench.componentLabels" (dict "root" $ "component" "${component}")`
    : 'include "bench.labels" $';
  return `${indent}${key}:\n${indent}  {{- ${call} | nindent ${indent.length + 2} }}\n`;
}
