// A JOSE stack: did-jwt-vc over did-jwt, with did:web.
import {verifyCredential} from 'did-jwt-vc';
import {Resolver} from 'did-resolver';
import {getResolver} from 'web-did-resolver';

const DATA = 'data:application/vc+jwt,';

function tokenOf(value) {
  if (typeof value === 'string') return value;
  if (typeof value?.id === 'string' && value.id.startsWith(DATA)) return value.id.slice(DATA.length);
  throw Object.assign(new Error('only credentials secured with JOSE are supported'), {name: 'NotSupportedError'});
}

export async function product() {
  const resolver = new Resolver(getResolver());
  return {
    async issue() {
      throw Object.assign(new Error('this product is a verifier'), {name: 'NotSupportedError'});
    },
    async verify(value) {
      await verifyCredential(tokenOf(value), resolver);
    }
  };
}

