import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** How Thanos' parsers say no, the part that names what they refuse. */
const REFUSED = [
  /field \S+ not found in type [\w.]+/,
  /bucket with type \S+ is not supported/,
  /cannot unmarshal .*? into [\w.]+/,
  /unknown field "?[\w.]+/,
];

/** Clients that ask an address where nobody is try for long; what they were told they have read by then. */
const PATIENCE_MS = 5_000;

/** `taken`, or in the parser's words why not. The file holds JSON, which is YAML too. */
export async function verdict(thanos, args, config, folder) {
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  const words = args(file);
  const port = await freePort();
  const serves = words[0] !== 'tools';
  const child = spawn(thanos, serves ? [...words, ...addresses(words[0], port)] : words, { cwd: folder, env: {} });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const over = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([over, serves ? answers(port, child) : over, pause(PATIENCE_MS)]);
  child.kill('SIGKILL');
  await over;
  const refused = REFUSED.map((text) => text.exec(output.replaceAll('\\"', '"'))?.[0]).find(
    (text) => text !== undefined,
  );
  return refused ?? 'taken';
}

/** Whoever answers has read its configs. */
async function answers(port, child) {
  while (child.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}/-/healthy`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(50);
  }
}

function addresses(command, port) {
  const grpc = ['receive', 'store', 'rule', 'query'].includes(command) ? ['--grpc-address=127.0.0.1:0'] : [];
  const write = command === 'receive' ? ['--remote-write.address=127.0.0.1:0'] : [];
  return [`--http-address=127.0.0.1:${port}`, ...grpc, ...write];
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
