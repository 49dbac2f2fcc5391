// Builds all files for download, in .build/dist; `dist.sh` has installed what that requires.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ARCHES, type Arch } from './arch.js'
import type { Component } from './component.js'
import { makeDeb } from './deb.js'
import { makeExecutable, shippedNode } from './executable.js'
import { makeImage } from './image.js'
import { type Inside, insideOf, ofImage, ofPackage, ofProgram } from './inside.js'
import { joinModules } from './join.js'
import { noticesOf } from './notices.js'
import { makePackage } from './package.js'
import { DIST, WORK } from './places.js'
import { run } from './run.js'
import { writeSbom } from './sbom.js'
import { inMB, tooLarge, writeSums } from './sums.js'
import { type Common, makeAddon, makeTree, shippedAddon } from './tree.js'

const log = (text: string) => process.stderr.write(`ksys dist: ${text}\n`)

/** The processors that the command line names (`dist.sh` has checked them); by default all. */
function wantedArches(): readonly Arch[] {
  const words = process.argv.slice(2)
  return words.length > 0 ? ARCHES.filter((arch) => words.includes(arch)) : ARCHES
}

/** Removes the files of an earlier run, which may be of another version. */
function removeOldFiles(): void {
  mkdirSync(WORK, { recursive: true })
  for (const entry of readdirSync(DIST, { withFileTypes: true })) if (entry.isFile()) rmSync(join(DIST, entry.name))
}

/** Joins the modules and writes NOTICES. */
async function common(arches: readonly Arch[]): Promise<Common & { readonly inside: Inside }> {
  const joined = join(WORK, 'joined')
  rmSync(joined, { recursive: true, force: true })
  const inside = await insideOf(arches, await joinModules(joined))
  const notices = noticesOf([inside.node, ...[...inside.addons.values()].flat(), ...inside.modules])
  writeFileSync(join(DIST, 'NOTICES'), notices)
  return { joined, notices, inside }
}

/** Compresses a file to about a quarter of its size; with one thread, since several would divide it into other blocks. */
async function compress(file: string): Promise<string> {
  await run('xz', ['--keep', '--force', '-9', '--threads=1', file])
  return `${file}.xz`
}

const arches = wantedArches()
const files: string[] = []
const report = (file: string) => {
  files.push(file)
  log(`${basename(file)}, ${inMB(statSync(file).size)}`)
}

/** Reports a file and writes its SBOM. */
async function shipped(file: string, components: readonly Component[]): Promise<void> {
  report(file)
  await writeSbom(file, components)
}

removeOldFiles()
const shared = await common(arches)
for (const arch of arches) {
  log(`building the addon for ${arch}`)
  await makeAddon(arch)
}
const { inside } = shared
const addons = new Map(arches.map((arch) => [arch, shippedAddon(arch)]))
await shipped(await makePackage(addons, shared, { folder: join(WORK, 'package'), to: DIST }), ofPackage(inside, arches))
for (const arch of arches) {
  const tree = makeTree(arch, shared)
  const executable = await makeExecutable(arch, tree)
  await shipped(executable, ofProgram(inside, arch))
  report(await compress(executable))
  await shipped(await makeImage(arch, tree), ofImage(inside, arch))
  const node = await shippedNode(arch)
  await shipped(await makeDeb({ arch, tree, node, notices: shared.notices }), ofProgram(inside, arch))
}
writeSums()
const problems = tooLarge(files)
for (const problem of problems) log(problem)
if (problems.length > 0) process.exitCode = 1
