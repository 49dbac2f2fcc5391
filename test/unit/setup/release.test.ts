// What users of a release rely on: signatures, SBOMs, where the sources are, licences.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Component, licensed, purl } from '../../../src/setup/dist/component.js'
import { withoutEmptyAnnotations } from '../../../src/setup/dist/oci-layout.js'
import { webUrl } from '../../../src/setup/dist/revision.js'
import { writeSbom } from '../../../src/setup/dist/sbom.js'
import { root } from '../../helpers/ksys.js'
import { has } from '../../kernels/lacking.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-release-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

describe.skipIf(!has('ssh-keygen'))('the signature of SHA256SUMS', () => {
  const key = join(dir, 'key')
  const sums = join(dir, 'SHA256SUMS')
  const signed = () => {
    writeFileSync(sums, `${'0'.repeat(64)}  ksys-0.1.0.tgz\n`)
    if (!readable(key)) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'a person', '-f', key])
    const line = execFileSync('sh', [join(root, 'src/setup/dist/sign.sh'), key, dir], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    writeFileSync(join(dir, 'allowed_signers'), line)
    return line
  }
  /** The command of docs/operations.md. */
  const command = /ssh-keygen -Y verify .*/.exec(readFileSync(join(root, 'docs/operations.md'), 'utf8'))?.[0] as string
  const check = () => spawnSync('sh', ['-c', command], { cwd: dir, encoding: 'utf8' })

  test('is accepted by the command in the documentation, without a network', () => {
    expect(signed()).toMatch(/^ksys namespaces="ksys-release" ssh-ed25519 \S+\n$/)
    expect(check()).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Good "ksys-release" signature for ksys /),
    })
  })

  test('is refused if the sums were changed, or another key signed them', () => {
    signed()
    appendFileSync(sums, `${'1'.repeat(64)}  ksys-0.1.0-linux-x64.xz\n`)
    expect(check().status).not.toBe(0)
    const line = signed()
    rmSync(key)
    rmSync(`${key}.pub`)
    signed()
    writeFileSync(join(dir, 'allowed_signers'), line)
    expect(check().status).not.toBe(0)
  })
})

function readable(file: string): boolean {
  try {
    readFileSync(file)
    return true
  } catch {
    return false
  }
}

describe('an SBOM', () => {
  const component = (name: string): Component => ({
    entry: {
      type: 'library',
      name,
      version: '1:2+3',
      purl: purl('deb/debian', name, '1:2+3', { arch: 'arm64' }),
      licenses: licensed('Zlib'),
    },
    title: name,
    text: '',
  })
  const file = join(dir, 'ksys-file')

  test('names the file with its hash, the licence of ksys, that of the BPF programs, and every component', async () => {
    writeFileSync(file, 'contents')
    const bom = JSON.parse(readFileSync(await writeSbom(file, [component('liba'), component('libb')]), 'utf8'))
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(bom.metadata.component).toMatchObject({
      name: 'ksys',
      licenses: [{ expression: 'Apache-2.0' }],
      hashes: [{ alg: 'SHA-256', content: sha256('contents') }],
    })
    const found = bom.components.map((c: { name: string; licenses: object }) => [c.name, c.licenses])
    expect(found).toEqual([
      ['ksys-bpf', [{ expression: 'GPL-2.0-only OR BSD-2-Clause' }]],
      ['liba', [{ expression: 'Zlib' }]],
      ['libb', [{ expression: 'Zlib' }]],
    ])
    expect(bom.components[1].purl).toBe('pkg:deb/debian/liba@1%3A2%2B3?arch=arm64')
    const references = bom.components.map((c: { 'bom-ref': string }) => c['bom-ref'])
    expect(bom.dependencies[0]).toEqual({ ref: 'ksys', dependsOn: references })
  })

  test('is the same for the same file, and another one for another file', async () => {
    const written = async () => readFileSync(await writeSbom(file, [component('liba')]), 'utf8')
    const first = await written()
    expect(await written()).toBe(first)
    writeFileSync(file, 'other contents')
    expect(JSON.parse(await written()).serialNumber).not.toBe(JSON.parse(first).serialNumber)
  })
})

test.each([
  ['git+https://code.test/team/ksys.git', 'https://code.test/team/ksys'],
  ['https://user:secret@code.test/team/ksys.git', 'https://code.test/team/ksys'],
  ['git@code.test:team/ksys.git', 'https://code.test/team/ksys'],
  ['ssh://git@code.test:2222/team/ksys', 'https://code.test/team/ksys'],
  ['/srv/git/ksys.git', undefined],
  ['file:///srv/git/ksys.git', undefined],
  ['../ksys', undefined],
  ['', undefined],
])('the sources in %s have the address %s', (repository, address) => {
  expect(webUrl(repository)).toBe(address)
})

test('an image has no annotation without a value', () => {
  const layout = join(dir, 'oci')
  const blobs = join(layout, 'blobs/sha256')
  mkdirSync(blobs, { recursive: true })
  const manifest = JSON.stringify({ schemaVersion: 2, annotations: { empty: '', kept: 'x' } })
  writeFileSync(join(blobs, sha256(manifest)), manifest)
  const descriptor = { digest: `sha256:${sha256(manifest)}`, size: manifest.length }
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }))
  withoutEmptyAnnotations(layout)
  const [{ digest, size }] = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests
  const bytes = readFileSync(join(blobs, digest.slice('sha256:'.length)))
  expect([`sha256:${sha256(bytes)}`, bytes.length]).toEqual([digest, size])
  expect(JSON.parse(bytes.toString())).toEqual({ schemaVersion: 2, annotations: { kept: 'x' } })
})

test('LICENSE explains the licence that the BPF object declares to the kernel', () => {
  const declared = /SEC\("license"\) = ("[^"]+")/.exec(readFileSync(join(root, 'native/bpf/ksys.bpf.c'), 'utf8'))?.[1]
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  expect(licence).toContain(declared)
  for (const id of ['GPL-2.0-only', 'BSD-2-Clause']) expect(licence).toContain(id)
})
