// Live examples print what the pages show, but for numbers: those marked `in npm test`, or with KSYS_DOCS=all (`npm run docs`) all.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { pages } from './page.js'
import { PageRun } from './run.js'

const ALL = process.env.KSYS_DOCS === 'all'
const ONLY = process.env.KSYS_DOCS_PAGE ?? ''

for (const page of pages().filter((p) => p.path.includes(ONLY))) {
  const chosen = page.blocks.filter((b) => b.live && b.notRun === undefined && (ALL || b.marks.has('in npm test')))
  if (chosen.length === 0) continue
  describe(page.path, () => {
    let run: PageRun
    beforeAll(() => {
      run = new PageRun(page.path)
      for (const block of page.blocks) run.write(block)
    })
    afterAll(() => run.end())
    for (const block of chosen) test(`line ${block.line}: ${block.commands[0]?.text}`, () => run.run(block), 300_000)
  })
}
