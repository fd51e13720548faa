// network.mjs pds|network PORT FILE: Bluesky's own servers with two accounts; FILE tells where they are.
// While a file FILE.off exists, the data server is not there for anybody.
import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'node:net';

// These servers name a port and no address, which opens it to the whole network: keep it on this machine.
const listen = Server.prototype.listen;
Server.prototype.listen = function (where, ...more) {
  if (where !== null && typeof where === 'object' && 'port' in where) {
    return listen.call(this, { host: '127.0.0.1', ...where }, ...more);
  }
  const port = Number(where);
  if (Number.isInteger(port) && typeof more[0] !== 'string') {
    return listen.call(this, port, '127.0.0.1', ...more);
  }
  return listen.call(this, where, ...more);
};

const { TestNetwork, TestNetworkNoAppView } = await import('@atproto/dev-env');

const [mode, portText, file] = process.argv.slice(2);
const port = Number(portText);
const pds = { port, hostname: 'localhost', enableDidDocWithSession: true };
const whole = mode === 'network';
const network = whole
  ? await TestNetwork.create({ pds, bsky: { port: port + 1, publicUrl: `http://localhost:${port + 1}` } })
  : await TestNetworkNoAppView.create({ pds });

let leaving;
const leave = () =>
  (leaving ??= Promise.race([network.close(), new Promise((done) => setTimeout(done, 5000))])
    .catch(() => {})
    .then(() => process.exit(0)));
process.once('SIGTERM', leave);
process.once('SIGINT', leave);

async function ask(method, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`${network.pds.url}/xrpc/com.atproto.server.${method}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function newAccount(name) {
  const password = `password-of-${name}`;
  const account = await ask('createAccount', { handle: `${name}.test`, email: `${name}@example.org`, password });
  const app = await ask('createAppPassword', { name: 'cmdesk' }, account.accessJwt);
  return { handle: account.handle, did: account.did, password, app_password: app.password };
}

const accounts = { alice: await newAccount('alice'), bob: await newAccount('bob') };

// The AppView follows a moment behind. A POST here answers when all that was written so far is indexed.
const settled = createServer(async (request, response) => {
  request.resume();
  try {
    if (request.method === 'POST') await network.processAll();
    response.writeHead(request.method === 'POST' ? 204 : 405).end();
  } catch (problem) {
    response.writeHead(500).end(String(problem));
  }
});
settled.listen(0);
await once(settled, 'listening');
if (whole) await network.processAll();

// Off and on again with everything it holds: refused connections, those that stand are cut.
let here = true;
setInterval(() => {
  const wanted = !existsSync(`${file}.off`);
  if (wanted === here) return;
  here = wanted;
  const { server } = network.pds.server;
  if (here) return server.listen(port, '127.0.0.1');
  server.close();
  server.closeAllConnections();
}, 50).unref();

const about = {
  switch: `${file}.off`,
  url: network.pds.url,
  plc_url: network.plc.url,
  process_url: `http://localhost:${settled.address().port}/`,
  ...(whole && { appview_url: network.bsky.url }),
  accounts,
};
writeFileSync(`${file}.part`, JSON.stringify(about));
renameSync(`${file}.part`, file);
