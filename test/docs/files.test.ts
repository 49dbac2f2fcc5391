// The examples over files print what the pages show.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { pages } from './page.js'
import { PageRun } from './run.js'

for (const page of pages()) {
  const blocks = page.blocks.filter(
    (b) => b.file !== undefined || (b.commands.length > 0 && !b.live && b.notRun === undefined),
  )
  if (!blocks.some((b) => b.commands.length > 0)) continue
  describe(page.path, () => {
    let run: PageRun
    beforeAll(() => {
      run = new PageRun(page.path)
    })
    afterAll(() => run.end())
    for (const block of blocks)
      if (block.file === undefined) test(`line ${block.line}: ${block.commands[0]?.text}`, () => run.run(block))
      else beforeAll(() => run.write(block))
  })
}
