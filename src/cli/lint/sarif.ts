import type { Finding, Severity } from '../../lint/finding';
import { RULES } from '../../lint/rules';

const LEVELS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code scanning reads. */
export function sarif(findings: readonly Finding[]): object {
  const rules = RULES.map(({ id, about, severity }) => ({
    id,
    shortDescription: { text: about },
    defaultConfiguration: { level: LEVELS[severity] },
  }));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'cdk8s-thanos lint', rules } }, results: findings.map(result) }],
  };
}

function result({ rule, severity, file, line, object, path, text, fix, ignored }: Finding): object {
  const where = [object, path].filter((part) => part !== '').join(': ');
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: `${where === '' ? '' : `${where} `}${text}. ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file.replaceAll('\\', '/') }, region: { startLine: line ?? 1 } },
        logicalLocations: [{ fullyQualifiedName: where }],
      },
    ],
    partialFingerprints: { 'rule/object/path': [rule, object, path].join('|') },
    ...(ignored === undefined ? {} : { suppressions: [{ kind: 'external', justification: ignored }] }),
  };
}
