// Stands in front of an S3 store, in a pod of its own, and breaks what it is told to break. It forwards requests unchanged,
// the Host included, since that is signed.
//   PUT :8080/   {"mode": "pass", ...}     GET :8080/   how often it did what
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import process from 'node:process';

const [upstream] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
let mode = { mode: 'pass' };
let counts = {};
let number = 0;
const sockets = new Set();

/** What is done to each request; true where it was answered. */
const BREAKS = {
  pass: () => false,
  /** Nobody is there. */
  cut: (request) => {
    request.socket.destroy();
    return true;
  },
  /** One of `every` requests goes through; the others are answered by the statuses in turn. */
  refuse: (request, response) => {
    const { every, answers } = mode;
    if (number % every === 0) return false;
    const [status, code] = answers[number % answers.length];
    request.resume();
    response.writeHead(status, { 'Content-Type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as told</Message></Error>`);
    return true;
  },
};

function forward(request, response) {
  const options = {
    host: upstream,
    port: 9000,
    agent,
    method: request.method,
    path: request.url,
    headers: request.headers,
  };
  const call = https.request(options, (answer) => {
    const length = Number(answer.headers['content-length'] ?? 0);
    const lies = mode.mode === 'truncate' && request.method === 'GET' && answer.statusCode < 300 && length > 1;
    if (!lies) {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      return;
    }
    count('truncated');
    const half = Math.floor(length / 2);
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      const body = Buffer.concat(chunks).subarray(0, half);
      // every second answer claims to be whole
      if (number % 2 === 0) {
        response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': String(half) });
        response.end(body);
      } else {
        response.writeHead(answer.statusCode, answer.headers);
        response.write(body, () => response.destroy());
      }
    });
  });
  call.on('error', () => response.destroy());
  response.on('close', () => call.destroy());
  request.pipe(call);
}

function count(what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

const tls = { cert: readFileSync('/certs/public.crt'), key: readFileSync('/certs/private.key') };
const server = https.createServer(tls, (request, response) => {
  number += 1;
  const serve = () => {
    const broken = (BREAKS[mode.mode] ?? BREAKS.pass)(request, response);
    count(broken ? mode.mode : 'passed');
    if (!broken) forward(request, response);
  };
  if (mode.mode === 'slow') setTimeout(serve, mode.milliseconds);
  else serve();
});
server.on('secureConnection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
server.listen(9000);

http
  .createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      if (request.method === 'PUT') {
        mode = JSON.parse(text);
        counts = {};
        if (mode.mode === 'cut') for (const socket of sockets) socket.destroy();
      }
      response.end(JSON.stringify(counts));
    });
  })
  .listen(8080);
process.on('uncaughtException', (error) => process.stderr.write(`${error.message}\n`));
