// Makes everything that a person downloads, in .build/dist; `dist.sh` has brought what that needs.
import { mkdirSync } from 'node:fs'
import { ARCHES, type Arch } from './arch.js'
import { makeExecutable } from './executable.js'
import { WORK } from './places.js'
import { makeTree } from './tree.js'

const say = (text: string) => process.stderr.write(`ksys dist: ${text}\n`)

const wanted = process.argv.slice(2)
const wrong = wanted.filter((w) => !(ARCHES as readonly string[]).includes(w))
if (wrong.length > 0) {
  say(`${wrong.join(', ')} is no processor that ksys is built for: ${ARCHES.join(', ')}`)
  process.exit(2)
}
const arches: readonly Arch[] = wanted.length > 0 ? (wanted as Arch[]) : ARCHES

mkdirSync(WORK, { recursive: true })
for (const arch of arches) {
  say(`the tree for ${arch}`)
  const tree = await makeTree(arch)
  say(`the executable for ${arch}`)
  say(await makeExecutable(arch, tree.folder))
}
