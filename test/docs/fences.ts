import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk8s from 'cdk8s';
import * as thanos from 'cdk8s-thanos';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '../..');

/** A fenced block of a Markdown file. */
export interface Fence {
  /** File and line where it begins, for messages. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown file of the repository. */
export function fences(file: string): Fence[] {
  return fencesOf(readFileSync(path.join(ROOT, file), 'utf8'), file);
}

/** The fenced blocks of Markdown text. */
export function fencesOf(markdown: string, name: string): Fence[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${name}:${markdown.slice(0, match.index).split('\n').length}`,
    language: match[1],
    text: match[2],
  }));
}

/** What a fragment may use without saying where it comes from: both libraries, and things that surround it in real code. */
const SURROUNDINGS = `
import { ${Object.keys(cdk8s).join(', ')} } from 'cdk8s';
import { ${Object.keys(thanos).join(', ')}, type ObjstoreOptions } from 'cdk8s-thanos';
import * as path from 'node:path';
declare const app: App;
declare const chart: Chart;
declare const stack: ThanosStack;
declare const bucket: ObjstoreOptions;
declare const objstore: ObjstoreConfig;
declare const prometheus: ApiObject;
declare const store: ObjstoreConfig;
declare const gateway: StoreGateway;
`;

/** A program stands as it is; a fragment, which imports nothing, becomes a function among its surroundings. */
function program(fence: Fence): string {
  return /^import /m.test(fence.text)
    ? fence.text
    : `${SURROUNDINGS}\nexport function fragment() {\n${fence.text}\n}\n`;
}

/** Compiles TypeScript fences as an application would, and gives the errors. */
export function compile(all: Fence[]): string[] {
  const read = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile).config.compilerOptions;
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...read, types: ['node'], noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
    ROOT,
  );
  // as files of an example, whose folder need not exist
  const files = new Map(all.map((fence, i) => [path.join(ROOT, `examples/fence-${i}/main.ts`), fence]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => (files.has(file) ? program(files.get(file)!) : readFile(file));
  host.getSourceFile = (file, target) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, target);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
  return diagnostics.flatMap((diagnostic) => {
    const fence = files.get(diagnostic.file?.fileName ?? '');
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    return fence ? [`${fence.place}: ${text}`] : [];
  });
}
