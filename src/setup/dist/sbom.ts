// Writes an SBOM (CycloneDX) beside each shipped file: what is inside, with versions, licences and package URLs. The same build gives the same
// bytes.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Component, type Entry, licensed, purl } from './component.js'
import { packageJson } from './join.js'
import { npm } from './npm.js'
import { VERSION } from './places.js'
import { type Sources, sources } from './revision.js'
import { ROOT } from './root.js'

/** Of the BPF programs: see LICENSE. The kernel wants it as "Dual BSD/GPL". */
const BPF: Entry = {
  type: 'library',
  name: 'ksys-bpf',
  version: VERSION,
  description: 'the BPF programs in the native addon, which the kernel loads as "Dual BSD/GPL"',
  purl: purl('generic', 'ksys-bpf', VERSION),
  licenses: licensed('GPL-2.0-only OR BSD-2-Clause'),
}

/** Writes FILE.cdx.json for a file with these components; returns its path. */
export async function writeSbom(file: string, components: readonly Component[]): Promise<string> {
  const bytes = readFileSync(file)
  const entries = [BPF, ...components.map((c) => c.entry)]
  const root = { 'bom-ref': 'ksys', ...ofKsys(file, bytes, await sources()) }
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(bytes)}`,
    version: 1,
    metadata: {
      timestamp: new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString(),
      tools: [{ vendor: 'npm', name: 'cli', version: (await npm(ROOT, '--version')).trim() }],
      component: root,
    },
    components: entries.map(withReference),
    dependencies: [
      { ref: 'ksys', dependsOn: entries.map((e) => e.purl) },
      ...entries.map(({ purl: ref, components: own = [] }) => ({ ref, dependsOn: own.map((e) => e.purl) })),
    ],
  }
  const to = `${file}.cdx.json`
  writeFileSync(to, `${JSON.stringify(bom, undefined, 1)}\n`)
  return to
}

function ofKsys(file: string, bytes: Buffer, { revision, url }: Sources): object {
  const { description, license } = packageJson(ROOT)
  return {
    type: 'application',
    name: 'ksys',
    version: VERSION,
    description,
    purl: purl('generic', 'ksys', VERSION),
    licenses: licensed(license),
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }],
    ...(url !== undefined && { externalReferences: [{ type: 'vcs', url }] }),
    properties: [
      { name: 'ksys:file', value: basename(file) },
      { name: 'ksys:revision', value: revision },
    ],
  }
}

/** The entry with its package URL as the reference by which `dependencies` names it. */
function withReference(entry: Entry): object {
  const own = entry.components?.map(withReference)
  return { 'bom-ref': entry.purl, ...entry, ...(own && { components: own }) }
}

/** A UUID (RFC 9562, version 8) that is derived from content. */
function uuidOf(bytes: Buffer): string {
  const hash = createHash('sha256').update(bytes).digest().subarray(0, 16)
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
