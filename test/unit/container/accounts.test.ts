// Accounts of containers: read from the tree that the runtime created, whatever it contains.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { AccountReader } from '../../../src/container/accounts.js'

let dir: string
let tree: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ksys-accounts-'))
  tree = join(dir, 'tree')
  mkdirSync(tree)
  return () => rmSync(dir, { recursive: true })
})

/** Accounts of the container `web`, a task of containerd with this tree. */
async function read(linux: object = {}) {
  const bundle = join(dir, 'state/io.containerd.runtime.v2.task/default/web')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(join(bundle, 'config.json'), JSON.stringify({ root: { path: tree }, linux }))
  const folders = { docker: [], storage: [], containerd: [join(dir, 'state')] }
  return new AccountReader({ folders, host: '', proc: '/proc' }).ofContainer('web', 'web')
}

const passwd = (text: string) => {
  mkdirSync(join(tree, 'etc'))
  writeFileSync(join(tree, 'etc/passwd'), text)
}

test('names are mapped by the ids that the kernel uses', async () => {
  passwd('root:x:0:0::/:/bin/sh\nkeeper:x:1234:7:Keeper:/home/k:/bin/ash\nsecond:x:1234:7::/:\nnobody:x:70000:0::/:\n')
  const uidMappings = [{ containerID: 0, hostID: 200_000, size: 65_536 }]
  const found = await read({ uidMappings, gidMappings: uidMappings })
  expect(found?.users).toEqual([
    { uid: 200_000, gid: 200_000, name: 'root', home: '/', shell: '/bin/sh', container: 'web' },
    { uid: 201_234, gid: 200_007, name: 'keeper', home: '/home/k', shell: '/bin/ash', container: 'web' },
  ])
  expect(found?.groups).toEqual([{ gid: 200_000, name: 'root', container: 'web' }])
})

test('an image without accounts has root, and no user of the host', async () => {
  mkdirSync(join(tree, 'bin'))
  expect((await read())?.users.map((u) => u.name)).toEqual(['root'])
})

test('links do not lead out of the tree, and a file without an end is read in part', async () => {
  symlinkSync('/etc', join(tree, 'etc'))
  expect((await read())?.users.map((u) => u.name)).toEqual(['root'])
  rmSync(join(tree, 'etc'))
  mkdirSync(join(tree, 'etc'))
  symlinkSync('/etc/passwd', join(tree, 'etc/passwd'))
  expect((await read())?.users.map((u) => u.name)).toEqual(['root'])
  rmSync(join(tree, 'etc/passwd'))
  symlinkSync('/dev/zero', join(tree, 'etc/passwd'))
  expect((await read())?.users.map((u) => u.name)).toEqual(['root'])
})

test('a missing tree has no accounts', async () => {
  expect(await read()).toBeUndefined()
})
