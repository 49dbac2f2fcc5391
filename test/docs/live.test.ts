// Live examples print what the pages show, but for numbers: those marked `in npm test`, or with KSYS_DOCS=all (`npm run docs`) all. Then
// the lines of sh blocks are run, too, but for those in not-run.ts.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { NOT_RUN } from './not-run.js'
import { pages } from './page.js'
import { PageRun } from './run.js'

const ALL = process.env.KSYS_DOCS === 'all'
const ONLY = process.env.KSYS_DOCS_PAGE ?? ''

for (const page of pages().filter((p) => p.path.includes(ONLY))) {
  const chosen = page.blocks.filter((b) => b.live && b.notRun === undefined && (ALL || b.marks.has('in npm test')))
  const shell = page.blocks.filter((b) => ALL && b.lines.some((line) => NOT_RUN[line] === undefined))
  if (chosen.length + shell.length === 0) continue
  describe(page.path, () => {
    let run: PageRun
    beforeAll(() => {
      run = new PageRun(page.path)
      for (const block of page.blocks) run.write(block)
    })
    afterAll(() => run.end())
    for (const block of chosen) test(`line ${block.line}: ${block.commands[0]?.text}`, () => run.run(block), 300_000)
    for (const block of shell)
      test(`line ${block.line}: ${block.lines[0]}`, () => run.runLines(block, NOT_RUN), 300_000)
  })
}
