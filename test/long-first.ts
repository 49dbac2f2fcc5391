// The order of test files: in each group those that take longest are begun first, so that none of them is left alone at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Minutes, most of them spent waiting, for files that are not large. */
const LONG = /\/test\/(tui\/(every-key|file)|fuzz\/native|golden\/judge)\.test\.ts$/

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) =>
      2 * file.project.config.sequence.groupOrder + (LONG.test(file.moduleId) ? 0 : 1)
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
