// The JOSE library `jose` over did:web: it verifies signatures and JWT claims, and knows nothing of credentials.
import {compactVerify, decodeProtectedHeader, importJWK, jwtVerify} from 'jose';
import {Resolver} from 'did-resolver';
import {getResolver} from 'web-did-resolver';

const DATA = /^data:application\/vc\+jwt(;[^,]*)?,/;

function tokenOf(value) {
  if (typeof value === 'string') return value;
  if (typeof value?.id === 'string' && DATA.test(value.id)) return value.id.replace(DATA, '');
  throw Object.assign(new Error('only credentials secured with JOSE are supported'), {name: 'NotSupportedError'});
}

export async function product() {
  const resolver = new Resolver(getResolver());
  return {
    async issue() {
      throw Object.assign(new Error('this product is a verifier'), {name: 'NotSupportedError'});
    },
    async verify(value) {
      const token = tokenOf(value);
      const {kid, alg} = decodeProtectedHeader(token);
      const {didDocument, didResolutionMetadata} = await resolver.resolve(String(kid).split('#')[0]);
      if (didResolutionMetadata.error) throw new Error(didResolutionMetadata.message ?? didResolutionMetadata.error);
      const method = didDocument.verificationMethod?.find(one => one.id === kid);
      if (!method?.publicKeyJwk) throw new Error(`no key ${kid}`);
      const key = await importJWK(method.publicKeyJwk, alg);
      await compactVerify(token, key);
      await jwtVerify(token, key);
    }
  };
}
