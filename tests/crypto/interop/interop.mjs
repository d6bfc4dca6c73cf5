// SPDX-License-Identifier: Apache-2.0
// Blind signatures made half by our library and half by the one that the web
// page uses, in every mixture that a round can see. Ends with 1 if any fails.
//
// Usage: node interop.mjs DRIVER

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes, webcrypto} from 'node:crypto';

// Node 18 does not offer it under the name that the library looks for.
globalThis.crypto ??= webcrypto;
const {RSABSSA} = await import('@cloudflare/blindrsa-ts');

const theirs = RSABSSA.SHA384.PSS.Deterministic();
const algorithm = {
  name: 'RSA-PSS',
  hash: 'SHA-384'
};
const driver = process.argv[2];

const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (array) => Buffer.from(array).toString('hex');

// Runs one step of ours; throws if it is refused.
const ours = (...words) => execFileSync(driver, words, {
                             encoding: 'utf8',
                             stdio: ['ignore', 'pipe', 'ignore']
                           }).trim();

// The two halves of a key, as our driver and as their library take them.
async function importKey(privateHex, publicHex) {
  const {subtle} = globalThis.crypto;
  return {
    privateHex,
    publicHex,
    privateKey: await subtle.importKey(
        'pkcs8', bytes(privateHex), algorithm, true, ['sign']),
    publicKey: await subtle.importKey(
        'spki', bytes(publicHex), algorithm, true, ['verify']),
  };
}

async function ourKey() {
  const [privateHex, publicHex] = ours('generate').split('\n');
  return importKey(privateHex, publicHex);
}

async function theirKey() {
  const {subtle} = globalThis.crypto;
  const pair = await theirs.generateKey({
    modulusLength: 2048,
    publicExponent: Uint8Array.from([1, 0, 1]),
  });
  return importKey(
      hex(await subtle.exportKey('pkcs8', pair.privateKey)),
      hex(await subtle.exportKey('spki', pair.publicKey)));
}

// The member's two steps and the issuer's one, each by either side.
const member = {
  ours: async (key, message) => {
    const seed = hex(randomBytes(32));
    const blinded = ours('blind', key.publicHex, hex(message), seed);
    return {
      blinded: bytes(blinded),
      finalize: async (blindSignature) => bytes(ours(
          'finalize', key.publicHex, hex(message), seed, hex(blindSignature))),
    };
  },
  theirs: async (key, message) => {
    const {blindedMsg, inv} = await theirs.blind(key.publicKey, message);
    return {
      blinded: blindedMsg,
      finalize: (blindSignature) =>
          theirs.finalize(key.publicKey, message, blindSignature, inv),
    };
  },
};
const issuer = {
  ours: async (key, blinded) =>
      bytes(ours('sign', key.privateHex, hex(blinded))),
  theirs: (key, blinded) => theirs.blindSign(key.privateKey, blinded),
};

async function check(key, memberSide, issuerSide, message) {
  const request = await member[memberSide](key, theirs.prepare(message));
  const answer = await issuer[issuerSide](key, request.blinded);
  const signature = await request.finalize(answer);
  assert.equal(
      ours('verify', key.publicHex, hex(message), hex(signature)), 'true');
  assert.equal(await theirs.verify(key.publicKey, signature, message), true);

  const altered = Uint8Array.from(signature);
  altered[100] ^= 1;
  assert.equal(
      ours('verify', key.publicHex, hex(message), hex(altered)), 'false');
  const spoiled = Uint8Array.from(answer);
  spoiled[255] ^= 1;
  await assert.rejects(async () => request.finalize(spoiled));
}

const messages = [new Uint8Array(0), new Uint8Array(randomBytes(100))];
let done = 0;
for (const [maker, key] of [
         ['ours', await ourKey()], ['theirs', await theirKey()]]) {
  for (const memberSide of ['ours', 'theirs']) {
    for (const issuerSide of ['ours', 'theirs']) {
      for (const message of messages) {
        await check(key, memberSide, issuerSide, message);
        ++done;
      }
      console.log(`key: ${maker}, blind and finalize: ${memberSide}, sign: ${
          issuerSide}: ok`);
    }
  }
}
assert.equal(done, 16);
