// The Data Integrity stack of Digital Bazaar: @digitalbazaar/vc with the rdfc cryptosuites and status lists.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsa} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {fetched, resolved} from './did-web.mjs';

function unwrapped(value) {
  // The library takes credentials as JSON objects; an enveloped one is handed over as it came.
  if (value && typeof value === 'object') return value;
  throw Object.assign(new Error('a credential secured with JOSE is not supported'), {name: 'NotSupportedError'});
}

export async function product(known) {
  const key = await Ed25519Multikey.generate();
  const multibase = (await key.export({publicKey: true})).publicKeyMultibase;
  key.id = `did:key:${multibase}#${multibase}`;
  key.controller = `did:key:${multibase}`;

  function keyDocument(did) {
    const multikey = did.split('#')[0].slice('did:key:'.length);
    const id = `${did.split('#')[0]}#${multikey}`;
    const method = {id, type: 'Multikey', controller: did.split('#')[0], publicKeyMultibase: multikey};
    return {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did.split('#')[0], verificationMethod: [method], assertionMethod: [id], authentication: [id]
    };
  }

  async function documentOf(url) {
    const [did, fragment] = url.split('#');
    if (did.startsWith('did:')) {
      const document = did.startsWith('did:key:') ? keyDocument(did) : await resolved(did);
      if (!fragment) return document;
      const method = (document.verificationMethod ?? []).find(one => one.id === url);
      if (!method) throw new Error(`${did} has no method ${fragment}`);
      return {'@context': document['@context'], ...method};
    }
    return (await fetched(url)).json();
  }

  async function documentLoader(url) {
    const document = known[url] ?? (await builtIn(url)) ?? (await documentOf(url));
    return {contextUrl: null, documentUrl: url, document};
  }

  async function builtIn(url) {
    if (url.startsWith('did:')) return undefined;
    try {
      return (await vc.defaultDocumentLoader(url)).document;
    } catch {
      return undefined;
    }
  }

  const suites = [eddsa, ecdsa].map(cryptosuite => new DataIntegrityProof({cryptosuite}));
  const withStatus = options => checkStatus({...options, documentLoader, suite: suites, verifyBitstringStatusListCredential: false});

  return {
    async issue(credential) {
      const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: eddsa});
      const issuer = typeof credential.issuer === 'object' ? {...credential.issuer, id: key.controller} : key.controller;
      return vc.issue({credential: {...credential, issuer}, suite, documentLoader});
    },
    async verify(value) {
      const credential = unwrapped(value);
      const result = await vc.verifyCredential({
        credential, suite: suites, documentLoader, checkStatus: credential.credentialStatus ? withStatus : undefined
      });
      if (!result.verified) throw result.error ?? new Error('not verified');
    }
  };
}

