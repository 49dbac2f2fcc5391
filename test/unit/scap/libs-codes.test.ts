// Codes that have libs' names match libs' own header.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PPME } from '../../../src/scap/libs-codes.js'

const HEADER = '/usr/include/falcosecurity/driver/ppm_events_public.h'

test.skipIf(!existsSync(HEADER))('codes have the names that libs gives them', () => {
  const header = readFileSync(HEADER, 'utf8')
  const theirs = new Map([...header.matchAll(/\bPPME_(\w+) = (\d+)/g)].map((m) => [m[1], Number(m[2])]))
  for (const [name, code] of Object.entries(PPME)) expect([name, theirs.get(name)]).toEqual([name, code])
})
