import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Starts a command with its addresses on free ports, and waits until it is ready. */
export async function serve(...args) {
  const [http, grpc, write, capnproto] = await freePorts(4);
  const addresses = [`--http-address=127.0.0.1:${http}`];
  if (args[0] !== 'compact') addresses.push(`--grpc-address=127.0.0.1:${grpc}`);
  if (args[0] === 'receive')
    addresses.push(`--remote-write.address=127.0.0.1:${write}`, `--receive.capnproto-address=127.0.0.1:${capnproto}`);
  const thanos = start([...args, ...addresses], { http, grpc, write });
  await thanos.until('readiness', async () => (await fetch(`http://127.0.0.1:${http}/-/ready`)).ok);
  return thanos;
}

/** Runs a command to its end. */
export async function run(...args) {
  const [http] = await freePorts(1);
  const thanos = start([...args, `--http-address=127.0.0.1:${http}`], { http });
  await thanos.ended;
  if (thanos.child.exitCode !== 0)
    throw new Error(`thanos ${args[0]} ended with ${thanos.child.exitCode}\n${thanos.log()}`);
  return thanos;
}

/** A running Thanos, and what the kernel says of it. */
function start(args, ports) {
  const child = spawn('thanos', args, { env: { ...process.env, PATH: path() }, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  let peak = 0;
  child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  // the kernel forgets the peak with the process: what the last look saw is kept
  const watch = setInterval(look, 20);
  void ended.then(() => clearInterval(watch));

  function look() {
    try {
      peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
    } catch {
      // it has ended
    }
    return peak;
  }

  async function text(page) {
    return (await fetch(`http://127.0.0.1:${ports.http}${page}`)).text();
  }

  /** The samples of a metric, as label text and value. */
  async function samples(name) {
    const lines = (await text('/metrics')).split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
    return lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]);
  }

  return {
    args,
    ports,
    child,
    ended,
    log: () => log,
    /** The highest resident memory since the start, or since `forget`, in MiB. */
    peak: look,
    /** Starts the peak anew from what is resident now. */
    forget: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    /** CPU seconds so far. */
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    text,
    samples,
    /** The sum of a metric over its series. */
    metric: async (name) => (await samples(name)).reduce((sum, [, value]) => sum + value, 0),
    until: async (what, ask, seconds = 600) => {
      for (const end = Date.now() + seconds * 1000; ;) {
        if (await ask().catch(() => false)) return;
        if (child.exitCode !== null || Date.now() > end) throw new Error(`${args[0]}: no ${what}\n${log}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    write: async (body) => {
      const headers = { 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0' };
      const url = `http://127.0.0.1:${ports.write}/api/v1/receive`;
      const response = await fetch(url, { method: 'POST', headers, body });
      if (response.status !== 200) throw new Error(`a write: ${response.status} ${await response.text()}`);
    },
    stop: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Where the script of TEST_CLUSTER builds the programs, if they are not on the path. */
function path() {
  const home = process.env.THANOS_CLUSTER_HOME ?? join(homedir(), '.cache/thanos-cluster');
  return [process.env.PATH, join(home, 'bin')].join(delimiter);
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
