// What people type that is nearly right, or right elsewhere: what the command makes of it. Nothing here needs privilege.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'

const capture = join(root, 'captures/web.ksys')

test('options of sysdig that are fulfilled anyway change nothing but a line on standard error', () => {
  const plain = ksys(['-r', capture, '-n', '3'])
  const old = ksys(['-r', capture, '-n', '3', '-zFE', '--cri-timeout', '500', '-d', '--modern-bpf'])
  expect(old).toMatchObject({ code: 0, stdout: plain.stdout })
  expect(old.stderr.trim().split('\n')).toHaveLength(6)
  expect(old.stderr).toMatch(/^ksys: -z, --compress is not needed: traces are always compressed$/m)
  expect(ksys(['-r', capture, '-q', '-z', '--cpus-for-each-buffer', '2'])).toEqual({ code: 0, stdout: '', stderr: '' })
})
