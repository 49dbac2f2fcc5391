// Certificates for tests of TLS, created by openssl: an authority, a server's for 127.0.0.1, a client's, and another authority's.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface Certificates {
  readonly dir: string
  /** files in PEM */
  readonly ca: string
  readonly otherCa: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

/** Creates them in a folder that is removed after the tests of the file. */
export function certificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-certificates-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  const authority = (name: string) => {
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    openssl(...request, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`)
    return join(dir, `${name}.pem`)
  }
  const signed = (name: string, by: string) => {
    const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`]
    openssl(...request, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${name}.key`, '-out', `${name}.csr`)
    const sign = ['x509', '-req', '-days', '2', '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial']
    openssl(...sign, '-copy_extensions', 'copy', '-in', `${name}.csr`, '-out', `${name}.crt`)
    return { cert: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) }
  }
  const ca = authority('ca')
  const otherCa = authority('other')
  return { dir, ca, otherCa, server: signed('server', 'ca'), client: signed('client', 'ca') }
}
