// did:web as its method specification reads it, and documents over HTTPS with a bound.
const SECONDS = 5;

export function placeOf(did) {
  const [, , host, ...path] = did.split('#')[0].split(':');
  const tail = path.length ? `${path.map(decodeURIComponent).join('/')}/did.json` : '.well-known/did.json';
  return `https://${decodeURIComponent(host)}/${tail}`;
}

export async function fetched(url) {
  const response = await fetch(url, {redirect: 'error', signal: AbortSignal.timeout(SECONDS * 1000)});
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

export async function resolved(did) {
  return (await fetched(placeOf(did))).json();
}
