import { dot } from '../../src/graph/dot';
import { mermaid } from '../../src/graph/mermaid';
import type { Json } from '../render';
import { drawn } from './drawn';

const HOSTILE = [
  '"] --> evil; click evil "javascript:alert(1)"',
  '<script>alert(1)</script><br/>',
  '%%{init: {"securityLevel": "loose"}}%%',
  '`**bold**` #quot; &lt; #35; \\N \\" end',
  'a\nb\u2028c\u0000d',
  '1. list',
  '- list',
  'style x:#34;',
  'end',
  '__proto__',
];

function named(name: string): Json {
  const args = ['query', `--endpoint=${name.replace(/\s/g, '')}.example.com:1`];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: name },
    spec: { replicas: name, template: { spec: { containers: [{ name, image: 'thanos', args }] } } },
  };
}

const graph = drawn(HOSTILE.map(named));

test('each hostile name is drawn', () => {
  expect(graph.nodes.map(({ title }) => title)).toEqual(expect.arrayContaining(HOSTILE));
});

test('in Mermaid no name leaves its quotes, and none has a character that Mermaid reads', () => {
  const text = mermaid(graph);
  for (const line of text.trimEnd().split('\n')) {
    const labels = [...line.matchAll(/"([^"]*)"/g)].map(([, label]) => label.replaceAll('<br/>', ''));
    expect(line.replace(/"[^"]*"/g, '""')).toMatch(
      /^(flowchart LR| *end| *subgraph group_\d+\[""\]| *\w+(\[""\]|\(\[""\]\))| *\w+ -->\|""\| \w+)$/,
    );
    for (const label of labels) expect(label.replace(/#\d+;/g, '')).toMatch(/^[A-Za-z0-9 .,:/()-]*$/);
  }
});

test('in DOT no name leaves its quotes', () => {
  for (const line of dot(graph).trimEnd().split('\n'))
    expect(line.replace(/"(?:[^"\\]|\\[\\"n])*"/g, '""')).toMatch(
      /^(digraph thanos \{|[ }]*|[ ]*(rankdir=LR|style=rounded|label="");|[ ]*subgraph cluster_\d+ \{|[ ]*[\w ->]+ \[[\w=", .]*\];)$/,
    );
});
