// The wire around a library that has no server: VC-API on loopback, and nothing decided here.
//
//   node server.mjs data-integrity|jose CONTEXTS.json
//
// Prints its URL as the first line of standard output. CONTEXTS.json maps URLs of contexts to documents, as a
// product would have them built in. DID documents and status lists are fetched over HTTPS; a private authority
// is trusted through NODE_EXTRA_CA_CERTS.
import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';

const [, , stack, contexts] = process.argv;
const known = JSON.parse(await readFile(contexts, 'utf8'));
const {issue, verify} = await (await import(`./${stack}.mjs`)).product(known);

const LARGEST = 8 * 1024 * 1024;

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) throw new Error('the request is too large');
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

function problems(error) {
  const all = error?.errors?.length ? error.errors : [error];
  return all.map(one => ({
    type: `urn:peer:${one?.name ?? 'Error'}`,
    title: one?.name ?? 'Error',
    detail: String(one?.message ?? one)
  }));
}

async function answer(request) {
  const {pathname} = new URL(request.url, 'http://peer');
  const body = await read(request);
  if (pathname === '/credentials/issue') {
    try {
      return [201, {verifiableCredential: await issue(body.credential, body.options ?? {})}];
    } catch (error) {
      return [400, {problemDetails: problems(error)}];
    }
  }
  if (pathname === '/credentials/verify') {
    try {
      await verify(body.verifiableCredential, body.options ?? {});
      return [200, {verified: true, problemDetails: []}];
    } catch (error) {
      return [400, {verified: false, problemDetails: problems(error)}];
    }
  }
  return [404, {problemDetails: [{type: 'about:blank', title: 'Not Found', status: 404}]}];
}

const server = createServer((request, response) => {
  answer(request).catch(error => [400, {problemDetails: problems(error)}]).then(([status, body]) => {
    response.writeHead(status, {'content-type': 'application/json'});
    response.end(JSON.stringify(body));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
