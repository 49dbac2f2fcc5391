// The AppArmor profile for containers allows what ksys requests there: what it denies is a line in the node's audit log.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CAP, requiredCapabilities } from '../../../src/source/privilege.js'
import { root } from '../../helpers/ksys.js'

const profile = readFileSync(join(root, 'src/container/deploy/apparmor'), 'utf8')

test('it allows every capability that a recorder and later captures use, and those to give up others', () => {
  const caps = (1n << BigInt(CAP.BPF)) | (1n << BigInt(CAP.PERFMON))
  const used = requiredCapabilities({ live: true, records: true, attach: true, programs: true }, caps)
  const names = Object.entries(CAP).flatMap(([name, number]) => (used.includes(number) ? name.toLowerCase() : []))
  const allowed = [...profile.matchAll(/^ {2}capability (\w+),$/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(4)
  expect(allowed).toEqual(expect.arrayContaining([...names, 'setuid', 'setgid', 'setpcap']))
})

test('it allows to name the process', () => {
  expect(profile).toMatch(/^ {2}\/proc\/\[0-9\]\*\/comm w,$/m)
})
