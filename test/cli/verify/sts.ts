import { request } from 'node:http';
import * as aws4 from 'aws4';
import { ROOT_KEYS } from '../minio';

/** Keys for an hour that open one bucket only, from MinIO's STS. */
export async function temporaryKeys(port: number, bucket: string): Promise<Record<string, string>> {
  const Statement = [
    { Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const query = { Action: 'AssumeRole', Version: '2011-06-15', DurationSeconds: '3600', Policy };
  const body = new URLSearchParams(query).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Host: `127.0.0.1:${port}` };
  const options = {
    method: 'POST',
    path: '/',
    host: '127.0.0.1',
    port,
    service: 'sts',
    region: 'us-east-1',
    headers,
    body,
  };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = ROOT_KEYS;
  const answer = await send(aws4.sign(options, { accessKeyId, secretAccessKey }), body);
  const element = (name: string): string => {
    const text = new RegExp(`<${name}>([^<]*)<`).exec(answer)?.[1];
    if (text === undefined) throw new Error(`no ${name} in ${answer}`);
    return text;
  };
  return {
    AWS_ACCESS_KEY_ID: element('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: element('SecretAccessKey'),
    AWS_SESSION_TOKEN: element('SessionToken'),
  };
}

function send(options: object, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
