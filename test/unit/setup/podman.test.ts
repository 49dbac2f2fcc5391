// The tests of containers of `npm run dist` where the default runtime of podman does not start, with a stand-in for podman.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { podmanStart } from '../../dist/podman.js'
import { has } from '../../kernels/lacking.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-podman-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const REFUSAL =
  'Error: OCI runtime error: crun: cgroups in hybrid mode not supported, drop all controllers from cgroupv2'

/** A podman that starts containers only if the arguments contain `starts`. */
function podman(name: string, starts: string): string {
  const file = join(dir, name)
  writeFileSync(file, `#!/bin/sh\ncase "$*" in ${starts}) ;; *) echo '${REFUSAL}' >&2; exit 125 ;; esac\n`)
  chmodSync(file, 0o755)
  return file
}

test.skipIf(!has('busybox'))(
  'use runc where crun refuses the cgroups of the machine, and otherwise the default',
  () => {
    expect(podmanStart(podman('any', '*'))).toEqual({ options: [] })
    expect(podmanStart(podman('hybrid', "'--runtime runc '*"))).toEqual({ options: ['--runtime', 'runc'] })
  },
)

test.skipIf(!has('busybox'))('say why they are left out where neither starts', () => {
  expect(podmanStart(podman('none', 'never'))).toEqual({ lacking: REFUSAL })
  expect(podmanStart(join(dir, 'missing'))).toEqual({ lacking: expect.stringMatching(/ENOENT/) })
})
