// The SBOM beside each built file.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/executable/manifest.js'
import { ARCHES } from '../../src/setup/dist/arch.js'
import { debPath } from '../../src/setup/dist/deb.js'
import { SHIPPED_NODE } from '../../src/setup/dist/pins.js'
import { DIST, executablePath, imagePath, VERSION } from '../../src/setup/dist/places.js'
import { built } from './built.js'

interface Entry {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses?: readonly object[]
}

const files = ARCHES.filter(built).flatMap((arch) => [executablePath(arch), debPath(arch), imagePath(arch)])

describe.skipIf(files.length === 0)('the SBOMs', () => {
  const bomOf = (file: string) => JSON.parse(readFileSync(`${file}.cdx.json`, 'utf8'))
  const namesOf = (file: string) => (bomOf(file).components as Entry[]).map((c) => c.name)
  const all = [...files, join(DIST, `ksys-${VERSION}.tgz`)]

  test('belong to the files beside them, and are among the sums', () => {
    const sums = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8')
    for (const file of all) {
      const { hashes } = bomOf(file).metadata.component
      expect(hashes).toEqual([{ alg: 'SHA-256', content: sha256(readFileSync(file)) }])
      expect(sums).toContain(`${file.slice(DIST.length + 1)}.cdx.json\n`)
    }
    expect(readdirSync(DIST).filter((f) => f.endsWith('.cdx.json'))).toHaveLength(all.length)
  })

  test('list everything that NOTICES names, with licences', () => {
    const notices = readFileSync(join(DIST, 'NOTICES'), 'utf8')
    const entries = all.flatMap((file) => bomOf(file).components as Entry[])
    expect(entries.filter((e) => e.licenses === undefined)).toEqual([])
    const found = new Set(entries.map((e) => `${e.name} ${e.version}`))
    const named = [...notices.matchAll(/^(\S+ \S+) \((?:npm|Debian's source package \S+)\)$/gm)].map(
      (m) => m[1] as string,
    )
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((name) => !found.has(name))).toEqual([])
  })

  test('list Node where it is inside, and the C library in the image only', () => {
    for (const file of all) {
      expect(namesOf(file).includes('node'), file).toBe(!file.endsWith('.tgz'))
      expect(namesOf(file).includes('libc6'), file).toBe(file.endsWith('.oci.tar'))
      expect(namesOf(file)).toEqual(expect.arrayContaining(['ksys-bpf', 'libbpf-dev', 'react']))
    }
    const [node] = (bomOf(files[0] as string).components as (Entry & { components?: Entry[] })[]).filter(
      (c) => c.name === 'node',
    )
    expect(node?.version).toBe(SHIPPED_NODE.version)
    expect(node?.components?.map((c) => c.name)).toEqual(expect.arrayContaining(['openssl', 'uv', 'v8']))
  })
})
