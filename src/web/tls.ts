// What https needs of files: whom to trust, and the certificate to show. Read while ksys has all its privileges.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { readNamed } from '../source/files.js'
import { reason } from '../source/reason.js'
import { WebError } from './web-error.js'

/** bytes of one file, and files of a folder of authorities */
const MOST_BYTES = 4 << 20
const MOST_FILES = 1000

/** Files for a client of https, in PEM. */
export interface TlsFiles {
  /** a file or folder of the only authorities that are trusted */
  readonly ca?: string | undefined
  /** the certificate to show, and its key */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** any certificate is taken */
  readonly insecure?: boolean | undefined
}

/** Options of a TLS connection. Throws WebError where files cannot be read or are no PEM. */
export function tlsOptions({
  ca,
  cert,
  key,
  insecure,
}: TlsFiles): SecureContextOptions & { rejectUnauthorized: boolean } {
  if ((cert === undefined) !== (key === undefined))
    throw new WebError('a client certificate is given with its key: cert=FILE,key=FILE')
  const files = {
    ...(ca !== undefined && { ca: authorities(ca) }),
    ...(cert !== undefined && { cert: contents(cert) }),
    ...(key !== undefined && { key: contents(key) }),
  }
  checked(files, [ca, cert, key])
  return { ...files, rejectUnauthorized: insecure !== true }
}

/** What a server of https shows: its certificate with those between it and an authority, and the key. Throws WebError. */
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
    throw new WebError(`${named}: not what TLS can use, as a certificate or key in PEM is: ${(e as Error).message}`)
  }
}

/** The certificates of a file, or of all files of a folder. */
function authorities(path: string): Buffer[] {
  try {
    if (!statSync(path).isDirectory()) return [contents(path)]
    const names = readdirSync(path).filter((name) => /\.(pem|crt|cer|\d)$/.test(name))
    if (names.length === 0) throw new WebError(`${path} has no certificates in it (.pem, .crt)`)
    return names.slice(0, MOST_FILES).map((name) => contents(join(path, name)))
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}

function contents(path: string): Buffer {
  try {
    if (!statSync(path).isFile()) throw new WebError(`${path} is no file`)
    const bytes = readNamed(path, MOST_BYTES)
    if (bytes === undefined) throw new WebError(`${path} has more than ${MOST_BYTES} bytes`)
    return bytes
  } catch (e) {
    throw e instanceof WebError ? e : new WebError(`${path} cannot be read: ${reason(e)}`)
  }
}
