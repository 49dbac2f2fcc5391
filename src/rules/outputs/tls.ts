// What https needs of files: whom to trust, and the certificate to show. Read while ksys has all its privileges.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { reason } from '../../source/reason.js'
import { OutputError, type OutputSpec } from './spec.js'

/** bytes of one file, and files of a folder of authorities */
const MOST_BYTES = 4 << 20
const MOST_FILES = 1000

/** Options of a TLS connection. Throws OutputError where files cannot be read or are no PEM. */
export function tlsOptions({
  ca,
  cert,
  key,
  insecure,
}: OutputSpec): SecureContextOptions & { rejectUnauthorized: boolean } {
  if ((cert === undefined) !== (key === undefined))
    throw new OutputError('a client certificate is given with its key: cert=FILE,key=FILE')
  const files = {
    ...(ca !== undefined && { ca: authorities(ca) }),
    ...(cert !== undefined && { cert: contents(cert) }),
    ...(key !== undefined && { key: contents(key) }),
  }
  try {
    createSecureContext(files)
  } catch (e) {
    const named = [ca, cert, key].filter((file) => file !== undefined).join(', ')
    throw new OutputError(`${named}: not what TLS can use, as a certificate or key in PEM is: ${(e as Error).message}`)
  }
  return { ...files, rejectUnauthorized: insecure !== true }
}

/** The certificates of a file, or of all files of a folder. */
function authorities(path: string): Buffer[] {
  try {
    if (!statSync(path).isDirectory()) return [contents(path)]
    const names = readdirSync(path).filter((name) => /\.(pem|crt|cer|\d)$/.test(name))
    if (names.length === 0) throw new OutputError(`${path} has no certificates in it (.pem, .crt)`)
    return names.slice(0, MOST_FILES).map((name) => contents(join(path, name)))
  } catch (e) {
    throw e instanceof OutputError ? e : new OutputError(`${path} cannot be read: ${reason(e)}`)
  }
}

function contents(path: string): Buffer {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw new OutputError(`${path} is no file`)
    if (stat.size > MOST_BYTES) throw new OutputError(`${path} has more than ${MOST_BYTES} bytes`)
    return readFileSync(path)
  } catch (e) {
    throw e instanceof OutputError ? e : new OutputError(`${path} cannot be read: ${reason(e)}`)
  }
}
