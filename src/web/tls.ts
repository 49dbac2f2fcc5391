// Reads files for https: trusted authorities, and the certificate to present. Call while ksys has all its privileges.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { readNamed } from '../source/files.js'
import { reason } from '../source/reason.js'
import { WebError } from './web-error.js'

/** limits: bytes of a file, and files in a folder of authorities */
const MOST_BYTES = 4 << 20
const MOST_FILES = 1000

/** Files for a client of https, in PEM. */
export interface TlsFiles {
  /** file or folder of the only trusted authorities */
  readonly ca?: string | undefined
  /** the certificate to present, and its key */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** accept any certificate */
  readonly insecure?: boolean | undefined
}

/** Options of a TLS connection. Throws WebError if files cannot be read or are not PEM. */
export function tlsOptions({
  ca,
  cert,
  key,
  insecure,
}: TlsFiles): SecureContextOptions & { rejectUnauthorized: boolean } {
  if ((cert === undefined) !== (key === undefined))
    throw new WebError('a client certificate requires its key: cert=FILE,key=FILE')
  const files = {
    ...(ca !== undefined && { ca: authorities(ca) }),
    ...(cert !== undefined && { cert: contents(cert) }),
    ...(key !== undefined && { key: contents(key) }),
  }
  checked(files, [ca, cert, key])
  return { ...files, rejectUnauthorized: insecure !== true }
}

/** The files for an https server: its certificate chain and key. Throws WebError. */
export function serverTls(cert: string, key: string): { cert: Buffer; key: Buffer } {
  const files = { cert: contents(cert), key: contents(key) }
  checked(files, [cert, key])
  return files
}

function checked(files: SecureContextOptions, names: readonly (string | undefined)[]): void {
  try {
    createSecureContext(files)
  } catch (e) {
    const named = names.filter((file) => file !== undefined).join(', ')
    throw new WebError(`${named}: not usable for TLS; certificates and keys must be in PEM: ${(e as Error).message}`)
  }
}

/** The certificates of a file, or of all files of a folder. */
function authorities(path: string): Buffer[] {
  try {
    if (!statSync(path).isDirectory()) return [contents(path)]
    const names = readdirSync(path).filter((name) => /\.(pem|crt|cer|\d)$/.test(name))
    if (names.length === 0) throw new WebError(`${path} contains no certificates (.pem, .crt)`)
    return names.slice(0, MOST_FILES).map((name) => contents(join(path, name)))
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}

function contents(path: string): Buffer {
  try {
    if (!statSync(path).isFile()) throw new WebError(`${path} is not a file`)
    const bytes = readNamed(path, MOST_BYTES)
    if (bytes === undefined) throw new WebError(`${path} has more than ${MOST_BYTES} bytes`)
    return bytes
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}
