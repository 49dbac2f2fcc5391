// Makes everything that a person downloads, in .build/dist; `dist.sh` has brought what that needs.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ARCHES, type Arch } from './arch.js'
import { makeDeb } from './deb.js'
import { makeExecutable, shippedNode } from './executable.js'
import { makeImage } from './image.js'
import { joinModules } from './join.js'
import { notices } from './notices.js'
import { makePackage } from './package.js'
import { DIST, WORK } from './places.js'
import { run } from './run.js'
import { inMB, tooLarge, writeSums } from './sums.js'
import { type Common, makeAddon, makeTree } from './tree.js'

const say = (text: string) => process.stderr.write(`ksys dist: ${text}\n`)

function wantedArches(): readonly Arch[] {
  const words = process.argv.slice(2)
  const wrong = words.filter((w) => !(ARCHES as readonly string[]).includes(w))
  if (wrong.length > 0) {
    say(`${wrong.join(', ')} is no processor that ksys is built for: ${ARCHES.join(', ')}`)
    process.exit(2)
  }
  return words.length > 0 ? (words as Arch[]) : ARCHES
}

/** Files of an earlier run, perhaps of another version, would be taken for new ones. */
function beginAnew(): void {
  mkdirSync(WORK, { recursive: true })
  for (const entry of readdirSync(DIST, { withFileTypes: true })) if (entry.isFile()) rmSync(join(DIST, entry.name))
}

async function common(arches: readonly Arch[]): Promise<Common> {
  const joined = join(WORK, 'joined')
  rmSync(joined, { recursive: true, force: true })
  const packages = await joinModules(joined)
  const text = await notices(arches, packages)
  writeFileSync(join(DIST, 'NOTICES'), text)
  return { joined, notices: text }
}

/** A file beside it that is a quarter as large; one thread, since several would divide it into other blocks. */
async function compress(file: string): Promise<string> {
  await run('xz', ['--keep', '--force', '-9', '--threads=1', file])
  return `${file}.xz`
}

const arches = wantedArches()
const made: string[] = []
const tell = (file: string) => {
  made.push(file)
  say(`${basename(file)}, ${inMB(statSync(file).size)}`)
}

beginAnew()
const shared = await common(arches)
for (const arch of arches) {
  say(`building the addon for ${arch}`)
  await makeAddon(arch)
}
tell(await makePackage(arches, shared))
for (const arch of arches) {
  const tree = makeTree(arch, shared)
  const executable = await makeExecutable(arch, tree)
  tell(executable)
  tell(await compress(executable))
  tell(await makeImage(arch, tree))
  tell(await makeDeb({ arch, tree, node: await shippedNode(arch), notices: shared.notices }))
}
writeSums()
const problems = tooLarge(made)
for (const problem of problems) say(problem)
if (problems.length > 0) process.exitCode = 1
